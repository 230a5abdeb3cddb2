// gateway/pipeline/committer.hpp - the one writer: gathers what waits, applies it in one transaction, signs one
// checkpoint, commits, answers. Nothing is acknowledged before. Why one writer:
// docs/decisions/0001-one-writer-group-commit.md.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
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
};

struct CommitterFigures {
    std::uint64_t commits = 0;
    std::uint64_t jobs = 0;
    std::uint64_t faults = 0;
    std::size_t waiting = 0;
};

class Committer {
public:
    /// `most_jobs` in one transaction; `most_waiting` in the queue, beyond which submit() refuses. `gather_time`: how
    /// long a batch waits for company where the one before it had some; a lone sender never waits.
    struct Limits {
        std::size_t most_jobs = 256;
        std::size_t most_waiting = 8192;
        std::chrono::microseconds gather_time{2000};
    };
    Committer(Store& store, MessageLog& log, const Clock& clock, Limits limits);
    ~Committer();
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;

    /// Queues a job; false where too many wait or stop() was called: the job is untouched, answer 503. Callable
    /// concurrently.
    bool submit(std::unique_ptr<CommitJob>& job);
    /// Applies what waits, then ends the writer thread. Idempotent.
    void stop();
    CommitterFigures figures() const;

private:
    using Batch = std::vector<std::unique_ptr<CommitJob>>;
    void work();
    Batch gather();
    void commit(Batch& batch);
    void finish(Batch& batch);
    void fail(Batch& batch, const Fault& fault);
    void attempt(Batch& batch, const std::string& mark);
    bool isDurable(const std::string& mark);

    Store& store_;
    MessageLog& log_;
    const Clock& clock_;
    const Limits limits_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::unique_ptr<CommitJob>> waiting_;
    std::size_t wake_at_ = 1;  ///< how many must wait for the writer to be woken
    std::size_t last_batch_ = 0;
    bool stopping_ = false;
    CommitterFigures figures_;
    const std::string run_mark_;  ///< of this process, so that no mark of a former one is taken for ours
    std::uint64_t commit_mark_ = 0;
    std::thread thread_;
};

}  // namespace caseway
