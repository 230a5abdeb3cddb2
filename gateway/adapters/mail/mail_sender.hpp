// gateway/adapters/mail/mail_sender.hpp - hands one mail to a server, on libcurl: TLS or nothing, the server's
// certificate checked; a recipient that the server refuses keeps the mail from no other.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "gateway/adapters/mail/mail_address.hpp"

namespace caseway {

struct MailAccess {
    MailServer server;
    std::string user, password;              ///< empty: none; never over a line without TLS
    std::string authorities;                 ///< PEM; empty: those of the operating system
    std::chrono::milliseconds time{60'000};  ///< of the whole attempt
};

struct OutgoingMail {
    std::string from;  ///< as parseMailAddress() gave it, and so are they
    std::vector<std::string> to;
    std::string subject;     ///< UTF-8, any
    std::string id;          ///< left side of its Message-ID: letters, digits, '-' and '.'; the same when sent again
    std::string text, html;  ///< UTF-8
    std::chrono::sys_seconds date{};
};

/// Any UTF-8 as the value of a header: encoded words of RFC 2047, folded; never a line of its own.
std::string encodedHeaderText(std::string_view text);

struct RefusedRecipient {
    std::string address;  ///< as it stands in OutgoingMail::to
    std::string answer;   ///< the server's last line, "550 5.1.1 no such user"; names masked
};

/// Returns once the server has taken it for one recipient at least, with those that it refused. `stopping` ends it
/// soon. Throws Fault{NetworkUnavailable}: what the server or the line said, what to do; the same mail may be sent
/// again.
std::vector<RefusedRecipient> sendMail(const MailAccess& access, const OutgoingMail& mail,
                                       const std::function<bool()>& stopping);

}  // namespace caseway
