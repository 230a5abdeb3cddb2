// gateway/adapters/sqlite/checkpointer.cpp - see the header. Source: sqlite.org/wal.html, "Avoiding Excessively Large
// WAL Files".
#include "gateway/adapters/sqlite/checkpointer.hpp"

#include <climits>

namespace caseway {
namespace {

constexpr int kFewPages = 512;  // copied with the gate closed: about two milliseconds
constexpr int kRounds = 4;      // then the gate is closed anyway: the log must not grow for ever
constexpr int kStallAt = 4;     // times the pages that start a checkpoint
constexpr std::chrono::milliseconds kGatePatience{1000};
constexpr std::chrono::seconds kStallPatience{10};

int times(int pages, int factor) {
    return pages > INT_MAX / factor ? INT_MAX : pages * factor;
}

}  // namespace

Checkpointer::Checkpointer(const std::string& file, const ConnectionSettings& settings, WriterGate& gate,
                           int start_at_pages)
    : connection_(file, settings),
      gate_(gate),
      start_at_pages_(start_at_pages),
      stall_at_(times(start_at_pages, kStallAt)),
      thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void Checkpointer::walHasPages(int pages) {
    pages_.store(pages, std::memory_order_relaxed);
    if (pages < start_at_pages_) return;
    const std::lock_guard lock(mutex_);
    if (wanted_) return;
    wanted_ = true;
    wake_.notify_one();
}

void Checkpointer::letCatchUp() {
    const int pages = pages_.load(std::memory_order_relaxed);
    if (pages < start_at_pages_) stall_at_ = times(start_at_pages_, kStallAt);
    if (pages < stall_at_) return;
    std::unique_lock lock(mutex_);
    for (int more = wanted_ ? 2 : 1; more > 0; --more) {  // the one that is under way may not see the last commit
        wanted_ = true;
        wake_.notify_one();
        caught_up_.wait_for(lock, kStallPatience, [this] { return !wanted_ || stopping_; });
    }
    stall_at_ = times(pages, 2);  // where it did not help, it is not tried at once
}

void Checkpointer::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return wanted_ || stopping_; });
        if (stopping_) return;
        lock.unlock();
        checkpoint();
        lock.lock();
        wanted_ = false;
        caught_up_.notify_all();
    }
}

/// Copies what it can without waiting for anybody; the number of pages copied so far. A failure (disk full) is not ours
/// to report: the pages stay in the write-ahead log, and the next commit meets the same disk.
int Checkpointer::copyPages() {
    int in_log = 0;
    int copied = 0;
    sqlite3_wal_checkpoint_v2(connection_.raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied);
    return copied;
}

void Checkpointer::checkpoint() {
    for (int round = 0; round < kRounds; ++round) {
        const int copied = copyPages();
        if (pages_.load(std::memory_order_relaxed) - copied <= kFewPages) break;
    }
    if (!gate_.enterForUpkeep(kGatePatience)) return;
    copyPages();
    gate_.leave();
}

}  // namespace caseway
