// gateway/adapters/http/http_config.hpp - listeners and limits of the HTTP server, with their defaults.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace caseway {

enum class ClientCertificates {
    Ignore,      ///< not asked for
    AcceptAny,   ///< asked for, not required; whatever is shown is handed to the handler, who alone judges it
    RequireAny,  ///< required; whatever is shown is handed to the handler, who alone judges it
    RequireOurs  ///< required, and issued by one of ListenerConfig::client_ca_file
};

/// How requests stand in the bytes.
enum class Framing {
    Http,   ///< HTTP/1.1
    Frames  ///< four bytes of length, then so many: request_parser.hpp, frame_parser.hpp
};

/// One door. TLS where `certificate_file` is given, plain text otherwise; a Unix socket (mode 0600) where `unix_path`
/// is given.
struct ListenerConfig {
    std::string name = "public";  ///< told to the handler as RequestHead::listener
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: a free one, see HttpServer::port()
    std::string unix_path;
    std::string certificate_file;  ///< PEM, the chain, leaf first
    std::string key_file;          ///< PEM, not encrypted
    ClientCertificates client_certificates = ClientCertificates::AcceptAny;
    std::string client_ca_file;
    Framing framing = Framing::Http;
    bool limited = true;  ///< false: no limit of rate, of requests in flight or of an address (health, metrics, admin)
};

struct HttpLimits {
    std::size_t head_bytes = 32 * 1024;  ///< request line and all fields
    std::size_t field_bytes = 8 * 1024;  ///< one field, name and value
    std::size_t field_count = 100;
    std::size_t target_bytes = 4 * 1024;
    std::size_t chunk_overhead_bytes = 4 * 1024;  ///< one chunk header with its extensions, or all trailers
    std::size_t drain_bytes = 64 * 1024;  ///< a refused body up to this size is read and dropped, the connection kept
    std::size_t inline_total_bytes = 64 * 1024 * 1024;  ///< all bodies in memory together; above: 503
    std::size_t unspooled_bytes = 1024 * 1024;  ///< read but not yet taken by the sink; above: the socket is not read
    std::size_t answer_total_bytes = 64 * 1024 * 1024;  ///< all answers that wait for their peers; above: see below
    std::size_t connections = 8192;                     ///< above: see below
    std::size_t in_flight = 1024;                       ///< requests being handled; above: 503
    // Of one client address (IPv6: its /64), at a listener that is `limited`. Above the first, as where all places are
    // taken: the longest waiting one (of that address) is closed; where none waits, the one whose body comes the most
    // slowly. Above the others: 429. Of answers that wait, in all or of one address, the one of which its peer has
    // taken nothing for the longest is closed.
    std::size_t connections_of_address = 2048;
    std::size_t inline_bytes_of_address = 24 * 1024 * 1024;
    std::size_t answer_bytes_of_address = 24 * 1024 * 1024;
    std::size_t in_flight_of_address = 512;
    double requests_per_second = 0;            ///< of one client address; 0: unlimited
    double request_burst = 0;                  ///< 0: two seconds' worth
    std::size_t body_bytes_per_second = 1024;  ///< slower ones are cut off, judged over `body_window`
    std::chrono::milliseconds body_window{10'000};
    std::chrono::milliseconds body_grace{1'000};  ///< no body is called slow before
    std::chrono::milliseconds handshake_time{10'000};
    std::chrono::milliseconds head_time{10'000};   ///< from the first byte of a request to the end of its head
    std::chrono::milliseconds idle_time{75'000};   ///< keep-alive without a request
    std::chrono::milliseconds write_time{30'000};  ///< an answer of which the peer takes nothing
    std::chrono::milliseconds linger_time{2'000};  ///< after the last answer, for the peer to close
    std::size_t accepts_per_tick = 16;
    std::size_t handshakes_per_tick = 4;
};

struct HttpServerConfig {
    std::vector<ListenerConfig> listeners;
    HttpLimits limits;
    std::size_t workers = 0;        ///< 0: one a core
    std::size_t spool_threads = 2;  ///< for large bodies and streamed answers, which may wait for the disk
    /// Told the text of every exception that escaped a handler, a sink or a stream. Any thread; must not throw.
    std::function<void(std::string_view)> report_fault;
};

}  // namespace caseway
