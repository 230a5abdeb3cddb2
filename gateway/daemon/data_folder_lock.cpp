// gateway/daemon/data_folder_lock.cpp - the lock of the data folder and the admin socket, as others see them.
#include "gateway/daemon/data_folder_lock.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

namespace caseway {
namespace {

constexpr int kTimesFreeMax = 3;

bool isLocked(const Settings& settings) {
    const int file = ::open((settings.data / "lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const bool is_free = ::flock(file, LOCK_SH | LOCK_NB) == 0;
    ::close(file);
    return !is_free;
}

}  // namespace

std::unique_ptr<Poco::Net::StreamSocket> connectAdmin(const Settings& settings) {
    const std::filesystem::path path = settings.path(settings.admin_socket);
    std::error_code error;
    if (settings.admin_socket.empty() || !std::filesystem::exists(path, error)) return nullptr;
    try {
        return std::make_unique<Poco::Net::StreamSocket>(
            Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, path.string()));
    } catch (const Poco::Exception&) {
        return nullptr;  // left behind by a gateway that was killed
    }
}

std::optional<pid_t> gatewayProcess(const Settings& settings) {
    const auto socket = connectAdmin(settings);
    ucred peer{};
    socklen_t size = sizeof peer;
    if (!socket || ::getsockopt(socket->impl()->sockfd(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.pid == 0)
        return std::nullopt;
    return peer.pid;
}

bool isServed(const Settings& settings) {
    return isLocked(settings) || connectAdmin(settings) != nullptr;
}

std::unique_ptr<Poco::Net::StreamSocket> connectAdminSoon(const Settings& settings,
                                                          std::chrono::milliseconds patience) {
    std::mutex mutex;
    std::condition_variable pause;
    const auto end = std::chrono::steady_clock::now() + patience;
    auto socket = connectAdmin(settings);
    while (!socket && isLocked(settings) && std::chrono::steady_clock::now() < end) {
        std::unique_lock lock(mutex);
        pause.wait_for(lock, std::chrono::milliseconds(50));
        socket = connectAdmin(settings);
    }
    return socket;
}

std::chrono::milliseconds FolderPatience::left() const {
    return std::chrono::ceil<std::chrono::milliseconds>(end_ - std::chrono::steady_clock::now());
}

bool FolderPatience::mayTryAgain(const Fault& fault) {
    if (fault.code() != FaultCode::StoreUnavailable || left().count() <= 0) return false;
    return isLocked(settings_) || ++times_free_ < kTimesFreeMax;
}

}  // namespace caseway
