// gateway/record/standing.hpp - which of several statements about one thing stands: the precedence of systems.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "gateway/record/case_state.hpp"

namespace caseway {

class Standing {
public:
    /// `state` must outlive it. `owner`: id of the system that created the case.
    Standing(const CaseState& state, std::string_view owner);

    /// Reduces `candidates` (indices of statements about one thing) to the newest of each system and returns the one
    /// that stands.
    std::uint32_t pick(std::vector<std::uint32_t>& candidates) const;
    /// Of the system that made the statement; 0 stands above 1.
    std::uint8_t rankOf(std::uint32_t statement) const { return ranks_[stampOf(statement).system]; }
    /// Of the systems that stated anything of the case, the rank of the highest.
    std::uint8_t highestRank() const;

private:
    const Stamp& stampOf(std::uint32_t statement) const { return state_.stamps[state_.statements[statement].stamp]; }
    bool outranks(std::uint32_t a, std::uint32_t b) const;
    void keepNewestOfEachSystem(std::vector<std::uint32_t>& candidates) const;

    const CaseState& state_;
    std::vector<std::uint8_t> ranks_;  ///< per system, 0 first
};

}  // namespace caseway
