// gateway/base/refusal.hpp - the recorded reason why a message, or one record in it, was not taken. A value, never
// thrown. The codes, with what to do about each: docs/errors.md. Answer form: docs/formats/answers.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caseway {

/// `code`: stable, snake_case, listed in docs/errors.md. `where`: field, header, line ("line 12") or JSON pointer.
/// `value`: already masked (mask.hpp), never raw personal data. `rule`: what was expected. `hint`: the next step.
struct Refusal {
    std::string code;
    std::string where;
    std::string value;
    std::string rule;
    std::string hint;
    std::optional<std::uint64_t>
        record{};  ///< 1-based ordinal of the record in its payload; none for the whole message
    /// The further mistakes of the same record, in the order of its fields; none of them has any of its own.
    std::vector<Refusal> also{};

    bool operator==(const Refusal&) const = default;
};

inline constexpr std::size_t kMostMistakesOfRecord = 20;  ///< told of one record; where there are more, the first ones

/// Calls `visit(const Refusal&)` for the refusal and each further mistake; all have the record's ordinal.
template <class Visit>
void forEachMistake(const Refusal& refusal, Visit&& visit) {
    visit(refusal);
    for (const Refusal& further : refusal.also) visit(further);
}
/// Only the first refused records of a message tell more than one mistake: who sends a million bad ones learns no more
/// from the rest, and fills no disk with them.
inline constexpr std::uint64_t kRecordsToldWhole = 1000;

/// The same number for all mistakes of a record.
inline void numberRecord(Refusal& refusal, std::uint64_t record) {
    refusal.record = record;
    for (Refusal& further : refusal.also) further.record = record;
}

/// Numbers a refusal and shortens it to its first mistake where the message has `refused_before` refused records already.
inline void tellBounded(Refusal& refusal, std::uint64_t record, std::uint64_t refused_before) {
    if (refused_before >= kRecordsToldWhole) refusal.also.clear();
    numberRecord(refusal, record);
}

}  // namespace caseway
