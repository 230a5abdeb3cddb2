// gateway/pipeline/slice_sink.hpp - the records of a large message on their way from its mapping to the writer, slice
// by slice.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/normalize/mapping.hpp"
#include "gateway/pipeline/known_looks.hpp"
#include "gateway/pipeline/refused_numbers.hpp"
#include "gateway/pipeline/slice_job.hpp"

namespace caseway {

/// Aim: a slice holds the writer at most ten milliseconds; one of a pulled payload longer, where nobody else has
/// written for some slices, since each costs a commit.
inline constexpr std::chrono::microseconds kSliceTime{8000}, kQuietSliceTime{24000};
inline constexpr unsigned kQuietAfter = 16;                                   ///< slices
inline constexpr std::size_t kFirstSlice = 64 * SliceRecords::kWeightOfRead;  ///< SliceRecords::weight()
inline constexpr std::size_t kLargestSlice = 3000 * SliceRecords::kWeightOfRead;
inline constexpr std::size_t kLookEvery = 64;                ///< records
inline constexpr std::size_t kSliceBytes = 4 * 1024 * 1024;  ///< texts of one slice: two slices are in memory
inline constexpr std::chrono::milliseconds kRetryAfter{500};

using Pause = std::function<bool(std::chrono::milliseconds)>;  ///< sleeps a while; false: the process stops

/// Submits what `make` makes until it is committed, over faults of the store too; its result, or nothing where the
/// process stops.
template <class Make>
std::optional<SliceResult> untilCommitted(Committer& committer, const Pause& pause, Make make) {
    while (true) {
        auto slice = make();
        auto result = slice->result();
        std::unique_ptr<CommitJob> job = std::move(slice);
        if (committer.submit(job)) {
            SliceResult done = result.get();
            if (done.committed) return done;
            if (!done.transient) throw Fault(FaultCode::StoreCorrupt, done.fault);
        }
        if (!pause(kRetryAfter)) return std::nullopt;
    }
}

/// Gathers mapped records and hands them over slice by slice; skips what a former run has applied already. While the
/// writer applies one slice, the next one is mapped.
class SliceSink final : public RecordSink {
public:
    /// `known`: nullptr where records are neither known nor noted.
    SliceSink(const LargeSource& source, LargeProgress& progress, Committer& committer, Recorder& recorder, Pause pause,
              KnownRecords* known, StoreReader& reader)
        : source_(source),
          known_(known),
          progress_(progress),
          committer_(committer),
          recorder_(recorder),
          pause_(std::move(pause)),
          context_(source.context()),
          skip_(progress.next_record - 1),
          looks_(reader, committer, recorder.knownJudge()),
          first_(progress.next_record) {}
    /// The writer may still be reading the slice.
    ~SliceSink() override {
        if (begun_.valid()) begun_.wait();
    }
    SliceSink(const SliceSink&) = delete;
    SliceSink& operator=(const SliceSink&) = delete;

    bool record(const CasePatch& patch) override {
        if (skip()) return true;
        if (!makeRoom()) return false;
        PreparedRecord& record = records_.addRead();
        if (!record.claims) record.claims = spareClaims();
        textOf(patch, record.text);
        recorder_.claimsOf(context_, patch, *record.claims);
        bytes_ += record.text.json.size();
        return true;
    }
    bool refused(const Refusal& refusal) override {
        if (skip()) return true;
        if (!makeRoom()) return false;
        PreparedRecord& record = records_.addRead();
        if (record.claims) spare_claims_.push_back(std::move(record.claims));
        record.refusal = refusal;
        record.text.json.clear();
        return true;
    }
    bool refusedOf(const Refusal& refusal, const CasePatch& mapped) override {
        if (!refused(refusal)) return false;
        if (is_last_here_) numbersOf(mapped, records_.lastRead().text);
        return true;
    }
    KnownRecords* knownRecords() override { return known_; }
    void marked(const RecordMark& mark) override {
        if (is_last_here_) records_.lastRead().mark = mark;
    }
    bool known(const KnownRecord& known) override {
        ++passed_over_;
        if (skip()) return true;
        if (!makeRoom()) return false;
        Settlement& settlement = records_.add(known);
        if (isQuiet() && !looks_.look(context_, known, first_ + records_.size() - 1, settlement)) disturb();
        return true;
    }

    std::uint64_t passedOver() const { return passed_over_; }

