// gateway/adapters/http/head_rules.cpp - see head_rules.hpp. Works on the fields that the parser found, never on raw
// bytes.
#include "gateway/adapters/http/head_rules.hpp"

#include <algorithm>
#include <charconv>

namespace caseway {
namespace {

constexpr std::size_t kLengthDigits = 18;  // below 2^63, so no reader overflows

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isHex(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

FramingRefusal refuse(HttpRefusal reason, int status, std::string_view detail) {
    return {reason, status, detail};
}

std::optional<FramingRefusal> checkLength(RequestHead& head) {
    const auto lengths = head.count("Content-Length");
    const auto codings = head.count("Transfer-Encoding");
    if (lengths > 1) return refuse(HttpRefusal::BadContentLength, 400, "more than one Content-Length");
    if (lengths == 1 && codings != 0) {
        return refuse(HttpRefusal::BadContentLength, 400, "Content-Length and Transfer-Encoding together");
    }
    if (lengths == 1) {
        const auto text = *head.find("Content-Length");
        if (text.empty() || text.size() > kLengthDigits || !std::all_of(text.begin(), text.end(), isDigit)) {
            return refuse(HttpRefusal::BadContentLength, 400, "Content-Length is not a plain decimal number");
        }
        std::uint64_t value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        head.content_length = value;
    }
    if (codings == 0) return std::nullopt;
    if (head.http_1_0) return refuse(HttpRefusal::BadTransferEncoding, 400, "Transfer-Encoding in HTTP/1.0");
    if (codings > 1) return refuse(HttpRefusal::BadTransferEncoding, 400, "more than one Transfer-Encoding");
    if (!equalsIgnoringCase(*head.find("Transfer-Encoding"), "chunked")) {
        return refuse(HttpRefusal::BadTransferEncoding, 501, "the only transfer coding here is chunked");
    }
    head.chunked = true;
    return std::nullopt;
}

std::optional<FramingRefusal> checkHost(const RequestHead& head) {
    const auto hosts = head.count("Host");
    if (hosts > 1) return refuse(HttpRefusal::BadHost, 400, "more than one Host");
    if (hosts == 0) {
        if (head.http_1_0) return std::nullopt;
        return refuse(HttpRefusal::BadHost, 400, "no Host");
    }
    if (!isGoodHost(*head.find("Host"))) return refuse(HttpRefusal::BadHost, 400, "Host is not a host name");
    return std::nullopt;
}

/// What follows "http://" or "https://"; nothing where the target does not begin so.
std::optional<std::string_view> behindScheme(std::string_view target) {
    for (const std::string_view scheme : {std::string_view("https://"), std::string_view("http://")})
        if (equalsIgnoringCase(target.substr(0, scheme.size()), scheme)) return target.substr(scheme.size());
    return std::nullopt;
}

/// The absolute form, which every server has to take (RFC 9112, 3.2.2), becomes the usual one. It must name the host
/// that `Host` names: whoever stands between reads the one or the other.
std::optional<FramingRefusal> takeAbsolute(RequestHead& head) {
    const auto rest = behindScheme(head.target);
    if (!rest) return std::nullopt;
    const std::size_t end = std::min(rest->find_first_of("/?"), rest->size());
    const auto host = head.find("Host");
    if (!host || !equalsIgnoringCase(rest->substr(0, end), *host))
        return refuse(HttpRefusal::BadTarget, 400, "the request target names another host than Host");
    std::string path(rest->substr(end));
    head.target = path.starts_with('/') ? std::move(path) : "/" + path;
    return std::nullopt;
}

std::optional<FramingRefusal> checkExpect(const RequestHead& head) {
    const auto expects = head.count("Expect");
    if (expects == 0 || head.http_1_0) return std::nullopt;
    if (expects == 1 && equalsIgnoringCase(*head.find("Expect"), "100-continue")) return std::nullopt;
    return refuse(HttpRefusal::ExpectationFailed, 417, "the only expectation met here is 100-continue");
}

/// A list in several lines is one list (RFC 9110 §5.3): who reads the first line alone takes a body for plain that is
/// none, and a signature is made over the whole of it (RFC 9421 §2.1).
void joinCodings(RequestHead& head) {
    constexpr std::string_view kName = "Content-Encoding";
    if (head.count(kName) < 2) return;
    HttpField* first = nullptr;
    for (HttpField& field : head.fields) {
        if (!equalsIgnoringCase(field.name, kName)) continue;
        if (first == nullptr) {
            first = &field;
            continue;
        }
        first->value.append(", ").append(field.value);
        field.name.clear();
    }
    std::erase_if(head.fields, [](const HttpField& field) { return field.name.empty(); });
}

}  // namespace

bool isGoodTarget(std::string_view target) {
    if (target.empty() || target.front() != '/') return false;
    constexpr std::string_view kAllowed = "/?:@-._~!$&'()*+,;=%";
    for (std::size_t i = 0; i < target.size(); ++i) {
        const char c = target[i];
        if (!isDigit(c) && !isLetter(c) && kAllowed.find(c) == std::string_view::npos) return false;
        if (c != '%') continue;
        if (i + 2 >= target.size() || !isHex(target[i + 1]) || !isHex(target[i + 2])) return false;
        if (target[i + 1] == '0' && target[i + 2] == '0') return false;
    }
    return true;
}

/// Nothing, or ":" and a number, which may be missing (RFC 3986, 3.2.3).
static bool isGoodPort(std::string_view port) {
    if (port.empty()) return true;
    if (port.front() != ':' || port.size() > 6 || !std::all_of(port.begin() + 1, port.end(), isDigit)) return false;
    unsigned number = 0;
    std::from_chars(port.data() + 1, port.data() + port.size(), number);
    return number <= 65535;
}

bool isGoodHost(std::string_view host) {
    static constexpr std::string_view kAllowed = "-._[]:";
    if (host.empty() || host.size() > 255 || host.front() == ':' || !std::all_of(host.begin(), host.end(), [](char c) {
            return isDigit(c) || isLetter(c) || kAllowed.find(c) != std::string_view::npos;
        }))
        return false;
    const std::size_t name_end = host.front() == '[' ? host.find(']') : host.find(':');
    if (name_end == std::string_view::npos) return host.front() != '[';
    return isGoodPort(host.substr(name_end + (host.front() == '[' ? 1 : 0)));
}

std::optional<FramingRefusal> checkHead(RequestHead& head) {
    if (auto bad = checkHost(head)) return bad;
    if (auto bad = takeAbsolute(head)) return bad;
    const bool is_of_server = head.method == "OPTIONS" && head.target == "*";  // RFC 9112 §3.2.4
    if (!is_of_server && !isGoodTarget(head.target))
        return refuse(HttpRefusal::BadTarget, 400,
                      head.target.starts_with('/')
                          ? "a character of the request target must be percent-encoded, or an escape is none or %00"
                          : "the request target is not an absolute path");
    if (auto bad = checkLength(head)) return bad;
    if (auto bad = checkExpect(head)) return bad;
    joinCodings(head);
    const bool needs_length = head.method == "POST" || head.method == "PUT" || head.method == "PATCH";
    if (needs_length && !head.content_length && !head.chunked) {
        return refuse(HttpRefusal::LengthRequired, 411, "neither Content-Length nor chunked");
    }
    return std::nullopt;
}

}  // namespace caseway
