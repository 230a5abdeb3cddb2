// connectors/sdk/web_address.cpp - addresses by libcurl's URL parser.
#include "connectors/sdk/web_address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "connectors/sdk/curl_handles.hpp"
#include "gateway/base/check.hpp"

namespace caseway {
namespace {

constexpr std::size_t kUrlBytesMax = 16 * 1024;

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, which, &text, flags) != CURLUE_OK || text == nullptr) return {};
    const CurlText owned(text);
    return owned.get();
}

std::optional<WebAddress> addressOf(CURLU* url) {
    if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty()) return std::nullopt;
    curl_url_set(url, CURLUPART_FRAGMENT, nullptr, 0);
    WebAddress address;
    address.scheme = part(url, CURLUPART_SCHEME);
    address.host = part(url, CURLUPART_HOST);
    address.path = part(url, CURLUPART_PATH);
    address.url = part(url, CURLUPART_URL);
    std::transform(address.host.begin(), address.host.end(), address.host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (address.host.size() > 2 && address.host.front() == '[')
        address.host = address.host.substr(1, address.host.size() - 2);
    const std::string port = part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    std::from_chars(port.data(), port.data() + port.size(), address.port);
    if ((address.scheme != "http" && address.scheme != "https") || address.host.empty() || address.port == 0)
        return std::nullopt;
    return address;
}

bool isClean(const std::string& text) {
    return text.size() <= kUrlBytesMax && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
           });
}

}  // namespace

std::string WebAddress::authority() const {
    const std::string shown_host = host.find(':') == std::string::npos ? host : "[" + host + "]";
    const bool is_usual = port == (scheme == "https" ? 443 : 80);
    return is_usual ? shown_host : shown_host + ":" + std::to_string(port);
}

std::optional<WebAddress> parseWebAddress(const std::string& url) {
    if (!isClean(url)) return std::nullopt;
    const CurlUrl parsed(curl_url());
    CASEWAY_CHECK(parsed != nullptr);
    if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return std::nullopt;
    return addressOf(parsed.get());
}

std::optional<WebAddress> resolveWebAddress(const WebAddress& base, const std::string& reference) {
    if (!isClean(reference) || reference.empty()) return std::nullopt;
    const CurlUrl parsed(curl_url());
    CASEWAY_CHECK(parsed != nullptr);
    if (curl_url_set(parsed.get(), CURLUPART_URL, base.url.c_str(), 0) != CURLUE_OK ||
        curl_url_set(parsed.get(), CURLUPART_URL, reference.c_str(), 0) != CURLUE_OK)
        return std::nullopt;
    return addressOf(parsed.get());
}

WebAddress withParameters(const WebAddress& address,
                          const std::vector<std::pair<std::string, std::string>>& parameters) {
    const CurlUrl parsed(curl_url());
    CASEWAY_CHECK(parsed != nullptr && curl_url_set(parsed.get(), CURLUPART_URL, address.url.c_str(), 0) == CURLUE_OK);
    std::string rest = part(parsed.get(), CURLUPART_QUERY);
    std::string query;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('&'), rest.size());
        const std::string one = rest.substr(0, end);
        rest.erase(0, end + 1);
        const std::string name = one.substr(0, one.find('='));
        const bool replaced = std::any_of(parameters.begin(), parameters.end(),
                                          [&](const auto& given) { return percentEncoded(given.first) == name; });
        if (!one.empty() && !replaced) query += (query.empty() ? "" : "&") + one;
    }
    for (const auto& [name, value] : parameters)
        query += (query.empty() ? "" : "&") + percentEncoded(name) + "=" + percentEncoded(value);
    curl_url_set(parsed.get(), CURLUPART_QUERY, query.empty() ? nullptr : query.c_str(), 0);
    const auto result = addressOf(parsed.get());
    CASEWAY_CHECK(result.has_value());
    return *result;
}

std::string percentEncoded(std::string_view text) {
    constexpr char kHex[] = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        if (plain) {
            encoded += c;
        } else {
            encoded += '%';
            encoded += kHex[static_cast<unsigned char>(c) >> 4];
            encoded += kHex[static_cast<unsigned char>(c) & 15];
        }
    }
    return encoded;
}

std::string shownLookUp(const WebAddress& address, const std::vector<std::string>& found) {
    const bool is_here = std::all_of(found.begin(), found.end(),
                                     [](const std::string& one) { return one.starts_with("127.") || one == "::1"; });
    std::string text = fmt::format("{}", fmt::join(found, ", "));
    if (address.scheme == "http" && !is_here)
        text += "; WITHOUT TLS: records, passwords and tokens go over the line in clear, and anybody there may answer";
    return text;
}

}  // namespace caseway
