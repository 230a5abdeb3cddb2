// gateway/audit/joined_case.cpp - joining, record by record.
#include "gateway/audit/joined_case.hpp"

#include <algorithm>
#include <vector>

#include "gateway/base/fault.hpp"
#include "gateway/record/patch_json.hpp"
#include "gateway/record/patch_state.hpp"
#include "gateway/record/record_fields.hpp"
#include "gateway/record/state_codec.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPage = 256;

}  // namespace

void CaseJoiner::add(const PatchRow& row, JoinedCase& joined,
                     std::map<std::string, std::vector<std::string>>& departments) {
    const MessageFacts* facts = facts_.of(row.index);
    if (facts == nullptr || !patchFromJson(row.patch, patch_)) return;
    patch_.place.ordinal = row.record;
    const RecordContext context{facts->sender, facts->message_id, facts->sent_at, facts->received_at, row.index};
    const std::string_view number = statedText(patch_, recordFields().case_no);
    if (joined.case_no.empty()) joined.case_no = number;
    joined.numbers_contradict = joined.numbers_contradict || (!number.empty() && number != joined.case_no);
    if (row.outcome == RecordOutcome::New) {
        joined.owner = facts->sender.id.text();
        joined.owner_department = Admission::ownerDepartmentFor(context, patch_);
        joined.by_window = joined.owner_department != departmentOf(facts->sender);
        joined.source_case_no = statedText(patch_, recordFields().source_case_no);
    }
    auto& known = departments[facts->sender.id.text()];
    const std::string department = departmentOf(facts->sender);
    if (std::find(known.begin(), known.end(), department) == known.end()) known.push_back(department);

    stateOf(patch_, {facts->sender.id.text(), false}, admission_.stampOf(context, patch_), stated_);
    state_.clear();
    if (!joined.state.empty()) decodeState(joined.state, state_);
    caseway::join(state_, stated_, former_);
    bytes_.clear();
    encodeState(state_, bytes_);
    joined.state = bytes_;
}

/// The newest repetition of a row stands for all: the others say the same, earlier.
void CaseJoiner::addRepeat(PatchRow row, JoinedCase& joined,
                           std::map<std::string, std::vector<std::string>>& departments) {
    std::optional<Repeat> repeat;
    try {
        repeat = store_.repeatOf({row.index, row.record});
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::StoreCorrupt) throw;
    }
    if (!repeat) return;
    row.index = repeat->record.index;
    row.record = repeat->record.record;
    row.outcome = RecordOutcome::Same;
    add(row, joined, departments);
}

JoinedCase CaseJoiner::join(CaseId id) {
    JoinedCase joined;
    std::map<std::string, std::vector<std::string>> departments;
    StoredKey last;
    for (bool more = true; more;) {
        std::vector<PatchRow> rows;
        try {
            rows = store_.historyAfter(id, last.first, last.second, kPage);
        } catch (const Fault& fault) {
            if (fault.code() != FaultCode::StoreCorrupt) throw;
        }
        more = rows.size() == kPage;
        for (PatchRow& row : rows) {
            last = {row.index, row.record};
            if (row.outcome == RecordOutcome::Refused) continue;
            add(row, joined, departments);
            addRepeat(std::move(row), joined, departments);
        }
    }
    for (const auto& [system, names] : departments)
        for (const std::string& department : names) {
            auto& standing = joined.systems[system];
            (department == joined.owner_department ? standing.own : standing.foreign) = true;
        }
    return joined;
}

void CaseJoiner::absorb(JoinedCase& into, const JoinedCase& other) {
    if (other.state.empty() || into.state.empty()) return;
    decodeState(into.state, state_);
    decodeState(other.state, stated_);
    caseway::join(state_, stated_, former_);
    bytes_.clear();
    encodeState(state_, bytes_);
    into.state = bytes_;
    const bool same_department = into.owner_department == other.owner_department;
    for (const auto& [system, standing] : other.systems) {
        auto& known = into.systems[system];
        known.own = known.own || (standing.own && same_department);
        known.foreign = known.foreign || standing.foreign || !same_department;
    }
}

std::string CaseJoiner::settle(const JoinedCase& joined, std::string_view stored) {
    if (joined.state.empty()) return {};
    std::map<std::string, bool, std::less<>> claimed;
    const bool is_readable = decodeState(stored, stated_) || decodeSoleRecord(stored, stated_);
    if (is_readable)
        for (const StatingSystem& system : stated_.systems)
            claimed[std::string(system.id)] = system.of_owner_department;
    decodeState(joined.state, state_);
    state_.owner_department = joined.owner_department;
    for (StatingSystem& system : state_.systems) {
        const auto standing = joined.systems.find(system.id);
        if (standing == joined.systems.end()) continue;
        system.of_owner_department = standing->second.own;
        if (standing->second.own && standing->second.foreign)
            system.of_owner_department = claimed[std::string(system.id)];
    }
    const auto is_of_first = [&](const Statement& one) { return one.stamp == state_.statements.front().stamp; };
    if (is_readable && stated_.sole_record &&
        std::all_of(state_.statements.begin(), state_.statements.end(), is_of_first))
        state_.sole_record = stated_.sole_record;
    bytes_.clear();
    encodeState(state_, bytes_);
    return bytes_;
}

}  // namespace caseway
