// gateway/formats/settings/secret_signs.cpp - names and forms.
#include "gateway/formats/settings/secret_signs.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "gateway/formats/text/lower_case.hpp"

namespace caseway {
namespace {

constexpr std::string_view kWhole[] = {
    "authorization", "proxyauthorization", "cookie", "auth", "pass", "pw", "sig", "jwt", "pin", "sid"};
constexpr std::string_view kParts[] = {"token",      "secret",    "password", "passwd", "passphrase", "passcode", "pwd",
                                       "credential", "sessionid", "口令",     "密码",   "密钥",       "令牌"};

/// Percent-encoding undone, so that it hides no name.
std::string decoded(std::string_view text) {
    const auto digit = [](char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                      : -1;
    };
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_coded =
            text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
        plain += is_coded ? static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])) : text[i];
        if (is_coded) i += 2;
    }
    return plain;
}

/// Who it is stands before the host: for the web nobody's name belongs there, elsewhere a user's without a password.
bool bearsAccount(std::string_view text) {
    static const re2::RE2 kWeb(R"((?i)^\s*https?://[^/?#@\s]+@)");
    static const re2::RE2 kHostAndPort(
        R"(^[A-Za-z][A-Za-z0-9+.-]*://(\[[0-9A-Fa-f:.]+\]|[^/?#@:\s]*)(:[0-9]+)?([/?#]|$))");
    static const re2::RE2 kAddress(R"(^\s*[A-Za-z][A-Za-z0-9+.-]*://[^@\s]*:[^@\s]*@)");
    static const re2::RE2 kBare(R"(^[^/?#@:\s]+:[^/?#@\s]+@[A-Za-z0-9.-]+(:[0-9]+)?(/.*)?$)");
    static const re2::RE2 kMailbox(R"((?i)^(mailto|sips?|xmpp|acct|urn):)");  // of these the first word is the scheme
    if (re2::RE2::PartialMatch(text, kWeb)) return true;
    if (re2::RE2::PartialMatch(text, kBare) && !re2::RE2::PartialMatch(text, kMailbox)) return true;
    return re2::RE2::PartialMatch(text, kAddress) && !re2::RE2::PartialMatch(text, kHostAndPort);
}

bool bearsParameter(std::string_view text) {
    static const re2::RE2 kParameter(R"([?&#]([A-Za-z0-9_.%~\[\]$\x{80}-\x{10FFFF}-]+)=[^&#\s={])");
    re2::StringPiece left(text.data(), text.size());
    std::string name;
    while (re2::RE2::FindAndConsume(&left, kParameter, &name))
        if (namesSecret(decoded(name))) return true;
    return false;
}

/// An element or an attribute whose name says so, with a text that is no mark: what was copied from a request that
/// worked.
bool bearsElement(std::string_view text) {
    static const re2::RE2 kElement(R"re(<(?:[^\s<>/:!?"'=]+:)?([^\s<>/:!?"'=]+)(?:\s[^<>]*)?>\s*[^<\s{])re");
    static const re2::RE2 kTag(R"re((<[^\s<>/!?][^<>]*>))re");
    static const re2::RE2 kAttribute(R"re(\s(?:([^\s<>/:"'=]+):)?([^\s<>/:"'=]+)\s*=\s*["'][^"'{\s])re");
    std::string prefix, name, tag;
    for (re2::StringPiece left(text.data(), text.size()); re2::RE2::FindAndConsume(&left, kElement, &name);)
        if (namesSecret(name)) return true;
    for (re2::StringPiece left(text.data(), text.size()); re2::RE2::FindAndConsume(&left, kTag, &tag);)
        for (re2::StringPiece inside(tag); re2::RE2::FindAndConsume(&inside, kAttribute, &prefix, &name);)
            if (prefix != "xmlns" && namesSecret(name)) return true;
    return false;
}

}  // namespace

bool namesSecret(std::string_view name) {
    std::string plain;
    for (const char c : name)
        if (c != '-' && c != '_' && c != '.' && c != ' ') plain += c;
    plain = lowerCase(plain);
    if (std::find(std::begin(kWhole), std::end(kWhole), plain) != std::end(kWhole)) return true;
    for (const std::string_view part : kParts)
        if (plain.find(part) != std::string::npos) return true;
    for (std::size_t at = plain.find("key"); at != std::string::npos; at = plain.find("key", at + 1))
        if (plain.compare(at, 7, "keyword") != 0) return true;  // what is searched for is no secret
    return false;
}

bool bearsSecret(std::string_view text) {
    static const re2::RE2 kConnection(R"((?i)(^|;)\s*(pwd|password|passwd)\s*=\s*[^;\s{])");
    static const re2::RE2 kScheme(R"((?i)^\s*bearer\s+\S{4,}\s*$)");
    return text.find("PRIVATE KEY-----") != std::string_view::npos || bearsAccount(text) || bearsParameter(text) ||
           bearsElement(text) || re2::RE2::PartialMatch(text, kConnection) || re2::RE2::PartialMatch(text, kScheme);
}

}  // namespace caseway
