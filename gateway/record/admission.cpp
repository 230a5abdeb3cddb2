// gateway/record/admission.cpp - refusals of the record stage that need no stored case.
#include "gateway/record/admission.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/fault.hpp"
#include "gateway/base/mask.hpp"
#include "gateway/domain/place_text.hpp"
#include "gateway/record/patch_state.hpp"
#include "gateway/record/record_fields.hpp"

namespace caseway {
namespace {

Refusal refusalOf(std::string_view code, std::string_view field, std::string_view value, std::string rule,
                  std::string hint, const RecordPlace& place) {
    std::string shown = value.empty() ? std::string() : masked(value);
    return {std::string(code), placeText(field, place), std::move(shown),
            std::move(rule),   std::move(hint),         place.ordinal};
}

FieldId fieldInConfig(const std::string& name) {
    const auto field = fieldNamed(name);
    if (!field || isList(infoOf(*field).section))
        throw Fault(FaultCode::ConfigurationBad, "required field \"" + name + "\": no such field",
                    "use a dotted name outside lists, e.g. accept.accept_time; see docs/formats/case-record.md");
    return *field;
}

bool mayWriteFor(const RecordContext& context, std::string_view department) {
    const RegisteredSystem& sender = context.sender;
    if (departmentOf(sender) == department) return true;
    return !context.own_cases_only &&
           std::find(sender.on_behalf_of.begin(), sender.on_behalf_of.end(), department) != sender.on_behalf_of.end();
}

constexpr std::string_view kForeignHint =
    "send it from a system of that department, or let the register grant on_behalf_of it";

}  // namespace

std::string_view statedText(const CasePatch& patch, FieldId field) {
    const FieldValue* value = patch.find(field);
    return value == nullptr || value->kind == ValueKind::Cleared ? std::string_view() : value->text;
}

Admission::Admission(const RecorderConfig& config) : config_(config) {
    for (const std::string& name : config.required) required_.push_back(fieldInConfig(name));
}

std::optional<Refusal> Admission::refuse(const RecordContext& context, const CasePatch& patch, const Stamp& stamp,
                                         const CaseNumbers& numbers) const {
    std::vector<Refusal> mistakes;
    addMissing(patch, mistakes);
    const std::string_view case_no = statedText(patch, recordFields().case_no);
    if (numbers.isReserved(case_no))
        mistakes.push_back(refusalOf(
            "case_no_reserved", "case_no", case_no,
            fmt::format("no case_no of a department begins with {} or looks like it", config_.reserved_prefix),
            "leave case_no out: the gateway finds the case by source_case_no", patch.place));
    addBounds(context, patch, stamp, mistakes);
    const std::string_view department = statedText(patch, recordFields().dept_code);
    if (!department.empty() && !mayWriteFor(context, department))
        mistakes.push_back(refusalOf(
            "case_not_owned", "dept_code", department,
            fmt::format("dept_code is the code of the sender's department ({})", departmentOf(context.sender)),
            std::string(kForeignHint), patch.place));
    if (mistakes.empty()) return std::nullopt;
    mistakes.resize(std::min(mistakes.size(), kMostMistakesOfRecord));
    Refusal refusal = std::move(mistakes.front());
    refusal.also.assign(std::make_move_iterator(mistakes.begin() + 1), std::make_move_iterator(mistakes.end()));
    return refusal;
}

void Admission::addMissing(const CasePatch& patch, std::vector<Refusal>& mistakes) const {
    const auto require = [&](FieldId field, std::string_view name) {
        if (statedText(patch, field).empty())
            mistakes.push_back(refusalOf("required_missing", name, {}, "every record must state it",
                                         "send it, or let the mapping fill it", patch.place));
    };
    require(recordFields().source_case_no, "source_case_no");
    for (std::size_t i = 0; i < required_.size(); ++i)
        if (required_[i] != recordFields().source_case_no) require(required_[i], config_.required[i]);
}

void Admission::addBounds(const RecordContext& context, const CasePatch& patch, const Stamp& stamp,
                          std::vector<Refusal>& mistakes) const {
    const std::uint64_t version = stamp.data_version;
    if (version == 0 || version > config_.max_data_version)
        mistakes.push_back(refusalOf(
            "version_out_of_bounds", "data_version", statedText(patch, recordFields().data_version),
            fmt::format("a number from 1 to {}", config_.max_data_version),
            "a version beyond the bound would win for ever; number the reports of a case 1, 2, 3 …", patch.place));
    const auto latest = isSane(context, stamp.business_time) ? std::nullopt : businessTime(patch);
    if (latest)
        mistakes.push_back(
            refusalOf("time_out_of_bounds", dottedName(latest->field), toRfc3339(latest->time),
                      fmt::format("the latest event time of a record lies between 1900 and {} h after its receipt",
                                  config_.business_time_ahead.count()),
                      "correct the time, or let the mapping read it as a sentinel (no_date)", patch.place));
}

bool Admission::isSane(const RecordContext& context, Instant business_time) const {
    constexpr auto kEarliest = std::chrono::sys_days(std::chrono::year(1900) / 1 / 1);
    return business_time >= kEarliest && business_time <= context.received_at + config_.business_time_ahead;
}

Stamp Admission::stampOf(const RecordContext& context, const CasePatch& patch, bool* has_time) const {
    const auto latest = businessTime(patch);
    if (has_time != nullptr) *has_time = latest.has_value();
    Stamp stamp;
    stamp.data_version = dataVersion(patch);
    stamp.business_time = latest ? latest->time : context.sent_at;
    stamp.sent_at = context.sent_at;
    stamp.message_id = context.message_id;
    stamp.record = patch.place.ordinal;
    stamp.index = context.index;
    return stamp;
}

std::optional<Refusal> Admission::refuseForeign(const RecordContext& context, const RecordClaims& claims,
                                                const OwningDepartments& owners) {
    const auto refuse = [&](std::string_view where, std::string_view value, std::string_view rule,
                            std::string_view hint) {
        return refusalOf("case_not_owned", where, value, std::string(rule), std::string(hint), claims.place());
    };
    if (context.own_cases_only && !owners.of_sender)
        return refuse("case_no", claims.case_no, "what is pulled writes only cases of its own system",
                      "let the system that opened the case report it, or send it signed");
    if (!mayWriteFor(context, owners.of_case))
        return refuse("case_no", claims.case_no, "only the department that owns a case writes it", kForeignHint);
    if (!claims.dept_code.empty() && claims.dept_code != owners.of_case)
        return refuse("dept_code", claims.dept_code, "a case stays with the department that it was created for",
                      "leave dept_code out, or send a new case under numbers of its own");
    if (owners.of_absorbed != owners.of_case)
        return refuse("source_case_no", claims.source_case_no,
                      "this number's case belongs to another department than the case of case_no",
                      "send it under another source_case_no, or leave case_no out");
    return std::nullopt;
}

void Admission::claimsOf(const RecordContext& context, const CasePatch& patch, const CaseNumbers& numbers,
                         RecordClaims& claims) const {
    claims.case_no = statedText(patch, recordFields().case_no);
    claims.source_case_no = statedText(patch, recordFields().source_case_no);
    claims.dept_code = statedText(patch, recordFields().dept_code);
    claims.status = statedText(patch, recordFields().status);
    claims.deletes = statedText(patch, recordFields().operation) == "D";
    claims.values = patch.fields.size() + patch.item_fields.size() + patch.extra.size();
    claims.items = patch.items.size();
    claims.line = patch.place.line;
    claims.pointer = patch.place.pointer;
    claims.stamp = stampOf(context, patch, &claims.has_time);
    claims.refusal = refuse(context, patch, claims.stamp, numbers);
}

std::string Admission::ownerDepartmentFor(const RecordContext& context, std::string_view dept_code) {
    return dept_code.empty() ? departmentOf(context.sender) : std::string(dept_code);
}

std::string Admission::ownerDepartmentFor(const RecordContext& context, const CasePatch& patch) {
    return ownerDepartmentFor(context, statedText(patch, recordFields().dept_code));
}

}  // namespace caseway
