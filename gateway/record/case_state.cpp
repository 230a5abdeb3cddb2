// gateway/record/case_state.cpp - the join of two states of a case.
#include "gateway/record/case_state.hpp"

#include <algorithm>
#include <tuple>

namespace caseway {
namespace {

std::uint32_t systemIn(CaseState& state, const StatingSystem& system) {
    const auto at = std::find_if(state.systems.begin(), state.systems.end(),
                                 [&](const StatingSystem& known) { return known.id == system.id; });
    if (at != state.systems.end()) return static_cast<std::uint32_t>(at - state.systems.begin());
    state.systems.push_back(system);
    return static_cast<std::uint32_t>(state.systems.size() - 1);
}

/// Brings the systems and stamps of `other` into `into`; returns what to add to the index of a stamp of `other`.
std::uint32_t adoptStamps(CaseState& into, const CaseState& other) {
    const auto offset = static_cast<std::uint32_t>(into.stamps.size());
    for (Stamp stamp : other.stamps) {
        stamp.system = systemIn(into, other.systems[stamp.system]);
        into.stamps.push_back(stamp);
    }
    return offset;
}

std::strong_ordering compareSlots(const CaseState& state, const Statement& a, const Statement& b) {
    if (const auto order = a.subject <=> b.subject; order != 0) return order;
    const std::uint32_t system_a = state.stamps[a.stamp].system;
    const std::uint32_t system_b = state.stamps[b.stamp].system;
    if (system_a == system_b) return std::strong_ordering::equal;
    return state.systems[system_a].id <=> state.systems[system_b].id;
}

/// The winner of two statements of one system about one subject. Equal stamps with two values can only come from
/// reading one message by two mapping versions; then the greater value stands, so that the order of arrival still does
/// not matter.
bool isNewer(const CaseState& state, const Statement& a, const Statement& b) {
    const auto order = orderWithinSystem(state.stamps[a.stamp], state.stamps[b.stamp]);
    if (order != 0) return order > 0;
    return std::tie(a.kind, a.text) > std::tie(b.kind, b.text);
}

const Statement& settle(const CaseState& state, const Statement& kept, const Statement& incoming, JoinEffect& effect) {
    if (isNewer(state, incoming, kept)) {
        (incoming.sameValue(kept) ? effect.stamps : effect.values) = true;
        return incoming;
    }
    if (!incoming.sameValue(kept)) effect.overtaken = true;
    return kept;
}

}  // namespace

std::strong_ordering orderWithinSystem(const Stamp& a, const Stamp& b) {
    if (const auto order = a.data_version <=> b.data_version; order != 0) return order;
    if (const auto order = a.business_time <=> b.business_time; order != 0) return order;
    if (const auto order = a.sent_at <=> b.sent_at; order != 0) return order;
    if (const auto order = a.message_id <=> b.message_id; order != 0) return order;
    if (const auto order = a.record <=> b.record; order != 0) return order;
    return a.index <=> b.index;
}

void CaseState::clear() {
    owner_department = {};
    systems.clear();
    stamps.clear();
    statements.clear();
    sole_record.reset();
    arena.clear();
}

JoinEffect join(CaseState& into, const CaseState& other, std::vector<Statement>& former) {
    JoinEffect effect;
    const std::uint32_t offset = adoptStamps(into, other);
    into.sole_record.reset();
    former.swap(into.statements);
    std::vector<Statement>& joined = into.statements;
    joined.clear();
    joined.reserve(former.size() + other.statements.size());
    auto kept = former.begin();
    for (Statement incoming : other.statements) {
        incoming.stamp += offset;
        while (kept != former.end() && compareSlots(into, *kept, incoming) < 0) joined.push_back(*kept++);
        if (kept != former.end() && compareSlots(into, *kept, incoming) == 0) {
            joined.push_back(settle(into, *kept++, incoming, effect));
        } else {
            effect.values = true;
            joined.push_back(incoming);
        }
    }
    joined.insert(joined.end(), kept, former.end());
    return effect;
}

}  // namespace caseway
