// gateway/record/recorder.hpp - the stage's door: one record of one message merged into its case, inside the caller's
// transaction. In: CasePatch and where it comes from. Out: what became of it. Rules: docs/formats/case-record.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/refusal.hpp"
#include "gateway/domain/known_record.hpp"
#include "gateway/domain/outcome.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/record/admission.hpp"
#include "gateway/record/case_number.hpp"
#include "gateway/record/case_state.hpp"
#include "gateway/record/known_judge.hpp"
#include "gateway/record/patch_json.hpp"
#include "gateway/record/recorder_config.hpp"
#include "gateway/record/resolve.hpp"

namespace caseway {

/// What became of a record.
struct RecordResult {
    RecordOutcome outcome = RecordOutcome::Refused;
    std::optional<Refusal> refusal;
    CaseId case_id = 0;   ///< 0: refused before a case was known
    std::string case_no;  ///< given or assigned; empty where refused before a case was known
    std::vector<std::string>
        changed;          ///< dotted names of what the record of the case now says otherwise; empty for New
    ChangeNo change = 0;  ///< its number in the feed; 0: none
    CaseId absorbed = 0;  ///< a case of its own that turned out to be this one
    ChangeNo absorbed_change = 0;
    CaseId alias = 0;       ///< the row that was made for the sender's own number
    Sha256 patch;           ///< of the history row's text
    bool has_time = false;  ///< the record has an event time of its own
    /// A record of the same set says otherwise (record/contradiction.hpp): where that one stands, and the number that
    /// both have. Only of Changed.
    struct Contradiction {
        LogIndex leaf = 0;
        std::string number;
    };
    std::optional<Contradiction> contradicts{};

    std::optional<RecordKey> repeats;  ///< the record whose text and history row this one shares

    RecordTrace trace() const {
        const RecordKey of = repeats.value_or(RecordKey{});
        return {case_id, change, absorbed, absorbed_change, alias, patch, of.index, of.record};
    }
};

/// What would become of a record, and of whom it speaks.
struct Judgement {
    RecordOutcome outcome = RecordOutcome::Refused;
    std::optional<Refusal> refusal;
    CaseId case_id = 0;  ///< the case that it speaks of, also where it is refused; 0: none is known
    SystemId owner;      ///< of that case
    std::string case_no;
    bool deleted = false;              ///< that case is deleted now
    std::vector<std::string> changed;  ///< dotted names, as in RecordResult
};

/// Keeps memory from record to record; not callable concurrently (there is one writer).
class Recorder {
public:
    /// Throws Fault{ConfigurationBad}: a name that is no field, a prefix that does not fit.
    explicit Recorder(RecorderConfig config);
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// Merges `patch` into its case and writes what changed: one PatchRow (refusals too), a CaseRow where the state
    /// moved, a ChangeRow where the record did; of a record that repeats the last one only a Repeat. Nothing is durable
    /// before the caller commits. A refusal changes no case. Refusals: those of Admission, case_not_owned,
    /// case_too_large. Throws Fault of the store, StoreCorrupt. `text`: of this patch.
    RecordResult apply(StoreWriter& store, const RecordContext& context, const CasePatch& patch, const PatchText& text);
    RecordResult apply(StoreWriter& store, const RecordContext& context, const CasePatch& patch);
    /// The same of a record that is not in memory any more but for its claims; its values are read from `text` where
    /// they are needed.
    RecordResult apply(StoreWriter& store, const RecordContext& context, const RecordClaims& claims,
                       const PatchText& text);
    /// Of a record that its mapping refused: `numbers` is the text of a patch with what could be read of its numbers,
    /// whose row lets the case be asked for it; empty where nothing could, and no row is written.
    RecordResult refuse(StoreWriter& store, const RecordContext& context, std::uint64_t ordinal, const Refusal& refusal,
                        const PatchText& numbers);
    /// What apply() looks at first. `context` as it will be there. Callable concurrently.
    void claimsOf(const RecordContext& context, const CasePatch& patch, RecordClaims& claims) const {
        admission_.claimsOf(context, patch, numbers_, claims);
    }

