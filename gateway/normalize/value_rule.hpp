// gateway/normalize/value_rule.hpp - from the text that an expression found to the canonical value of a field:
// trimming, folding, fillers, code tables, dates, check digits, type and length. Compiled once from a ValueSpec;
// applied millions of times.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/case_patch.hpp"
#include "gateway/normalize/byte_scan.hpp"
#include "gateway/normalize/mapping_spec.hpp"

namespace caseway {

/// How the source wrote a value. XML knows only Text and Missing.
enum class RawKind : std::uint8_t { Missing, Null, Text, Number, Boolean, Array };

enum class ValueStatus : std::uint8_t { Absent, Value, Cleared, Refused };

struct ValueOutcome {
    ValueStatus status = ValueStatus::Absent;
    ValueKind kind = ValueKind::String;
    std::string_view text;  ///< a view into `raw` or the arena; of a code that no table has: the code
    std::string_view
        code{};  ///< Refused: refusal code ("code_unknown", "date_unreadable", "too_long", "required_missing", …)
    std::string_view rule{};  ///< Refused: what was expected; lives as long as the rule
    std::string_view hint{};
};

class ValueRule {
public:
    /// Checks and compiles. Mistakes (a code that the field does not know, a date pattern that cannot be read, a
    /// constant that does not fit …) are appended to `mistakes`; the rule must not be applied then.
    static ValueRule compile(const FieldSpec& field, const std::string& file, std::vector<MappingMistake>& mistakes);
    ValueRule(ValueRule&&) noexcept;
    ValueRule& operator=(ValueRule&&) noexcept;
    ~ValueRule();

    /// `raw`: UTF-8 as found (Array: canonical JSON). The result lives as long as `raw` and `arena`. No allocation but
    /// the arena's. Callable concurrently.
    ValueOutcome apply(RawKind kind, std::string_view raw, TextArena& arena) const;

    /// Of who takes what does not fit another field: what that one says of it.
    ValueOutcome judged(RawKind kind, std::string_view raw, TextArena& arena) const;

    /// apply() to a text.
    ValueOutcome applyText(std::string_view raw, TextArena& arena) const;

    /// The common case of applyText(), in one look: true only where a raw text is its own value, a string. In doubt
    /// false. `clean`: it is known to hold no control characters.
    [[gnu::always_inline]] bool keepsText(std::string_view raw, bool clean) const {
        if (raw.size() - kept_least_ >= kept_span_ || mayHaveSpace(raw)) return false;  // shorter ones wrap around
        return ascii_ ? isPrintable(raw) : clean || !hasControlByte(raw);
    }
    /// The code of its table that `code` was likely meant to be (CodeTable::nearest); compares with all codeCount().
    std::string_view nearestCode(std::string_view code) const;
    std::size_t codeCount() const;
    /// Where the payload has no value, has the record none?
    bool missingIsAbsent() const { return missing_is_absent_; }

private:
    struct Plan;
    explicit ValueRule(std::unique_ptr<Plan> plan);
    void keepTexts(const ValueSpec& spec, std::size_t most_bytes);
    ValueOutcome applyApart(RawKind kind, std::string_view raw, TextArena& arena) const;
    std::unique_ptr<Plan> plan_;
    std::size_t kept_least_ = 1;  ///< bytes of the shortest text that can be its own value: longer than any filler
    std::size_t kept_span_ = 0;   ///< how many lengths from there on can; 0: none
    bool ascii_ = false;          ///< what lies beyond printable ASCII is folded or looked at
    bool missing_is_absent_ = false;
};

}  // namespace caseway
