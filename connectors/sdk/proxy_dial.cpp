// connectors/sdk/proxy_dial.cpp - libcurl asks the proxy (CURLOPT_CONNECT_ONLY) and leaves its socket to us.
#include "connectors/sdk/proxy_dial.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>

#include "connectors/sdk/curl_dialing.hpp"
#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/host_lookup.hpp"
#include "connectors/sdk/http_faults.hpp"
#include "connectors/sdk/tls_stream.hpp"
#include "connectors/sdk/web_address.hpp"
#include "gateway/base/mask.hpp"

namespace caseway {
namespace {

constexpr std::string_view kSocks = "socks5://", kHttp = "http://";

/// Read as an address of HTTP: what stands behind the scheme is written alike.
std::optional<WebAddress> addressOf(const std::string& url) {
    if (url.starts_with(kSocks)) return parseWebAddress(std::string(kHttp) + url.substr(kSocks.size()));
    return url.starts_with(kHttp) ? parseWebAddress(url) : std::nullopt;
}

struct Asking {
    const ConnectorSurroundings& surroundings;
    const CallBudget& budget;
    std::string proxy_host;
    std::exception_ptr thrown{};
    char words[CURL_ERROR_SIZE] = {};

    static curl_socket_t openSocket(void* given, curlsocktype, curl_sockaddr* address) {
        auto& self = *static_cast<Asking*>(given);
        return openJudged(*address, self.proxy_host, self.surroundings, self.thrown);
    }
    static int progress(void* given, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<Asking*>(given)->budget.stopping() ? 1 : 0;
    }
    void setUp(CURL* curl, const ProxyWay& proxy, const std::string& address, std::uint16_t port,
               std::chrono::milliseconds left);
};

void Asking::setUp(CURL* curl, const ProxyWay& proxy, const std::string& address, std::uint16_t port,
                   std::chrono::milliseconds left) {
    setCurl(curl, CURLOPT_ERRORBUFFER, static_cast<char*>(words));
    setCurl(curl, CURLOPT_URL, fmt::format("http://{}:{}/", bracketed(address), port).c_str());
    setCurl(curl, CURLOPT_PROTOCOLS_STR, "http");
    setCurl(curl, CURLOPT_CONNECT_ONLY, 1L);
    setCurl(curl, CURLOPT_NOSIGNAL, 1L);
    setCurl(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    setCurl(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(left.count()));
    HttpDialing dialing;
    dialing.proxy = proxy.url;
    dialing.proxy_user = proxy.user;
    dialing.proxy_password = proxy.password;
    setProxy(curl, dialing);
    setCurl(curl, CURLOPT_SOCKS5_AUTH, static_cast<long>(CURLAUTH_BASIC));  // Kerberos is nobody's here
    if (proxy.url.starts_with(kHttp)) setCurl(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
    setCurl(curl, CURLOPT_OPENSOCKETFUNCTION, &Asking::openSocket);
    setCurl(curl, CURLOPT_OPENSOCKETDATA, this);
    setCurl(curl, CURLOPT_NOPROGRESS, 0L);
    setCurl(curl, CURLOPT_XFERINFOFUNCTION, &Asking::progress);
    setCurl(curl, CURLOPT_XFERINFODATA, this);
}

/// What no other address would change: the proxy does not know us, or lets nobody there.
void mustBeLetThrough(CURL* curl, const Asking& asking, const std::string& address, std::uint16_t port,
                      const std::string& where) {
    long status = 0, error = 0;
    curl_easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &status);
    curl_easy_getinfo(curl, CURLINFO_PROXY_ERROR, &error);
    if (status / 100 == 4) throw faultOfTunnel(status, address, port, where);
    const bool is_refused =
        error == CURLPX_NO_AUTH || error == CURLPX_USER_REJECTED || error == CURLPX_REPLY_NOT_ALLOWED;
    if (is_refused)
        throw configFault("proxy_refused", where,
                          fmt::format("the proxy opens nothing to {}:{}: {}", address, port,
                                      withNamesMasked(static_cast<const char*>(asking.words))),
                          "check the user and password of the proxy, and let it open this address and port");
}

}  // namespace

std::optional<std::string> mistakeInProxy(const std::string& url) {
    if (url.empty()) return std::nullopt;
    const auto address = addressOf(url);
    const std::string rest = url.substr(std::min(url.size(), url.find("://") + 3));
    if (!address || rest.find_first_of("/?#@") != std::string::npos || rest.rfind(':') == std::string::npos)
        return "is neither http://host:port nor socks5://host:port";
    return std::nullopt;
}

Descriptor dialByProxy(const ProxyWay& proxy, const std::string& host, std::uint16_t port,
                       std::chrono::milliseconds longest, const CallBudget& budget,
                       const ConnectorSurroundings& surroundings) {
    startLibcurl();
    const std::string where = fmt::format("{}:{} by {}", bracketed(host), port, proxy.url);
    const auto ends = CallBudget::Clock::now() + longest;
    std::string tried;
    for (const std::string& address : lookUpAllowed(host, port, surroundings)) {
        budget.mustGoOn(where);
        const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(ends - CallBudget::Clock::now());
        const CurlHandle curl(curl_easy_init());
        CASEWAY_CHECK(curl != nullptr);
        Asking asking{surroundings, budget, addressOf(proxy.url)->host};
        asking.setUp(curl.get(), proxy, address, port,
                     std::max(std::min(rest, budget.left()), std::chrono::milliseconds(1)));
        const CURLcode code = curl_easy_perform(curl.get());
        if (asking.thrown) std::rethrow_exception(asking.thrown);
        if (code == CURLE_OK) {
            curl_socket_t socket = CURL_SOCKET_BAD;
            curl_easy_getinfo(curl.get(), CURLINFO_ACTIVESOCKET, &socket);
            return Descriptor(::fcntl(socket, F_DUPFD_CLOEXEC, 0));  // libcurl closes its own
        }
        budget.mustGoOn(where);
        mustBeLetThrough(curl.get(), asking, address, port, where);
        tried += fmt::format("{}{}: {}", tried.empty() ? "" : "; ", address,
                             withNamesMasked(static_cast<const char*>(asking.words)));
    }
    throw transientFault("not_reachable", where, tried, "check host, port, the proxy and the firewalls between");
}

}  // namespace caseway
