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
#include "gateway/pipeline/slice_queue.hpp"

namespace caseway {

/// Aim: a slice holds the writer at most ten milliseconds; one of a pulled payload longer, where nobody else has
/// written for some slices, since each costs a commit.
inline constexpr std::chrono::microseconds kSliceTime{8000}, kQuietSliceTime{24000};
inline constexpr unsigned kQuietAfter = 16;                                   ///< slices
inline constexpr std::size_t kFirstSlice = 64 * SliceRecords::kWeightOfRead;  ///< SliceRecords::weight()
inline constexpr std::size_t kLargestSlice = 3000 * SliceRecords::kWeightOfRead;
inline constexpr std::size_t kLookEvery = 64;  ///< records

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

/// Gathers mapped records and hands them over slice by slice; skips what a former run has applied already.
class SliceSink final : public RecordSink {
public:
    /// `known`: nullptr where records are neither known nor noted.
    SliceSink(const LargeSource& source, LargeProgress& progress, Committer& committer, Recorder& recorder, Pause pause,
              KnownRecords* known, StoreReader& reader)
        : source_(source),
          known_(known),
          recorder_(recorder),
          pause_(std::move(pause)),
          context_(source.context()),
          skip_(progress.next_record - 1),
          looks_(reader, committer, recorder.knownJudge()),
          queue_(source, progress, committer, recorder, pause_,
                 [this](const SliceResult& done, const Slice& slice) { adapt(done, slice); }) {
        gathered_->first = progress.next_record;
    }
    SliceSink(const SliceSink&) = delete;
    SliceSink& operator=(const SliceSink&) = delete;

    bool record(const CasePatch& patch) override {
        if (skip()) return true;
        if (!makeRoom()) return false;
        PreparedRecord& record = gathered_->records.addRead();
        if (!record.claims) record.claims = spareClaims();
        textOf(patch, record.text);
        recorder_.claimsOf(context_, patch, *record.claims);
        gathered_->bytes += record.text.json.size();
        return true;
    }
    bool refused(const Refusal& refusal) override {
        if (skip()) return true;
        if (!makeRoom()) return false;
        PreparedRecord& record = gathered_->records.addRead();
        if (record.claims) spare_claims_.push_back(std::move(record.claims));
        record.refusal = refusal;
        record.text.json.clear();
        return true;
    }
    bool refusedOf(const Refusal& refusal, const CasePatch& mapped) override {
        if (!refused(refusal)) return false;
        if (is_last_here_) numbersOf(mapped, gathered_->records.lastRead().text);
        return true;
    }
    KnownRecords* knownRecords() override { return known_; }
    void marked(const RecordMark& mark) override {
        if (is_last_here_) gathered_->records.lastRead().mark = mark;
    }
    bool known(const KnownRecord& known) override {
        ++passed_over_;
        if (skip()) return true;
        if (!makeRoom()) return false;
        SliceRecords& records = gathered_->records;
        Settlement& settlement = records.add(known);
        if (isQuiet() && !looks_.look(context_, known, gathered_->first + records.size() - 1, settlement)) disturb();
        return true;
    }

    std::uint64_t passedOver() const { return passed_over_; }

    /// Hands over what is gathered; waits until all is committed, over faults of the store too. False: stopping.
    bool flush() { return handOver() && queue_.settle(); }

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
        const std::size_t weight = gathered_->records.weight();
        const bool is_full = weight >= slice_ || gathered_->bytes >= kSliceBytes;
        return (!is_full && !(weight >= slice_ / 2 && isWriterDone())) || handOver();
    }
    /// Asked now and then: it costs a look at another thread's memory.
    bool isWriterDone() const { return gathered_->records.size() % kLookEvery == 0 && queue_.isDone(); }
    std::unique_ptr<RecordClaims> spareClaims() {
        if (spare_claims_.empty()) return std::make_unique<RecordClaims>();
        auto claims = std::move(spare_claims_.back());
        spare_claims_.pop_back();
        return claims;
    }
    bool isQuiet() const { return quiet_ >= kQuietAfter && source_.message.origin == Origin::Pulled; }
    bool handOver() {
        if (!gathered_->records.empty()) {
            const std::uint64_t next = gathered_->first + gathered_->records.size();
            gathered_->seen = looks_.endSlice();
            gathered_->is_long = isQuiet();
            if (!queue_.handOver(gathered_)) return false;
            gathered_->first = next;
        }
        return pause_(std::chrono::milliseconds(0));
    }
    void adapt(const SliceResult& done, const Slice& slice) {
        looks_.told(done.looked_in_vain);
        if (!done.is_undisturbed && isQuiet()) return disturb();
        quiet_ = done.is_undisturbed ? quiet_ + 1 : 0;
        const auto aim = isQuiet() ? kQuietSliceTime : kSliceTime;
        const auto whole = done.held * slice_ / slice.records.weight();  // as long as one of this size would have taken
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
    const LargeSource& source_;
    KnownRecords* known_;
    Recorder& recorder_;
    const Pause pause_;
    RecordContext context_;  ///< the same for every slice
    std::uint64_t skip_;
    KnownLooks looks_;
    unsigned quiet_ = kQuietAfter;     ///< slices since others wrote; who begins hopes for the best
    std::size_t slice_ = kFirstSlice;  ///< its weight
    std::uint64_t passed_over_ = 0;
    bool is_last_here_ = false;  ///< the last record of the pass is the last that is gathered
    std::unique_ptr<Slice> gathered_ = std::make_unique<Slice>();
    std::vector<std::unique_ptr<RecordClaims>> spare_claims_;
    SliceQueue queue_;
};

}  // namespace caseway
