// connectors/sdk/exchange_folder/broken_reads.hpp - files in whose middle a reading ended: they change without end, lie
// on a bad sector, take longer than a call may, or their server drops at them. Each comes after all others then, alone
// in its page, so that none waits for it night after night.
#pragma once

#include <mutex>
#include <string>
#include <unordered_set>

namespace caseway {

/// Marks of such files, for all connectors of a type: a run opens a connector of its own. Not kept over a restart,
/// which costs one more broken reading. Callable concurrently.
class BrokenReads {
public:
    bool has(const std::string& mark) const {
        const std::lock_guard lock(mutex_);
        return marks_.contains(mark);
    }
    void add(const std::string& mark) {
        const std::lock_guard lock(mutex_);
        if (marks_.size() >= kMost) marks_.clear();
        marks_.insert(mark);
    }
    void remove(const std::string& mark) {
        const std::lock_guard lock(mutex_);
        marks_.erase(mark);
    }

private:
    static constexpr std::size_t kMost = 10'000;
    mutable std::mutex mutex_;
    std::unordered_set<std::string> marks_;
};

}  // namespace caseway
