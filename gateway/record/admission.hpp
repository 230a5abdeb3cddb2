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
#include "gateway/record/record_claims.hpp"
#include "gateway/record/recorder_config.hpp"

namespace caseway {

/// What the record's message says about it. The references must outlive the call.
struct RecordContext {
    const RegisteredSystem& sender;  ///< who signed (or was pulled), with its grants as the register has them now
    MessageId message_id;
    Instant sent_at{};
    Instant received_at{};
    LogIndex index = 0;
    bool own_cases_only = false;  ///< pulled, so that nobody signed: no case that another system opened
    bool may_create = true;       ///< false: a repair that adds no case
    bool may_change = true;       ///< false: a repair that changes none
    /// From this leaf on a record of the sender is one of the same set: RecordResult::contradicts. None: not asked.
    std::optional<LogIndex> set_since{};
};

/// The text of a field that the record states; empty where it does not, or clears it.
std::string_view statedText(const CasePatch& patch, FieldId field);

/// The departments of the cases that a record would join.
struct OwningDepartments {
    std::string_view of_case;
    std::string_view of_absorbed;  ///< of the case that this one would take in; without one, the same as of_case
    bool of_sender = true;         ///< the sender's own system opened the case
};

class Admission {
public:
    /// Throws Fault{ConfigurationBad} where a required name is no field of the record.
    explicit Admission(const RecorderConfig& config);

    /// Refusals: required_missing, case_no_reserved, version_out_of_bounds, time_out_of_bounds, case_not_owned
    /// (dept_code).
    /// `stamp`: of this patch.
    std::optional<Refusal> refuse(const RecordContext& context, const CasePatch& patch, const Stamp& stamp,
                                  const CaseNumbers& numbers) const;
    /// The place of the record in the order of its system. Business time: the record's latest event time, else sent_at.
    /// `has_time`: told whether it has an event time.
    Stamp stampOf(const RecordContext& context, const CasePatch& patch, bool* has_time = nullptr) const;
    /// Whether a business time may stand in a record of this message.
    bool isSane(const RecordContext& context, Instant business_time) const;

    /// case_not_owned where the case belongs to a department that the sender is not of and may not write for, where
    /// dept_code names another than the owning one, and where a case of one department would go into another's.
    static std::optional<Refusal> refuseForeign(const RecordContext& context, const RecordClaims& claims,
                                                const OwningDepartments& owners);
    /// What `patch` claims, judged already; `claims` keeps its memory.
    void claimsOf(const RecordContext& context, const CasePatch& patch, const CaseNumbers& numbers,
                  RecordClaims& claims) const;
    /// The department that a new case will belong to.
    static std::string ownerDepartmentFor(const RecordContext& context, std::string_view dept_code);
    static std::string ownerDepartmentFor(const RecordContext& context, const CasePatch& patch);

private:
    void addMissing(const CasePatch& patch, std::vector<Refusal>& mistakes) const;
    void addBounds(const RecordContext& context, const CasePatch& patch, const Stamp& stamp,
                   std::vector<Refusal>& mistakes) const;

    const RecorderConfig& config_;
    std::vector<FieldId> required_;
};

}  // namespace caseway
