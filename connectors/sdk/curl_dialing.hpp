// connectors/sdk/curl_dialing.hpp - what every use of libcurl here sets before it dials: times, proxy, TLS, and that
// each address is asked for. For sources of this folder only: it shows libcurl's types.
#pragma once

#include <chrono>
#include <exception>
#include <string>

#include "connectors/sdk/curl_handles.hpp"
#include "connectors/sdk/http_client.hpp"
#include "gateway/base/check.hpp"

namespace caseway {

void startLibcurl();

template <class Value>
void setCurl(CURL* curl, CURLoption option, Value value) {
    CASEWAY_CHECK(curl_easy_setopt(curl, option, value) == CURLE_OK);
}

void setTimes(CURL* curl, const HttpDialing& dialing, std::chrono::milliseconds left);
void setProxy(CURL* curl, const HttpDialing& dialing);
/// `own_origin`: this is the configured host, so it may see our certificate.
void setTls(CURL* curl, const HttpDialing& dialing, bool own_origin);
/// Whatever the URL's host is, `address` is dialled, by the proxy where there is one: by CONNECT, and it hears no name.
/// Whoever answers there is still asked for by name, in TLS and in Host. The list lives until the exchange is over.
CurlList setTunnel(CURL* curl, const HttpDialing& dialing, const std::string& address, std::uint16_t port);
/// For CURLOPT_OPENSOCKETFUNCTION: a socket where the address is allowed; else the fault waits in `thrown`, since an
/// exception never crosses libcurl.
curl_socket_t openJudged(const curl_sockaddr& address, const std::string& host,
                         const ConnectorSurroundings& surroundings, std::exception_ptr& thrown);

}  // namespace caseway
