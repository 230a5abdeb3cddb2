// gateway/formats/envelope/json_span.hpp - where the members of an object begin and end in a JSON text that a reader
// has already accepted: the body must be handed on as the very bytes that were signed. No parser: it checks nothing.
// For this folder only.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace caseway {

struct JsonMemberSpan {
    std::string_view name;   ///< between its quotes, escapes untouched
    std::string_view value;  ///< without white space around
};

/// The members of the outermost object of `json`, which must be valid; nothing where it is no object, or has more than
/// `most`.
std::optional<std::vector<JsonMemberSpan>> memberSpans(std::string_view json, std::size_t most);

}  // namespace caseway
