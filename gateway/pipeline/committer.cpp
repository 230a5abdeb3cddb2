// gateway/pipeline/committer.cpp - the writer thread and its batches.
#include "gateway/pipeline/committer.hpp"

#include <utility>

#include "gateway/base/check.hpp"

namespace caseway {

Committer::Committer(Store& store, MessageLog& log, const Clock& clock, Limits limits)
    : store_(store), log_(log), clock_(clock), limits_(limits), thread_([this] { work(); }) {}

Committer::~Committer() {
    stop();
}

bool Committer::submit(std::unique_ptr<CommitJob>& job) {
    bool wakes = false;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || waiting_.size() >= limits_.most_waiting) return false;
        waiting_.push_back(std::move(job));
        wakes = waiting_.size() == wake_at_;
    }
    if (wakes) wake_.notify_one();
    return true;
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
/// left. A commit costs nearly the same for few as for many, so under load it waits a little for more.
Committer::Batch Committer::gather() {
    std::unique_lock lock(mutex_);
    wake_at_ = 1;
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (last_batch_ > 1) {
        wake_at_ = limits_.most_jobs;
        wake_.wait_for(lock, limits_.gather_time, [this] { return stopping_ || waiting_.size() >= wake_at_; });
    }
    wake_at_ = 0;  // it comes by itself
    Batch batch;
    bool has_slice = false;
    for (auto at = waiting_.begin(); at != waiting_.end() && batch.size() < limits_.most_jobs;) {
        if ((*at)->isSlice() && std::exchange(has_slice, true)) {
            ++at;
            continue;
        }
        batch.push_back(std::move(*at));
        at = waiting_.erase(at);
    }
    last_batch_ = batch.size();
    return batch;
}

void Committer::commit(Batch& batch) {
    std::uint64_t sealed_size = 0;
    log_.begin();  // before anything can throw: rollBack() leads back to here
    try {
        const auto writer = store_.beginWrite();
        CommitContext context{*writer, log_, clock_.now()};
        for (const auto& job : batch) job->apply(context);
        sealed_size = log_.seal(*writer);
        writer->commit();
    } catch (const Fault& fault) {
        log_.rollBack();
        const bool committed = fault.code() == FaultCode::StoreCommitUnknown && headIsOurs(sealed_size);
        if (!committed) return fail(batch, fault);
    }
    finish(batch);
}

void Committer::finish(Batch& batch) {
    {
        const std::lock_guard lock(mutex_);
        ++figures_.commits;
        figures_.jobs += batch.size();
    }
    StoreReader& reader = store_.reader();
    for (const auto& job : batch) job->committed(log_, reader);
    for (const auto& job : batch) job->release();
}

void Committer::fail(Batch& batch, const Fault& fault) {
    {
        const std::lock_guard lock(mutex_);
        ++figures_.faults;
    }
    for (const auto& job : batch) job->failed(fault);
}

/// After a commit whose result is unknown: reads the durable head. Two heads of one size never exist, so a head of our
/// size is ours.
bool Committer::headIsOurs(std::uint64_t sealed_size) {
    log_.reopen(store_.reader());
    return log_.size() == sealed_size;
}

}  // namespace caseway
