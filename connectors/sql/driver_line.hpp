// connectors/sql/driver_line.hpp - the socket that a driver dialled by itself: what comes over it is counted, and it
// can be cut from outside. Drivers gather what one statement gives in memory, however much it is, and wait without end.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "connectors/sdk/descriptor.hpp"

namespace caseway {

/// Of one connector, which has one connection at a time. Callable concurrently.
class DriverLine {
public:
    /// Of one statement. A page has 16 MiB, and a driver fetches rows that the page then has no room for. Nothing is
    /// counted over a Unix socket: the kernel does not.
    static constexpr std::uint64_t kBytesMost = std::uint64_t{256} << 20;

    /// Lines to one server dial one after the other, so that each knows its socket; none waits longer than `turn`.
    explicit DriverLine(std::chrono::milliseconds turn = std::chrono::seconds(2)) : turn_(turn) {}
    ~DriverLine();
    DriverLine(const DriverLine&) = delete;
    DriverLine& operator=(const DriverLine&) = delete;

    /// Sockets of this process to a server, known by their inodes.
    struct Peer {
        std::string address;  ///< numeric; or the whole path of a Unix socket
        std::uint16_t port = 0;
    };
    static std::set<std::uint64_t> socketsTo(const Peer& peer);
    /// The driver will dial: the one socket that there is then besides those of now, and besides those of other lines,
    /// is the line. Where it cannot be told from another's, nothing is counted and nothing cut.
    void dial(const Peer& peer);
    /// The driver has dialled: from now on no socket is looked for.
    void connected();
    /// There is no connection any more.
    void drop();

    /// A call begins, over what was dialled.
    void begin();
    /// A statement begins: what the one before gave is not held any more.
    void beginStatement();
    /// Some times a second, by whoever waits for the call: cuts where too much came.
    void look();
    void cut();
    /// It was cut in this call, because too much came.
    bool isOverfull() const;

private:
    struct Lines;
    static Lines& lines();

    void clear();
    std::map<std::uint64_t, int> came() const;
    bool hasSocket() const;
    bool othersDial(bool is_doubtful = false);
    void find();
    std::uint64_t received() const;
    void cutLocked();

    const std::chrono::milliseconds turn_;
    Peer peer_;
    std::set<std::uint64_t> before_;
    Descriptor socket_;  ///< the driver's, a second time
    std::uint64_t inode_ = 0;
    bool is_dialling_ = false;
    bool is_doubtful_ = false;  ///< another line dials the same server, and neither has a socket yet
    std::uint64_t at_begin_ = 0;
    bool is_overfull_ = false;
};

}  // namespace caseway
