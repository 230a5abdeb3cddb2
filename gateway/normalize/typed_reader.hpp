// gateway/normalize/typed_reader.hpp - a cleaned text to the canonical value of one field's type: times, numbers,
// amounts, truth values, checked numbers, lists. Trimming, fillers and code tables came before: value_rule.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/normalize/date_reader.hpp"
#include "gateway/normalize/mapping_spec.hpp"
#include "gateway/normalize/value_rule.hpp"

namespace caseway {

/// "fields.steps.fields.seq", "kinds[1].fields.extra.a": a field as mapping.yaml and its mistakes name it.
std::string placeOf(const FieldSpec& field);

/// Codes, numbers, dates and phones: folded, and without characters that nobody sees. Names, titles and addresses are
/// left as written.
bool isCodeLike(const FieldSpec& field);

class TypedReader {
public:
    TypedReader(const FieldSpec& field, const std::string& file, std::vector<MappingMistake>& mistakes);

    /// `text` is not empty. Outcomes: Value, Absent (a sentinel date), Refused.
    ValueOutcome read(std::string_view text, TextArena& arena) const;
    /// The same for a text known to hold no control characters, of a code-like field printable ASCII only.
    ValueOutcome readClean(std::string_view text, TextArena& arena) const;
    /// `json`: canonical JSON of an array. Absent: a list of texts that has none.
    ValueOutcome readArray(std::string_view json, TextArena& arena) const;
    /// A number of the payload for a field of `extra`, kept as a number where it stays as written.
    ValueOutcome readExtraNumber(std::string_view literal, TextArena& arena) const;

    FieldType type() const { return type_; }
    /// What the record's schema says against `text`; a constant or a code's value is held against it when the mapping
    /// loads.
    std::string_view ruleBroken(std::string_view text) const;

private:
    ValueOutcome readText(std::string_view text, TextArena& arena) const;
    ValueOutcome readLength(std::string_view text) const;
    ValueOutcome firstThatFits(std::string_view text) const;
    ValueOutcome readDigits(std::string_view text, TextArena& arena) const;
    ValueOutcome readTime(std::string_view text, TextArena& arena) const;
    ValueOutcome readMoney(std::string_view text, TextArena& arena) const;
    ValueOutcome readInteger(std::string_view text) const;
    ValueOutcome readList(std::string_view text, TextArena& arena) const;
    void appendParts(std::string_view text, std::string& json) const;
    ValueOutcome checked(std::string_view text, TextArena& arena) const;
    ValueOutcome withinSchema(ValueKind kind, std::string_view text, std::string_view code,
                              std::string_view hint) const;

    std::optional<FieldId> field_;
    FieldType type_ = FieldType::Any;
    std::uint32_t max_length_ = 0;
    bool long_text_ = true;  ///< tabs and line ends may stand in it
    bool is_hex_ = false;
    bool code_like_ = false;
    CheckDigit check_ = CheckDigit::None;
    bool convert_old_id_ = false;
    std::string split_;
    std::vector<std::string> fillers_;  ///< among the parts of a list
    DateReader dates_;
    std::string date_rule_;
};

}  // namespace caseway
