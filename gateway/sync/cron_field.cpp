// gateway/sync/cron_field.cpp - a recursive descent over one field: list of elements, element = range [/ step].
#include "gateway/sync/cron_field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "gateway/formats/text/lower_case.hpp"
#include "gateway/formats/text/near_word.hpp"
#include "gateway/sync/schedule_refusal.hpp"

namespace caseway {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<CronFieldKind, 5> kKinds = {{
    {"minute", "0-59", 1, 0, 59, {}},
    {"hour", "0-23", 2, 0, 23, {}},
    {"day of month", "1-31", 3, 1, 31, {}},
    {"month", "1-12 or jan-dec", 4, 1, 12, kMonths},
    {"day of week", "0-7 (0 and 7 are Sunday) or sun-sat", 5, 0, 7, kWeekdays},
}};
constexpr std::string_view kForms = "a value, a range a-b, * or a list of these; */n and a-b/n are steps";

/// A plain number of at most four digits; more cannot be right anywhere here.
std::optional<int> numberOf(std::string_view text) {
    if (text.empty() || text.size() > 4) return std::nullopt;
    int number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number;
}

class FieldParser {
public:
    FieldParser(const CronFieldKind& kind, std::string_view text, std::size_t column)
        : kind_(kind), text_(text), column_(column) {}

    Result<CronField> parse() {
        CronField field;
        field.star = text_.starts_with('*');
        for (std::size_t at = 0; at <= text_.size();) {
            const std::size_t comma = std::min(text_.find(',', at), text_.size());
            if (const auto refusal = takeElement(text_.substr(at, comma - at), field)) return *refusal;
            at = comma + 1;
        }
        return field;
    }

private:
    using Mistake = std::optional<Refusal>;

    /// `part` is a part of text_: its place gives the column.
    std::string placeOf(std::string_view part) const {
        return fmt::format("field {} ({}), column {}", kind_.position, kind_.name,
                           column_ + static_cast<std::size_t>(part.data() - text_.data()));
    }

    Refusal refuse(std::string_view part, std::string rule, std::string hint = {}) const {
        if (hint.empty()) hint = fmt::format("allowed: {}; {}", kind_.allowed, kForms);
        return scheduleRefusal("cron_invalid", placeOf(part), part, std::move(rule), std::move(hint));
    }

    Mistake takeElement(std::string_view element, CronField& field) const {
        if (element.empty()) return refuse(element, "a list has an empty element");
        const std::size_t slash = element.find('/');
        const std::string_view range = element.substr(0, slash);
        int low = kind_.low, high = kind_.high;
        if (range != "*") {
            if (auto mistake = readRange(range, low, high)) return mistake;
            if (slash != std::string_view::npos && range.find('-') == std::string_view::npos)
                return refuse(element, "a step needs a range or * before it",
                              fmt::format("write {}-{}{}", shown(range), kind_.high, shown(element.substr(slash))));
        }
        int step = 1;
        if (slash != std::string_view::npos)
            if (auto mistake = readStep(element.substr(slash + 1), step)) return mistake;
        const int others = kind_.high == 7 && low == 0 ? std::min(high, 6) : high;  // 7 is Sunday as 0 is
        if (step > 1 && step > others - low)
            field.note = fmt::format("{}: a step of {} leaves only the value {}, as in cron",
                                     placeOf(element.substr(slash + 1)), step, low);
        for (int value = low; value <= high; value += step) field.values |= std::uint64_t{1} << value;
        return std::nullopt;
    }

    Mistake readRange(std::string_view range, int& low, int& high) const {
        const std::size_t dash = range.find('-');
        if (auto mistake = readValue(range.substr(0, dash), low)) return mistake;
        high = low;
        if (dash == std::string_view::npos) return std::nullopt;
        if (auto mistake = readValue(range.substr(dash + 1), high)) return mistake;
        if (low <= high) return std::nullopt;
        std::string hint = fmt::format("write {}-{},{}-{}", low, kind_.high, kind_.low, high);
        if (kind_.high == 7)
            hint = high == 0 ? fmt::format("write {}-7", low) : fmt::format("write {}-6,0-{}", low, high);
        return refuse(range, "the range runs backwards", std::move(hint));
    }

    Mistake readValue(std::string_view text, int& value) const {
        const auto number = numberOf(text);
        if (number && (*number < kind_.low || *number > kind_.high))
            return refuse(text, fmt::format("out of range for {}", kind_.name));
        if (number) {
            value = *number;
            return std::nullopt;
        }
        const std::string name = lowerCase(text);
        for (std::size_t i = 0; i < kind_.names.size(); ++i)
            if (kind_.names[i] == name) {
                value = kind_.low + static_cast<int>(i);
                return std::nullopt;
            }
        return refuseWord(text, name);
    }

    Refusal refuseWord(std::string_view text, const std::string& name) const {
        if (text.empty()) return refuse(text, "a value is missing");
        if (text.find_first_of("?LW#lw") != std::string_view::npos && kind_.names.empty())
            return refuse(text, "not a number; ?, L, W and # belong to other schedulers, not to cron");
        if (text.find_first_of("?#") != std::string_view::npos)
            return refuse(text, "?, L, W and # belong to other schedulers, not to cron");
        if (kind_.names.empty()) return refuse(text, "not a number");
        for (const std::string_view known : kind_.names)  // "monday": cron has names of three letters only
            if (name.starts_with(known)) return refuse(text, "no such name", fmt::format("write {}", known));
        return refuse(text, "neither a number nor a name",
                      hintOfNearest(name, {kind_.names.begin(), kind_.names.end()},
                                    fmt::format("allowed: {}; {}", kind_.allowed, kForms)));
    }

    Mistake readStep(std::string_view text, int& step) const {
        const auto number = numberOf(text);
        if (!number) return refuse(text, "the step is not a number");
        if (*number == 0) return refuse(text, "a step of 0 never moves on", "write a step of 1 or more");
        step = *number;
        return std::nullopt;
    }

    const CronFieldKind& kind_;
    std::string_view text_;
    std::size_t column_;
};

}  // namespace

std::span<const CronFieldKind, 5> cronFieldKinds() {
    return kKinds;
}

Result<CronField> parseCronField(const CronFieldKind& kind, std::string_view text, std::size_t column) {
    return FieldParser(kind, text, column).parse();
}

}  // namespace caseway
