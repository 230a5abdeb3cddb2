// gateway/adapters/mail/mail_address.cpp - characters that are allowed; all others are not.
#include "gateway/adapters/mail/mail_address.hpp"

#include <algorithm>
#include <charconv>

namespace caseway {
namespace {

bool isAtom(std::string_view text, std::string_view beside) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               beside.find(c) != std::string_view::npos;
    });
}

/// Atoms with dots between them.
bool isDotAtom(std::string_view text, std::string_view beside) {
    while (true) {
        const std::size_t dot = text.find('.');
        if (!isAtom(text.substr(0, dot), beside)) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

Refusal badServer() {
    return {"mail_server_bad",
            "mail server",
            {},
            "smtps://HOST[:PORT], smtp://HOST[:PORT] (STARTTLS), or smtp-plain://127.0.0.1:PORT on this machine",
            "user and password stand in report.mail_user and report.mail_password",
            {}};
}

}  // namespace

Result<std::string> parseMailAddress(std::string_view text) {
    const std::size_t at = text.find('@');
    const bool is_good = at != std::string_view::npos && text.size() <= 254 && at <= 64 &&
                         isDotAtom(text.substr(0, at), "_-+") && isDotAtom(text.substr(at + 1), "-");
    if (is_good) return std::string(text);
    return Refusal{"mail_address_bad",
                   "mail address",
                   {},
                   "an address such as duty@center.example: letters, digits, and . _ - + before the @",
                   "write addresses alone, without names, separated by commas",
                   {}};
}

Result<std::vector<std::string>> parseMailAddresses(std::string_view text) {
    std::vector<std::string> addresses;
    text = trimmed(text);
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        auto address = parseMailAddress(trimmed(text.substr(0, comma)));
        if (!address) return address.error();
        addresses.push_back(std::move(*address));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    if (addresses.size() <= kMostRecipients) return addresses;
    return Refusal{"mail_address_bad", "mail addresses", {}, "at most 50", "use a list of the mail server", {}};
}

Result<MailServer> MailServer::parse(std::string_view text) {
    MailServer server;
    const auto takes = [&](std::string_view scheme, Protection protection, std::uint16_t port) {
        if (!text.starts_with(scheme)) return false;
        text.remove_prefix(scheme.size());
        server.protection = protection;
        server.port = port;
        return true;
    };
    if (!takes("smtps://", Protection::Tls, 465) && !takes("smtp://", Protection::StartTls, 587) &&
        !takes("smtp-plain://", Protection::None, 25))
        return badServer();
    const std::size_t bracket = text.find(']');
    const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const std::string_view host = text.substr(0, colon);
    if (colon != std::string_view::npos) {
        const std::string_view port = text.substr(colon + 1);
        const auto read = std::from_chars(port.data(), port.data() + port.size(), server.port);
        if (read.ec != std::errc{} || read.ptr != port.data() + port.size() || server.port == 0) return badServer();
    }
    const bool is_v6 = host.size() > 2 && host.front() == '[' && host.back() == ']' &&
                       host.find_first_not_of("0123456789abcdefABCDEF:.", 1) == host.size() - 1;
    if (!is_v6 && !isDotAtom(host, "-")) return badServer();
    const bool is_here = host == "127.0.0.1" || host == "[::1]";
    if (server.protection == Protection::None && !is_here) return badServer();
    server.host = std::string(host);
    return server;
}

}  // namespace caseway
