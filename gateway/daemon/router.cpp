// gateway/daemon/router.cpp - endpoints by method and path.
#include "gateway/daemon/router.hpp"

#include <algorithm>
#include <set>

#include "gateway/base/bytes.hpp"
#include "gateway/formats/text/encoding.hpp"

namespace caseway {
namespace {

/// The undecoded text that the pattern's {…} stands for; nothing where the path does not fit. A pattern without braces
/// must be equal.
std::optional<std::string_view> fits(std::string_view pattern, std::string_view path) {
    const std::size_t brace = pattern.find('{');
    if (brace == std::string_view::npos) return pattern == path ? std::optional<std::string_view>("") : std::nullopt;
    if (!path.starts_with(pattern.substr(0, brace))) return std::nullopt;
    const std::string_view rest = path.substr(brace);
    const bool takes_slashes = pattern.ends_with("{path}");
    if (rest.empty() || (!takes_slashes && rest.find('/') != std::string_view::npos)) return std::nullopt;
    return rest;
}

}  // namespace

std::optional<std::string> percentDecoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::uint8_t byte = static_cast<std::uint8_t>(text[i]);
        if (text[i] == '%') {
            if (!fromHex(text.substr(i + 1, 2), {&byte, 1})) return std::nullopt;
            i += 2;
        }
        if (byte < 0x20 || byte == 0x7F) return std::nullopt;
        decoded += static_cast<char>(byte);
    }
    if (!isUtf8(decoded)) return std::nullopt;  // answers, which repeat it, are JSON
    return decoded;
}

std::optional<std::vector<std::pair<std::string, std::string>>> queryParameters(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> parameters;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const std::size_t equals = pair.find('=');
        auto name = percentDecoded(pair.substr(0, equals));
        auto value = percentDecoded(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
        if (!name || !value) return std::nullopt;
        if (std::any_of(parameters.begin(), parameters.end(), [&](const auto& known) { return known.first == *name; }))
            return std::nullopt;
        parameters.emplace_back(std::move(*name), std::move(*value));
    }
    return parameters;
}

bool Router::servesTheTable() const {
    const auto made = [this](const EndpointAddress& address) {
        return std::any_of(endpoints_.begin(), endpoints_.end(),
                           [&](const Endpoint& endpoint) { return endpoint.address == address; });
    };
    return endpoints_.size() == kEndpointTable.size() &&
           std::all_of(kEndpointTable.begin(), kEndpointTable.end(), made);
}

RouteMatch Router::ofServer(std::string_view listener) const {
    std::set<std::string_view> methods{"OPTIONS"};
    for (const Endpoint& endpoint : endpoints_)
        if (endpoint.address.listener == listener) methods.insert(endpoint.address.method);
    RouteMatch result;
    result.status = 204;
    for (const std::string_view method : methods)
        result.allow += (result.allow.empty() ? "" : ", ") + std::string(method);
    return result;
}

RouteMatch Router::match(const RequestHead& head) const {
    if (head.target == "*") return ofServer(head.listener);
    RouteMatch result;
    const std::string_view method = head.method == "HEAD" ? std::string_view("GET") : std::string_view(head.method);
    for (const Endpoint& endpoint : endpoints_) {
        if (endpoint.address.listener != head.listener) continue;
        const auto rest = fits(endpoint.address.pattern, head.path());
        if (!rest) continue;
        if (endpoint.address.method != method) {
            result.allow += (result.allow.empty() ? "" : ", ") + std::string(endpoint.address.method);
            continue;
        }
        auto argument = percentDecoded(*rest);
        if (!argument) continue;
        result.endpoint = &endpoint;
        result.argument = std::move(*argument);
        return result;
    }
    result.status = result.allow.empty() ? 404 : 405;
    return result;
}

}  // namespace caseway
