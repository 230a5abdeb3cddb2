// gateway/sync/cron_expression.cpp - splits an expression into its fields and joins what they say.
#include "gateway/sync/cron_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gateway/formats/text/near_word.hpp"
#include "gateway/sync/cron_field.hpp"
#include "gateway/sync/schedule_refusal.hpp"

namespace caseway {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::uint64_t kAllHours = (std::uint64_t{1} << 24) - 1;

struct NamedExpression {
    std::string_view name, fields;
};
constexpr std::array<NamedExpression, 7> kNamed = {{{"@yearly", "0 0 1 1 *"},
                                                    {"@annually", "0 0 1 1 *"},
                                                    {"@monthly", "0 0 1 * *"},
                                                    {"@weekly", "0 0 * * 0"},
                                                    {"@daily", "0 0 * * *"},
                                                    {"@midnight", "0 0 * * *"},
                                                    {"@hourly", "0 * * * *"}}};

struct FieldText {
    std::string_view text;
    std::size_t column;  ///< 1-based
};

std::vector<FieldText> split(std::string_view text) {
    std::vector<FieldText> fields;
    for (std::size_t at = text.find_first_not_of(kBlanks); at != std::string_view::npos;) {
        const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
        fields.push_back({text.substr(at, end - at), at + 1});
        at = text.find_first_not_of(kBlanks, end);
    }
    return fields;
}

Refusal refuseName(std::string_view name, std::size_t column) {
    const std::string where = fmt::format("expression, column {}", column);
    if (name == "@reboot")
        return scheduleRefusal("cron_invalid", where, name, "a start of the gateway is no time of a calendar",
                               "write a time, e.g. @daily; a run missed while the gateway was down is made up by the "
                               "missed-run policy");
    if (name.starts_with("@every"))
        return scheduleRefusal("cron_invalid", where, name, "cron has no such name", "write e.g. */5 * * * *");
    std::vector<std::string_view> known;
    for (const NamedExpression& named : kNamed) {
        if (named.name == name)
            return scheduleRefusal("cron_invalid", where, name, "a name like this stands alone",
                                   "take away what stands beside it");
        known.push_back(named.name);
    }
    return scheduleRefusal(
        "cron_invalid", where, name, "cron has no such name",
        hintOfNearest(name, known, "one of @yearly @annually @monthly @weekly @daily @midnight @hourly"));
}

Refusal refuseCount(const std::vector<FieldText>& fields, std::string_view text) {
    const std::string_view missing = fields.size() < 5 ? cronFieldKinds()[fields.size()].name : std::string_view();
    std::string where = missing.empty() ? fmt::format("field 6, column {}", fields[5].column)
                                        : fmt::format("field {} ({})", fields.size() + 1, missing);
    return scheduleRefusal(
        "cron_invalid", std::move(where), missing.empty() ? fields[5].text : text,
        missing.empty()
            ? fmt::format("an expression has five fields, this one has {}", fields.size())
            : fmt::format("the {} is missing: an expression has five fields, this one has {}", missing, fields.size()),
        "write minute, hour, day of month, month, day of week (no seconds, no year), e.g. 30 1 * * *");
}

}  // namespace

Result<CronExpression> CronExpression::parse(std::string_view text) {
    if (text.size() > kLongestCronExpression)
        return scheduleRefusal("cron_invalid", "expression", text,
                               fmt::format("longer than {} characters", kLongestCronExpression),
                               "write ranges and steps instead of long lists");
    const auto fields = split(text);
    if (fields.size() != 1 || !fields[0].text.starts_with('@')) {
        if (!fields.empty() && fields[0].text.starts_with('@')) return refuseName(fields[0].text, fields[0].column);
        return fromFields(text);
    }
    for (const NamedExpression& named : kNamed)
        if (named.name == fields[0].text) return fromFields(named.fields);
    return refuseName(fields[0].text, fields[0].column);
}

Result<CronExpression> CronExpression::fromFields(std::string_view text) {
    const auto texts = split(text);
    if (texts.size() != 5) return refuseCount(texts, text);
    std::array<CronField, 5> fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        auto field = parseCronField(cronFieldKinds()[i], texts[i].text, texts[i].column);
        if (!field) return std::move(field).error();
        fields[i] = *std::move(field);
    }
    CronExpression expression;
    for (CronField& field : fields)
        if (!field.note.empty()) expression.notes_.push_back(std::move(field.note));
    expression.minutes_ = fields[0].values;
    expression.hours_ = fields[1].values;
    expression.days_ = fields[2].values;
    expression.months_ = fields[3].values;
    expression.weekdays_ = fields[4].values | (fields[4].values >> 7 & 1);  // 7 is Sunday too
    expression.is_interval_ = fields[0].star || fields[1].star;
    expression.day_or_weekday_ = !fields[2].star && !fields[4].star;
    if (!expression.canMatch())
        return scheduleRefusal("cron_never_runs",
                               fmt::format("fields 3 (day of month) and 4 (month), column {}", texts[2].column),
                               fmt::format("{} {}", texts[2].text, texts[3].text), "no year has such a date",
                               "February has 28 or 29 days; April, June, September and November have 30");
    return expression;
}

/// Every weekday comes to stand on every date, 29 February included, within 400 years; so only the length of the
/// months can make an expression impossible.
bool CronExpression::canMatch() const {
    if (day_or_weekday_) return true;
    for (unsigned month = 1; month <= 12; ++month) {
        if (!matches(std::chrono::month(month))) continue;
        const std::chrono::year_month_day_last last =
            std::chrono::year(2000) / std::chrono::month(month) / std::chrono::last;
        if ((days_ & ((std::uint64_t{2} << static_cast<unsigned>(last.day())) - 1)) != 0) return true;
    }
    return false;
}

bool CronExpression::matches(std::chrono::year_month_day date) const {
    if (!matches(date.month())) return false;
    const bool day = ((days_ >> static_cast<unsigned>(date.day())) & 1) != 0;
    const bool weekday = ((weekdays_ >> std::chrono::weekday(std::chrono::local_days(date)).c_encoding()) & 1) != 0;
    return day_or_weekday_ ? day || weekday : day && weekday;
}

std::vector<int> CronExpression::timesOfDay() const {
    std::vector<int> times;
    for (int hour = 0; hour < 24; ++hour)
        for (int minute = 0; minute < 60; ++minute)
            if (((hours_ >> hour) & 1) != 0 && ((minutes_ >> minute) & 1) != 0) times.push_back(hour * 60 + minute);
    return times;
}

bool CronExpression::isHourlyInterval() const {
    return is_interval_ && hours_ == kAllHours;
}

}  // namespace caseway
