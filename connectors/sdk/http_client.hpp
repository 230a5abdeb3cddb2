// connectors/sdk/http_client.hpp - one careful HTTP client for all connectors, on libcurl: each address is asked for
// before it is dialled, redirects are followed by us, and everything that comes back has a limit. Why libcurl:
// docs/decisions/0002-dependencies.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/sdk/web_address.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

/// How the other side is reached; read from the settings by http_settings.hpp. There is no switch that turns the check
/// of certificates off.
struct HttpDialing {
    std::string authorities;  ///< PEM; empty: those of the operating system
    std::string certificate;  ///< PEM, our own, for the configured host only
    std::string key;          ///< PEM; a secret
    std::string key_password;
    std::string proxy;  ///< `http://proxy:3128`; empty: none, whatever the environment says
    std::string proxy_user;
    std::string proxy_password;
    std::chrono::milliseconds connect_time{10'000};
    std::chrono::milliseconds total_time{60'000};
    std::chrono::seconds slow_time{30};  ///< fewer than slow_bytes a second for so long ends the exchange
    std::uint32_t slow_bytes = 10;
    std::uint64_t answer_bytes = 16u << 20;  ///< after decompression; what came over the wire is held to it too
    std::uint32_t redirects = 3;
    double requests_per_second = 0;  ///< 0: no limit
};

struct WebRequest {
    std::string method = "GET";  ///< GET, HEAD, POST or PUT
    WebAddress address;
    HttpFields fields{};
    HttpFields credentials{};  ///< fields that are never sent to another origin than `address`
    std::optional<std::string> body{};
    bool takes_compressed = true;  ///< false: asked for as it is, and given as it came
};

struct HttpAnswer {
    int status = 0;
    HttpFields fields{};  ///< names in lower case
    std::string body{};
    WebAddress address{};   ///< where the answer came from, after redirects
    std::time_t began = 0;  ///< our clock as its first line came

    /// The last field of that name; empty where there is none.
    std::string field(const std::string& name) const;
    /// The source's own clock when it answered (Date), else ours: so that a watermark does not hang on ours.
    std::int64_t answeredMs() const;
    /// By how much the source's clock is ahead of ours, by Date, and by Age where the answer waited in a cache; nothing
    /// where it tells no time.
    std::optional<std::chrono::seconds> clockAhead() const;
};

/// Not for two threads at once. Connections are kept between requests.
class HttpClient {
public:
    /// Throws ConnectorFault{Config} for a dialing that cannot be: a proxy that is no address, a key without
    /// certificate.
    HttpClient(HttpDialing dialing, ConnectorSurroundings surroundings);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// The deadline of the surroundings begins anew: at the start of each call of the connector.
    void beginCall();
    /// Any status is an answer but a redirect that was not followed. Throws ConnectorFault: http_faults.hpp has the
    /// codes, and what allow_destination throws.
    HttpAnswer exchange(const WebRequest& request);
    /// Looks the host (or the proxy) up and asks for each of its addresses, without dialling. Gives the addresses.
    std::vector<std::string> lookUp(const WebAddress& address);

private:
    struct Exchange;
    HttpAnswer exchangeOnce(const WebRequest& request, bool own_origin);
    std::string askForProxied(const WebAddress& address);

    HttpDialing dialing_;
    ConnectorSurroundings surroundings_;
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace caseway
