// gateway/adapters/sqlite/reader_pool.cpp - lending sessions; the one used last is lent first, its cache is warm.
#include "gateway/adapters/sqlite/session.hpp"

namespace caseway {

ReaderPool::Lease ReaderPool::lend() {
    std::unique_lock lock(mutex_);
    const auto patience = std::chrono::milliseconds(settings_.busy_timeout_ms);
    if (!returned_.wait_for(lock, patience, [this] { return !idle_.empty() || unopened_ > 0; })) {
        throw Fault(FaultCode::StoreUnavailable, "all reading connections are busy", "ask again in a moment");
    }
    if (!idle_.empty()) {
        std::unique_ptr<ReadSession> session = std::move(idle_.back());
        idle_.pop_back();
        return {*this, std::move(session)};
    }
    --unopened_;
    lock.unlock();
    try {
        return {*this, std::make_unique<ReadSession>(file_, settings_, SIZE_MAX)};
    } catch (...) {
        lock.lock();
        ++unopened_;
        returned_.notify_all();
        throw;
    }
}

bool ReaderPool::closeAll() {
    std::unique_lock lock(mutex_);
    const auto patience = std::chrono::milliseconds(settings_.busy_timeout_ms);
    if (!returned_.wait_for(lock, patience, [this] { return idle_.size() + unopened_ == sessions_; })) return false;
    idle_.clear();
    unopened_ = sessions_;
    return true;
}

void ReaderPool::giveBack(std::unique_ptr<ReadSession> session) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(session));
    returned_.notify_all();
}

}  // namespace caseway
