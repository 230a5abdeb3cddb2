// gateway/domain/case_patch.hpp - what one record of one message says of one case: the output of a mapping, the input
// of merging. Values are canonical already (types, codes, times with offset); nothing here knows the department's
// format.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/case_schema.hpp"

namespace caseway {

/// How `text` is to be read as JSON.
enum class ValueKind : std::uint8_t {
    String,   ///< text is the string itself, UTF-8, not escaped
    Number,   ///< text is a JSON number as written, e.g. 15 (Integer fields: no fraction, no exponent)
    Boolean,  ///< "true" or "false"
    Array,    ///< text is canonical JSON of an array (RFC 8785)
    Cleared   ///< the mapping states that empty means cleared; text is empty
};

struct FieldValue {
    FieldId field;
    ValueKind kind = ValueKind::String;
    std::string_view text;
    bool is_clean = false;  ///< of `text`: known to hold no quote, backslash or control character
};

struct ExtraValue {
    std::string_view name;
    ValueKind kind = ValueKind::String;
    std::string_view text;
};

/// One item of a list: a range of `CasePatch::item_fields`.
struct ListItem {
    Section list;
    std::uint32_t first_field = 0;
    std::uint32_t field_count = 0;
};

/// Bytes of values, in chunks that never move. clear() keeps the memory for the next record.
class TextArena {
public:
    /// Copies `text`; the view lives until clear().
    std::string_view keep(std::string_view text);
    void clear();

private:
    static constexpr std::size_t kFirstChunkBytes = 1024;
    static constexpr std::size_t kLargestChunkBytes = 64 * 1024;
    struct Chunk {
        std::unique_ptr<char[]> bytes;
        std::size_t capacity;
    };
    std::vector<Chunk> chunks_;
    std::size_t chunk_ = 0;
    std::size_t used_ = 0;
};

/// Where in its payload a record stands, for refusals: ordinal from 1; line of its first byte (XML) or pointer (JSON).
struct RecordPlace {
    std::uint64_t ordinal = 0;
    std::uint64_t line = 0;      ///< 1-based; 0: not known (JSON)
    std::string_view pointer{};  ///< JSON pointer, "/" for the whole document; empty for XML
};

/// Field values stand in ascending FieldId, each at most once; items in the order of the payload, their fields
/// ascending; extra ascending by name. Reused from record to record: views live until clear().
struct CasePatch {
    std::vector<FieldValue> fields;  ///< sections Case, Accept, Result
    std::vector<ListItem> items;
    std::vector<FieldValue> item_fields;
    std::vector<ExtraValue> extra;
    RecordPlace place;
    TextArena arena;  ///< owns the texts where they are not views into something that outlives the patch

    void clear();
    /// Becomes a copy of `other` that owns all its texts.
    void copyFrom(const CasePatch& other);
    /// The value of a field outside lists; nullptr where the patch says nothing of it.
    const FieldValue* find(FieldId field) const;
    const FieldValue* find(std::string_view dotted_name) const;
};

/// Appends the record that the patch alone describes as one line of canonical JSON (RFC 8785), without a line end.
/// Cleared fields are left out. Shape: case-record.schema.json.
void appendJson(const CasePatch& patch, std::string& out);

}  // namespace caseway
