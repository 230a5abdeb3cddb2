// connectors/sdk/tls_stream.hpp - a TLS connection for protocols that are not HTTP, as careful as http_client.hpp:
// always verified, each address asked for before it is dialled, through a proxy by CONNECT, and no wait outlasts its
// call.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connectors/sdk/call_budget.hpp"
#include "connectors/sdk/http_client.hpp"

namespace caseway {

/// Who is on the other side.
struct TlsPeer {
    std::string host;  ///< that is dialled
    std::uint16_t port = 0;
    std::string server_name;               ///< that its certificate must bear; empty: `host`
    std::vector<std::string> public_keys;  ///< `sha256//…`: it must have one of these, besides; empty: any
    std::string shown() const;             ///< `host:port`
};

/// For one thread at a time.
class TlsStream {
public:
    /// Connects. `dialing.connect_time` bounds that, and each wait afterwards. Throws ConnectorFault: http_faults.hpp
    /// has the codes, and what allow_destination throws.
    TlsStream(TlsPeer peer, const HttpDialing& dialing, const ConnectorSurroundings& surroundings,
              const CallBudget& budget);
    ~TlsStream();
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;

    /// For the calls until the next; the budget must live as long.
    void bound(const CallBudget& budget);
    /// Gives at least one byte. Throws timed_out after a silence, deadline_passed, stopping, connection_lost,
    /// client_certificate_refused.
    std::size_t read(char* buffer, std::size_t size);
    void write(const char* bytes, std::size_t size);
    /// Closed by the other side, or with bytes that nobody asked for: of no use for another question.
    bool isStale();

private:
    struct State;
    void wait(short events);
    [[noreturn]] void lost(int curl_code);
    std::unique_ptr<State> state_;
};

/// Numeric or not, as it stands in an address: IPv6 in brackets.
std::string bracketed(const std::string& host);

}  // namespace caseway
