// gateway/normalize/date_reader.cpp - from written times to canonical ones.
#include "gateway/normalize/date_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "gateway/base/byte_blocks.hpp"
#include "gateway/normalize/chinese_time.hpp"

namespace caseway {
namespace {

using namespace std::chrono;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

const DatePattern& rfc3339Pattern(bool fraction) {
    static const DatePattern plain = *DatePattern::compile("%Y-%m-%dT%H:%M:%S%z");
    static const DatePattern with_fraction = *DatePattern::compile("%Y-%m-%dT%H:%M:%S.%f%z");
    return fraction ? with_fraction : plain;
}

/// RFC 3339, its fixed widths held; a space or a small letter in the place of T is taken (§5.6).
bool readRfc3339(std::string_view text, DateParts& parts) {
    if (text.size() < 20 || text.size() > 35 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':')
        return false;
    if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return false;
    const bool fraction = text[19] == '.';
    if (const char last = text.back(); last != 'Z' && last != 'z' && text[text.size() - 3] != ':') return false;
    std::array<char, 35> copy{};
    text.copy(copy.data(), text.size());
    copy[10] = 'T';
    if (!rfc3339Pattern(fraction).read({copy.data(), text.size()}, parts)) return false;
    if (fraction) parts.fraction = text.substr(20, parts.fraction.size());
    return true;
}

/// xs:date with its zone: "2026-05-04Z", "2026-05-04+08:00".
bool readDayWithOffset(std::string_view text, DateParts& parts) {
    static const DatePattern pattern = *DatePattern::compile("%Y-%m-%d%z");
    constexpr std::size_t kDay = sizeof "2026-05-04" - 1, kWhole = sizeof "2026-05-04+08:00" - 1;
    const bool is_utc = text.size() == kDay + 1 && text.back() == 'Z';
    const bool has_offset = text.size() == kWhole && text[kDay] == '+' && text[kDay + 3] == ':';
    return (is_utc || has_offset) && pattern.read(text, parts);
}

year_month_day dateOf(const DateParts& parts) {
    return {year(parts.year), month(static_cast<unsigned>(parts.month)), day(static_cast<unsigned>(parts.day))};
}

constexpr std::size_t kEpochDigits = 13;  ///< in milliseconds, from 2001 on
/// Seconds taken for milliseconds, and times written as eight or twelve digits, would lie in the 1970s: no epoch does.
bool isLikely(sys_seconds epoch) {
    const int of = static_cast<int>(year_month_day{floor<days>(epoch)}.year());
    return of >= 1900 && of < 2200 && of / 10 != 197;
}
constexpr int kLastYear = 9999;
constexpr seconds kTenThousandYears{315'569'520'000};  ///< beyond them there is no four-digit year
constexpr std::string_view kCommonForm = "%Y-%m-%d %H:%M:%S";

/// The value of every byte of `text` as a digit; `formed` where the bytes at the `0` of "0000-00-00 00:00:00" are
/// digits and the others as written there.
struct CommonForm {
    static constexpr std::size_t kBytes = 19;
    std::array<unsigned char, kBytes> digits{};
    bool formed = false;

    explicit CommonForm(std::string_view text) {
        constexpr char kShape[] = "0000-00-00 00:00:00";
        constexpr char kMost[] = "\x9\x9\x9\x9\0\x9\x9\0\x9\x9\0\x9\x9\0\x9\x9\0\x9\x9";
        if (text.size() != kBytes) return;
        // '0' ^ '7' is 7, and no other byte than a digit gives 0 to 9; two blocks that overlap cover all.
        constexpr std::size_t kSecond = kBytes - sizeof(ByteBlock);
        const ByteBlock first = loadBlock(text.data()) ^ loadBlock(kShape);
        const ByteBlock second = loadBlock(text.data() + kSecond) ^ loadBlock(kShape + kSecond);
        const ByteBlock wrong = (first > loadBlock(kMost)) | (second > loadBlock(kMost + kSecond));
        formed = !anyByte(wrong);
        std::memcpy(digits.data(), &first, sizeof first);
        std::memcpy(digits.data() + kSecond, &second, sizeof second);
    }
    int two(std::size_t at) const { return digits[at] * 10 + digits[at + 1]; }
};

/// Some of them, for people: the whole list would hide what stands around it.
constexpr std::string_view kDefaultWords =
    "2026-05-04 09:30:00, 20260504093000, 2026/5/4 9:30, 2026年5月4日 9时30分 or another form of the mapping "
    "reference, "
    "\"Times\"";
constexpr std::size_t kMostFormsTold = 5;

std::string wordsOf(const std::vector<DateForm>& forms) {
    std::string words;
    for (const DateForm& form : forms) {
        if (!words.empty()) words += ", ";
        if (&form - forms.data() == kMostFormsTold) return words + "… (`time` of the mapping)";
        switch (form.kind) {
            case DateForm::Kind::Pattern:
                words += form.pattern;
                break;
            case DateForm::Kind::EpochSeconds:
                words += "epoch_s (1900 to 2199, not 197x)";
                break;
            case DateForm::Kind::EpochMilliseconds:
                words += "epoch_ms (1900 to 2199, not 197x)";
                break;
            case DateForm::Kind::EpochOf13:
                words += "epoch_ms of 13 digits";
                break;
            case DateForm::Kind::Rfc3339:
                words += "rfc3339";
                break;
            case DateForm::Kind::DayWithOffset:
                words += "xs:date";
                break;
        }
    }
    return words;
}

/// Thirteen digits that begin with a day of our time are a compact time that has lost one, no milliseconds of 2030 and
/// later.
bool beginsWithDay(std::string_view text) {
    const auto number = [text](std::size_t at, std::size_t count) {
        int value = 0;
        for (const char digit : text.substr(at, count)) value = value * 10 + (digit - '0');
        return value;
    };
    const int year = number(0, 4), month = number(4, 2), day = number(6, 2);
    return year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

}  // namespace

std::vector<DateForm> DateReader::defaultForms() {
    std::vector<DateForm> forms = {{DateForm::Kind::Rfc3339, {}}};
    for (const char* pattern : {"%Y-%m-%d %H:%M:%S",
                                "%Y-%m-%d %H:%M:%S.%f",
                                "%Y-%m-%dT%H:%M:%S",
                                "%Y-%m-%dT%H:%M:%S.%f",
                                "%Y-%m-%d %H:%M",
                                "%Y-%m-%d",
                                "%Y%m%dT%H%M%S",
                                "%Y%m%d%H:%M:%S",
                                "%Y%m%d%H%M%S",
                                "%Y%m%d%H%M",
                                "%Y%m%d",
                                "%Y/%m/%d %H:%M:%S",
                                "%Y/%m/%d %H:%M",
                                "%Y/%m/%d",
                                "%Y.%m.%d %H:%M:%S",
                                "%Y.%m.%d %H:%M",
                                "%Y.%m.%d",
                                "%Y年%m月%d日",
                                "%Y年%m月%d日 %H:%M:%S",
                                "%Y年%m月%d日 %H:%M",
                                "%Y年%m月%d日%H:%M:%S",
                                "%Y年%m月%d日%H:%M",
                                "%Y年%m月%d日 %H时%M分%S秒",
                                "%Y年%m月%d日 %H时%M分",
                                "%Y年%m月%d日 %H时",
                                "%Y年%m月%d日%H时%M分%S秒",
                                "%Y年%m月%d日%H时%M分",
                                "%Y年%m月%d日%H时"})
        forms.push_back({DateForm::Kind::Pattern, pattern});
    forms.push_back({DateForm::Kind::DayWithOffset, {}});
    forms.push_back({DateForm::Kind::EpochOf13, {}});
    return forms;
}

std::optional<DateReader> DateReader::fromForms(const std::vector<DateForm>& forms, std::string& bad_form) {
    DateReader reader;
    for (const DateForm& form : forms.empty() ? defaultForms() : forms) {
        Form compiled{form.kind, form.pattern, {}};
        if (form.kind == DateForm::Kind::Pattern) {
            const auto pattern = DatePattern::compile(form.pattern);
            bad_form = form.pattern;
            if (!pattern) return std::nullopt;
            compiled.pattern = *pattern;
        }
        reader.forms_.push_back(std::move(compiled));
    }
    reader.words_ = forms.empty() ? std::string(kDefaultWords) : wordsOf(forms);
    return reader;
}

/// Whatever notation a word of `no_date` has, what it means is what counts: the field's own forms read it, else the
/// usual ones.
void DateReader::addNoDates(const std::vector<std::string>& words) {
    std::string bad_form;
    DateReader own = *this, usual = *fromForms({}, bad_form);
    usual.zone_ = zone_;
    usual.date_only_ = date_only_;
    own.is_of_no_dates_ = usual.is_of_no_dates_ = true;
    for (const std::string& word : words) {
        std::string time = paddedDate(word);
        CanonicalTime read;
        const auto isReadBy = [&](const DateReader& reader) {
            return reader.readByForms(word, read) == DateVerdict::Read;
        };
        if (time.empty() && (isReadBy(own) || isReadBy(usual))) time = read.view();
        no_dates_.add(word, std::move(time));
    }
}

void DateReader::prepareCommonForm() {
    const auto offset = zone_.fixedOffset();
    for (const Form& form : forms_) {
        if (form.kind == DateForm::Kind::Rfc3339) continue;  // longer
        takes_common_form_ = offset && form.kind == DateForm::Kind::Pattern && form.text == kCommonForm;
        break;
    }
    if (!takes_common_form_) return;
    CanonicalTime written;
    putOffset(written, *offset);
    written.view().copy(offset_.data(), offset_.size());
}

/// False: not in this form, or no such day or time; the forms decide.
bool DateReader::readCommonForm(std::string_view text, CanonicalTime& out) const {
    const CommonForm found(text);
    if (!found.formed) return false;
    const year_month_day date{year(found.two(0) * 100 + found.two(2)), month(static_cast<unsigned>(found.two(5))),
                              day(static_cast<unsigned>(found.two(8)))};
    if (date.year() < year(1) || !date.ok() || found.two(11) > 23 || found.two(14) > 59 || found.two(17) > 59)
        return false;
    std::memcpy(out.bytes.data(), text.data(), text.size());
    out.size = 10;
    if (date_only_) return true;
    out.bytes[out.size] = 'T';
    std::memcpy(out.bytes.data() + text.size(), offset_.data(), offset_.size());
    out.size = text.size() + offset_.size();
    return true;
}

DateVerdict DateReader::read(std::string_view text, CanonicalTime& out) const {
    if (!no_dates_.empty() && no_dates_.haveText(text)) return DateVerdict::NoDate;
    if (!takes_common_form_ || !readCommonForm(text, out)) return readByForms(text, out);
    return !no_dates_.empty() && no_dates_.haveTime(out.view()) ? DateVerdict::NoDate : DateVerdict::Read;
}

bool DateReader::lacksDay(std::string_view text) {
    static const std::vector<DatePattern> months = [] {
        std::vector<DatePattern> made;
        for (const char* pattern : {"%Y年%m月", "%Y年%m月份", "%Y-%m", "%Y/%m", "%Y.%m", "%Y%m", "%Y年", "%Y"})
            made.push_back(*DatePattern::compileWithoutDay(pattern));
        return made;
    }();
    DateParts parts;
    return std::any_of(months.begin(), months.end(), [&](const DatePattern& one) {
        return one.read(text, parts) && parts.year >= 1900 && parts.year < 2100 && parts.month >= 1 &&
               parts.month <= 12;
    });
}

bool DateReader::lacksYear(std::string_view text) {
    static const DateReader forms = [] {
        std::string bad_form;
        DateReader made = *fromForms({}, bad_form);
        made.takes_words_ = true;
        return made;
    }();
    constexpr std::string_view kLeapYear = "2000";
    CanonicalTime out;
    for (const std::string_view between : {"年", "-", "/", "."}) {
        const std::string whole = std::string(kLeapYear) + std::string(between) + std::string(text);
        if (forms.readByForms(whole, out) == DateVerdict::Read) return true;
    }
    return false;
}

DateVerdict DateReader::readByForms(std::string_view text, CanonicalTime& out) const {
    const DateVerdict verdict = readPlain(text, out);
    if (verdict != DateVerdict::Unreadable || !takes_words_) return verdict;
    const auto plain = inPlainWords(text);
    return plain ? readPlain(*plain, out) : verdict;
}

/// Digits that are a day which does not exist are no seconds of 1970 either.
DateVerdict DateReader::readPlain(std::string_view text, CanonicalTime& out) const {
    DateVerdict verdict = DateVerdict::Unreadable;
    for (const Form& form : forms_) {
        const bool is_epoch =
            form.kind == DateForm::Kind::EpochSeconds || form.kind == DateForm::Kind::EpochMilliseconds;
        if (is_epoch && verdict == DateVerdict::Impossible) continue;
        const DateVerdict found = readAs(form, text, out);
        if (found == DateVerdict::Unreadable) continue;
        verdict = found;
        if (found != DateVerdict::Impossible) break;
    }
    return verdict;
}

DateVerdict DateReader::readAs(const Form& form, std::string_view text, CanonicalTime& out) const {
    DateParts parts;
    switch (form.kind) {
        case DateForm::Kind::EpochSeconds:
            return readEpoch(text, false, out);
        case DateForm::Kind::EpochMilliseconds:
            return readEpoch(text, true, out);
        case DateForm::Kind::EpochOf13:
            return text.size() == kEpochDigits && isDigit(text.front()) && !beginsWithDay(text)
                       ? readEpoch(text, true, out)
                       : DateVerdict::Unreadable;
        case DateForm::Kind::Rfc3339:
            return readRfc3339(text, parts) ? write(parts, out) : DateVerdict::Unreadable;
        case DateForm::Kind::DayWithOffset:
            return readDayWithOffset(text, parts) ? write(parts, out) : DateVerdict::Unreadable;
        case DateForm::Kind::Pattern:
            return form.pattern.read(text, parts) ? write(parts, out) : DateVerdict::Unreadable;
    }
    return DateVerdict::Unreadable;
}

DateVerdict DateReader::readEpoch(std::string_view text, bool is_milliseconds, CanonicalTime& out) const {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return DateVerdict::Unreadable;
    const milliseconds since = is_milliseconds ? milliseconds(value) : milliseconds(0);
    const seconds whole = is_milliseconds ? floor<seconds>(since) : seconds(value);
    if (whole > kTenThousandYears || whole < -kTenThousandYears) return DateVerdict::Unreadable;
    const sys_seconds instant{whole};
    DateParts parts = partsAt(instant, zone_.offsetAt(instant));
    if (parts.year < 1 || parts.year > kLastYear) return DateVerdict::Unreadable;
    std::array<char, 3> fraction{};
    if (is_milliseconds) {
        auto rest = static_cast<int>((since - whole).count());
        for (std::size_t i = 3; i-- > 0; rest /= 10) fraction[i] = static_cast<char>('0' + rest % 10);
        parts.fraction = {fraction.data(), fraction.size()};
    }
    if (isLikely(instant)) return write(parts, out);
    return meansNoDate(parts) ? DateVerdict::NoDate : DateVerdict::Unreadable;
}

DateParts DateReader::partsAt(sys_seconds instant, int offset) {
    const sys_seconds local = instant + minutes(offset);
    const year_month_day date{floor<days>(local)};
    const hh_mm_ss<seconds> clock{local - floor<days>(local)};
    return {.year = static_cast<int>(date.year()),
            .month = static_cast<int>(static_cast<unsigned>(date.month())),
            .day = static_cast<int>(static_cast<unsigned>(date.day())),
            .hour = static_cast<int>(clock.hours().count()),
            .minute = static_cast<int>(clock.minutes().count()),
            .second = static_cast<int>(clock.seconds().count()),
            .offset = offset,
            .has_clock = true};
}

/// The same instant as the field's zone tells it; as it stands where the text names none, or the calendar ends.
DateParts DateReader::inZone(const DateParts& parts) const {
    if (!parts.offset || !parts.has_clock) return parts;
    const sys_seconds instant =
        sys_days(dateOf(parts)) + hours(parts.hour) + minutes(parts.minute - *parts.offset) + seconds(parts.second);
    DateParts here = partsAt(instant, zone_.offsetAt(instant));
    if (here.year < 1 || here.year > kLastYear) return parts;
    here.fraction = parts.fraction;
    return here;
}

bool DateReader::meansNoDate(const DateParts& parts) const {
    if (no_dates_.empty()) return false;
    CanonicalTime time;
    putDate(time, parts);
    putClock(time, parts);
    return no_dates_.haveTime(time.view());
}

DateVerdict DateReader::write(const DateParts& parts, CanonicalTime& out) const {
    const year_month_day date = dateOf(parts);
    const bool exists = parts.year >= 1 && date.ok() && parts.hour <= 23 && parts.minute <= 59 && parts.second <= 59;
    if (meansNoDate(parts)) return DateVerdict::NoDate;
    if (!exists) return DateVerdict::Impossible;
    const DateParts here = inZone(parts);
    if (meansNoDate(here)) return DateVerdict::NoDate;
    out.size = 0;
    const bool is_local = date_only_ || is_of_no_dates_;
    putDate(out, is_local ? here : parts);
    if (is_local) {
        if (is_of_no_dates_ && here.has_clock && !date_only_) putClock(out, here);
        return DateVerdict::Read;
    }
    auto offset = parts.offset;
    if (!offset)
        offset =
            zone_.offsetAtLocal(local_days(date) + hours(parts.hour) + minutes(parts.minute) + seconds(parts.second));
    if (!offset) return DateVerdict::Impossible;
    putClock(out, parts);
    putOffset(out, *offset);
    return DateVerdict::Read;
}

}  // namespace caseway
