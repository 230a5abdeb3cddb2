// gateway/record/standing.cpp - precedence of statements.
#include "gateway/record/standing.hpp"

#include <algorithm>
#include <tuple>

namespace caseway {

Standing::Standing(const CaseState& state, std::string_view owner) : state_(state) {
    ranks_.reserve(state.systems.size());
    for (const StatingSystem& system : state.systems)
        ranks_.push_back(
            static_cast<std::uint8_t>((system.of_owner_department ? 0 : 2) + (system.id == owner ? 0 : 1)));
}

/// Of two systems' newest statements. data_version is left out: each system counts its own.
bool Standing::outranks(std::uint32_t a, std::uint32_t b) const {
    const Stamp& left = stampOf(a);
    const Stamp& right = stampOf(b);
    if (ranks_[left.system] != ranks_[right.system]) return ranks_[left.system] < ranks_[right.system];
    const auto left_order = std::tie(left.business_time, left.sent_at, left.message_id, left.record);
    const auto right_order = std::tie(right.business_time, right.sent_at, right.message_id, right.record);
    if (left_order != right_order) return left_order > right_order;
    return state_.systems[left.system].id < state_.systems[right.system].id;
}

void Standing::keepNewestOfEachSystem(std::vector<std::uint32_t>& candidates) const {
    std::sort(candidates.begin(), candidates.end(), [&](std::uint32_t a, std::uint32_t b) {
        const Stamp& left = stampOf(a);
        const Stamp& right = stampOf(b);
        if (left.system != right.system) return state_.systems[left.system].id < state_.systems[right.system].id;
        if (const auto order = orderWithinSystem(left, right); order != 0) return order > 0;
        const Statement& one = state_.statements[a];
        const Statement& other = state_.statements[b];
        return std::tie(one.kind, one.text) > std::tie(other.kind, other.text);
    });
    const auto same_system = [&](std::uint32_t a, std::uint32_t b) { return stampOf(a).system == stampOf(b).system; };
    candidates.erase(std::unique(candidates.begin(), candidates.end(), same_system), candidates.end());
}

/// Not of all systems of the state: of one that is only now coming in, no statement may be here yet.
std::uint8_t Standing::highestRank() const {
    std::uint8_t highest = UINT8_MAX;
    for (std::uint32_t at = 0; at != state_.statements.size(); ++at) highest = std::min(highest, rankOf(at));
    return highest;
}

std::uint32_t Standing::pick(std::vector<std::uint32_t>& candidates) const {
    if (candidates.size() == 1) return candidates.front();
    keepNewestOfEachSystem(candidates);
    return *std::min_element(candidates.begin(), candidates.end(),
                             [&](std::uint32_t a, std::uint32_t b) { return outranks(a, b); });
}

}  // namespace caseway
