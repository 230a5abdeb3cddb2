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

void put(CanonicalTime& out, int value, int width) {
    for (int i = width; i-- > 0; value /= 10)
        out.bytes[out.size + static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
    out.size += static_cast<std::size_t>(width);
}
void put(CanonicalTime& out, char c) {
    out.bytes[out.size++] = c;
}

void putDate(CanonicalTime& out, const DateParts& parts) {
    put(out, parts.year, 4);
    put(out, '-');
    put(out, parts.month, 2);
    put(out, '-');
    put(out, parts.day, 2);
}

void putClock(CanonicalTime& out, const DateParts& parts, int offset) {
    put(out, 'T');
    put(out, parts.hour, 2);
    put(out, ':');
    put(out, parts.minute, 2);
    put(out, ':');
    put(out, parts.second, 2);
    std::string_view fraction = parts.fraction;
    while (fraction.ends_with('0')) fraction.remove_suffix(1);
    if (!fraction.empty()) put(out, '.');
    for (const char digit : fraction) put(out, digit);
    put(out, offset < 0 ? '-' : '+');
    put(out, (offset < 0 ? -offset : offset) / 60, 2);
    put(out, ':');
    put(out, (offset < 0 ? -offset : offset) % 60, 2);
}

/// "1753-1-1" as "1753-01-01", "9999" as itself; empty where the text is not a year, a month or a day.
std::string paddedDate(std::string_view text) {
    std::string padded;
    for (int part = 0; part < 3; ++part) {
        std::size_t count = 0;
        while (count < text.size() && isDigit(text[count])) ++count;
        if (part == 0 ? count != 4 : (count < 1 || count > 2)) return {};
        if (part > 0) padded += count == 1 ? "-0" : "-";
        padded += text.substr(0, count);
        text.remove_prefix(count);
        if (text.empty()) return padded;
        if (!text.starts_with('-')) return {};
        text.remove_prefix(1);
    }
    return {};
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

constexpr std::size_t kEpochDigits = 13;  ///< in milliseconds, from 2001 to 2286
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
                words += "epoch_s";
                break;
            case DateForm::Kind::EpochMilliseconds:
                words += "epoch_ms";
                break;
            case DateForm::Kind::EpochOf13:
                words += "epoch_ms of 13 digits";
                break;
            case DateForm::Kind::Rfc3339:
                words += "rfc3339";
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

void DateReader::addSentinel(const std::string& text) {
    no_date_.push_back({text, paddedDate(text)});
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
    putClock(written, {}, *offset);
    written.view().substr(sizeof "T00:00:00" - 1).copy(offset_.data(), offset_.size());
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

bool DateReader::isSentinelText(std::string_view text) const {
    constexpr std::size_t kDay = 10;  // of a whole date: then a time may follow, even an impossible one
    for (const Sentinel& sentinel : no_date_) {
        if (!text.starts_with(sentinel.text)) continue;
        if (text.size() == sentinel.text.size()) return true;
        if (sentinel.prefix.size() == kDay && !isDigit(text[sentinel.text.size()])) return true;
    }
    return false;
}

DateVerdict DateReader::read(std::string_view text, CanonicalTime& out) const {
    if (!no_date_.empty() && isSentinelText(text)) return DateVerdict::NoDate;
    const bool common = takes_common_form_ && readCommonForm(text, out);
    const DateVerdict verdict = common ? DateVerdict::Read : readByForms(text, out);
    if (verdict != DateVerdict::Read) return verdict;
    for (const Sentinel& sentinel : no_date_)
        if (!sentinel.prefix.empty() && out.view().starts_with(sentinel.prefix)) return DateVerdict::NoDate;
    return verdict;
}

bool DateReader::lacksDay(std::string_view text) {
    static const std::vector<DatePattern> months = [] {
        std::vector<DatePattern> made;
        for (const char* pattern : {"%Y年%m月", "%Y年%m月份", "%Y-%m", "%Y/%m", "%Y.%m", "%Y%m", "%Y年", "%Y"})
            made.push_back(*DatePattern::compile(pattern));
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

DateVerdict DateReader::readPlain(std::string_view text, CanonicalTime& out) const {
    DateVerdict verdict = DateVerdict::Unreadable;
    for (const Form& form : forms_) {
        const DateVerdict found = readAs(form, text, out);
        if (found == DateVerdict::Unreadable) continue;
        verdict = found;
        if (found == DateVerdict::Read) break;
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
    constexpr std::int64_t kLast =
        253402214400;  // 9999-12-31, a day before the year ends, so that every zone can write it
    if (whole.count() > kLast || whole.count() < -kLast / 5) return DateVerdict::Impossible;
    const sys_seconds instant{whole};
    const int offset = zone_.offsetAt(instant);
    const sys_seconds local = instant + minutes(offset);
    const year_month_day date{floor<days>(local)};
    const hh_mm_ss<seconds> clock{local - floor<days>(local)};
    DateParts parts{static_cast<int>(date.year()),
                    static_cast<int>(static_cast<unsigned>(date.month())),
                    static_cast<int>(static_cast<unsigned>(date.day())),
                    static_cast<int>(clock.hours().count()),
                    static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count())};
    std::array<char, 3> fraction{};
    if (is_milliseconds) {
        auto rest = static_cast<int>((since - whole).count());
        for (std::size_t i = 3; i-- > 0; rest /= 10) fraction[i] = static_cast<char>('0' + rest % 10);
        parts.fraction = {fraction.data(), fraction.size()};
    }
    parts.offset = offset;
    return write(parts, out);
}

DateVerdict DateReader::write(const DateParts& parts, CanonicalTime& out) const {
    const year_month_day date{year(parts.year), month(static_cast<unsigned>(parts.month)),
                              day(static_cast<unsigned>(parts.day))};
    if (parts.year < 1 || !date.ok() || parts.hour > 23 || parts.minute > 59 || parts.second > 59)
        return DateVerdict::Impossible;
    out.size = 0;
    putDate(out, parts);
    if (date_only_) return DateVerdict::Read;
    auto offset = parts.offset;
    if (!offset)
        offset =
            zone_.offsetAtLocal(local_days(date) + hours(parts.hour) + minutes(parts.minute) + seconds(parts.second));
    if (!offset) return DateVerdict::Impossible;
    putClock(out, parts, *offset);
    return DateVerdict::Read;
}

}  // namespace caseway