    /// Hands over what is gathered; waits until all is committed, over faults of the store too. False: stopping.
    bool flush() { return handOver() && settle(); }

private:
    bool skip() {
        is_last_here_ = skip_ == 0;
        if (skip_ == 0) return false;
        --skip_;
        return true;
    }
    /// A full slice goes before the next record comes: the last one may still be marked; half a one as soon as the
    /// writer has nothing to do. False: stopping.
    bool makeRoom() {
        const bool is_full = records_.weight() >= slice_ || bytes_ >= kSliceBytes;
        return (!is_full && !(records_.weight() >= slice_ / 2 && isWriterDone())) || handOver();
    }
    /// Asked now and then: it costs a look at another thread's memory.
    bool isWriterDone() const {
        return records_.size() % kLookEvery == 0 && begun_.valid() &&
               begun_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    }
    std::unique_ptr<RecordClaims> spareClaims() {
        if (spare_claims_.empty()) return std::make_unique<RecordClaims>();
        auto claims = std::move(spare_claims_.back());
        spare_claims_.pop_back();
        return claims;
    }
    bool isQuiet() const { return quiet_ >= kQuietAfter && source_.message.origin == Origin::Pulled; }
    bool handOver() {
        const bool was_quiet = isQuiet();  // while it was gathered
        if (!settle()) return false;
        if (!records_.empty()) {
            at_work_.swap(records_);
            at_work_seen_ = looks_.endSlice();
            is_long_ = was_quiet;
            first_ += at_work_.size();
            are_modest_ = bytes_ < kSliceBytes;
            bytes_ = 0;
            begin();
        }
        return pause_(std::chrono::milliseconds(0));
    }
    /// Where the writer's queue is full there is nothing to wait for.
    void begin() {
        auto slice =
            std::make_unique<SliceJob>(source_, progress_, at_work_, recorder_, memory_, at_work_seen_, is_long_);
        begun_ = slice->result();
        std::unique_ptr<CommitJob> job = std::move(slice);
        if (!committer_.submit(job)) begun_ = {};
    }
    bool settle() {
        while (!at_work_.empty()) {
            const SliceResult done = begun_.valid() ? begun_.get() : SliceResult{};
            if (done.committed) {
                adapt(done);
                recycle();
            } else if (!done.transient) {
                throw Fault(FaultCode::StoreCorrupt, done.fault);
            } else if (!pause_(kRetryAfter)) {
                return false;
            } else {
                begin();
            }
        }
        return true;
    }
    void adapt(const SliceResult& done) {
        looks_.told(done.looked_in_vain);
        if (!done.is_undisturbed && isQuiet()) return disturb();
        quiet_ = done.is_undisturbed ? quiet_ + 1 : 0;
        const auto aim = isQuiet() ? kQuietSliceTime : kSliceTime;
        const auto whole = done.held * slice_ / at_work_.weight();  // as long as one of this size would have taken
        if (whole > aim)
            slice_ = shorter(slice_, 2);
        else if (whole < aim / 2)
            slice_ = std::min(kLargestSlice, slice_ * 2);
    }
    void disturb() {
        if (isQuiet()) slice_ = shorter(slice_, kQuietSliceTime / kSliceTime);
        quiet_ = 0;
    }
    static std::size_t shorter(std::size_t slice, std::size_t times) {
        return std::max<std::size_t>(SliceRecords::kWeightOfRead, slice / times);
    }
    /// Records keep their memory for the next slice, unless they were large.
    void recycle() {
        if (are_modest_)
            at_work_.clear();
        else
            at_work_.release();
    }

    const LargeSource& source_;
    KnownRecords* known_;
    LargeProgress& progress_;
    Committer& committer_;
    Recorder& recorder_;
    Pause pause_;
    RecordContext context_;  ///< the same for every slice
    std::uint64_t skip_;
    KnownLooks looks_;
    std::uint64_t first_;                          ///< ordinal of the first record of the slice
    std::optional<std::uint64_t> at_work_seen_{};  ///< SliceJob's `seen` of the slice that the writer has
    unsigned quiet_ = kQuietAfter;                 ///< slices since others wrote; who begins hopes for the best
    bool is_long_ = false;                         ///< the slice that the writer has
    std::size_t slice_ = kFirstSlice;              ///< its weight
    std::size_t bytes_ = 0;                        ///< texts of what is gathered
    std::uint64_t passed_over_ = 0;
    bool is_last_here_ = false;  ///< the last record of the pass is the last that is gathered
    SliceRecords records_;
    SliceRecords at_work_;            ///< of the slice that the writer has
    bool are_modest_ = true;          ///< those
    SliceMemory memory_;              ///< the writer's
    std::future<SliceResult> begun_;  ///< of that slice; not valid where the writer did not take it
    std::vector<std::unique_ptr<RecordClaims>> spare_claims_;
};

}  // namespace caseway
