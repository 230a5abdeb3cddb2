// gateway/record/recorder.cpp - one record into its case: admit, find, join, compare, write.
#include "gateway/record/recorder.hpp"

#include <algorithm>

#include "gateway/base/fault.hpp"
#include "gateway/domain/place_text.hpp"
#include "gateway/record/case_lookup.hpp"
#include "gateway/record/contradiction.hpp"
#include "gateway/record/patch_state.hpp"
#include "gateway/record/record_fields.hpp"
#include "gateway/record/state_codec.hpp"
#include "gateway/record/stored_state.hpp"

namespace caseway {
namespace {

void announce(StoreWriter& store, const RecordContext& context, std::uint64_t record, CaseId id, ChangeNo number) {
    store.putChange({.number = number, .case_id = id, .index = context.index, .record = record});
}

bool isAllOfOneStamp(const CaseState& state, std::uint32_t stamp) {
    return std::all_of(state.statements.begin(), state.statements.end(),
                       [&](const Statement& statement) { return statement.stamp == stamp; });
}

RecordResult refused(Refusal refusal) {
    RecordResult result;
    result.refusal = std::move(refusal);
    return result;
}

/// The policy of a reconciliation: see docs/operating/reconciliation.md.
Refusal notToRepair(const RecordPlace& place) {
    return {"repair_not_allowed",
            placeText({}, place),
            {},
            "a reconciliation whose policy allows it",
            "set reconcile.repair of the connector, or run it with --reconcile --repair both",
            place.ordinal};
}

}  // namespace

Recorder::Recorder(RecorderConfig config)
    : config_(std::move(config)),
      numbers_(config_.reserved_prefix, config_.gateway_short),
      admission_(config_),
      known_judge_(config_, admission_, numbers_) {}

RecordResult Recorder::apply(StoreWriter& store, const RecordContext& context, const CasePatch& patch) {
    textOf(patch, text_);
    return apply(store, context, patch, text_);
}

RecordResult Recorder::apply(StoreWriter& store, const RecordContext& context, const CasePatch& patch,
                             const PatchText& text) {
    claimsOf(context, patch, claims_);
    return apply(store, context, claims_, text, &patch);
}

RecordResult Recorder::apply(StoreWriter& store, const RecordContext& context, const RecordClaims& claims,
                             const PatchText& text) {
    return apply(store, context, claims, text, nullptr);
}

RecordResult Recorder::apply(StoreWriter& store, const RecordContext& context, const RecordClaims& claims,
                             const PatchText& text, const CasePatch* patch) {
    digest_ = text.digest;
    text_bytes_ = text.json.size();
    stamp_ = claims.stamp;
    RecordResult result;
    if (claims.refusal) {
        result = refused(*claims.refusal);
    } else if (auto target = find(store, context, claims)) {
        if (repeats(context, claims, *target)) return settle(store, target->row, claims.has_time);
        result = merge(store, context, claims, whole(patch, claims, text), *target);
    } else {
        result = create(store, context, claims, text, patch);
    }
    result.patch = digest_;
    result.has_time = claims.has_time;
    history_.index = context.index;
    history_.record = claims.stamp.record;
    history_.case_id = result.case_id;
    history_.outcome = result.outcome;
    history_.patch = text.json;
    store.putPatch(history_);
    return result;
}

RecordResult Recorder::refuse(StoreWriter& store, const RecordContext& context, std::uint64_t ordinal,
                              const Refusal& refusal, const PatchText& numbers) {
    RecordResult result = refused(refusal);
    if (numbers.json.empty()) return result;
    result.patch = numbers.digest;
    history_.index = context.index;
    history_.record = ordinal;
    history_.case_id = 0;
    history_.outcome = result.outcome;
    history_.patch = numbers.json;
    store.putPatch(history_);
    return result;
}

const CasePatch& Recorder::whole(const CasePatch* patch, const RecordClaims& claims, const PatchText& text) {
    if (patch != nullptr) return *patch;
    if (!patchFromJson(text.json, read_))
        throw Fault(FaultCode::StoreCorrupt, "the text of a record cannot be read back",
                    "tell those who maintain the gateway");
    read_.place = claims.place();
    return read_;
}

/// One record, of one system, is all that is known of the case; so the same words in a newer message change no value,
/// and no other system can stand above or below them.
bool Recorder::repeats(const RecordContext& context, const RecordClaims& claims, const Target& target) {
    if (!config_.settles_repeats || target.adopts_number || !loadSoleRecord(target.row, state_)) return false;
    if (state_.sole_record != digest_ || state_.systems.front().id != context.sender.id.text()) return false;
    if (orderWithinSystem(stamp_, state_.stamps.front()) <= 0) return false;
    const std::string_view department = state_.owner_department;
    return !Admission::refuseForeign(context, claims, {department, department, target.row.owner == context.sender.id});
}

Judgement Recorder::judge(StoreReader& store, const RecordContext& context, const CasePatch& patch) {
    textOf(patch, text_);
    digest_ = text_.digest;
    text_bytes_ = text_.json.size();
    claimsOf(context, patch, claims_);
    stamp_ = claims_.stamp;
    Judgement judgement;
    auto target = find(store, context, claims_);
    RecordResult result;
    if (claims_.refusal) {
        result = refused(*claims_.refusal);
    } else if (target && repeats(context, claims_, *target)) {
        result.outcome = RecordOutcome::Same;
    } else if (target) {
        result = joinInto(store, context, claims_, patch, *target);
    } else {
        result.outcome = RecordOutcome::New;
        const std::string department = Admission::ownerDepartmentFor(context, claims_.dept_code);
        stateNew(context, department);
        if (!isSurelySmall(claims_))
            if (auto large = refuseLargeNew(context, patch, department)) result = refused(*std::move(large));
    }
    judgement.outcome = result.outcome;
    judgement.refusal = std::move(result.refusal);
    judgement.changed = std::move(result.changed);
    if (!target) return judgement;
    judgement.case_id = target->row.id;
    judgement.owner = target->row.owner;
    judgement.case_no = numbers_.of(target->row);
    judgement.deleted = target->row.deleted;
    return judgement;
}

std::optional<Recorder::Target> Recorder::find(StoreReader& store, const RecordContext& context,
                                               const RecordClaims& claims) const {
    const std::string& case_no = claims.case_no;
    if (!case_no.empty())
        if (auto row = store.caseByNo(case_no)) return Target{.row = *std::move(row), .by_number = true};
    auto row = caseOfSource(store, context.sender.id, claims.source_case_no);
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

void Recorder::stateNew(const RecordContext& context, const std::string& department) {
    state_.clear();
    state_.systems.push_back(statingSystem(context, department));
    state_.stamps.push_back(stamp_);
    state_.owner_department = department;
    state_.sole_record = digest_;
    encoded_.clear();
    encodeState(state_, encoded_);
}

/// Of the state of stateNew(): whether no bound can be met, so that nobody needs its statements.
bool Recorder::isSurelySmall(const RecordClaims& claims) const {
    return claims.values <= config_.max_statements && claims.items <= config_.max_items_per_list &&
           mostBytes() <= config_.max_state_bytes;
}

std::optional<Refusal> Recorder::refuseLargeNew(const RecordContext& context, const CasePatch& patch,
                                                const std::string& department) {
    stateOf(patch, statingSystem(context, department), stamp_, state_);
    state_.owner_department = department;
    state_.sole_record = digest_;
    return refuseTooLarge(patch);
}

RecordResult Recorder::create(StoreWriter& store, const RecordContext& context, const RecordClaims& claims,
                              const PatchText& text, const CasePatch* patch) {
    const std::string department = Admission::ownerDepartmentFor(context, claims.dept_code);
    stateNew(context, department);
    if (!isSurelySmall(claims))
        if (auto refusal = refuseLargeNew(context, whole(patch, claims, text), department))
            return refused(*std::move(refusal));
    if (!context.may_create) return refused(notToRepair(claims.place()));

    RecordResult result;
    result.outcome = RecordOutcome::New;
    result.change = store.lastChange() + 1;
    CaseRow row;
    row.owner = context.sender.id;
    row.department = department;
    row.by_window = department != departmentOf(context.sender);
    row.case_no = claims.case_no;
    row.source_case_no = claims.source_case_no;
    row.state = encoded_;
    row.stated_by = RecordKey{context.index, claims.stamp.record};
    row.status = claims.status;
    row.deleted = claims.deletes;
    row.changed_at = context.received_at;
    row.last_change = result.change;
    row.id = store.putCase(row);
    result.case_id = row.id;
    result.case_no = numbers_.of(row);
    announce(store, context, claims.stamp.record, row.id, result.change);
    return result;
}

RecordResult Recorder::merge(StoreWriter& store, const RecordContext& context, const RecordClaims& claims,
                             const CasePatch& patch, Target& target) {
    RecordResult result = joinInto(store, context, claims, patch, target);
    if (result.refusal) return result;
    if (!context.may_change && !result.changed.empty()) {
        RecordResult left = refused(notToRepair(claims.place()));
        left.case_id = target.row.id;
        left.case_no = numbers_.of(target.row);
        return left;
    }
    if (target.adopts_number) target.row.case_no = statedText(patch, recordFields().case_no);
    write(store, context, patch, target, result);
    result.case_no = numbers_.of(target.row);
    return result;
}

/// What the record does to its case, in memory.
RecordResult Recorder::joinInto(StoreReader& store, const RecordContext& context, const RecordClaims& claims,
                                const CasePatch& patch, Target& target) {
    loadState(store, target.row, state_);
    if (target.by_number) findSource(store, context, claims.source_case_no, target);
    if (target.absorbed) loadState(store, *target.absorbed, absorbed_);
    const std::string_view absorbed = target.absorbed ? absorbed_.owner_department : state_.owner_department;
    if (auto refusal = Admission::refuseForeign(
            context, claims, {state_.owner_department, absorbed, target.row.owner == context.sender.id}))
        return refused(*std::move(refusal));
    const JoinEffect effect = joinAll(context, patch, target);
    const bool moved = effect.values || effect.stamps;
    if (isAllOfOneStamp(state_, static_cast<std::uint32_t>(state_.stamps.size() - 1))) state_.sole_record = digest_;
    encoded_.clear();
    if (moved) encodeState(state_, encoded_);

    RecordResult result;
    result.case_id = target.row.id;
    if (auto refusal = moved ? refuseTooLarge(patch) : std::nullopt) {
        result.case_no = numbers_.of(target.row);
        result.refusal = std::move(refusal);
        return result;
    }
    const std::string old_number = numbers_.of(target.row);
    const std::string new_case_no(target.adopts_number ? statedText(patch, recordFields().case_no) : "");
    // A newer stamp alone can only matter where systems outrank each other by it.
    if (effect.values || target.adopts_number || (effect.stamps && state_.systems.size() > 1))
        compare(target, new_case_no, result);
    result.outcome = !result.changed.empty() ? RecordOutcome::Changed
                     : effect.overtaken      ? RecordOutcome::Stale
                                             : RecordOutcome::Same;
    if (context.set_since && result.outcome == RecordOutcome::Changed && !target.absorbed)
        if (const auto leaf = contradicted(former_, state_, stated_, *context.set_since))
            result.contradicts = {*leaf, claims.source_case_no.empty() ? old_number : claims.source_case_no};
    return result;
}

JoinEffect Recorder::joinAll(const RecordContext& context, const CasePatch& patch, const Target& target) {
    stateOf(patch, statingSystem(context, state_.owner_department), stamp_, stated_);
    if (!target.absorbed) return join(state_, stated_, former_);
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
    if (!encoded_.empty()) {
        row.state = encoded_;
        row.stated_by.reset();
        if (state_.sole_record) row.stated_by = RecordKey{context.index, patch.place.ordinal};
    }
    if (!encoded_.empty() || !result.changed.empty()) store.putCase(row);
    if (!result.changed.empty()) announce(store, context, patch.place.ordinal, row.id, result.change);
    if (target.new_source) {
        CaseRow alias;
        alias.owner = context.sender.id;
        alias.source_case_no = statedText(patch, recordFields().source_case_no);
        alias.state = encodeAlias(row.id);
        alias.deleted = true;
        alias.changed_at = context.received_at;
        result.alias = store.putCase(alias);
    }
    if (target.absorbed) {
        CaseRow& absorbed = *target.absorbed;
        absorbed.state = encodeAlias(row.id);
        absorbed.stated_by.reset();
        absorbed.department.clear();
        absorbed.by_window = false;
        absorbed.status.clear();
        absorbed.deleted = true;
        absorbed.changed_at = context.received_at;
        absorbed.last_change = store.lastChange() + 1;
        result.absorbed = store.putCase(absorbed);
        result.absorbed_change = absorbed.last_change;
        announce(store, context, patch.place.ordinal, absorbed.id, absorbed.last_change);
    }
}

StatingSystem Recorder::statingSystem(const RecordContext& context, std::string_view owner_department) const {
    return {context.sender.id.text(), departmentOf(context.sender) == owner_department};
}

/// At least what a state of one record would take, were it kept whole: a statement takes no more than four times the
/// bytes of its text in the history, its item's key included.
std::size_t Recorder::mostBytes() const {
    return encoded_.size() + 4 * text_bytes_;
}

/// Of the state that `encoded_` keeps, were it kept whole: a case is not too large by how it came to be what it is.
std::size_t Recorder::wholeBytes() const {
    if (!state_.sole_record) return encoded_.size();
    if (mostBytes() <= config_.max_state_bytes) return mostBytes();
    std::string whole;
    encodeWhole(state_, whole);
    return whole.size();
}

std::optional<Refusal> Recorder::refuseTooLarge(const CasePatch& patch) const {
    const auto refuse = [&](std::string_view where, std::size_t most, std::string_view of) {
        return Refusal{"case_too_large",
                       placeText(where, patch.place),
                       {},
                       "at most " + std::to_string(most) + std::string(of),
                       "split the case: no setting changes this limit",
                       patch.place.ordinal};
    };
    if (state_.statements.size() > config_.max_statements)
        return refuse("", config_.max_statements, " values of fields in one case");
    if (wholeBytes() > config_.max_state_bytes) return refuse("", config_.max_state_bytes, " bytes in one case");
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

}  // namespace caseway
