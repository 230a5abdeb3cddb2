// gateway/record/recorder.cpp - one record into its case: admit, find, join, compare, write.
#include "gateway/record/recorder.hpp"

#include <algorithm>

#include "gateway/base/fault.hpp"
#include "gateway/record/case_lookup.hpp"
#include "gateway/record/patch_json.hpp"
#include "gateway/record/patch_state.hpp"
#include "gateway/record/record_fields.hpp"
#include "gateway/record/state_codec.hpp"

namespace caseway {
namespace {

void announce(StoreWriter& store, const RecordContext& context, const CasePatch& patch, CaseId id, ChangeNo number) {
    store.putChange({.number = number, .case_id = id, .index = context.index, .record = patch.place.ordinal});
}

RecordResult refused(Refusal refusal) {
    RecordResult result;
    result.refusal = std::move(refusal);
    return result;
}

}  // namespace

Recorder::Recorder(RecorderConfig config)
    : config_(std::move(config)),
      numbers_(config_.reserved_prefix, config_.gateway_short),
      admission_(config_),
      missing_(admission_.recommended().size()) {}

RecordResult Recorder::apply(StoreWriter& store, const RecordContext& context, const CasePatch& patch) {
    RecordResult result;
    if (auto refusal = admission_.refuse(context, patch, numbers_)) {
        result = refused(*std::move(refusal));
    } else if (auto target = find(store, context, patch)) {
        result = merge(store, context, patch, *target);
    } else {
        result = create(store, context, patch);
    }
    PatchRow row{context.index, patch.place.ordinal, result.case_id, result.outcome, {}};
    appendHistoryJson(patch, row.patch);
    store.putPatch(row);
    return result;
}

std::optional<Recorder::Target> Recorder::find(StoreReader& store, const RecordContext& context,
                                               const CasePatch& patch) const {
    const std::string_view case_no = statedText(patch, recordFields().case_no);
    const std::string_view source_case_no = statedText(patch, recordFields().source_case_no);
    if (!case_no.empty())
        if (auto row = store.caseByNo(case_no)) return Target{.row = *std::move(row), .by_number = true};
    auto row = caseOfSource(store, context.sender.id, source_case_no);
    if (!row || (!case_no.empty() && !row->case_no.empty())) return std::nullopt;
    return Target{.row = *std::move(row), .adopts_number = !case_no.empty()};
}

/// The sender's own number may lead nowhere yet, or to a case that was stored before anybody gave the case_no.
void Recorder::findSource(StoreReader& store, const RecordContext& context, std::string_view source_case_no,
                          Target& target) const {
    if (target.row.owner == context.sender.id && target.row.source_case_no == source_case_no) return;
    for (const Statement& statement : state_.statements) {
        if (statement.subject.list != Section::Case || statement.subject.field > recordFields().source_case_no) break;
        if (statement.subject.field == recordFields().source_case_no && statement.text == source_case_no &&
            state_.systemOf(statement) == context.sender.id.text())
            return;
    }
    auto row = store.caseBySource(context.sender.id, source_case_no);
    target.new_source = !row.has_value();
    if (row && row->case_no.empty() && !isAlias(*row)) target.absorbed = std::move(row);
}

RecordResult Recorder::create(StoreWriter& store, const RecordContext& context, const CasePatch& patch) {
    const std::string department = Admission::ownerDepartmentFor(context, patch);
    stateOf(patch, statingSystem(context, department), admission_.stampOf(context, patch), state_);
    state_.owner_department = department;
    encoded_.clear();
    encodeState(state_, encoded_);
    if (auto refusal = refuseTooLarge(patch)) return refused(*std::move(refusal));

    RecordResult result;
    result.outcome = RecordOutcome::New;
    result.change = store.lastChange() + 1;
    CaseRow row;
    row.owner = context.sender.id;
    row.case_no = statedText(patch, recordFields().case_no);
    row.source_case_no = statedText(patch, recordFields().source_case_no);
    row.state = encoded_;
    row.status = statedText(patch, recordFields().status);
    row.deleted = statedText(patch, recordFields().operation) == "D";
    row.changed_at = context.received_at;
    row.last_change = result.change;
    row.id = store.putCase(row);
    result.case_id = row.id;
    result.case_no = numbers_.of(row);
    announce(store, context, patch, row.id, result.change);
    countMissing();
    return result;
}

RecordResult Recorder::merge(StoreWriter& store, const RecordContext& context, const CasePatch& patch, Target& target) {
    loadState(target.row, state_);
    if (auto refusal = Admission::refuseForeign(context, patch, state_.owner_department))
        return refused(*std::move(refusal));
    if (target.by_number) findSource(store, context, statedText(patch, recordFields().source_case_no), target);
    const JoinEffect effect = joinAll(context, patch, target);
    const bool moved = effect.values || effect.stamps;
    encoded_.clear();
    if (moved) encodeState(state_, encoded_);

    RecordResult result;
    result.case_id = target.row.id;
    if (auto refusal = moved ? refuseTooLarge(patch) : std::nullopt) {
        result.case_no = numbers_.of(target.row);
        result.refusal = std::move(refusal);
        return result;
    }
    const std::string new_case_no(target.adopts_number ? statedText(patch, recordFields().case_no) : "");
    // A newer stamp alone can only matter where systems outrank each other by it.
    if (effect.values || target.adopts_number || (effect.stamps && state_.systems.size() > 1))
        compare(target, new_case_no, result);
    if (target.adopts_number) target.row.case_no = new_case_no;
    result.outcome = !result.changed.empty() ? RecordOutcome::Changed
                     : effect.overtaken      ? RecordOutcome::Stale
                                             : RecordOutcome::Same;
    write(store, context, patch, target, result);
    result.case_no = numbers_.of(target.row);
    countMissing();
    return result;
}

JoinEffect Recorder::joinAll(const RecordContext& context, const CasePatch& patch, const Target& target) {
    stateOf(patch, statingSystem(context, state_.owner_department), admission_.stampOf(context, patch), stated_);
    if (!target.absorbed) return join(state_, stated_, former_);
    loadState(*target.absorbed, absorbed_);
    for (StatingSystem& system : absorbed_.systems)
        system.of_owner_department =
            system.of_owner_department && absorbed_.owner_department == state_.owner_department;
    JoinEffect effect = join(state_, absorbed_, former_);
    const JoinEffect own = join(state_, stated_, between_);
    effect.values = effect.values || own.values;
    effect.stamps = effect.stamps || own.stamps;
    effect.overtaken = own.overtaken;
    return effect;
}

void Recorder::compare(const Target& target, std::string_view new_case_no, RecordResult& result) {
    const std::string& owner = target.row.owner.text();
    const std::string old_number = numbers_.of(target.row);
    state_.statements.swap(former_);
    resolve(state_, {old_number, owner}, before_);
    state_.statements.swap(former_);
    resolve(state_, {new_case_no.empty() ? std::string_view(old_number) : new_case_no, owner}, after_);
    result.changed = changedFields(before_.record, after_.record);
}

void Recorder::write(StoreWriter& store, const RecordContext& context, const CasePatch& patch, Target& target,
                     RecordResult& result) {
    CaseRow& row = target.row;
    if (!result.changed.empty()) {
        result.change = store.lastChange() + 1;
        row.status = statedText(after_.record, recordFields().status);
        row.deleted = statedText(after_.record, recordFields().operation) == "D";
        row.changed_at = context.received_at;
        row.last_change = result.change;
    }
    if (!encoded_.empty()) row.state = encoded_;
    if (!encoded_.empty() || !result.changed.empty()) store.putCase(row);
    if (!result.changed.empty()) announce(store, context, patch, row.id, result.change);
    if (target.new_source) {
        CaseRow alias;
        alias.owner = context.sender.id;
        alias.source_case_no = statedText(patch, recordFields().source_case_no);
        alias.state = encodeAlias(row.id);
        alias.deleted = true;
        alias.changed_at = context.received_at;
        store.putCase(alias);
    }
    if (target.absorbed) {
        CaseRow& absorbed = *target.absorbed;
        absorbed.state = encodeAlias(row.id);
        absorbed.status.clear();
        absorbed.deleted = true;
        absorbed.changed_at = context.received_at;
        absorbed.last_change = store.lastChange() + 1;
        store.putCase(absorbed);
        announce(store, context, patch, absorbed.id, absorbed.last_change);
    }
}

void Recorder::loadState(const CaseRow& row, CaseState& state) const {
    if (!decodeState(row.state, state))
        throw Fault(FaultCode::StoreCorrupt, "case " + std::to_string(row.id) + ": its state cannot be read",
                    "run caseway log verify, then restore the last backup");
}

StatingSystem Recorder::statingSystem(const RecordContext& context, std::string_view owner_department) const {
    return {context.sender.id.text(), departmentOf(context.sender) == owner_department};
}

std::optional<Refusal> Recorder::refuseTooLarge(const CasePatch& patch) const {
    const auto refuse = [&](std::string_view where, std::size_t most, std::string_view of) {
        return Refusal{"case_too_large",
                       std::string(where),
                       {},
                       "at most " + std::to_string(most) + std::string(of),
                       "raise the limit in the configuration, or split the case",
                       patch.place.ordinal};
    };
    if (state_.statements.size() > config_.max_statements)
        return refuse("", config_.max_statements, " values of fields in one case");
    if (encoded_.size() > config_.max_state_bytes) return refuse("", config_.max_state_bytes, " bytes in one case");
    std::size_t items = 0;
    const Statement* last = nullptr;
    for (const Statement& statement : state_.statements) {
        if (!isList(statement.subject.list)) continue;
        if (last != nullptr && last->subject.sameItem(statement.subject)) continue;
        items = last != nullptr && last->subject.list == statement.subject.list ? items + 1 : 1;
        last = &statement;
        if (items > config_.max_items_per_list)
            return refuse(nameOf(statement.subject.list), config_.max_items_per_list, " items in one list of one case");
    }
    return std::nullopt;
}

/// Both lists ascend by field; a value of any system counts.
void Recorder::countMissing() {
    const auto& wanted = admission_.recommended();
    auto at = state_.statements.begin();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto before = [&] { return at != state_.statements.end() && at->subject.list == Section::Case; };
        while (before() && at->subject.field < wanted[i]) ++at;
        bool stated = false;
        for (; before() && at->subject.field == wanted[i]; ++at) stated = stated || at->kind != ValueKind::Cleared;
        if (!stated) ++missing_[i];
    }
}

MissingCounts Recorder::takeMissing() {
    MissingCounts counts;
    for (std::size_t i = 0; i < missing_.size(); ++i)
        if (missing_[i] != 0) counts.emplace(dottedName(admission_.recommended()[i]), missing_[i]);
    std::fill(missing_.begin(), missing_.end(), 0);
    return counts;
}

}  // namespace caseway
