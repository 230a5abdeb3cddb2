// gateway/record/stored_state.cpp - rows to states.
#include "gateway/record/stored_state.hpp"

#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/record/patch_json.hpp"
#include "gateway/record/patch_state.hpp"
#include "gateway/record/state_codec.hpp"

namespace caseway {

namespace {

[[noreturn]] void unreadable(const CaseRow& row) {
    throw Fault(FaultCode::StoreCorrupt, "case " + std::to_string(row.id) + ": its state cannot be read",
                "run caseway log verify, then restore the last backup");
}

/// The texts move into the state: the patch goes.
void ownTexts(CaseState& state) {
    for (Statement& statement : state.statements) {
        statement.text = state.arena.keep(statement.text);
        if (statement.subject.list == Section::Extra) statement.subject.name = state.arena.keep(statement.subject.name);
    }
}

/// The record said it all, so its statements are the state's.
void loadTold(StoreReader& store, const CaseRow& row, CaseState& state) {
    CaseState head;
    const auto told = row.stated_by && decodeSoleRecord(row.state, head)
                          ? store.patch(row.stated_by->index, row.stated_by->record)
                          : std::nullopt;
    CasePatch patch;
    if (!told || sha256(told->patch) != *head.sole_record || !patchFromJson(told->patch, patch)) unreadable(row);
    stateOf(patch, head.systems.front(), head.stamps.front(), state);
    ownTexts(state);
    state.owner_department = head.owner_department;
    state.sole_record = head.sole_record;
}

}  // namespace

void loadState(StoreReader& store, const CaseRow& row, CaseState& state) {
    if (!decodeState(row.state, state)) loadTold(store, row, state);
    if (row.repeated && !state.sole_record) unreadable(row);
    if (row.repeated) standForRepeated(*row.repeated, state);
}

bool loadSoleRecord(const CaseRow& row, CaseState& state) {
    if (!row.stated_by || !decodeSoleRecord(row.state, state)) return false;
    if (row.repeated) standForRepeated(*row.repeated, state);
    return true;
}

void standForRepeated(const Repeat& repeat, CaseState& state) {
    CASEWAY_CHECK(state.sole_record && state.stamps.size() == 1);
    Stamp& stamp = state.stamps.front();
    if (repeat.business_time) stamp.business_time = *repeat.business_time;
    stamp.sent_at = repeat.sent_at;
    stamp.message_id = repeat.message_id;
    stamp.record = repeat.record.record;
    stamp.index = repeat.record.index;
}

}  // namespace caseway
