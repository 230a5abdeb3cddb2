// gateway/normalize/typed_reader.cpp - reading by type. Each refusal names its code; all codes:
// docs/mapping-reference.md.
#include "gateway/normalize/typed_reader.hpp"

#include <algorithm>

#include "gateway/formats/json/document.hpp"
#include "gateway/formats/unicode/look_alike.hpp"
#include "gateway/normalize/byte_scan.hpp"
#include "gateway/normalize/check_digits.hpp"
#include "gateway/normalize/number_form.hpp"
#include "gateway/normalize/white_space.hpp"

namespace caseway {
namespace {

constexpr std::uint32_t kLongText = 500;  // characters: opinions, reasons, addresses

ValueOutcome value(ValueKind kind, std::string_view text) {
    return {ValueStatus::Value, kind, text};
}

ValueOutcome refused(std::string_view code, std::string_view rule, std::string_view hint) {
    return {ValueStatus::Refused, ValueKind::String, {}, code, rule, hint};
}

bool hasControl(std::string_view text, bool is_long) {
    const bool found = hasControlByte(text);
    if (!found || !is_long) return found;
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    });
}

/// Whether a text or name inside `json`, which is valid, has a control character: JSON writes each escaped.
bool escapesControl(std::string_view json) {
    for (std::size_t at = json.find('\\'); at != json.npos; at = json.find('\\', at + 2)) {
        const char what = json[at + 1];
        if (what == 'b' || what == 'f' || what == 'n' || what == 'r' || what == 't') return true;
        if (what == 'u' && json.substr(at + 2, 2) == "00" && (json[at + 4] == '0' || json[at + 4] == '1')) return true;
    }
    return false;
}

ValueOutcome refusedControl() {
    return refused("control_character", "no control characters (long texts: tabs and line ends only)",
                   "the department must send the text without them");
}

/// Where the first separator stands in `text`; npos where none. `bytes`: how long it is.
std::size_t findSeparator(std::string_view text, std::string_view separators, std::size_t& bytes) {
    for (std::size_t at = 0; at < text.size() && !separators.empty(); at += bytes) {
        for (bytes = 1; at + bytes < text.size() && (static_cast<unsigned char>(text[at + bytes]) & 0xC0) == 0x80;)
            ++bytes;
        if (separators.find(text.substr(at, bytes)) != std::string_view::npos) return at;
    }
    return std::string_view::npos;
}

/// Of several values in one text the first stands: without a place for all of them the others would be lost.
template <class Tell>
void tellLossOfSplit(const FieldSpec& field, const Tell& mistake) {
    if (field.constant) return mistake("split", "a constant is written as it is to stand", "leave out split");
    const bool is_item = isList(infoOf(*field.field).section);
    mistake("split", "only the first of several values would stand, and the others be lost: say who keeps the text",
            is_item ? "add unfit: another field of the item, which takes the whole text"
                    : "add unfit: extra." + std::string(infoOf(*field.field).name) + ", which takes the whole text");
}

bool isTime(FieldType type) {
    return type == FieldType::DateTime || type == FieldType::Date;
}

/// What XPath writes for the result of an expression that has nothing to count with, or divides by nothing.
bool isNoNumber(std::string_view text) {
    return text == "NaN" || text == "Infinity" || text == "-Infinity";
}
constexpr std::string_view kNoNumberHint =
    "the expression reads an element that is missing, empty or no number: leave the field out there with `when`";

}  // namespace

std::string placeOf(const FieldSpec& field) {
    if (!field.place.where.empty()) return field.place.where;
    if (!field.field) return "fields.extra." + field.extra_name;
    const FieldInfo& info = infoOf(*field.field);
    if (info.section == Section::Case) return "fields." + std::string(info.name);
    return "fields." + std::string(nameOf(info.section)) + (isList(info.section) ? ".fields." : ".") +
           std::string(info.name);
}

bool isCodeLike(const FieldSpec& field) {
    const ValueSpec& spec = field.value;
    if (!field.field) return !spec.codes.empty() || !spec.time.empty() || spec.check != CheckDigit::None;
    const FieldInfo& info = infoOf(*field.field);
    if (info.type == FieldType::TextList) return false;
    if (info.type != FieldType::Text) return true;
    const std::string_view name = info.name;
    for (const std::string_view end : {"_no", "_code", "_type", "_version", "_mobile", "_way"})
        if (name.ends_with(end)) return true;
    return false;
}

