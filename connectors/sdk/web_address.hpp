// connectors/sdk/web_address.hpp - http and https addresses taken apart by libcurl's own parser, so that what is
// checked is what is dialled.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caseway {

struct WebAddress {
    std::string scheme;  ///< `http` or `https`
    std::string host;    ///< without brackets
    std::uint16_t port = 0;
    std::string url;  ///< whole, normalized, without user, password and fragment
    std::string path;

    bool sameOrigin(const WebAddress& other) const {
        return scheme == other.scheme && host == other.host && port == other.port;
    }
    /// As `Host` has it: with the port where that is not the scheme's own.
    std::string authority() const;
    /// With its `?`; empty where there is none.
    std::string query() const {
        const std::size_t question = url.find('?');
        return question == std::string::npos ? std::string() : url.substr(question);
    }
    /// `https://host:port/path`: without the query, which may hold what is nobody's business.
    std::string shown() const { return scheme + "://" + host + ":" + std::to_string(port) + path; }
};

/// For people: the addresses that its host's name has, and what somebody on the line could do where it has no TLS.
std::string shownLookUp(const WebAddress& address, const std::vector<std::string>& found);

/// Nothing for what is no absolute http or https address, or bears a user or password.
std::optional<WebAddress> parseWebAddress(const std::string& url);
/// `reference`, perhaps relative, as `base` understands it.
std::optional<WebAddress> resolveWebAddress(const WebAddress& base, const std::string& reference);
/// With these parameters, percent-encoded, appended to its query; a parameter of that name in it is replaced.
WebAddress withParameters(const WebAddress& address,
                          const std::vector<std::pair<std::string, std::string>>& parameters);
/// Everything but unreserved characters (RFC 3986 §2.3) as %XX.
std::string percentEncoded(std::string_view text);

}  // namespace caseway
