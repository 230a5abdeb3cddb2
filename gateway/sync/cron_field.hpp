// gateway/sync/cron_field.hpp - one field of a cron expression: lists of values, names, ranges and steps.
// Grammar and meaning: vixie cron, crontab(5). What it takes though it is hardly meant (a step that leaves one value)
// has a note.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "gateway/base/result.hpp"

namespace caseway {

/// What may stand in a field. `names` are for the values from `low` on.
struct CronFieldKind {
    std::string_view name;     ///< "day of month"
    std::string_view allowed;  ///< "1-31", for people
    int position;              ///< 1-based
    int low, high;
    std::span<const std::string_view> names;
};

/// minute, hour, day of month, month, day of week (0-7, 0 and 7 are Sunday).
std::span<const CronFieldKind, 5> cronFieldKinds();

struct CronField {
    std::uint64_t values = 0;  ///< bit v: value v is chosen
    std::string note{};        ///< what is probably not meant; empty: nothing
    bool star = false;         ///< begins with '*': day fields combine by AND, minute and hour make an interval
};

/// Parses the text of one field. `column`: 1-based column of its first character in the expression, for the refusal.
/// Refused with `cron_invalid`: the field, the text that is wrong, its column, what is allowed.
Result<CronField> parseCronField(const CronFieldKind& kind, std::string_view text, std::size_t column);

}  // namespace caseway