TypedReader::TypedReader(const FieldSpec& field, const std::string& file, std::vector<MappingMistake>& mistakes)
    : field_(field.field),
      code_like_(isCodeLike(field)),
      convert_old_id_(field.value.convert_old_id),
      split_(field.value.split),
      fillers_(field.value.empty_values) {
    const ValueSpec& spec = field.value;
    const std::string path = placeOf(field);
    const auto mistake = [&](const std::string& key, const std::string& rule, const std::string& hint) {
        mistakes.push_back({file, field.place.lineOf(key), path + "." + key, rule, hint});
    };
    if (field_) {
        const FieldInfo& info = infoOf(*field_);
        type_ = info.type;
        max_length_ = info.max_length;
        long_text_ = type_ == FieldType::Text && max_length_ >= kLongText;
        is_hex_ = info.name == "sm3";
    } else if (!spec.time.empty()) {
        type_ = FieldType::DateTime;
    } else if (!spec.split.empty()) {
        type_ = FieldType::TextList;
    }
    const bool textual = type_ == FieldType::Text || type_ == FieldType::Any;
    check_ = spec.check;
    if (check_ != CheckDigit::None && !textual) mistake("check", "only texts bear check digits", "leave out check");
    if (convert_old_id_ && check_ != CheckDigit::IdCard && check_ != CheckDigit::IdCardOrCreditCode)
        mistake("convert_old_id", "only id numbers have an old form", "add check: id_card");
    const bool holds_several = type_ == FieldType::Text && check_ == CheckDigit::None && spec.codes.empty();
    if (!split_.empty() && type_ != FieldType::TextList && !holds_several)
        mistake("split", "only texts without check digits and codes can be split", "leave out split");
    else if (!split_.empty() && type_ != FieldType::TextList && !field.unfit_place && spec.unfit.empty())
        tellLossOfSplit(field, mistake);
    const bool measures = type_ == FieldType::Integer || type_ == FieldType::Code || !field_;
    if (spec.part != TextPart::Whole && !measures)
        mistake("part", "only whole numbers and codes are parts of a text", "leave out part");
    if (isTime(type_))
        dates_ = DateReader::compile(spec, type_ == FieldType::Date, mistake);
    else if (!spec.time.empty())
        mistake("time", "the field is not a time", "leave out time");
    else if (!spec.no_date.empty())
        mistake("no_date", "the field is not a time", "use empty for texts that mean nothing");
    date_rule_ = "a time written as " + dates_.formsInWords();
}

std::string_view TypedReader::ruleBroken(std::string_view text) const {
    if (field_) return ruleBrokenBy(*field_, text);
    return {};
}

ValueOutcome TypedReader::withinSchema(ValueKind kind, std::string_view text, std::string_view code,
                                       std::string_view hint) const {
    const std::string_view rule = ruleBroken(text);
    return rule.empty() ? value(kind, text) : refused(code, rule, hint);
}

ValueOutcome TypedReader::read(std::string_view text, TextArena& arena) const {
    if (hasControl(text, long_text_)) return refusedControl();
    if (code_like_ && hasInvisible(text))
        return refused(
            "control_character", "no invisible characters in numbers and codes",
            "a zero-width, direction or other space character came along; the department must send it without");
    return readClean(text, arena);
}

ValueOutcome TypedReader::readClean(std::string_view text, TextArena& arena) const {
    switch (type_) {
        case FieldType::Text:
        case FieldType::Any:
            return readText(text, arena);
        case FieldType::Code:
            return withinSchema(ValueKind::String, text, "code_unknown", "map the department's code in `codes`");
        case FieldType::Digits:
            return readDigits(text, arena);
        case FieldType::DateTime:
        case FieldType::Date:
            return readTime(text, arena);
        case FieldType::Money:
            return readMoney(text, arena);
        case FieldType::Integer:
            return readInteger(text);
        case FieldType::Boolean: {
            const auto truth = readBoolean(text);
            if (!truth)
                return refused("boolean_unreadable", "true, false, 1, 0, Y, N, 是 or 否", "map other words in `codes`");
            return value(ValueKind::Boolean, *truth ? "true" : "false");
        }
        case FieldType::TextList:
            return readList(text, arena);
    }
    return value(ValueKind::String, text);
}