    /// As apply(), of a record that said in an earlier message what it says now: as long as its case is nothing but
    /// that record, nothing of it is read again; else its text is, from the history. `row`: of the case that it names,
    /// as it is now (CaseStandings), nullptr where none is. Throws Fault{StoreCorrupt} also where the history lacks it.
    RecordResult applyKnown(StoreWriter& store, const RecordContext& context, const KnownRecord& known,
                            std::uint64_t ordinal, const CaseRow* row);
    /// What is to be written where knownJudge() has found already that it settles, by a row that is still the case's.
    static void repeatKnown(StoreWriter& store, const RecordContext& context, std::uint64_t ordinal,
                            const Settlement& settlement);
    /// For another thread; it must not outlive the recorder.
    KnownJudge knownJudge() const { return {config_, admission_, numbers_}; }

    /// What apply() would do, without doing it: nothing is written, no history, no case. For comparisons; by the same
    /// rules, so that a record that is judged the same is one that changes nothing. Throws as apply().
    Judgement judge(StoreReader& store, const RecordContext& context, const CasePatch& patch);

    const CaseNumbers& numbers() const { return numbers_; }
    const RecorderConfig& config() const { return config_; }

private:
    /// A stored case that the record belongs to, and what finding it showed.
    struct Target {
        CaseRow row;
        bool by_number = false;
        bool adopts_number = false;  ///< it had none of its own; the record gives one
        bool new_source = false;     ///< found by number only: (sender, source_case_no) must lead here from now on
        std::optional<CaseRow> absorbed{};  ///< found by number, but the sender's source_case_no had a case of its own
    };
    /// `patch`: nullptr where only the text is there.
    RecordResult apply(StoreWriter& store, const RecordContext& context, const RecordClaims& claims,
                       const PatchText& text, const CasePatch* patch);
    const CasePatch& whole(const CasePatch* patch, const RecordClaims& claims, const PatchText& text);
    std::optional<Target> find(StoreReader& store, const RecordContext& context, const RecordClaims& claims) const;
    void findSource(StoreReader& store, const RecordContext& context, std::string_view source_case_no,
                    Target& target) const;

    /// Whether the whole state of the case is this very record, as the same system stated it before.
    bool repeats(const RecordContext& context, const RecordClaims& claims, const Target& target);
    RecordResult settle(StoreWriter& store, const CaseRow& row, bool has_time);
    void stateNew(const RecordContext& context, const std::string& department);
    bool isSurelySmall(const RecordClaims& claims) const;
    std::optional<Refusal> refuseLargeNew(const RecordContext& context, const CasePatch& patch,
                                          const std::string& department);
    RecordResult create(StoreWriter& store, const RecordContext& context, const RecordClaims& claims,
                        const PatchText& text, const CasePatch* patch);
    RecordResult merge(StoreWriter& store, const RecordContext& context, const RecordClaims& claims,
                       const CasePatch& patch, Target& target);
    RecordResult joinInto(StoreReader& store, const RecordContext& context, const RecordClaims& claims,
                          const CasePatch& patch, Target& target);
    JoinEffect joinAll(const RecordContext& context, const CasePatch& patch, const Target& target);
    void compare(const Target& target, std::string_view new_case_no, RecordResult& result);
    void write(StoreWriter& store, const RecordContext& context, const CasePatch& patch, Target& target,
               RecordResult& result);
    StatingSystem statingSystem(const RecordContext& context, std::string_view owner_department) const;
    std::optional<Refusal> refuseTooLarge(const CasePatch& patch) const;
    std::size_t mostBytes() const;
    std::size_t wholeBytes() const;

    const RecorderConfig config_;
    const CaseNumbers numbers_;
    const Admission admission_;
    KnownJudge known_judge_;
    Settlement settlement_;  ///< of the known record at hand
    CaseState state_;     ///< of the case
    CaseState stated_;    ///< of the patch
    CaseState absorbed_;  ///< of a case that turns out to be this one: of the same department
    std::vector<Statement> former_, between_;
    std::string encoded_;
    PatchText text_;       ///< where the caller has none
    RecordClaims claims_;  ///< likewise
    CasePatch read_;       ///< likewise
    PatchRow history_;     ///< of the record at hand
    Sha256 digest_;
    std::size_t text_bytes_ = 0;  ///< of the text with that digest
    Stamp stamp_;
    ResolvedCase before_, after_;
};

}  // namespace caseway
