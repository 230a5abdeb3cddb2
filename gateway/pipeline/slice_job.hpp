// gateway/pipeline/slice_job.hpp - a part of a large message in one short transaction, and the outcome leaf that ends
// it.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <vector>

#include "gateway/log/outcome_lines.hpp"
#include "gateway/normalize/known_notes.hpp"
#include "gateway/pipeline/committer.hpp"
#include "gateway/pipeline/lines_beside.hpp"
#include "gateway/pipeline/message_job.hpp"
#include "gateway/pipeline/prepared_message.hpp"
#include "gateway/pipeline/rows_ahead.hpp"
#include "gateway/pipeline/settled_before.hpp"
#include "gateway/pipeline/slice_records.hpp"
#include "gateway/record/recorder.hpp"

namespace caseway {

/// How far a large message is: what LargeRow keeps, in memory.
struct LargeProgress {
    LogIndex index = 0;
    std::uint64_t next_record = 1;
    RecordCounts counts;
    OutcomeLines lines;
    Doubled doubled;
    std::vector<Refusal> refusals;  ///< the first ones, for the answer
    RefusedByCode refused_by;       ///< since the process started

    /// Carried text of LargeRow: doubled numbers, if any, and the outcome tree. The refusals are read again from the
    /// outcome lines.
    LargeRow row() const;
    static LargeProgress from(const LargeRow& row);
};

/// What a slice needs of its message.
struct LargeSource {
    MessageRow message;
    MessageHeader header;
    std::optional<RegisteredSystem> system;       ///< its grants as they are now; none: no longer registered
    Repair repair = Repair::Both;                 ///< of a reconciliation: what of its records is taken
    std::optional<PulledSet> set{};               ///< in which doubled numbers are looked for
    std::optional<EncodingNote> encoding_note{};  ///< once it was read to its end
    std::uint64_t passed_over = 0;                ///< likewise, of a pulled one: left out on purpose
    std::size_t refusals_kept = 1000;
    bool notes = false;         ///< whether its records are noted, to be known next time
    Sha256 notes_seal{};        ///< with which they are
    std::string known_lane{};   ///< meta that names the notes; empty: none
    std::string known_value{};  ///< of it, once the message is applied
    std::string known_value_if_refused{};
    NewsSink news{};  ///< told when the outcome is there

    /// What its records are judged by. The system must be there.
    RecordContext context() const;
};

/// Result of a job that somebody waits for.
struct SliceResult {
    bool committed = false;
    bool transient = true;  ///< not committed: whether the same may work later
    std::string fault;
    std::chrono::microseconds held{};  ///< time in the writer
    bool is_undisturbed = false;       ///< nobody else's job was in the transaction, or between it and the former slice
    bool looked_in_vain = false;       ///< nothing that was found before the writer had the slice was of use
};

/// Of a job that was not committed for this.
SliceResult notCommitted(const Fault& fault);

/// The writer's, kept from slice to slice of one message.
struct SliceMemory {
    std::vector<CaseRow> rows;
    LinesBeside lines;
    SettledBefore settled;
};

class SliceJob final : public CommitJob {
public:
    /// `progress` is moved on when the slice is committed, and not otherwise. `seen`: Committer::ended() before the
    /// first look at a case of the known records; nothing where none of them was looked at. `is_long`: isLong(). All
    /// references must live until the result is there.
    SliceJob(const LargeSource& source, LargeProgress& progress, const SliceRecords& records, Recorder& recorder,
             SliceMemory& memory, std::optional<std::uint64_t> seen, bool is_long)
        : source_(source),
          progress_(progress),
          records_(records),
          recorder_(recorder),
          memory_(memory),
          seen_(seen),
          is_long_(is_long) {}
    std::future<SliceResult> result() { return result_.get_future(); }
    bool isSlice() const override { return true; }
    bool isLong() const override { return is_long_; }
    void apply(CommitContext& context) override;
    void committed(MessageLog& log, StoreReader& reader) override;
    void failed(const Fault& fault) override;

private:
    struct Work;
    void settle(Work& work, const KnownRecord& known, const Settlement& settlement);
    void take(Work& work, const PreparedRecord* read, const KnownRecord* known);
    RecordResult resultOf(Work& work, const PreparedRecord* read, const KnownRecord* known);
    /// A slice that is read in full, as all are at first, does without.
    bool tellsWrites() const { return records_.hasKnown(); }

    const LargeSource& source_;
    LargeProgress& progress_;
    const SliceRecords& records_;
    Recorder& recorder_;
    SliceMemory& memory_;
    const std::optional<std::uint64_t> seen_;
    const bool is_long_;
    LargeProgress next_;
    std::chrono::microseconds held_{};
    bool used_ = false;  ///< something that was found before
    std::promise<SliceResult> result_;
};

/// Appends the outcome leaf, completes the message's row, ends the large row. `refusal`: the payload as a whole was not
/// well-formed.
class OutcomeJob final : public CommitJob {
public:
    OutcomeJob(const LargeSource& source, const LargeProgress& progress, std::optional<Refusal> refusal)
        : source_(source), progress_(progress), refusal_(std::move(refusal)) {}
    std::future<SliceResult> result() { return result_.get_future(); }
    bool isSlice() const override { return true; }
    void apply(CommitContext& context) override;
    void committed(MessageLog& log, StoreReader& reader) override;
    void failed(const Fault& fault) override;

private:
    const LargeSource& source_;
    const LargeProgress& progress_;
    std::optional<Refusal> refusal_;
    MessageRow row_;  ///< of the last apply()
    std::promise<SliceResult> result_;
};

}  // namespace caseway
