// gateway/adapters/http/mailbox.cpp - see mailbox.hpp.
#include "gateway/adapters/http/mailbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <iterator>
#include <utility>

#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

/// What a thread has posted since its PostTogether began.
struct HeldMail {
    bool holds = false;
    std::vector<std::pair<std::shared_ptr<Mailbox>, std::vector<Mail>>> by_box;
};

HeldMail& heldByThisThread() {
    thread_local HeldMail held;
    return held;
}

}  // namespace

PostTogether::PostTogether() {
    CASEWAY_CHECK(!heldByThisThread().holds);
    heldByThisThread().holds = true;
}

PostTogether::~PostTogether() {
    HeldMail& held = heldByThisThread();
    held.holds = false;
    for (auto& [box, mails] : held.by_box) box->postAll(mails);
    held.by_box.clear();
}

Mailbox::Mailbox() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (fd_ < 0)
        throw Fault(FaultCode::NetworkUnavailable, "eventfd: no file descriptor", "raise the limit of open files");
}

Mailbox::~Mailbox() {
    ::close(fd_);
}

void Mailbox::post(Mail mail) {
    if (HeldMail& held = heldByThisThread(); held.holds) {
        for (auto& [box, mails] : held.by_box)
            if (box.get() == this) return mails.push_back(std::move(mail));
        held.by_box.emplace_back(shared_from_this(), std::vector<Mail>{}).second.push_back(std::move(mail));
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        mails_.push_back(std::move(mail));
    }
    wakeLoop();
}

void Mailbox::postAll(std::vector<Mail>& mails) {
    {
        const std::lock_guard lock(mutex_);
        mails_.insert(mails_.end(), std::move_iterator(mails.begin()), std::move_iterator(mails.end()));
    }
    wakeLoop();
}

void Mailbox::wakeLoop() {
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
