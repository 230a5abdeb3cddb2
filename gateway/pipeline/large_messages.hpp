// gateway/pipeline/large_messages.hpp - applies large messages in short slices behind their `received` leaf, resumable
// after a crash, and ends each with one `outcome` leaf. One that was pulled and cannot be applied is parked: it ends
// too. Small messages pass between the slices. A fresh start and a resumption are the same code.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/limits.hpp"
#include "gateway/log/store_source.hpp"
#include "gateway/pipeline/committer.hpp"
#include "gateway/pipeline/large_kills.hpp"
#include "gateway/pipeline/mapping_shelf.hpp"
#include "gateway/pipeline/message_job.hpp"
#include "gateway/ports/key_ring.hpp"
#include "gateway/record/recorder.hpp"

namespace caseway {

class LargeMessages {
public:
    struct Parts {
        Store& store;
        Committer& committer;
        Recorder& recorder;
        const MappingShelf& mappings;
        const Register& known;
        BodyOpener open_body;
        Limits limits;
        std::function<void(std::string_view)> say;  ///< a line for the operating log
        NewsSink news{};                            ///< told the outcome of each; may be empty
        unsigned attempts_of_pulled = 6;            ///< that fail, before one is parked: a run waits for it
        bool knows_records = true;  ///< off: all are read each time; for tests that hold both together
        Sha256 notes_key{};         ///< with which notes of known records are sealed: nowhere in the store
    };
    /// Starts the threads; takes up what a former run left unfinished.
    explicit LargeMessages(Parts parts);
    ~LargeMessages();

    /// A message has its `received` leaf. Callable concurrently.
    void enqueue(LogIndex index, const SystemId& sender);
    /// Ends after the slices under way; the rest is taken up at the next start.
    void stop();
    std::size_t waiting() const;
    /// Records since the start that were known and not read again.
    std::uint64_t passedOver() const { return passed_over_; }

private:
    struct Waiting {
        LogIndex index;
        SystemId sender;
        unsigned failed = 0;  ///< attempts so far, but for those of a store that was away
    };
    void work();
    bool isPulled(LogIndex index);
    bool park(LogIndex index, const std::string& why);
    std::function<bool(std::chrono::milliseconds)> pausing();
    std::deque<Waiting>::iterator next();
    /// What killed the process each time is parked, where a run waits for it.
    void applyOrPark(const LargeRow& row, bool passes_over);
    /// `passes_over`: records that are known are not read again.
    void apply(const LargeRow& row, bool passes_over);

    Parts parts_;
    LargeKills kills_{parts_.store.reader(), parts_.committer};
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Waiting> queue_;
    std::vector<SystemId> at_work_;  ///< whose messages are being applied
    bool stopping_ = false;
    std::atomic<std::uint64_t> passed_over_{0};
    std::vector<std::thread> threads_;
};

}  // namespace caseway
