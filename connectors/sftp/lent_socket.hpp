// connectors/sftp/lent_socket.hpp - a socket that a library uses and, on some of its ways, closes. libssh 0.10 closes a
// descriptor that it was given when a connection ends well, and leaves it open when it breaks.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include "connectors/sdk/descriptor.hpp"

namespace caseway {

class LentSocket {
public:
    explicit LentSocket(Descriptor socket)
        : kept_(::fcntl(socket.get(), F_DUPFD_CLOEXEC, 0)), lent_(socket.release()) {}
    /// Closes the lent descriptor if it is still the same socket: the number may be another's by now.
    ~LentSocket() {
        struct stat kept {};
        struct stat lent {};
        const bool same = ::fstat(kept_.get(), &kept) == 0 && ::fstat(lent_, &lent) == 0 &&
                          kept.st_ino == lent.st_ino && kept.st_dev == lent.st_dev;
        if (same) ::close(lent_);
    }
    LentSocket(const LentSocket&) = delete;
    LentSocket& operator=(const LentSocket&) = delete;
    /// For the library.
    int get() const { return lent_; }
    Descriptor duplicate() const { return Descriptor(::fcntl(kept_.get(), F_DUPFD_CLOEXEC, 0)); }

private:
    Descriptor kept_;
    int lent_;
};

}  // namespace caseway
