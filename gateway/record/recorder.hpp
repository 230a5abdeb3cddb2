// gateway/record/recorder.hpp - the stage's door: one record of one message merged into its case, inside the caller's
// transaction. In: CasePatch and where it comes from. Out: what became of it. Rules: docs/formats/case-record.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/refusal.hpp"
#include "gateway/domain/outcome.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/record/admission.hpp"
#include "gateway/record/case_number.hpp"
#include "gateway/record/case_state.hpp"
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
};

/// How many records' cases lack each recommended field; only fields that were missing at all.
using MissingCounts = std::map<std::string, std::uint64_t, std::less<>>;

/// Keeps memory from record to record; not callable concurrently (there is one writer).
class Recorder {
public:
    /// Throws Fault{ConfigurationBad}: a name that is no field, a prefix that does not fit.
    explicit Recorder(RecorderConfig config);
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// Merges `patch` into its case and writes what changed: always one PatchRow (refusals too), a CaseRow where the
    /// state moved, a ChangeRow where the record did. Nothing is durable before the caller commits. A refusal changes
    /// no case. Refusals: those of Admission, case_not_owned, case_too_large. Throws Fault of the store, StoreCorrupt.
    RecordResult apply(StoreWriter& store, const RecordContext& context, const CasePatch& patch);

    /// What was missing since the last call; the caller asks once a message.
    MissingCounts takeMissing();
    const CaseNumbers& numbers() const { return numbers_; }

private:
    /// A stored case that the record belongs to, and what finding it showed.
    struct Target {
        CaseRow row;
        bool by_number = false;
        bool adopts_number = false;       ///< it had none of its own; the record gives one
        bool new_source = false;          ///< found by number only: (sender, source_case_no) must lead here from now on
        std::optional<CaseRow> absorbed{};  ///< found by number, but the sender's source_case_no had a case of its own
    };
    std::optional<Target> find(StoreReader& store, const RecordContext& context, const CasePatch& patch) const;
    void findSource(StoreReader& store, const RecordContext& context, std::string_view source_case_no,
                    Target& target) const;

    RecordResult create(StoreWriter& store, const RecordContext& context, const CasePatch& patch);
    RecordResult merge(StoreWriter& store, const RecordContext& context, const CasePatch& patch, Target& target);
    JoinEffect joinAll(const RecordContext& context, const CasePatch& patch, const Target& target);
    void compare(const Target& target, std::string_view new_case_no, RecordResult& result);
    void write(StoreWriter& store, const RecordContext& context, const CasePatch& patch, Target& target,
               RecordResult& result);
    void loadState(const CaseRow& row, CaseState& state) const;
    StatingSystem statingSystem(const RecordContext& context, std::string_view owner_department) const;
    std::optional<Refusal> refuseTooLarge(const CasePatch& patch) const;
    void countMissing();

    const RecorderConfig config_;
    const CaseNumbers numbers_;
    const Admission admission_;
    CaseState state_;     ///< of the case
    CaseState stated_;    ///< of the patch
    CaseState absorbed_;  ///< of a case that turns out to be this one
    std::vector<Statement> former_, between_;
    std::string encoded_;
    ResolvedCase before_, after_;
    std::vector<std::uint64_t> missing_;  ///< parallel to admission_.recommended()
};

}  // namespace caseway
