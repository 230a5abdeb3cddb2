// connectors/soap/soap_request.hpp - an envelope made from a template: marks like {{page}} give way to escaped values,
// so that no value can become markup. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/soap/soap_version.hpp"

namespace caseway {

using SoapValues = std::map<std::string, std::string>;

/// The names between {{ and }}, in order; nothing where a mark is not closed.
std::optional<std::vector<std::string>> marksOf(std::string_view text);
/// Each mark replaced; every name must be in `values`.
std::string filled(std::string_view text, const SoapValues& values);
/// Text for an element or an attribute. Characters that XML does not know are dropped.
std::string xmlEscaped(std::string_view value);

struct UsernameToken {
    std::string user, password;
    bool as_digest = false;
    std::string nonce;    ///< raw bytes
    std::string created;  ///< RFC 3339, UTC
};
/// wsse:Security for a header. Source: OASIS Web Services Security UsernameToken Profile 1.1.
std::string securityHeader(const UsernameToken& token, SoapVersion version);
/// The whole document; header and body are XML, as many elements as they like.
std::string soapEnvelope(SoapVersion version, std::string_view header, std::string_view body);

}  // namespace caseway
