// gateway/daemon/report_ways.cpp - settings to mails and requests.
#include "gateway/daemon/report_ways.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "connectors/sdk/http_client.hpp"
#include "gateway/adapters/mail/mail_sender.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/daemon/connector_access.hpp"
#include "gateway/daemon/secret_lookup.hpp"
#include "gateway/formats/envelope/outgoing_signature.hpp"
#include "gateway/formats/merkle/note.hpp"
#include "gateway/report/report_html.hpp"
#include "gateway/report/report_json.hpp"
#include "gateway/report/report_text.hpp"

namespace caseway {
namespace {

constexpr std::chrono::seconds kTimeOfAttempt{60};
/// A mail server may look through a mail before it answers: ten minutes after its end, says RFC 5321, 4.5.3.2.6. One
/// that is left too early has taken it, and would get it again.
constexpr std::chrono::minutes kTimeOfMail{12};

/// The gateway's own department: what it uses is opened to it like to any other.
std::string ownDepartment(const Settings& settings) {
    return settings.gateway_id.substr(0, settings.gateway_id.find('/'));
}

std::string pemIn(const Settings& settings, const std::string& file) {
    if (file.empty()) return {};
    std::ifstream stream(settings.path(file), std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (text.find("BEGIN CERTIFICATE") == std::string::npos)
        throw Fault(FaultCode::FileUnavailable, settings.path(file).string() + ": no certificates in PEM",
                    "correct report.mail_authorities or report.webhook_authorities");
    return text;
}

template <class T>
T orFault(Result<T> result, const char* key) {
    if (result) return std::move(result).value();
    throw Fault(FaultCode::ConfigurationBad, fmt::format("{}: {}", key, result.error().rule), result.error().hint);
}

MailAccess mailAccess(const Settings& settings) {
    const ReportAccess& report = settings.report;
    MailAccess access;
    access.server = orFault(MailServer::parse(report.mail_server), "report.mail_server");
    access.user = report.mail_user;
    access.authorities = pemIn(settings, report.mail_authorities);
    access.time = kTimeOfMail;
    if (access.user.empty()) return access;
    if (access.server.protection == MailServer::Protection::None)
        throw Fault(FaultCode::ConfigurationBad, "report.mail_user: no password goes over a line without TLS",
                    "leave it empty, or use smtps:// or smtp://");
    const auto reference = SecretReference::parse(report.mail_password);
    if (!reference)
        throw Fault(FaultCode::ConfigurationBad, "report.mail_password: names no secret", "such as store:mail");
    access.password = orFault(secretLookup(settings, ownDepartment(settings))(*reference), "report.mail_password");
    return access;
}

std::string mailReport(const Settings& settings, const MorningReport& report, Instant now,
                       const std::function<bool()>& stopping) {
    const ReportLanguage language = reportLanguageNamed(settings.report.language).value_or(ReportLanguage::Chinese);
    OutgoingMail mail;
    mail.from = orFault(parseMailAddress(settings.report.mail_from), "report.mail_from");
    mail.to = orFault(parseMailAddresses(settings.report.mail_to), "report.mail_to");
    mail.subject = subjectOf(report, language);
    std::string gateway = settings.gateway_id;
    std::replace_if(
        gateway.begin(), gateway.end(), [](char c) { return c == '/' || c == '_'; }, '.');
    mail.id = fmt::format("caseway-report.{}.{}", textOf(report.night.date), gateway);
    mail.text = textOf(report, language);
    mail.html = htmlOf(report, language);
    mail.date = std::chrono::floor<std::chrono::seconds>(now);
    std::string refused;
    for (const RefusedRecipient& one : sendMail(mailAccess(settings), mail, stopping))
        refused += fmt::format("{}{}: {}", refused.empty() ? "" : "; ", one.address, one.answer);
    return refused;
}

/// What a receiver's answer asks for.
std::string adviceOnStatus(int status) {
    if (status / 100 == 3) return "redirects are not followed: put the address that it names into report.webhook";
    if (status == 401 || status == 403)
        return "let the receiver take what is signed with the log's key (log.pub names it), or correct report.webhook";
    if (status == 404 || status == 405 || status == 410)
        return "correct report.webhook, or ask the receiver's people for the address that takes a POST";
    if (status == 413) return "let the receiver take larger reports, or send them by mail";
    if (status == 408 || status == 429 || status / 100 == 5)
        return "it is tried again by itself; if it lasts, tell the receiver's people";
    return "ask the receiver's people why: what is sent is application/json, signed by RFC 9421";
}

void postReport(const Settings& settings, const OutgoingSigner& signer, const MorningReport& report, Instant now,
                const std::function<bool()>& stopping) {
    const auto address = parseWebAddress(settings.report.webhook);
    if (!address)
        throw Fault(FaultCode::ConfigurationBad, "report.webhook: no https address", "correct the configuration");
    HttpDialing dialing;
    dialing.authorities = pemIn(settings, settings.report.webhook_authorities);
    dialing.total_time = kTimeOfAttempt;
    dialing.answer_bytes = 64 * 1024;
    dialing.redirects = 0;
    WebRequest request;
    request.method = "POST";
    request.address = *address;
    request.body = jsonOf(report);
    const std::size_t path = address->url.find('/', address->scheme.size() + 3);
    const std::string host = address->host.find(':') == std::string::npos ? address->host : "[" + address->host + "]";
    request.fields = orFault(
        signedFields({"POST", address->port == 443 ? host : fmt::format("{}:{}", host, address->port),
                      path == std::string::npos ? "/" : address->url.substr(path), "application/json", *request.body},
                     now, signer),
        "report.webhook");
    HttpClient client(dialing, surroundingsOf(settings, ownDepartment(settings), kTimeOfAttempt, stopping));
    const HttpAnswer answer = client.exchange(request);
    if (answer.status / 100 != 2)
        throw Fault(FaultCode::NetworkUnavailable,
                    fmt::format("report.webhook: {} answered HTTP status {}", answer.address.shown(), answer.status),
                    adviceOnStatus(answer.status));
}

}  // namespace

std::vector<ReportSender::Way> reportWays(const Settings& settings, Signer& signer, const std::string& origin,
                                          const Clock& clock) {
    std::vector<ReportSender::Way> ways;
    if (!settings.report.mail_server.empty() && !settings.report.mail_to.empty())
        ways.push_back({"mail", [&](const MorningReport& report, const std::function<bool()>& stopping) {
                            return mailReport(settings, report, clock.now(), stopping);
                        }});
    if (settings.report.webhook.empty()) return ways;
    OutgoingSigner signs;
    signs.key_id = fmt::format("{}+{:08x}", origin, noteKeyId(origin, signer.publicKey()));
    signs.tag = "caseway-report";
    signs.sign = [&signer](std::string_view base) {
        const auto raw = signer.sign(bytesOf(base));
        return std::string(raw.begin(), raw.end());
    };
    ways.push_back({"webhook", [&, signs](const MorningReport& report, const std::function<bool()>& stopping) {
                        postReport(settings, signs, report, clock.now(), stopping);
                        return std::string();
                    }});
    return ways;
}

}  // namespace caseway
