// gateway/pipeline/committer.hpp - the one writer: gathers what waits, applies it in one transaction, signs one
// checkpoint, commits, answers. Nothing is acknowledged before. Why one writer:
// docs/decisions/0001-one-writer-group-commit.md.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/base/fault.hpp"
#include "gateway/log/message_log.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// What a job may use while it is applied; valid for that call only.
struct CommitContext {
    StoreWriter& writer;
    MessageLog& log;
    Instant now;
    std::uint64_t number = 0;  ///< of the transaction, counting those that failed
    bool is_alone = false;     ///< it is this job's only
};

/// One unit of work of the writer. apply() is called in the transaction, then exactly one of committed() and failed();
/// after the committed() of the whole batch, release().
class CommitJob {
public:
    virtual ~CommitJob() = default;
    /// Writes. Throws Fault: the whole batch is rolled back and failed() is called on each of its jobs.
    virtual void apply(CommitContext& context) = 0;
    /// Durable now. `log` makes receipts. Must not throw.
    virtual void committed(MessageLog& log, StoreReader& reader) = 0;
    /// Sends what committed() made. All answers of a batch leave together: the thread that carries them wakes up once.
    virtual void release() {}
    /// Nothing of it was written.
    virtual void failed(const Fault& fault) = 0;
    /// Long jobs (slices of large messages) share a batch with small ones, but not with each other.
    virtual bool isSlice() const { return false; }
    /// A slice that takes longer than small jobs like to wait: where some wait, they go before it, once (where two
    /// such slices wait, before the second perhaps once more).
    virtual bool isLong() const { return false; }
};

struct CommitterFigures {
    std::uint64_t commits = 0;
    std::uint64_t jobs = 0;
    std::uint64_t faults = 0;
    std::size_t waiting = 0;
    bool is_failing = false;  ///< the store did not take the last batch
};

class Committer {
public:
    /// `most_jobs` in one transaction; `most_waiting` in the queue, beyond which submit() refuses. `gather_time`: how
    /// long a batch waits at most for those that are coming; a lone sender never waits.
    struct Limits {
        std::size_t most_jobs = 256;
        std::size_t most_waiting = 8192;
        std::chrono::microseconds gather_time{4000};
    };
    /// Runs the answering of all jobs of a batch: who carries the answers may send them in one go. Must not throw.
    using Together = std::function<void(const std::function<void()>& answering)>;
    Committer(
        Store& store, MessageLog& log, const Clock& clock, Limits limits,
        Together together = [](const auto& answering) { answering(); });
    ~Committer();
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;

    /// A message that is being prepared: while it lives, a batch that has begun to gather waits for its job.
    class Coming {
    public:
        Coming() : committer_(nullptr) {}
        explicit Coming(Committer& committer);
        Coming(Coming&& other) noexcept : committer_(std::exchange(other.committer_, nullptr)) {}
        Coming& operator=(Coming&&) = delete;
        ~Coming();

    private:
        friend class Committer;
        Committer* committer_;
    };

    /// Queues a job; false where too many wait or stop() was called: the job is untouched, answer 503. `coming` has
    /// come. Callable concurrently.
    bool submit(std::unique_ptr<CommitJob>& job, Coming coming = {});
    /// While the store takes nothing and no job waits: tries a commit of nothing, so that it is noticed when it takes
    /// again. Callable concurrently.
    void probe();
    /// Applies what waits, then ends the writer thread. Idempotent.
    void stop();
    CommitterFigures figures() const;
    /// Number of the last transaction that has ended. What is read afterwards has what those up to it wrote, and of
    /// the later ones what they had committed by then. Callable concurrently.
    std::uint64_t ended() const { return ended_.load(); }

private:
    using Batch = std::vector<std::unique_ptr<CommitJob>>;
    void work();
    Batch gather();
    bool hasGathered() const { return stopping_ || coming_ == 0 || waiting_.size() >= limits_.most_jobs; }
    void commit(Batch& batch);
    void finish(Batch& batch);
    void fail(Batch& batch, const Fault& fault);
    void attempt(Batch& batch, const std::string& mark);
    bool isDurable(const std::string& mark);

    Store& store_;
    MessageLog& log_;
    const Clock& clock_;
    const Limits limits_;
    const Together together_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::unique_ptr<CommitJob>> waiting_;
    std::size_t coming_ = 0;
    enum class Writer { Idle, Gathering, Busy } writer_ = Writer::Busy;
    bool stopping_ = false;
    CommitterFigures figures_;
    const std::string run_mark_;  ///< of this process, so that no mark of a former one is taken for ours
    std::uint64_t commit_mark_ = 0;  ///< and number of the transaction
    std::atomic<std::uint64_t> ended_{0};
    bool has_deferred_ = false;  ///< a long slice, in the batch before
    std::thread thread_;
};

}  // namespace caseway
