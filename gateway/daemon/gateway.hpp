// gateway/daemon/gateway.hpp - the running gateway: ports meet adapters here and nowhere else.
// Start order: store, log, mappings, register, writer, large messages, listeners; stop order the other way round.
#pragma once

#include <memory>
#include <string>

#include "gateway/adapters/http/http_server.hpp"
#include "gateway/daemon/settings.hpp"

namespace caseway {

class Gateway {
public:
    /// Opens everything and starts to serve. Throws Fault{ConfigurationBad, FileUnavailable, StoreUnavailable,
    /// StoreCorrupt, NetworkUnavailable}.
    explicit Gateway(const Settings& settings);
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    /// Reads certificates, register and mappings again. What cannot be read stays as it was; each mistake becomes a log
    /// line.
    void reload();
    /// Takes no more, finishes what was accepted, ends. Idempotent.
    void stop();
    std::uint16_t port() const;
    std::uint16_t healthPort() const;
    std::uint16_t thriftPort() const;  ///< 0: not served
    /// Now and then: the minute of what nobody authenticated, warnings.
    void tick();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace caseway
