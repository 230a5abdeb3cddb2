// connectors/sdk/http_faults.cpp - libcurl's codes and HTTP's statuses as faults.
#include "connectors/sdk/http_faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "connectors/sdk/curl_handles.hpp"
#include "connectors/sdk/faults.hpp"
#include "gateway/base/mask.hpp"

namespace caseway {

ConnectorFault faultOfTransport(int curl_code, const std::string& words, const std::string& where) {
    const std::string seen =
        withNamesMasked(words.empty() ? curl_easy_strerror(static_cast<CURLcode>(curl_code)) : words.c_str());
    switch (curl_code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            return transientFault("host_not_found", where, seen, "check the name and this machine's name servers");
        case CURLE_OPERATION_TIMEDOUT:
            return transientFault("timed_out", where, seen,
                                  "ask the department whether its system is slow; see `limits`");
        case CURLE_PEER_FAILED_VERIFICATION:
            return configFault("certificate_not_trusted", where, seen,
                               "renew the other side's certificate, or give its authority in `tls.authorities`");
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            return configFault("certificate_not_trusted", where, "the other side's public key is none of those pinned",
                               "ask the department for its new key on another way, then correct `tls.public_keys`");
        case CURLE_SSL_CERTPROBLEM:
            return configFault("client_certificate_bad", where, seen,
                               "check `tls.certificate` and `tls.key`: PEM, of one pair");
        case CURLE_SSL_CACERT_BADFILE:
            return configFault("bad_setting", "/tls/authorities", seen, "give PEM certificates");
        case CURLE_SSL_CONNECT_ERROR:
            return transientFault("tls_failed", where, seen, "the other side must speak TLS 1.2 or newer on this port");
        case CURLE_PARTIAL_FILE:
            return transientFault("answer_truncated", where, seen,
                                  "if it lasts, tell the department: its answers break off");
        case CURLE_GOT_NOTHING:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
            return transientFault(
                "connection_lost", where, seen,
                "if it lasts, look at the other side's log; it may ask for a client certificate (`tls`)");
        case CURLE_BAD_CONTENT_ENCODING:
            return transientFault("answer_malformed", where, seen, "tell the department: its compression is broken");
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_UNSUPPORTED_PROTOCOL:
            return transientFault("answer_malformed", where, seen, "check the port: it does not speak HTTP/1.1");
        default:
            return transientFault("not_reachable", where, seen, "check address, port and the firewalls in between");
    }
}

ConnectorFault faultOfTunnel(long status, const std::string& address, std::uint16_t port, const std::string& where) {
    return configFault("proxy_refused", where,
                       fmt::format("the proxy answered CONNECT {}:{} with {}", address, port, status),
                       status == 407 ? "check `proxy.user` and `proxy.password`"
                                     : "let the proxy open tunnels to this address and port");
}

ConnectorFault faultOfStatus(const HttpAnswer& answer) {
    const std::string where = answer.address.shown();
    const std::string seen = fmt::format("HTTP status {}", answer.status);
    const int status = answer.status;
    if (status == 407) return configFault("proxy_refused", where, seen, "check `proxy.user` and `proxy.password`");
    if (status == 401 || status == 403)
        return configFault("access_refused", where, seen, "check `auth` and the rights that the department gave");
    if (status == 404)
        return configFault("address_not_found", where, seen, "correct the address, or ask for the new one");
    if (status == 410)
        return configFault("address_gone", where, seen + ": given up for good",
                           "ask the department for the new address, and set it; waiting does not help");
    if (status == 408 || status == 425 || status == 429 || status >= 500) {
        auto parts = transientFault("source_unavailable", where, seen, "if it lasts, tell the department").parts();
        parts.retry_after = retryAfter(answer, std::chrono::system_clock::now());
        return {ConnectorFaultKind::Transient, std::move(parts)};
    }
    return configFault("request_refused", where, seen, "check address, parameters and fields of the request");
}

std::optional<std::chrono::seconds> retryAfter(const HttpAnswer& answer, std::chrono::system_clock::time_point now) {
    constexpr std::chrono::seconds kMost{24 * 3600};
    const std::string text = answer.field("retry-after");
    if (text.empty()) return std::nullopt;
    std::int64_t seconds = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || at != text.data() + text.size()) {
        const std::time_t date = curl_getdate(text.c_str(), nullptr);
        if (date == -1) return std::nullopt;
        seconds = date - std::chrono::system_clock::to_time_t(now);
    }
    return std::clamp(std::chrono::seconds(seconds), std::chrono::seconds(0), kMost);
}

}  // namespace caseway
