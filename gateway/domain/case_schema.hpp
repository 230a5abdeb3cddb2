// gateway/domain/case_schema.hpp - the fields of the shared case record (办件) as a table: names, types, lengths,
// codes. Source: case-record.schema.json of the project (docs/formats/), held against this table by a test. No values
// live here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace caseway {

/// Where a field stands in the record: at its top, in one of its three objects, in an item of one of its lists, under
/// `extra`.
enum class Section : std::uint8_t {
    Case,
    Accept,
    Result,
    Steps,
    Corrections,
    Suspensions,
    Deliveries,
    Materials,
    Fees,
    Extra
};
constexpr bool isList(Section section) {
    return section >= Section::Steps && section <= Section::Fees;
}

enum class FieldType : std::uint8_t {
    Text,      ///< string, at most max_length Unicode characters (0: no limit of its own)
    Code,      ///< string, one of `codes`
    Digits,    ///< string by a pattern of digits or hex: region_code, sm3
    DateTime,  ///< RFC 3339 with offset
    Date,      ///< YYYY-MM-DD
    Money,     ///< decimal string in yuan: ^-?\d{1,14}(\.\d{1,2})?$
    Integer,   ///< JSON integer between minimum and maximum
    Boolean,   ///< JSON true or false
    TextList,  ///< JSON array of strings: corrections[].material_list
    Any        ///< extra.*: string, number, boolean or array
};

/// Index into caseFields(). The table is the record's JSON tree walked depth first with sorted names
/// (accept.accept_doc_no, …, address, applicant_id_no, …), so writing fields and lists by ascending id gives canonical
/// JSON (RFC 8785) without sorting.
enum class FieldId : std::uint16_t {};

struct FieldInfo {
    Section section;
    std::string_view name;   ///< "accept_time"; unique inside its section
    std::string_view title;  ///< 中文
    FieldType type;
    std::uint32_t max_length = 0;
    std::int64_t minimum = 0;
    std::int64_t maximum = 0;  ///< 0: none
    std::span<const std::string_view> codes{};
    bool personal = false;  ///< masked wherever it is shown
};

/// All fields of the schema, without `extra`.
std::span<const FieldInfo> caseFields();
const FieldInfo& infoOf(FieldId id);
/// "accept", "steps", …; empty for Section::Case.
std::string_view nameOf(Section section);
std::optional<Section> sectionNamed(std::string_view name);
/// Looks a field up by section and name: (Accept, "accept_time").
std::optional<FieldId> fieldNamed(Section section, std::string_view name);
/// Looks a field up by its dotted name: "status", "accept.accept_time", "steps.seq". Not `extra.*`.
std::optional<FieldId> fieldNamed(std::string_view dotted_name);

/// The natural keys of a list's items, tried in order (x-key of the schema): {{seq}, {step_name, start_time}}.
std::span<const std::span<const FieldId>> naturalKeysOf(Section list);

/// Refuses what the schema would refuse: length in characters, code, pattern, range, form of a time. `text` is the
/// canonical text of a value as CasePatch holds it. Empty where it fits, else the rule that it breaks ("at most 50
/// characters").
std::string_view ruleBrokenBy(FieldId id, std::string_view text);

}  // namespace caseway
