// gateway/pipeline/committer.cpp - the writer thread and its batches.
#include "gateway/pipeline/committer.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

#include "gateway/base/check.hpp"

namespace caseway {
namespace {

constexpr std::string_view kCommitMark = "last_commit";
constexpr std::chrono::milliseconds kSettleAgain{200};
constexpr int kSettleAttempts = 50;

/// Nothing but the transaction itself.
class Probe final : public CommitJob {
public:
    void apply(CommitContext&) override {}
    void committed(MessageLog&, StoreReader&) override {}
    void failed(const Fault&) override {}
};

std::string randomMark() {
    std::random_device device;
    return std::to_string(device()) + std::to_string(device()) + "-";
}

}  // namespace

Committer::Committer(Store& store, MessageLog& log, const Clock& clock, Limits limits, Together together)
    : store_(store),
      log_(log),
      clock_(clock),
      limits_(limits),
      together_(std::move(together)),
      run_mark_(randomMark()),
      thread_([this] { work(); }) {}

Committer::~Committer() {
    stop();
}

Committer::Coming::Coming(Committer& committer) : committer_(&committer) {
    const std::lock_guard lock(committer.mutex_);
    ++committer.coming_;
}

Committer::Coming::~Coming() {
    if (committer_ == nullptr) return;
    bool wakes = false;
    {
        const std::lock_guard lock(committer_->mutex_);
        --committer_->coming_;
        wakes = committer_->writer_ == Writer::Gathering && committer_->hasGathered();
    }
    if (wakes) committer_->wake_.notify_one();
}

bool Committer::submit(std::unique_ptr<CommitJob>& job, Coming coming) {
    bool wakes = false;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || waiting_.size() >= limits_.most_waiting) return false;
        waiting_.push_back(std::move(job));
        if (std::exchange(coming.committer_, nullptr) != nullptr) --coming_;
        wakes = writer_ == Writer::Idle || (writer_ == Writer::Gathering && hasGathered());
        if (wakes) writer_ = Writer::Busy;  // it need not be woken twice
    }
    if (wakes) wake_.notify_one();
    return true;
}

void Committer::probe() {
    const CommitterFigures now = figures();
    if (!now.is_failing || now.waiting != 0) return;
    std::unique_ptr<CommitJob> nothing = std::make_unique<Probe>();
    static_cast<void>(submit(nothing));
}

void Committer::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

CommitterFigures Committer::figures() const {
    const std::lock_guard lock(mutex_);
    CommitterFigures figures = figures_;
    figures.waiting = waiting_.size();
    return figures;
}

void Committer::work() {
    for (Batch batch = gather(); !batch.empty(); batch = gather()) commit(batch);
}

/// Everything that waits, in its order, up to the limit and at most one slice. Empty only when stopping and nothing is
/// left. A commit costs nearly the same for few as for many, so it waits a little for what is coming; where something
/// is coming already it begins with that, so that it is woken once, by the last.
Committer::Batch Committer::gather() {
    std::unique_lock lock(mutex_);
    for (bool is_idle = coming_ == 0;; is_idle = true) {
        if (is_idle) {
            writer_ = Writer::Idle;
            wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        }
        writer_ = Writer::Gathering;
        wake_.wait_for(lock, limits_.gather_time, [this] { return hasGathered(); });
        if (stopping_ || !waiting_.empty()) break;  // else what was coming was no job, or is late
    }
    writer_ = Writer::Busy;
    Batch batch;
    const bool has_small =
        std::any_of(waiting_.begin(), waiting_.end(), [](const auto& job) { return !job->isSlice(); });
    bool has_slice = false, has_deferred = false;
    for (auto at = waiting_.begin(); at != waiting_.end() && batch.size() < limits_.most_jobs;) {
        const bool is_deferred = has_small && !has_deferred_ && (*at)->isLong();
        has_deferred = has_deferred || is_deferred;
        if (is_deferred || ((*at)->isSlice() && std::exchange(has_slice, true))) {
            ++at;
            continue;
        }
        batch.push_back(std::move(*at));
        at = waiting_.erase(at);
    }
    has_deferred_ = has_deferred;
    return batch;
}

/// One transaction. The mark tells afterwards whether it happened: a batch of slices alone leaves no other trace in the
/// log.
void Committer::attempt(Batch& batch, const std::string& mark) {
    const auto writer = store_.beginWrite();
    CommitContext context{*writer, log_, clock_.now(), commit_mark_, batch.size() == 1};
    for (const auto& job : batch) job->apply(context);
    log_.seal(*writer);
    writer->putMeta(kCommitMark, mark);
    writer->commit();
}

void Committer::commit(Batch& batch) {
    const std::string mark = run_mark_ + std::to_string(++commit_mark_);
    log_.begin();  // before anything can throw: rollBack() leads back to here
    std::optional<Fault> fault;
    try {
        attempt(batch, mark);
    } catch (const Fault& thrown) {
        fault = thrown;
    } catch (const std::exception& thrown) {
        fault = Fault(FaultCode::StoreCorrupt, std::string("a message could not be applied: ") + thrown.what());
    }
    const bool is_unknown = fault && fault->code() == FaultCode::StoreCommitUnknown;
    if (fault) log_.rollBack();
    const bool is_durable = !fault || (is_unknown && isDurable(mark));
    ended_ = commit_mark_;  // not before it is known: readers that are open may not see yet what is durable
    if (is_durable) return finish(batch);
    if (batch.size() == 1 || fault->isTransient() || is_unknown) return fail(batch, *fault);
    for (auto& job : batch) {  // one of them is to blame: the others must not suffer
        Batch alone;
        alone.push_back(std::move(job));
        commit(alone);
    }
}

void Committer::finish(Batch& batch) {
    {
        const std::lock_guard lock(mutex_);
        ++figures_.commits;
        figures_.jobs += batch.size();
        figures_.is_failing = false;
    }
    StoreReader& reader = store_.reader();
    for (const auto& job : batch) job->committed(log_, reader);
    together_([&batch] {
        for (const auto& job : batch) job->release();
    });
}

void Committer::fail(Batch& batch, const Fault& fault) {
    {
        const std::lock_guard lock(mutex_);
        ++figures_.faults;
        // A message that cannot be applied is at fault itself; the next one may well be taken.
        figures_.is_failing |= fault.isTransient() || fault.code() == FaultCode::StoreCommitUnknown;
    }
    together_([&] {
        for (const auto& job : batch) job->failed(fault);
    });
}

/// After a commit whose result is unknown: reads what is durable, for as long as it takes to be read.
bool Committer::isDurable(const std::string& mark) {
    for (int attempts = 0;; ++attempts) {
        try {
            StoreReader& reader = store_.reader();
            log_.reopen(reader);
            return reader.meta(kCommitMark) == mark;
        } catch (const Fault&) {
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, kSettleAgain, [this, attempts] { return stopping_ && attempts > kSettleAttempts; });
            if (stopping_ && attempts > kSettleAttempts) return false;
        }
    }
}

}  // namespace caseway
