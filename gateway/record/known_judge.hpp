// gateway/record/known_judge.hpp - whether a record that is known by its bytes only says again what its case says, by the
// case's row alone. Why that is enough: docs/decisions/0019.
#pragma once

#include <string>

#include "gateway/domain/known_record.hpp"
#include "gateway/domain/outcome.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/record/admission.hpp"
#include "gateway/record/case_number.hpp"
#include "gateway/record/case_state.hpp"
#include "gateway/record/recorder_config.hpp"

namespace caseway {

/// What is written of a record that says again what its case says.
struct Settlement {
    CaseId case_id = 0;  ///< 0: it is none
    std::string case_no;
    Sha256 patch;
    RecordKey repeats;
    bool has_time = false;
    Instant business_time{};

    RecordTrace trace() const { return {case_id, 0, 0, 0, 0, patch, repeats.index, repeats.record}; }
};

/// Keeps memory from record to record; one for each thread. What it is made of must outlive it.
class KnownJudge {
public:
    KnownJudge(const RecorderConfig& config, const Admission& admission, const CaseNumbers& numbers)
        : config_(config), admission_(admission), numbers_(numbers) {}

    /// `row`: of the case that the record names, as it is. True: `settlement` says what becomes of it; false: its text
    /// has to be read, and `settlement` says so. Throws Fault{StoreCorrupt}.
    bool settles(const RecordContext& context, const KnownRecord& known, std::uint64_t ordinal, const CaseRow& row,
                 Settlement& settlement);

private:
    bool repeats(const RecordContext& context, const KnownRecord& known, std::uint64_t ordinal, const CaseRow& row,
                 Instant& business_time);

    const RecorderConfig& config_;
    const Admission& admission_;
    const CaseNumbers& numbers_;
    CaseState state_;
};

}  // namespace caseway
