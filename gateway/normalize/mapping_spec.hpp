// gateway/normalize/mapping_spec.hpp - a mapping.yaml as plain values: what the loader hands to the compiler of the
// engine. The language: docs/mapping-reference.md. Every part remembers its line, so that each mistake can be shown
// where it stands.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/domain/case_schema.hpp"

namespace caseway {

enum class SourceFormat { Xml, Json };

/// One mistake in a mapping: shown all at once, with file and line, a rule and a hint.
struct MappingMistake {
    std::string file;
    int line = 0;
    std::string where;  ///< "fields.apply_time.time"
    std::string rule;
    std::string hint;
};

struct DateForm {
    /// EpochOf13: milliseconds of today's length, which no other form has: of the default, where nobody said epoch.
    /// DayWithOffset: xs:date as "2026-05-04+08:00" and "2026-05-04Z"; of the default too, which takes no minus there, as
    /// that may stand before a clock.
    enum class Kind { Pattern, EpochSeconds, EpochMilliseconds, EpochOf13, Rfc3339, DayWithOffset };
    Kind kind = Kind::Pattern;
    std::string pattern{};  ///< strptime-like: %Y %m %d %H %M %S %f %z and literals
};

/// GB 11643, GB 32100, one of the two (applicants are people or organisations); GB 11714, the old code of
/// organisations.
enum class CheckDigit { None, IdCard, CreditCode, IdCardOrCreditCode, OrgCode };

/// Which part of a text like `15个工作日` counts: all of it, the number that it begins with, the unit behind that.
enum class TextPart { Whole, Number, Unit };

/// Everything that stands around an expression.
struct ValueSpec {
    std::vector<DateForm> time{};        ///< tried in order
    std::string zone = "+08:00";         ///< where the text bears none
    std::vector<std::string> no_date{};  ///< sentinel texts that mean "no date"
    TextPart part = TextPart::Whole;
    std::vector<std::pair<std::string, std::string>> codes{};
    std::string codes_name{};                  ///< under code_tables; empty: the field has a table of its own
    std::optional<std::string> other_codes{};  ///< what any other code becomes; none: such a value is refused
    std::optional<std::string> fallback{};     ///< default where the expression yields nothing
    std::vector<std::string> empty_values{};   ///< fillers that mean empty: "无", "/", "-"
    bool trim = true;
    std::optional<bool> fold{};  ///< full-width to half-width; default: by field (codes, numbers, dates, phones)
    CheckDigit check = CheckDigit::None;
    bool convert_old_id = false;  ///< 15-digit id numbers become 18 digits
    std::string split{};  ///< separators, each one character: of a list of texts, and of several values in one text
    std::string unfit{};  ///< name of the field that takes a value which does not fit; empty: it is refused
    bool required = false;
    bool empty_clears = false;
};

/// Where a part stands in its file, so that each mistake is told where it can be mended.
struct SpecPlace {
    std::string where{};  ///< "fields.apply_time", "kinds[1].fields.steps"; empty where no file was read
    int line = 0;
    std::vector<std::pair<std::string, int>> key_lines{};  ///< of the keys inside

    int lineOf(std::string_view key) const {
        for (const auto& [name, its_line] : key_lines)
            if (name == key) return its_line;
        return line;
    }
};

/// True where `expression` yields a node (or true), and, where `one_of` is given, one of those texts.
struct ConditionSpec {
    std::string expression;
    std::vector<std::string> one_of;
    bool negated = false;
    SpecPlace place;
};

struct FieldSpec {
    std::optional<FieldId> field;  ///< none: extra
    std::string extra_name;
    std::string expression;  ///< empty: constant
    std::optional<std::string> constant;
    ValueSpec value;
    std::optional<ConditionSpec> when;
    SpecPlace place;
    std::shared_ptr<const FieldSpec> unfit_place{};  ///< of a field with `unfit`: who takes what does not fit
    std::shared_ptr<const FieldSpec> unfit_of{};     ///< of who takes it: the field that it did not fit
    std::size_t alternative = 0;                     ///< which of its alternatives, from 0
};

struct ListSpec {
    Section list = Section::Steps;
    std::string each;     ///< expression of the items, relative to the record
    bool or_one = false;  ///< JSON: an object, or one value, in the place of the list is its only item
    std::vector<std::string> empty_values{};  ///< of the whole mapping: values in that place that mean nothing
    std::optional<ConditionSpec> when;
    std::vector<FieldSpec> fields;  ///< expressions relative to the item
    SpecPlace place;
};

/// One kind of record in a payload.
struct KindSpec {
    std::string records;
    bool or_one = false;  ///< JSON: an object, or one value, in the place of the list of records is the only one
    std::optional<ConditionSpec> when;
    std::vector<FieldSpec> fields;
    std::vector<ListSpec> lists;
    bool passes_over = false;  ///< nothing is made of its records: they are known, and counted
    bool is_rest = false;      ///< only records that no other kind finds; what is made of them: nothing, or a refusal
    SpecPlace place;
};

struct MappingSpec {
    std::string name;  ///< "housing.permit"
    std::string file;  ///< for messages
    SourceFormat format = SourceFormat::Xml;
    std::vector<std::pair<std::string, std::string>> namespaces;
    std::vector<KindSpec> kinds;
    Sha256 version;  ///< SHA-256 over mapping.yaml, as it stands
};

}  // namespace caseway
