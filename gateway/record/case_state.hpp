// gateway/record/case_state.hpp - what is kept of a case: for each field and each system its newest statement.
// A join-semilattice: join() is commutative, associative and idempotent, so the order of arrival cannot matter.
// The record is a pure function of it (resolve.hpp); its bytes: state_codec.hpp. Rules: docs/formats/case-record.md.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "gateway/base/ids.hpp"
#include "gateway/domain/case_patch.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/record/value_worth.hpp"

namespace caseway {

/// A system that stated something of this case.
struct StatingSystem {
    std::string_view id;
    bool of_owner_department = false;  ///< as the register said when it first spoke
};

/// Which record of which message made a statement, and its place in the order of its system.
struct Stamp {
    std::uint32_t system = 0;  ///< index into CaseState::systems
    std::uint64_t data_version = 1;
    Instant business_time{};
    Instant sent_at{};
    MessageId message_id;
    std::uint64_t record = 0;
    LogIndex index = 0;
};
/// The order of statements within one system: (data_version, business time, sent_at, message id, record, log index).
std::strong_ordering orderWithinSystem(const Stamp& a, const Stamp& b);

/// Ranks of an item's key: the position in naturalKeysOf(), or kContentKey where no natural key is complete.
constexpr std::uint8_t kContentKey = 255;

/// What a statement is about. list: Case for the fields outside lists, Extra for extra.*, else a list.
struct Subject {
    Section list = Section::Case;
    std::uint8_t rank = 0;    ///< lists: of the item's key
    std::string_view name{};  ///< lists: the item's key. Extra: the name
    FieldId field{};          ///< not for Extra

    std::strong_ordering operator<=>(const Subject&) const = default;
    bool operator==(const Subject&) const = default;
    bool sameItem(const Subject& other) const { return list == other.list && rank == other.rank && name == other.name; }
};

struct Statement {
    Subject subject;
    std::uint32_t stamp = 0;  ///< index into CaseState::stamps
    ValueKind kind = ValueKind::String;
    std::string_view text;

    /// Of the same subject: a time in another offset, and an amount with other zeros, are the same value.
    bool sameValue(const Statement& other) const {
        if (kind != other.kind || text == other.text) return kind == other.kind;
        return subject.list != Section::Extra && haveSameWorth(subject.field, text, other.text);
    }
};

/// Views point into the bytes or the patch that it was made from, or into `arena`; those must outlive it.
struct CaseState {
    std::string_view owner_department;  ///< department code, fixed when the case was created
    std::vector<StatingSystem> systems;
    std::vector<Stamp> stamps;
    std::vector<Statement> statements;  ///< ascending by (subject, system id), each pair once
    /// Of the text of the record that all statements come from; none where they come from several, or it is not known.
    std::optional<Sha256> sole_record;
    TextArena arena;

    std::string_view systemOf(const Statement& statement) const { return systems[stamps[statement.stamp].system].id; }
    void clear();
};

/// What a join did to its left side.
struct JoinEffect {
    bool values = false;     ///< a statement came in or got another value
    bool stamps = false;     ///< a statement is now known from a newer message, its value the same
    bool overtaken = false;  ///< the right side said something that the left side knew better, with another value
};

/// `into` becomes the join of both: for each subject and system the newest statement; no `sole_record`. The views of
/// `other` now stand in `into`. `former` takes the statements that `into` had; they still fit its stamps.
JoinEffect join(CaseState& into, const CaseState& other, std::vector<Statement>& former);

}  // namespace caseway
