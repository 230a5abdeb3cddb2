// gateway/record/admission.hpp - whether a record may enter a case at all: bounds, reserved numbers, whose it is.
// Pure functions of the record, its message and the register; the same record is always judged the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/refusal.hpp"
#include "gateway/domain/case_patch.hpp"
#include "gateway/domain/register.hpp"
#include "gateway/record/case_number.hpp"
#include "gateway/record/case_state.hpp"
#include "gateway/record/recorder_config.hpp"

namespace caseway {

/// What the record's message says about it. The references must outlive the call.
struct RecordContext {
    const RegisteredSystem& sender;  ///< who signed (or was pulled), with its grants as the register has them now
    MessageId message_id;
    Instant sent_at{};
    Instant received_at{};
    LogIndex index = 0;
};

/// The text of a field that the record states; empty where it does not, or clears it.
std::string_view statedText(const CasePatch& patch, FieldId field);
/// What stands for a department in the case: its code, or its short name where the register has no code.
std::string departmentOf(const RegisteredSystem& system);

class Admission {
public:
    /// Throws Fault{ConfigurationBad} where a required or recommended name is no field of the record.
    explicit Admission(const RecorderConfig& config);

    /// Refusals: required_missing, case_no_reserved, version_out_of_bounds, time_out_of_bounds, case_not_owned
    /// (dept_code).
    std::optional<Refusal> refuse(const RecordContext& context, const CasePatch& patch,
                                  const CaseNumbers& numbers) const;
    /// The place of the record in the order of its system. Business time: the record's latest event time, else sent_at.
    Stamp stampOf(const RecordContext& context, const CasePatch& patch) const;
    const std::vector<FieldId>& recommended() const { return recommended_; }

    /// case_not_owned where the case belongs to a department that the sender is not of and may not write for.
    static std::optional<Refusal> refuseForeign(const RecordContext& context, const CasePatch& patch,
                                                std::string_view owner_department);
    /// The department that a new case will belong to.
    static std::string ownerDepartmentFor(const RecordContext& context, const CasePatch& patch);

private:
    std::optional<Refusal> refuseMissing(const CasePatch& patch) const;
    std::optional<Refusal> refuseBounds(const RecordContext& context, const CasePatch& patch) const;

    const RecorderConfig& config_;
    std::vector<FieldId> required_;
    std::vector<FieldId> recommended_;  ///< ascending
};

}  // namespace caseway
