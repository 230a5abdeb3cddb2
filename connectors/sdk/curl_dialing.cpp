// connectors/sdk/curl_dialing.cpp - libcurl with everything named: versions, addresses and times.
#include "connectors/sdk/curl_dialing.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <mutex>

namespace caseway {
namespace {

void setBlob(CURL* curl, CURLoption option, const std::string& text) {
    if (text.empty()) return;
    curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
    setCurl(curl, option, &blob);
}

}  // namespace

void startLibcurl() {
    static std::once_flag once;
    std::call_once(once, [] { CASEWAY_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

void setTimes(CURL* curl, const HttpDialing& dialing, std::chrono::milliseconds left) {
    setCurl(curl, CURLOPT_NOSIGNAL, 1L);
    setCurl(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(dialing.connect_time, left).count()));
    setCurl(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    setCurl(curl, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(dialing.slow_bytes));
    setCurl(curl, CURLOPT_LOW_SPEED_TIME, static_cast<long>(dialing.slow_time.count()));
}

void setProxy(CURL* curl, const HttpDialing& dialing) {
    setCurl(curl, CURLOPT_PROXY, dialing.proxy.c_str());  // an empty one also shuts out the environment's
    setCurl(curl, CURLOPT_NOPROXY, "");
    setCurl(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (dialing.proxy_user.empty()) return;
    setCurl(curl, CURLOPT_PROXYUSERNAME, dialing.proxy_user.c_str());
    setCurl(curl, CURLOPT_PROXYPASSWORD, dialing.proxy_password.c_str());
}

void setTls(CURL* curl, const HttpDialing& dialing, bool own_origin) {
    setCurl(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    setCurl(curl, CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    setCurl(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    setCurl(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    // One that is taken up again shows no certificate: what expired since would go unseen, for as long as a run takes.
    setCurl(curl, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    if (!dialing.authorities.empty()) {
        setCurl(curl, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
        setBlob(curl, CURLOPT_CAINFO_BLOB, dialing.authorities);
    }
    if (!own_origin) return;
    setBlob(curl, CURLOPT_SSLCERT_BLOB, dialing.certificate);
    setBlob(curl, CURLOPT_SSLKEY_BLOB, dialing.key);
    // Also an empty one: libcurl 7.88 reads the length of none where the key is encrypted, and ends the process.
    setCurl(curl, CURLOPT_KEYPASSWD, dialing.key_password.c_str());
}

CurlList setTunnel(CURL* curl, const HttpDialing& dialing, const std::string& address, std::uint16_t port) {
    CurlList to;
    if (address.empty()) return to;
    const std::string host = address.find(':') == std::string::npos ? address : "[" + address + "]";
    to.reset(curl_slist_append(nullptr, fmt::format("::{}:{}", host, port).c_str()));
    if (!dialing.proxy.empty()) setCurl(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
    setCurl(curl, CURLOPT_CONNECT_TO, to.get());
    return to;
}

curl_socket_t openJudged(const curl_sockaddr& address, const std::string& host,
                         const ConnectorSurroundings& surroundings, std::exception_ptr& thrown) {
    char text[INET6_ADDRSTRLEN] = {};
    std::uint16_t port = 0;
    if (address.family == AF_INET) {
        const auto* in = reinterpret_cast<const sockaddr_in*>(&address.addr);
        inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
        port = ntohs(in->sin_port);
    } else if (address.family == AF_INET6) {
        const auto* in = reinterpret_cast<const sockaddr_in6*>(&address.addr);
        inet_ntop(AF_INET6, &in->sin6_addr, text, sizeof text);
        port = ntohs(in->sin6_port);
    } else {
        return CURL_SOCKET_BAD;
    }
    try {
        if (surroundings.allow_destination) surroundings.allow_destination(host, text, port);
    } catch (...) {
        thrown = std::current_exception();
        return CURL_SOCKET_BAD;
    }
    return ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
}

}  // namespace caseway
