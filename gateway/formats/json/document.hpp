// gateway/formats/json/document.hpp - JSON as a tree of plain values, for subtrees that JSONPath must walk and for
// small documents. Numbers keep their text. Member order is kept. Source: RFC 8259; canonical form: RFC 8785.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/formats/json/reader.hpp"

namespace caseway {

/// A JSON value inside a JsonTree. Children are contiguous views; texts are views into the tree's own bytes.
struct JsonValue {
    enum class Type : std::uint8_t { Null, False, True, Number, String, Array, Object };
    struct Member;
    Type type = Type::Null;
    std::string_view text{};           ///< String: unescaped UTF-8. Number: as written.
    const JsonValue* items = nullptr;  ///< Array
    const Member* members = nullptr;   ///< Object
    std::uint32_t count = 0;           ///< of items or members

    const JsonValue* find(std::string_view name) const;  ///< member of an object; nullptr where none
};
struct JsonValue::Member {
    std::string_view name;
    JsonValue value;
};

/// Owns the values and texts of one document or subtree; clear() keeps the memory.
class JsonTree;

/// Parses a whole document into `tree` (cleared first); the value lives as long as the tree is not cleared.
Result<const JsonValue*> parseJson(std::string_view json, const JsonLimits& limits, JsonTree& tree);

/// Appends canonical JSON (RFC 8785: sorted names, minimal escapes, ECMAScript numbers).
void appendCanonical(const JsonValue& value, std::string& out);
/// Appends `text` as a JSON string, quoted, escaped as RFC 8785 says.
void appendJsonString(std::string_view text, std::string& out);

}  // namespace caseway
