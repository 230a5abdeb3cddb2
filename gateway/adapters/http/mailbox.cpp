// gateway/adapters/http/mailbox.cpp - see mailbox.hpp.
#include "gateway/adapters/http/mailbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include "gateway/base/fault.hpp"

namespace caseway {

Mailbox::Mailbox() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (fd_ < 0)
        throw Fault(FaultCode::NetworkUnavailable, "eventfd: no file descriptor", "raise the limit of open files");
}

Mailbox::~Mailbox() {
    ::close(fd_);
}

void Mailbox::post(Mail mail) {
    {
        const std::lock_guard lock(mutex_);
        mails_.push_back(std::move(mail));
    }
    if (!waiting_.exchange(false)) return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof(one));
}

void Mailbox::collect(std::vector<Mail>& into) {
    into.clear();
    waiting_.store(false);
    const std::lock_guard lock(mutex_);
    into.swap(mails_);
}

bool Mailbox::mayWait() {
    waiting_.store(true);
    const std::lock_guard lock(mutex_);
    return mails_.empty();
}

}  // namespace caseway
