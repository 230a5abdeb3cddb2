// connectors/sdk/exchange_folder/broken_reads.hpp - files in whose middle readings ended again and again: they change
// without end, lie on a bad sector, take longer than a call may, or their server drops at them. Each comes after all
// others then, alone in its page, so that none waits for it night after night. A line that drops once or twice turns no
// order around: of two files that speak of one case the later one is to stand.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

namespace caseway {

/// How often each file's reading broke off, by a name of it that is told apart from all other folders'. For all
/// connectors of a type: a run opens a connector of its own. Not kept over a restart, which costs three more broken
/// readings. Callable concurrently.
class BrokenReads {
public:
    static constexpr unsigned kTimes = 3;  ///< in so many calls
    bool has(const std::string& file) const { return times(file) >= kTimes; }
    unsigned times(const std::string& file) const {
        const std::lock_guard lock(mutex_);
        const auto found = times_.find(file);
        return found == times_.end() ? 0 : found->second;
    }
    /// Before it is read: a reading that hangs never comes to its end.
    void add(const std::string& file) {
        const std::lock_guard lock(mutex_);
        if (times_.size() >= kMost) times_.clear();
        ++times_[file];
    }
    /// Takes one add() back: what ended the reading says nothing of the file.
    void excuse(const std::string& file) {
        const std::lock_guard lock(mutex_);
        const auto found = times_.find(file);
        if (found != times_.end() && --found->second == 0) times_.erase(found);
    }
    void remove(const std::string& file) {
        const std::lock_guard lock(mutex_);
        times_.erase(file);
    }

private:
    static constexpr std::size_t kMost = 10'000;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, unsigned> times_;
};

}  // namespace caseway
