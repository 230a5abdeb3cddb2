// gateway/adapters/http/response_writer.cpp - see response_writer.hpp.
#include "gateway/adapters/http/response_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace caseway {
namespace {

bool isSafe(std::string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool isOurs(std::string_view name) {
    return equalsIgnoringCase(name, "Content-Length") || equalsIgnoringCase(name, "Transfer-Encoding") ||
           equalsIgnoringCase(name, "Connection") || equalsIgnoringCase(name, "Date");
}

/// "Date: …\r\n", made once a second by each thread.
std::string_view dateLine() {
    thread_local std::time_t made_at = 0;
    thread_local std::array<char, 48> line{};
    const std::time_t now = std::time(nullptr);
    if (now != made_at) {
        static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        std::tm parts{};
        ::gmtime_r(&now, &parts);
        const auto end =
            fmt::format_to_n(line.data(), line.size() - 1, "Date: {}, {:02} {} {} {:02}:{:02}:{:02} GMT\r\n",
                             kDays.at(static_cast<std::size_t>(parts.tm_wday)), parts.tm_mday,
                             kMonths.at(static_cast<std::size_t>(parts.tm_mon)), parts.tm_year + 1900, parts.tm_hour,
                             parts.tm_min, parts.tm_sec);
        *end.out = '\0';
        made_at = now;
    }
    return line.data();
}

std::string writeFrame(const Response& response) {
    const bool is_frame = std::any_of(response.fields.begin(), response.fields.end(), [](const HttpField& field) {
        return equalsIgnoringCase(field.name, "Content-Type") && field.value == kFrameType;
    });
    if (!is_frame || response.body.size() > UINT32_MAX) return {};
    std::string wire;
    wire.reserve(response.body.size() + 4);
    for (int shift = 24; shift >= 0; shift -= 8) wire += static_cast<char>(response.body.size() >> shift & 0xFF);
    return wire + response.body;
}

bool hasNoBody(int status) {
    return status == 204 || status == 304 || status < 200;
}

}  // namespace

std::string writeResponse(const Response& response, const ResponseForm& form) {
    if (form.framed) return writeFrame(response);
    for (const auto& field : response.fields) {
        if (isSafe(field.name) && isSafe(field.value)) continue;
        return writeResponse(problem(500, "internal_error", "the answer could not be written"), form);
    }
    std::string wire;
    wire.reserve(192 + 64 * response.fields.size() + response.body.size());
    auto out = std::back_inserter(wire);
    fmt::format_to(out, "HTTP/1.1 {} {}\r\n", response.status, reasonPhrase(response.status));
    wire += dateLine();
    for (const auto& field : response.fields) {
        if (isOurs(field.name)) continue;
        wire.append(field.name).append(": ").append(field.value).append("\r\n");
    }
    if (response.stream == nullptr) {
        if (!hasNoBody(response.status)) fmt::format_to(out, "Content-Length: {}\r\n", response.body.size());
    } else if (!form.http_1_0) {
        wire += "Transfer-Encoding: chunked\r\n";
    }
    if (!form.keep_alive) wire += "Connection: close\r\n";
    wire += "\r\n";
    if (response.stream == nullptr && !form.head_only && !hasNoBody(response.status)) wire += response.body;
    return wire;
}

std::string writeChunk(std::string_view bytes) {
    if (bytes.empty()) return "0\r\n\r\n";
    std::string wire;
    wire.reserve(bytes.size() + 20);
    fmt::format_to(std::back_inserter(wire), "{:x}\r\n", bytes.size());
    wire.append(bytes).append("\r\n");
    return wire;
}

}  // namespace caseway
