// gateway/daemon/data_folder_lock.hpp - who writes in a data folder now: a gateway that listens on its admin socket,
// one that is just starting, or a command that will be done in a moment.
#pragma once

#include <Poco/Net/StreamSocket.h>
#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>

#include "gateway/base/fault.hpp"
#include "gateway/daemon/settings.hpp"

namespace caseway {

/// A connection to the running gateway's admin socket; nothing where nobody listens.
std::unique_ptr<Poco::Net::StreamSocket> connectAdmin(const Settings& settings);

/// The process of the gateway that runs on this folder; nothing where none does, or it is not to be seen from here.
std::optional<pid_t> gatewayProcess(const Settings& settings);

/// Whether a gateway is at work here: it listens, or holds the folder while it starts or stops. The lock is let go of
/// by the kernel, so that one that died holds nothing.
bool isServed(const Settings& settings);

/// connectAdmin, waiting while somebody holds the folder without listening, at most `patience`. Nothing: the folder is
/// free, or was held for all that time.
std::unique_ptr<Poco::Net::StreamSocket> connectAdminSoon(const Settings& settings, std::chrono::milliseconds patience);

/// For how long to try to open a folder that another process held. Between two commands it is free for a moment that
/// may be missed, and looking at the lock takes it for a moment: so once more where nobody holds it.
class FolderPatience {
public:
    FolderPatience(const Settings& settings, std::chrono::milliseconds patience)
        : settings_(settings), end_(std::chrono::steady_clock::now() + patience) {}
    std::chrono::milliseconds left() const;
    /// After opening failed with `fault`.
    bool mayTryAgain(const Fault& fault);

private:
    const Settings& settings_;
    std::chrono::steady_clock::time_point end_;
    int times_free_ = 0;
};

}  // namespace caseway
