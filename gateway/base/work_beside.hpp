// gateway/base/work_beside.hpp - a second thread for the part of some work that nobody waits for: it takes pieces in
// their order while the first one fills the next. A few pieces in memory, which are used again.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace caseway {

/// For one caller.
template <class Piece>
class WorkBeside {
public:
    /// `work` is called on the other thread, with one piece at a time, and must not throw.
    explicit WorkBeside(std::function<void(Piece&)> work) : work_(std::move(work)), thread_([this] { run(); }) {}
    /// What was handed over is done before.
    ~WorkBeside() {
        {
            const std::lock_guard lock(mutex_);
            is_over_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }
    WorkBeside(const WorkBeside&) = delete;
    WorkBeside& operator=(const WorkBeside&) = delete;

    /// The one that the caller fills: as `work` left it.
    Piece& piece() { return pieces_[given_ % kPieces]; }
    /// Gives that one away; waits while all others are still to be done.
    void handOver() {
        std::unique_lock lock(mutex_);
        ++given_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return given_ - done_ < kPieces; });
    }
    /// All that was handed over is done: its results are the caller's.
    void wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return given_ == done_; });
    }

private:
    static constexpr std::size_t kPieces = 4;

    void run() {
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [this] { return done_ != given_ || is_over_; });
            if (done_ == given_) return;
            Piece& piece = pieces_[done_ % kPieces];
            lock.unlock();
            work_(piece);
            lock.lock();
            ++done_;
            changed_.notify_all();
        }
    }

    const std::function<void(Piece&)> work_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::array<Piece, kPieces> pieces_{};  ///< number n stands at n % kPieces
    std::size_t given_ = 0, done_ = 0;     ///< how many
    bool is_over_ = false;
    std::thread thread_;
};

}  // namespace caseway
