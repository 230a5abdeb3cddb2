// gateway/record/state_field_codes.cpp - the frozen numbering, and its two look-ups built once.
#include "gateway/record/state_field_codes.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "gateway/base/check.hpp"

namespace caseway {
namespace {

constexpr auto kNames = std::to_array<std::string_view>({
    // clang-format off
    "case_no", "source_system", "source_case_no", "data_version", "operation", "item_code", "item_base_code",
    "item_handle_code", "item_name", "item_type", "item_version", "case_title", "case_kind", "applicant_type",
    "applicant_name", "applicant_id_type", "applicant_id_no", "legal_rep_name", "contact_name", "contact_id_type",
    "contact_id_no", "contact_mobile", "post_code", "address", "apply_channel", "apply_time", "region_code",
    "dept_code", "dept_name", "dept_org_code", "window_no", "queue_no", "status", "project_code", "joint_no",
    "joint_role", "stage_no", "parent_case_no", "accept.pre_review_time", "accept.pre_review_result",
    "accept.receive_time", "accept.accept_time", "accept.accept_result", "accept.reject_reason",
    "accept.accept_doc_no", "accept.accept_user", "accept.accept_user_no", "accept.statutory_limit",
    "accept.statutory_limit_unit", "accept.promise_limit", "accept.promise_limit_unit", "accept.promise_due_time",
    "accept.statutory_due_time", "accept.promise_due_time_reported", "accept.statutory_due_time_reported",
    "steps.seq", "steps.step_name", "steps.step_type", "steps.action", "steps.step_state", "steps.handler_name",
    "steps.handler_no", "steps.handler_post", "steps.opinion", "steps.start_time", "steps.end_time",
    "steps.unit_code", "steps.unit_name", "steps.step_limit", "steps.step_limit_unit", "corrections.seq",
    "corrections.notify_time", "corrections.notify_user", "corrections.reason", "corrections.material_list",
    "corrections.due_days", "corrections.stage", "corrections.supplied_time", "corrections.supplied_user",
    "corrections.outcome", "suspensions.seq", "suspensions.kind", "suspensions.kind_class", "suspensions.start_time",
    "suspensions.reason", "suspensions.approver", "suspensions.limit", "suspensions.limit_unit",
    "suspensions.planned_end_time", "suspensions.end_time", "suspensions.result", "suspensions.fee",
    "result.finish_time", "result.result_code", "result.result_desc", "result.reason", "result.cert_name",
    "result.cert_no", "result.cert_valid_from", "result.cert_valid_to", "result.issuer_code", "result.issuer_name",
    "result.is_fee", "result.fee", "result.fee_basis", "result.open_flag", "deliveries.seq", "deliveries.taker_name",
    "deliveries.taker_id_type", "deliveries.taker_id_no", "deliveries.way", "deliveries.time",
    "deliveries.express_no", "materials.seq", "materials.name", "materials.get_way", "materials.copies",
    "materials.get_time", "materials.file_name", "materials.size_bytes", "materials.sm3", "materials.ref", "fees.seq",
    "fees.pay_no", "fees.amount", "fees.time", "fees.payer",
    // clang-format on
});

constexpr auto kLists = std::to_array<Section>({Section::Steps, Section::Corrections, Section::Suspensions,
                                                Section::Deliveries, Section::Materials, Section::Fees});

struct Codes {
    std::vector<std::uint32_t> by_field;
    std::vector<std::optional<FieldId>> by_code;

    Codes() : by_field(caseFields().size()), by_code(kNames.size() + 1) {
        for (std::size_t i = 0; i < kNames.size(); ++i) {
            const auto field = fieldNamed(kNames[i]);
            by_code[i + 1] = field;
            if (field) by_field[static_cast<std::size_t>(*field)] = static_cast<std::uint32_t>(i + 1);
        }
        for (const std::uint32_t code : by_field) CASEWAY_CHECK(code != 0);  // a new field was not appended above
    }
};

const Codes& codes() {
    static const Codes built;
    return built;
}

}  // namespace

std::span<const std::string_view> stateFieldNames() {
    return kNames;
}

std::uint32_t codeOf(FieldId field) {
    return codes().by_field[static_cast<std::size_t>(field)];
}

std::optional<FieldId> fieldOfCode(std::uint64_t code) {
    const auto& by_code = codes().by_code;
    return code < by_code.size() ? by_code[code] : std::nullopt;
}

std::uint8_t codeOf(Section list) {
    const auto at = std::find(kLists.begin(), kLists.end(), list);
    CASEWAY_CHECK(at != kLists.end());
    return static_cast<std::uint8_t>(at - kLists.begin() + 1);
}

std::optional<Section> listOfCode(std::uint8_t code) {
    if (code == 0 || code > kLists.size()) return std::nullopt;
    return kLists[code - 1U];
}

}  // namespace caseway
