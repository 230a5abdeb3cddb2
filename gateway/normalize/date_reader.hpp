// gateway/normalize/date_reader.hpp - the times of one field: forms in order, zone, sentinels; out comes RFC 3339 with
// its offset, or a calendar date. Impossible dates are refused, never rolled over.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/normalize/canonical_time.hpp"
#include "gateway/normalize/date_pattern.hpp"
#include "gateway/normalize/mapping_spec.hpp"
#include "gateway/normalize/no_dates.hpp"
#include "gateway/normalize/zone_rule.hpp"

namespace caseway {

enum class DateVerdict { Read, NoDate, Unreadable, Impossible };

class DateReader {
public:
    /// Forms that a field without `time` takes, in order; docs/mapping-reference.md lists them.
    static std::vector<DateForm> defaultForms();
    /// `mistake`: called with (key, rule, hint) for each thing wrong with `value`; the reader must not be used then.
    template <class Report>
    static DateReader compile(const ValueSpec& value, bool date_only, Report&& mistake);

    /// `text` is trimmed and folded. Read: `out` holds "2018-09-13T13:33:27+08:00", or "2018-09-13" for a date.
    DateVerdict read(std::string_view text, CanonicalTime& out) const;
    /// A year, or a month of one, in a form of our time: which day was meant nobody knows.
    static bool lacksDay(std::string_view text);
    /// A day of no year, as 5月1日: which one was meant nobody knows.
    static bool lacksYear(std::string_view text);
    /// "%Y-%m-%d %H:%M:%S, epoch_ms": what the field takes, for refusals; of many forms the first.
    const std::string& formsInWords() const { return words_; }

private:
    struct Form {
        DateForm::Kind kind;
        std::string text;  ///< of the pattern
        DatePattern pattern;
    };
    /// Empty: the default ones.
    static std::optional<DateReader> fromForms(const std::vector<DateForm>& forms, std::string& bad_form);
    void addNoDates(const std::vector<std::string>& words);
    void prepareCommonForm();
    bool readCommonForm(std::string_view text, CanonicalTime& out) const;
    DateVerdict readByForms(std::string_view text, CanonicalTime& out) const;
    DateVerdict readPlain(std::string_view text, CanonicalTime& out) const;
    DateVerdict readAs(const Form& form, std::string_view text, CanonicalTime& out) const;
    DateVerdict readEpoch(std::string_view text, bool milliseconds, CanonicalTime& out) const;
    static DateParts partsAt(std::chrono::sys_seconds instant, int offset);
    DateParts inZone(const DateParts& parts) const;
    bool meansNoDate(const DateParts& parts) const;
    DateVerdict write(const DateParts& parts, CanonicalTime& out) const;

    std::vector<Form> forms_;
    NoDates no_dates_;
    ZoneRule zone_;
    bool date_only_ = false;
    bool takes_words_ = false;        ///< no `time`: words that stand for others too (chinese_time.hpp)
    bool is_of_no_dates_ = false;     ///< reads words of `no_date`: writes them as NoDates compares them
    bool takes_common_form_ = false;  ///< "2018-09-13 13:33:27", before any other form that could read it
    std::array<char, 6> offset_{};    ///< "+08:00": of every time in the common form
    std::string words_;
};

template <class Report>
DateReader DateReader::compile(const ValueSpec& value, bool date_only, Report&& mistake) {
    std::string bad_form;
    auto reader = fromForms(value.time, bad_form);
    if (!reader && DatePattern::namesNoDay(bad_form)) {
        mistake("time", "'" + bad_form + "' names no day, and none is guessed",
                "read whole dates; a year or a month alone is a text: keep it under `extra`, without `time`");
        return {};
    }
    if (!reader) {
        mistake("time", "'" + bad_form + "' is not a form of a time",
                "write marks %Y %m %d %H %M %S %f %z and literal characters, or epoch_ms, epoch_s, rfc3339");
        return {};
    }
    reader->date_only_ = date_only;
    reader->takes_words_ = value.time.empty();
    if (const auto zone = ZoneRule::parse(value.zone))
        reader->zone_ = *zone;
    else
        mistake("zone", "'" + value.zone + "' is not a time zone",
                "an offset like +08:00, or a name like Asia/Shanghai");
    if (!value.no_date.empty()) reader->addNoDates(value.no_date);
    reader->prepareCommonForm();
    return *std::move(reader);
}

}  // namespace caseway
