// gateway/pipeline/slice_queue.hpp - the slices of a large message that the writer has: while it applies one the next
// one waits for it already, and a third is gathered. One that waits is applied behind those before it or not at all.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <utility>

#include "gateway/pipeline/slice_job.hpp"

namespace caseway {

inline constexpr std::chrono::milliseconds kRetryAfter{500};

using Pause = std::function<bool(std::chrono::milliseconds)>;  ///< sleeps a while; false: the process stops

/// For one thread.
class SliceQueue {
public:
    using Told = std::function<void(const SliceResult&, const Slice&)>;
    /// `told`: of each slice that is durable.
    SliceQueue(const LargeSource& source, LargeProgress& progress, Committer& committer, Recorder& recorder,
               const Pause& pause, Told told)
        : source_(source),
          progress_(progress),
          committer_(committer),
          recorder_(recorder),
          pause_(pause),
          told_(std::move(told)) {}
    /// The writer may still be reading them.
    ~SliceQueue() {
        for (AtWork& one : at_work_)
            if (one.begun.valid()) one.begun.wait();
    }
    SliceQueue(const SliceQueue&) = delete;
    SliceQueue& operator=(const SliceQueue&) = delete;

    /// Gives it to the writer, and an empty one back; waits while the writer has as many as it may have. False:
    /// stopping.
    bool handOver(std::unique_ptr<Slice>& slice) {
        while (!at_work_.empty() && (at_work_.size() == SettledBefore::kAhead || isDone(at_work_.front())))
            if (!settleFirst()) return false;
        std::unique_ptr<Slice> next = std::move(spare_);
        if (!next) next = std::make_unique<Slice>();
        at_work_.push_back({std::exchange(slice, std::move(next)), {}});
        begin(at_work_.back());
        return true;
    }
    /// The writer has done all that it was given; false before the first.
    bool isDone() const { return !at_work_.empty() && isDone(at_work_.back()); }
    /// Waits until all is committed, over faults of the store too. False: stopping.
    bool settle() {
        while (!at_work_.empty())
            if (!settleFirst()) return false;
        return true;
    }

private:
    struct AtWork {
        std::unique_ptr<Slice> slice;
        std::future<SliceResult> begun;  ///< not valid where the writer did not take it
    };
    static bool isDone(const AtWork& one) {
        return one.begun.valid() && one.begun.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    }
    /// Where the writer's queue is full there is nothing to wait for.
    void begin(AtWork& one) {
        auto job = std::make_unique<SliceJob>(source_, progress_, *one.slice, recorder_, memory_);
        one.begun = job->result();
        std::unique_ptr<CommitJob> given = std::move(job);
        if (!committer_.submit(given)) one.begun = {};
    }
    bool settleFirst() {
        while (true) {
            AtWork& first = at_work_.front();
            const SliceResult done = first.begun.valid() ? first.begun.get() : SliceResult{};
            if (done.committed) {
                told_(done, *first.slice);
                first.slice->clear();
                spare_ = std::move(first.slice);
                at_work_.pop_front();
                return true;
            }
            if (!done.transient) throw Fault(FaultCode::StoreCorrupt, done.fault);
            for (AtWork& one : at_work_)  // those behind it were not applied either
                if (one.begun.valid()) one.begun.get();
            if (!pause_(kRetryAfter)) return false;
            for (AtWork& one : at_work_) begin(one);
        }
    }

    const LargeSource& source_;
    LargeProgress& progress_;
    Committer& committer_;
    Recorder& recorder_;
    const Pause& pause_;
    const Told told_;
    std::deque<AtWork> at_work_;
    std::unique_ptr<Slice> spare_;
    SliceMemory memory_;  ///< the writer's
};

}  // namespace caseway
