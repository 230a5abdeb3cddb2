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
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || waiting_.size() >= limits_.most_waiting) return false;
        waiting_.push_back(std::move(job));
    }
    wake_.notify_one();
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
/// left.
Committer::Batch Committer::gather() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
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
    for (const auto& job : batch) job->committed(log_, store_.reader());
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
