// gateway/adapters/mail/mail_address.hpp - whom mail goes to and by which server, as a configuration writes it. Strict:
// nothing that could end a line of a header or of SMTP gets through. Sources: RFC 5321, RFC 5322 (the usual part of
// it).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"

namespace caseway {

inline constexpr std::size_t kMostRecipients = 50;

/// "duty@center.example": ASCII, a dot-atom on both sides. Refusal: mail_address_bad.
Result<std::string> parseMailAddress(std::string_view text);
/// Comma-separated, at most kMostRecipients; empty: none. Refusal: mail_address_bad.
Result<std::vector<std::string>> parseMailAddresses(std::string_view text);

struct MailServer {
    std::string host;  ///< name, or an address (IPv6 in brackets)
    std::uint16_t port = 0;
    enum class Protection {
        Tls,       ///< from the first byte (RFC 8314)
        StartTls,  ///< before anything of the mail is said; refused where the server has it not
        None       ///< on this machine only
    };
    Protection protection = Protection::Tls;

    /// "smtps://HOST[:465]", "smtp://HOST[:587]" (STARTTLS), "smtp-plain://127.0.0.1:PORT" (an address of this
    /// machine). Refusal: mail_server_bad.
    static Result<MailServer> parse(std::string_view text);
};

}  // namespace caseway
