// connectors/sql/driver_line.hpp - the socket that a driver dialled by itself: what comes over it is counted, and it
// can be cut from outside. Drivers gather what one statement gives in memory, however much it is, and wait without end.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "connectors/sdk/descriptor.hpp"

namespace caseway {

/// Of one connector, which has one connection at a time. Callable concurrently.
class DriverLine {
public:
    /// Of one call. A page has 16 MiB, and a driver fetches rows that the page then has no room for.
    static constexpr std::uint64_t kBytesMost = std::uint64_t{256} << 20;

    /// Sockets of this process to a server, known by their inodes.
    struct Peer {
        std::string address;  ///< numeric; or the whole path of a Unix socket
        std::uint16_t port = 0;
    };
    static std::set<std::uint64_t> socketsTo(const Peer& peer);
    /// The driver will dial: what there is then besides the sockets of now is the line.
    void dial(const Peer& peer);
    /// There is no connection any more.
    void drop();

    /// A call begins, over what was dialled.
    void begin();
    /// Some times a second, by whoever waits for the call: cuts where too much came.
    void look();
    void cut();
    /// It was cut in this call, because too much came.
    bool isOverfull() const;

private:
    void find();
    std::uint64_t received() const;
    void cutLocked();

    mutable std::mutex mutex_;
    Peer peer_;
    std::set<std::uint64_t> before_;
    std::vector<Descriptor> sockets_;
    std::uint64_t at_begin_ = 0;
    bool is_overfull_ = false;
};

}  // namespace caseway
