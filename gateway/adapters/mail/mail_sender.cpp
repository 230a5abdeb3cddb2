// gateway/adapters/mail/mail_sender.cpp - libcurl's SMTP and MIME.
#include "gateway/adapters/mail/mail_sender.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <mutex>

#include "gateway/base/base64.hpp"
#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/base/mask.hpp"
#include "gateway/formats/text/utf8.hpp"

namespace caseway {
namespace {

constexpr long kSecondsOfAnswer = 600;  ///< to any command: RFC 5321, 4.5.3.2
constexpr std::size_t kLongestAnswer = 200;

struct CurlRelease {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
    void operator()(curl_mime* mime) const noexcept { curl_mime_free(mime); }
};
using CurlLines = std::unique_ptr<curl_slist, CurlRelease>;

void startLibcurl() {
    static std::once_flag once;
    std::call_once(once, [] { CASEWAY_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

template <class Value>
void set(CURL* curl, CURLoption option, Value value) {
    CASEWAY_CHECK(curl_easy_setopt(curl, option, value) == CURLE_OK);
}

void add(CurlLines& lines, const std::string& line) {
    curl_slist* const longer = curl_slist_append(lines.get(), line.c_str());
    CASEWAY_CHECK(longer != nullptr);
    static_cast<void>(lines.release());
    lines.reset(longer);
}

std::string dateText(std::chrono::sys_seconds date) {
    const std::time_t seconds = date.time_since_epoch().count();
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", kDays[parts.tm_wday], parts.tm_mday,
                       kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

void setServer(CURL* curl, const MailAccess& access) {
    using Protection = MailServer::Protection;
    const MailServer& server = access.server;
    const bool is_tls = server.protection == Protection::Tls;
    set(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(curl, CURLOPT_URL, fmt::format("{}://{}:{}", is_tls ? "smtps" : "smtp", server.host, server.port).c_str());
    set(curl, CURLOPT_PROXY, "");
    set(curl, CURLOPT_USE_SSL,
        static_cast<long>(server.protection == Protection::None ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    set(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    set(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!access.authorities.empty()) {
        set(curl, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
        curl_blob blob{const_cast<char*>(access.authorities.data()), access.authorities.size(), CURL_BLOB_COPY};
        set(curl, CURLOPT_CAINFO_BLOB, &blob);
    }
    if (access.user.empty()) return;
    CASEWAY_CHECK(server.protection != Protection::None);
    set(curl, CURLOPT_USERNAME, access.user.c_str());
    set(curl, CURLOPT_PASSWORD, access.password.c_str());
}

int onProgress(void* given, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return (*static_cast<const std::function<bool()>*>(given))() ? 1 : 0;
}

void setTimes(CURL* curl, std::chrono::milliseconds time, const std::function<bool()>& stopping) {
    set(curl, CURLOPT_NOSIGNAL, 1L);
    set(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min<std::int64_t>(time.count(), 15'000)));
    set(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(time.count()));
    set(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, kSecondsOfAnswer);
    set(curl, CURLOPT_NOPROGRESS, 0L);
    set(curl, CURLOPT_XFERINFOFUNCTION, &onProgress);
    set(curl, CURLOPT_XFERINFODATA, const_cast<std::function<bool()>*>(&stopping));
}

void addPart(curl_mime* mime, const std::string& text, const char* type) {
    curl_mimepart* const part = curl_mime_addpart(mime);
    CASEWAY_CHECK(part != nullptr && curl_mime_data(part, text.data(), text.size()) == CURLE_OK);
    CASEWAY_CHECK(curl_mime_type(part, type) == CURLE_OK && curl_mime_encoder(part, "base64") == CURLE_OK);
}

/// Listens to what goes over the line, for what the server answers to each recipient: libcurl keeps the last answer
/// alone. Recipients are named one after the other, in their order.
struct RecipientAnswers {
    const std::vector<std::string>& to;
    std::size_t named = 0;
    bool is_asked = false;
    std::vector<RefusedRecipient> refused{};

    void sent(std::string_view command) {
        is_asked = command.starts_with("RCPT TO:");
        if (is_asked) ++named;
    }
    void answered(std::string_view line) {
        const bool is_last = line.size() < 4 || line[3] != '-';
        if (!is_asked || !is_last) return;
        is_asked = false;
        if (line.starts_with('2') || named == 0 || named > to.size()) return;
        std::string answer(line.substr(0, std::min(line.find_last_not_of("\r\n") + 1, kLongestAnswer)));
        std::replace_if(
            answer.begin(), answer.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
        refused.push_back({to[named - 1], withNamesMasked(answer)});
    }
};

int onTalk(CURL*, curl_infotype kind, char* bytes, std::size_t size, void* given) {
    auto& answers = *static_cast<RecipientAnswers*>(given);
    if (kind == CURLINFO_HEADER_OUT) answers.sent({bytes, size});
    if (kind == CURLINFO_HEADER_IN) answers.answered({bytes, size});
    return 0;
}

std::string hintOf(CURLcode code) {
    switch (code) {
        case CURLE_PEER_FAILED_VERIFICATION:
            return "the server's certificate must be good for its name; report.mail_authorities names its authority";
        case CURLE_USE_SSL_FAILED:
            return "the server must offer STARTTLS; smtps:// where it speaks TLS from the first byte";
        case CURLE_LOGIN_DENIED:
            return "check report.mail_user and the secret that report.mail_password names";
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
            return "ask the mail server's log: it may refuse the sender or a recipient";
        default:
            return "check report.mail_server, and the firewalls in between";
    }
}

}  // namespace

std::string encodedHeaderText(std::string_view text) {
    constexpr std::size_t kMostBytes = 42;  // 56 in base64: a word has at most 75 characters
    std::string out;
    while (!text.empty()) {
        std::size_t size = std::min(kMostBytes, text.size());
        if (size < text.size()) {
            const Utf8Prefix whole = utf8Prefix(text.substr(0, size));
            if (!whole.broken && whole.valid != 0) size = whole.valid;
        }
        out += fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : "\r\n ", toBase64(bytesOf(text.substr(0, size))));
        text.remove_prefix(size);
    }
    return out;
}

std::vector<RefusedRecipient> sendMail(const MailAccess& access, const OutgoingMail& mail,
                                       const std::function<bool()>& stopping) {
    startLibcurl();
    const std::unique_ptr<CURL, CurlRelease> curl(curl_easy_init());
    CASEWAY_CHECK(curl != nullptr);
    char words[CURL_ERROR_SIZE] = {};
    set(curl.get(), CURLOPT_ERRORBUFFER, words);
    setServer(curl.get(), access);
    setTimes(curl.get(), access.time, stopping);
    set(curl.get(), CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
    CurlLines recipients, headers;
    std::string to;
    for (const std::string& one : mail.to) {
        add(recipients, "<" + one + ">");
        to += (to.empty() ? "" : ",\r\n ") + one;
    }
    set(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
    set(curl.get(), CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    RecipientAnswers answers{mail.to};
    set(curl.get(), CURLOPT_DEBUGFUNCTION, &onTalk);
    set(curl.get(), CURLOPT_DEBUGDATA, static_cast<void*>(&answers));
    set(curl.get(), CURLOPT_VERBOSE, 1L);
    add(headers, "Date: " + dateText(mail.date));
    add(headers, "From: " + mail.from);
    add(headers, "To: " + to);
    add(headers, "Message-ID: <" + mail.id + mail.from.substr(mail.from.find('@')) + ">");
    add(headers, "Subject: " + encodedHeaderText(mail.subject));
    add(headers, "Auto-Submitted: auto-generated");  // RFC 3834: nobody's holiday answer comes back
    set(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    const std::unique_ptr<curl_mime, CurlRelease> whole(curl_mime_init(curl.get()));
    curl_mime* const parts = curl_mime_init(curl.get());
    CASEWAY_CHECK(whole != nullptr && parts != nullptr);
    addPart(parts, mail.text, "text/plain; charset=utf-8");
    addPart(parts, mail.html, "text/html; charset=utf-8");
    curl_mimepart* const both = curl_mime_addpart(whole.get());
    CASEWAY_CHECK(both != nullptr && curl_mime_subparts(both, parts) == CURLE_OK);
    CASEWAY_CHECK(curl_mime_type(both, "multipart/alternative") == CURLE_OK);
    set(curl.get(), CURLOPT_MIMEPOST, whole.get());
    const CURLcode code = curl_easy_perform(curl.get());
    if (code == CURLE_OK) return std::move(answers.refused);
    throw Fault(FaultCode::NetworkUnavailable,
                fmt::format("mail server {}:{}: {}", access.server.host, access.server.port,
                            withNamesMasked(words[0] == '\0' ? curl_easy_strerror(code) : words)),
                hintOf(code));
}

}  // namespace caseway
