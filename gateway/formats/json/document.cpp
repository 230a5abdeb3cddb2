// gateway/formats/json/document.cpp - a whole document as a tree, and the JSON pointer of a value in it (RFC 6901).
#include "gateway/formats/json/document.hpp"

namespace caseway {

namespace {

bool appendPointer(const JsonValue& from, const JsonValue& node, std::string& pointer) {
    if (&from == &node) return true;
    const std::size_t length = pointer.size();
    for (std::uint32_t i = 0; i < from.count; ++i) {
        const bool is_object = from.type == JsonValue::Type::Object;
        if (is_object) {
            appendPointerToken(from.members[i].name, pointer);
        } else {
            pointer.append("/").append(std::to_string(i));
        }
        if (appendPointer(is_object ? from.members[i].value : from.items[i], node, pointer)) return true;
        pointer.resize(length);
    }
    return false;
}

}  // namespace

Result<const JsonValue*> parseJson(std::string_view json, const JsonLimits& limits, JsonTree& tree) {
    JsonTreeBuilder builder(tree);
    Result<Done> read = readJson(json, limits, builder);
    if (!read) {
        tree.clear();
        return std::move(read).error();
    }
    CASEWAY_CHECK(builder.complete());
    return tree.root();
}

void appendPointerToken(std::string_view name, std::string& out) {
    out.push_back('/');
    for (const char c : name) {
        if (c == '~') {
            out.append("~0");
        } else if (c == '/') {
            out.append("~1");
        } else {
            out.push_back(c);
        }
    }
}

std::optional<std::string> jsonPointer(const JsonValue& root, const JsonValue& node) {
    std::string pointer;
    if (!appendPointer(root, node, pointer)) return std::nullopt;
    return pointer;
}

}  // namespace caseway