ValueOutcome TypedReader::readText(std::string_view text, TextArena& arena) const {
    if (check_ != CheckDigit::None) return checked(text, arena);
    return readLength(text);
}

/// Limits are of characters; bytes are only looked at first because they are quicker to know.
ValueOutcome TypedReader::readLength(std::string_view text) const {
    if (text.size() <= max_length_ || !field_) return value(ValueKind::String, text);
    if (!split_.empty() && !ruleBroken(text).empty()) return firstThatFits(text);
    return withinSchema(ValueKind::String, text, "too_long", "the department must shorten it, or map it under extra");
}

/// Whose telephone it is stands before some: a number has seven digits at least.
bool mayBeTelephone(std::string_view text) {
    return std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) >= 7;
}

/// Of several values in one text, as telephones are written: what stands before a separator. They are tried in their
/// order, so that a blank, which may stand inside a value, comes last.
ValueOutcome TypedReader::firstThatFits(std::string_view text) const {
    const bool is_telephone = infoOf(*field_).name.ends_with("_mobile");
    for (std::string_view separators = split_; !separators.empty();) {
        std::size_t bytes = 1;
        while (bytes < separators.size() && (static_cast<unsigned char>(separators[bytes]) & 0xC0) == 0x80) ++bytes;
        const std::string_view first = trimmed(text.substr(0, text.find(separators.substr(0, bytes))));
        const bool fits = !first.empty() && ruleBroken(first).empty();
        if (fits && (!is_telephone || mayBeTelephone(first))) return value(ValueKind::String, first);
        separators.remove_prefix(bytes);
    }
    return withinSchema(ValueKind::String, text, "too_long", "the department must shorten it, or map it under extra");
}

ValueOutcome TypedReader::checked(std::string_view text, TextArena& arena) const {
    if (const ValueOutcome taken = readLength(text); taken.status == ValueStatus::Refused) return taken;
    std::string upper(text);
    if (upperCase(upper)) text = arena.keep(upper);
    if (check_ == CheckDigit::OrgCode) {
        if (checkOrgCode(text) != CheckVerdict::Wrong) return withinSchema(ValueKind::String, text, "too_long", {});
        return refused(
            "org_code_wrong",
            "an organisation code by GB 11714: nine characters, the check character right, - before it or not",
            "a character was mistyped, or it is a number of another kind; a credit code belongs in dept_code");
    }
    const bool person = check_ != CheckDigit::CreditCode, organisation = check_ != CheckDigit::IdCard;
    if (person && checkIdCard(text) != CheckVerdict::Wrong) {
        const bool convert = convert_old_id_ && text.size() == 15 && text.find('*') == std::string_view::npos;
        if (convert) text = arena.keep(idCardFromOldForm(text));
        return withinSchema(ValueKind::String, text, "too_long", {});
    }
    if (organisation && checkCreditCode(text) != CheckVerdict::Wrong)
        return withinSchema(ValueKind::String, text, "too_long", {});
    if (!organisation)
        return refused("id_number_wrong",
                       "an id number by GB 11643: birth date and check digit right, or masked with *",
                       "a digit was mistyped, or it is another kind of document");
    if (!person)
        return refused("credit_code_wrong",
                       "a unified social credit code by GB 32100: 18 characters, check characters right",
                       "a character was mistyped; nine-digit organisation codes belong in dept_org_code");
    return refused("id_number_wrong", "an id number by GB 11643 or a credit code by GB 32100, check digits right",
                   "a character was mistyped, or it is another kind of document");
}

ValueOutcome TypedReader::readDigits(std::string_view text, TextArena& arena) const {
    constexpr std::string_view kZeros = "000000";
    if (is_hex_) {
        std::string lower(text.substr(0, 65));
        for (char& c : lower) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
        return withinSchema(ValueKind::String, lower == text ? text : arena.keep(lower), "pattern_broken",
                            "a digest has 64 hex digits");
    }
    const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || (text.size() != 6 && text.size() != 9 && text.size() != 12))
        return refused("pattern_broken", "a region code of 6, 9 or 12 digits",
                       "GB/T 2260, with 3 digits each for town and village");
    if (text.size() == 12) return value(ValueKind::String, text);
    std::string padded(text);
    padded += kZeros.substr(0, 12 - text.size());
    return value(ValueKind::String, arena.keep(padded));
}

