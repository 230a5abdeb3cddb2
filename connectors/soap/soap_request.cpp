// connectors/soap/soap_request.cpp - marks, escapes, the envelope, and a UsernameToken.
#include "connectors/soap/soap_request.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "gateway/base/base64.hpp"
#include "gateway/base/check.hpp"

namespace caseway {
namespace {

constexpr std::string_view kSecurity = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-";

/// Calls `plain` and `mark` for the pieces; false where a mark is not closed.
template <class Plain, class Mark>
bool split(std::string_view text, Plain&& plain, Mark&& mark) {
    while (true) {
        const std::size_t open = text.find("{{");
        plain(text.substr(0, open));
        if (open == std::string_view::npos) return true;
        const std::size_t close = text.find("}}", open);
        if (close == std::string_view::npos) return false;
        mark(std::string(text.substr(open + 2, close - open - 2)));
        text.remove_prefix(close + 2);
    }
}

/// Base64 of SHA-1, as the profile wants it: it hides the password on the way, no more.
std::string passwordDigest(const UsernameToken& token) {
    const std::string text = token.nonce + token.created + token.password;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    CASEWAY_CHECK(EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr) == 1);
    return toBase64({digest, size});
}

}  // namespace

std::optional<std::vector<std::string>> marksOf(std::string_view text) {
    std::vector<std::string> names;
    const bool closed = split(
        text, [](std::string_view) {}, [&](std::string name) { names.push_back(std::move(name)); });
    return closed ? std::optional(names) : std::nullopt;
}

std::string filled(std::string_view text, const SoapValues& values) {
    std::string result;
    const bool closed = split(
        text, [&](std::string_view piece) { result += piece; },
        [&](const std::string& name) {
            const auto found = values.find(name);
            CASEWAY_CHECK(found != values.end());
            result += xmlEscaped(found->second);
        });
    CASEWAY_CHECK(closed);
    return result;
}

std::string xmlEscaped(std::string_view value) {
    std::string escaped;
    for (const char c : value) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            case '\'':
                escaped += "&#39;";
                break;
            case '\r':
                escaped += "&#13;";
                break;
            default:
                if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') escaped += c;
        }
    }
    return escaped;
}

std::string securityHeader(const UsernameToken& token, SoapVersion version) {
    const std::string type =
        fmt::format("{}username-token-profile-1.0#Password{}", kSecurity, token.as_digest ? "Digest" : "Text");
    return fmt::format(
        R"(<wsse:Security xmlns:wsse="{0}wssecurity-secext-1.0.xsd" xmlns:wsu="{0}wssecurity-utility-1.0.xsd" )"
        R"(xmlns:env="{1}" env:mustUnderstand="{2}"><wsse:UsernameToken><wsse:Username>{3}</wsse:Username>)"
        R"(<wsse:Password Type="{4}">{5}</wsse:Password>)"
        R"(<wsse:Nonce EncodingType="{0}soap-message-security-1.0#Base64Binary">{6}</wsse:Nonce>)"
        R"(<wsu:Created>{7}</wsu:Created></wsse:UsernameToken></wsse:Security>)",
        kSecurity, namespaceOf(version), version == SoapVersion::V11 ? "1" : "true", xmlEscaped(token.user), type,
        token.as_digest ? passwordDigest(token) : xmlEscaped(token.password), toBase64(bytesOf(token.nonce)),
        token.created);
}

std::string soapEnvelope(SoapVersion version, std::string_view header, std::string_view body) {
    return fmt::format(
        R"(<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="{}">{}<soap:Body>{}</soap:Body></soap:Envelope>)",
        namespaceOf(version), header.empty() ? std::string() : fmt::format("<soap:Header>{}</soap:Header>", header),
        body);
}

}  // namespace caseway
