// gateway/record/admission.cpp - refusals of the record stage that need no stored case.
#include "gateway/record/admission.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/fault.hpp"
#include "gateway/base/mask.hpp"
#include "gateway/record/patch_state.hpp"
#include "gateway/record/record_fields.hpp"

namespace caseway {
namespace {

Refusal refusalOf(std::string_view code, std::string_view where, std::string_view value, std::string rule,
                  std::string hint, const CasePatch& patch) {
    std::string shown = value.empty() ? std::string() : masked(value);
    return {std::string(code), std::string(where), std::move(shown),
            std::move(rule),   std::move(hint),    patch.place.ordinal};
}

FieldId fieldInConfig(const std::string& name) {
    const auto field = fieldNamed(name);
    if (!field || isList(infoOf(*field).section))
        throw Fault(FaultCode::ConfigurationBad, "required or recommended field \"" + name + "\": no such field",
                    "use a dotted name outside lists, e.g. accept.accept_time; see docs/formats/case-record.md");
    return *field;
}

bool mayWriteFor(const RegisteredSystem& sender, std::string_view department) {
    return departmentOf(sender) == department ||
           std::find(sender.on_behalf_of.begin(), sender.on_behalf_of.end(), department) != sender.on_behalf_of.end();
}

constexpr std::string_view kForeignHint =
    "send it from a system of that department, or let the register grant on_behalf_of it";

}  // namespace

std::string_view statedText(const CasePatch& patch, FieldId field) {
    const FieldValue* value = patch.find(field);
    return value == nullptr || value->kind == ValueKind::Cleared ? std::string_view() : value->text;
}

std::string departmentOf(const RegisteredSystem& system) {
    return system.department_code.empty() ? std::string(system.id.department()) : system.department_code;
}

Admission::Admission(const RecorderConfig& config) : config_(config) {
    for (const std::string& name : config.required) required_.push_back(fieldInConfig(name));
    for (const std::string& name : config.recommended) recommended_.push_back(fieldInConfig(name));
    std::sort(recommended_.begin(), recommended_.end());
    recommended_.erase(std::unique(recommended_.begin(), recommended_.end()), recommended_.end());
    std::erase_if(recommended_, [](FieldId id) {  // these the gateway fills itself
        return id == recordFields().case_no || id == recordFields().source_system;
    });
}

std::optional<Refusal> Admission::refuse(const RecordContext& context, const CasePatch& patch,
                                         const CaseNumbers& numbers) const {
    if (auto refusal = refuseMissing(patch)) return refusal;
    const std::string_view case_no = statedText(patch, recordFields().case_no);
    if (numbers.isReserved(case_no))
        return refusalOf("case_no_reserved", "case_no", case_no,
                         fmt::format("no case_no of a department begins with {}", config_.reserved_prefix),
                         "leave case_no out: the gateway finds the case by source_case_no", patch);
    if (auto refusal = refuseBounds(context, patch)) return refusal;
    const std::string_view department = statedText(patch, recordFields().dept_code);
    if (!department.empty() && !mayWriteFor(context.sender, department))
        return refusalOf(
            "case_not_owned", "dept_code", department,
            fmt::format("dept_code is the code of the sender's department ({})", departmentOf(context.sender)),
            std::string(kForeignHint), patch);
    return std::nullopt;
}

std::optional<Refusal> Admission::refuseMissing(const CasePatch& patch) const {
    const auto missing = [&](std::string_view name) {
        return refusalOf("required_missing", name, {}, "every record must state it",
                         "let the mapping fill it, or ask the sender for it", patch);
    };
    if (statedText(patch, recordFields().source_case_no).empty()) return missing("source_case_no");
    for (std::size_t i = 0; i < required_.size(); ++i)
        if (statedText(patch, required_[i]).empty()) return missing(config_.required[i]);
    return std::nullopt;
}

std::optional<Refusal> Admission::refuseBounds(const RecordContext& context, const CasePatch& patch) const {
    const std::uint64_t version = dataVersion(patch);
    if (version == 0 || version > config_.max_data_version)
        return refusalOf("version_out_of_bounds", "data_version", statedText(patch, recordFields().data_version),
                         fmt::format("a number from 1 to {}", config_.max_data_version),
                         "a version beyond the bound would win for ever; number the reports of a case 1, 2, 3 …",
                         patch);
    using namespace std::chrono_literals;
    constexpr auto kEarliest = std::chrono::sys_days(std::chrono::year(1900) / 1 / 1);
    const auto latest = businessTime(patch);
    if (latest && (latest->time < kEarliest || latest->time > context.received_at + config_.business_time_ahead))
        return refusalOf("time_out_of_bounds", dottedName(latest->field), toRfc3339(latest->time),
                         fmt::format("the latest event time of a record lies between 1900 and {} h after its receipt",
                                     config_.business_time_ahead.count()),
                         "correct the time, or let the mapping read it as a sentinel (no_date)", patch);
    return std::nullopt;
}

Stamp Admission::stampOf(const RecordContext& context, const CasePatch& patch) const {
    const auto latest = businessTime(patch);
    Stamp stamp;
    stamp.data_version = dataVersion(patch);
    stamp.business_time = latest ? latest->time : context.sent_at;
    stamp.sent_at = context.sent_at;
    stamp.message_id = context.message_id;
    stamp.record = patch.place.ordinal;
    stamp.index = context.index;
    return stamp;
}

std::optional<Refusal> Admission::refuseForeign(const RecordContext& context, const CasePatch& patch,
                                                std::string_view owner_department) {
    if (mayWriteFor(context.sender, owner_department)) return std::nullopt;
    const std::string_view case_no = statedText(patch, recordFields().case_no);
    return refusalOf("case_not_owned", "case_no", case_no, "only the department that owns a case writes it",
                     std::string(kForeignHint), patch);
}

std::string Admission::ownerDepartmentFor(const RecordContext& context, const CasePatch& patch) {
    const std::string_view department = statedText(patch, recordFields().dept_code);
    return department.empty() ? departmentOf(context.sender) : std::string(department);
}

}  // namespace caseway