ValueOutcome TypedReader::readTime(std::string_view text, TextArena& arena) const {
    CanonicalTime time;
    switch (dates_.read(text, time)) {
        case DateVerdict::Read:
            return value(ValueKind::String, arena.keep(time.view()));
        case DateVerdict::NoDate:
            return {};
        case DateVerdict::Impossible:
            return refused("date_impossible", "a day and time that exist in the calendar",
                           "the department must correct it; a text that means no date belongs in `no_date`");
        case DateVerdict::Unreadable:
            break;
    }
    if (DateReader::lacksDay(text))
        return refused("date_unreadable", date_rule_,
                       "it names no day, and none is guessed: the department must send the day; `unfit` keeps the text "
                       "elsewhere, and a text that means no date belongs in `no_date`");
    if (DateReader::lacksYear(text))
        return refused(
            "date_unreadable", date_rule_,
            "it names no year, and none is guessed: the department must send the year; `unfit` keeps the text "
            "elsewhere");
    return refused("date_unreadable", date_rule_, "add the form to `time`, or the text to `no_date`");
}

ValueOutcome TypedReader::readMoney(std::string_view text, TextArena& arena) const {
    std::string changed;
    const auto amount = canonicalMoney(text, changed);
    if (!amount)
        return refused("money_unreadable", "an amount in yuan: up to 14 digits, at most 2 decimals",
                       isNoNumber(text) ? kNoNumberHint : "no thousands separators, units or signs of a currency");
    return value(ValueKind::String, *amount == text ? text : arena.keep(*amount));
}

ValueOutcome TypedReader::readInteger(std::string_view text) const {
    const auto whole = canonicalInteger(text);
    if (!whole)
        return refused("integer_unreadable", "a whole number in digits",
                       isNoNumber(text) ? kNoNumberHint : "no units, no fraction; map words in `codes`");
    return withinSchema(ValueKind::Number, *whole, "integer_out_of_range", "the department must correct it");
}

/// Appends what stands between the separators, and means something, to `json`, an array that is open.
void TypedReader::appendParts(std::string_view text, std::string& json) const {
    while (!text.empty()) {
        std::size_t bytes = 0;
        const auto end = findSeparator(text, split_, bytes);
        const std::string_view part = split_.empty() ? text : trimmed(text.substr(0, end));
        if (!part.empty() && std::find(fillers_.begin(), fillers_.end(), part) == fillers_.end()) {
            if (json.size() > 1) json += ',';
            appendJsonString(part, json);
        }
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + bytes);
    }
}

ValueOutcome TypedReader::readList(std::string_view text, TextArena& arena) const {
    std::string json = "[";
    appendParts(text, json);
    if (json.size() == 1) return {};
    return value(ValueKind::Array, arena.keep(json += ']'));
}

ValueOutcome TypedReader::readArray(std::string_view json, TextArena& arena) const {
    if (type_ == FieldType::Any) return escapesControl(json) ? refusedControl() : value(ValueKind::Array, json);
    if (type_ != FieldType::TextList)
        return refused("value_not_single", "one value, not a list", "choose one with a filter or an index in `from`");
    static const FieldId list = *fieldNamed("corrections.material_list");
    const std::string_view rule = ruleBrokenBy(list, json);
    if (!rule.empty()) return refused("list_unreadable", rule, "choose the texts with `from`");
    if (split_.empty()) return value(ValueKind::Array, json);
    JsonTree tree;
    const auto root = parseJson(json, {}, tree);
    CASEWAY_CHECK(root.ok());
    std::string parts = "[";
    for (std::uint32_t i = 0; i < (*root)->count; ++i) appendParts((*root)->items[i].text, parts);
    if (parts.size() == 1) return {};
    return value(ValueKind::Array, arena.keep(parts += ']'));
}

ValueOutcome TypedReader::readExtraNumber(std::string_view literal, TextArena& arena) const {
    std::string changed;
    const auto number = canonicalNumber(literal, changed);
    if (!number) return value(ValueKind::String, literal);
    return value(ValueKind::Number, *number == literal ? literal : arena.keep(*number));
}

}  // namespace caseway
