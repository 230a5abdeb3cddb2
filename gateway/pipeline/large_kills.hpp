// gateway/pipeline/large_kills.hpp - how often a large payload was taken at one of its records and never left in good
// order: written down before it is taken, so that one that kills the process is known at the next start.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

#include "gateway/pipeline/committer.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// Callable concurrently. The references must outlive it.
class LargeKills {
public:
    static constexpr std::uint64_t kMost = 3;  ///< times at one record

    LargeKills(StoreReader& reader, Committer& committer) : reader_(reader), committer_(committer) {}
    /// True: it was taken kMost times at the record that it is at, and killed the process each time. Else it is written
    /// down, durable on return, that it is taken now. Throws Fault as a Store does.
    bool kills(const LargeRow& row);
    /// It is done, or waits; whatever becomes of the process, it is not to blame. A store that does not take it is told
    /// nowhere: a count too high by one.
    void left(LogIndex index) noexcept;

private:
    using Taken = std::map<LogIndex, std::pair<std::uint64_t, std::uint64_t>>;  ///< record, times
    Taken read();
    void keep(const Taken& taken);

    StoreReader& reader_;
    Committer& committer_;
    std::mutex mutex_;
};

/// Leaves when it goes.
class LargeTaken {
public:
    LargeTaken(LargeKills& kills, LogIndex index) : kills_(kills), index_(index) {}
    ~LargeTaken() { kills_.left(index_); }
    LargeTaken(const LargeTaken&) = delete;
    LargeTaken& operator=(const LargeTaken&) = delete;

private:
    LargeKills& kills_;
    const LogIndex index_;
};

}  // namespace caseway
