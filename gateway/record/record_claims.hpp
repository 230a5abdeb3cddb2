// gateway/record/record_claims.hpp - what of a record is looked at before its values are: enough to refuse it, to find
// its case, to settle it where it says again what its case says, and to open a case. Made where the record is in hand,
// so that the writer need not see most records whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "gateway/base/refusal.hpp"
#include "gateway/domain/case_patch.hpp"
#include "gateway/record/case_state.hpp"

namespace caseway {

/// The texts are those that the record states; empty where it does not, or clears the field.
struct RecordClaims {
    std::string case_no;
    std::string source_case_no;
    std::string dept_code;
    std::string status;
    bool deletes = false;
    bool has_time = false;           ///< an event time of its own
    std::size_t values = 0;          ///< that it states, in lists and outside
    std::size_t items = 0;           ///< of all lists
    std::uint64_t line = 0;          ///< in its payload, as in RecordPlace; for refusals
    std::string pointer;             ///< likewise
    Stamp stamp;                     ///< its place in the order of its system
    std::optional<Refusal> refusal;  ///< by Admission: it may enter no case

    /// Lives as long as the claims do.
    RecordPlace place() const { return {stamp.record, line, pointer}; }
};

}  // namespace caseway
