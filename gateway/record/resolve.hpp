// gateway/record/resolve.hpp - the record that a state means: which statement of which system stands, what contradicts
// it, and which items of lists are one item. A pure function of the state. Rules: docs/formats/case-record.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/record/case_state.hpp"

namespace caseway {

/// A place in the merged record: a field, a field of the n-th item of its list, or extra.NAME.
struct RecordSpot {
    Section list = Section::Case;  ///< Case: outside lists; Extra; else a list
    std::uint32_t item = 0;        ///< place in its list, from 0
    FieldId field{};
    std::string_view extra_name{};
};

/// A statement of another system that says otherwise than the one that stands.
struct Disagreement {
    RecordSpot spot;
    std::uint32_t standing = 0;  ///< indices into CaseState::statements
    std::uint32_t other = 0;
    /// The system that stands never stated the thing, but its silence counts: a D of another system against a case that
    /// it reports. `standing` is then its newest statement of anything.
    bool by_silence = false;
};

constexpr std::uint32_t kFromRegister = 0xFFFFFFFF;  ///< case_no and source_system: no statement

struct ResolvedCase {
    CasePatch record;                        ///< views into the state; cleared fields are absent
    std::vector<std::uint32_t> fields_from;  ///< parallel to record.fields: the statement that stands, or kFromRegister
    std::vector<std::uint32_t> item_fields_from;  ///< parallel to record.item_fields
    std::vector<std::uint32_t> extra_from;        ///< parallel to record.extra
    std::vector<Disagreement> disagreements;

    void clear();
};

/// What the case knows besides its statements. The views end up in the record.
struct CaseIdentity {
    std::string_view case_no;
    std::string_view owner;  ///< system id; becomes source_system
};

/// Across systems: those of the owner's department before others, then the owner before the rest, then the newest
/// statement by (business time, sent_at, message id, record). Operation D stands only where nobody above the system
/// that said it ever stated anything of the case.
void resolve(const CaseState& state, const CaseIdentity& identity, ResolvedCase& out);

/// Dotted names ("steps.opinion", "extra.note") of what differs between two records, in the order of the record.
std::vector<std::string> changedFields(const CasePatch& before, const CasePatch& after);

}  // namespace caseway
