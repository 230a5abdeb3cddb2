// connectors/sql/sql_cursor.cpp - cursor to text and back.
#include "connectors/sql/sql_cursor.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/sdk/faults.hpp"
#include "gateway/base/base64.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/encoding.hpp"

namespace caseway {
namespace {

/// `t…`: text; `b…`: base64 of bytes that are no UTF-8 (raw GBK).
void appendBytes(const std::string& bytes, std::string& json) {
    appendJsonString(isUtf8(bytes) ? "t" + bytes : "b" + toBase64(bytesOf(bytes)), json);
}

std::string bytesOfText(const JsonValue& value) {
    if (value.type != JsonValue::Type::String || value.text.empty()) throw badCursor("a value is no text");
    if (value.text[0] == 't') return std::string(value.text.substr(1));
    auto bytes = value.text[0] == 'b' ? fromBase64(value.text.substr(1)) : std::nullopt;
    if (!bytes) throw badCursor("a value is in no known form");
    return std::move(*bytes);
}

void appendList(const std::vector<std::string>& list, std::string& json) {
    json += '[';
    for (const std::string& one : list) {
        if (json.back() != '[') json += ',';
        appendBytes(one, json);
    }
    json += ']';
}

std::vector<std::string> listOf(const JsonValue& value, std::size_t least) {
    if (value.type != JsonValue::Type::Array || value.count < least) throw badCursor("a list is missing");
    std::vector<std::string> list;
    for (std::uint32_t i = 0; i < value.count; ++i) list.push_back(bytesOfText(value.items[i]));
    return list;
}

}  // namespace

SqlCursor SqlCursor::read(const Cursor& text) {
    SqlCursor cursor;
    if (text.empty()) return cursor;
    JsonTree tree;
    const auto parsed = parseJson(text, {}, tree);
    if (!parsed || (*parsed)->type != JsonValue::Type::Object) throw badCursor("it is no JSON object");
    const JsonValue* version = (*parsed)->find("v");
    if (version == nullptr || version->type != JsonValue::Type::Number || version->text != "1")
        throw badCursor("it is of another version");
    if (const JsonValue* after = (*parsed)->find("after")) cursor.after = listOf(*after, 1);
    if (const JsonValue* high = (*parsed)->find("high")) cursor.high = bytesOfText(*high);
    for (const char* name : {"rows", "seen"}) {
        const JsonValue* list = (*parsed)->find(name);
        if (list == nullptr) continue;
        if (list->type != JsonValue::Type::Array) throw badCursor("a list is missing");
        for (std::uint32_t i = 0; i < list->count; ++i) {
            std::vector<std::string> parts = listOf(list->items[i], 2);
            if (name[0] == 'r') {
                const std::string digest = parts.back();
                parts.pop_back();
                cursor.rows.push_back({std::move(parts), digest});
            } else {
                cursor.seen.push_back({parts.front(), {parts.begin() + 1, parts.end()}});
            }
        }
    }
    if (const JsonValue* ties = (*parsed)->find("ties")) {
        if (ties->type != JsonValue::Type::Array) throw badCursor("a list is missing");
        for (std::uint32_t i = 0; i < ties->count; ++i) cursor.readTie(listOf(ties->items[i], 3));
    }
    return cursor;
}

/// Mark, count, key.
void SqlCursor::readTie(const std::vector<std::string>& parts) {
    auto at = std::find_if(seen.begin(), seen.end(), [&](const auto& one) { return one.mark == parts[0]; });
    if (at == seen.end()) at = seen.insert(at, SeenRows{parts[0], {}});
    const char* end = parts[1].data() + parts[1].size();
    if (std::from_chars(parts[1].data(), end, at->counted).ptr != end) throw badCursor("a count is no number");
    at->upto.assign(parts.begin() + 2, parts.end());
}

Cursor SqlCursor::write() const {
    std::string json = R"({"v":1)";
    if (!after.empty()) {
        json += R"(,"after":)";
        appendList(after, json);
    }
    if (!high.empty()) {
        json += R"(,"high":)";
        appendBytes(high, json);
    }
    const auto lists = [&](const char* name, const auto& all, auto&& parts) {
        std::string text;
        for (const auto& one : all) {
            const std::vector<std::string> list = parts(one);
            if (list.empty()) continue;
            if (!text.empty()) text += ',';
            appendList(list, text);
        }
        if (!text.empty()) json += std::string(",\"") + name + "\":[" + text + "]";
    };
    lists("rows", rows, [](const ReadRow& row) {
        std::vector<std::string> parts = row.key;
        parts.push_back(row.digest);
        return parts;
    });
    lists("seen", seen, [](const SeenRows& rows_seen) {
        std::vector<std::string> parts;
        if (rows_seen.digests.empty()) return parts;
        parts.push_back(rows_seen.mark);
        parts.insert(parts.end(), rows_seen.digests.begin(), rows_seen.digests.end());
        return parts;
    });
    lists("ties", seen, [](const SeenRows& tied) {
        std::vector<std::string> parts;
        if (tied.upto.empty()) return parts;
        parts = {tied.mark, std::to_string(tied.counted)};
        parts.insert(parts.end(), tied.upto.begin(), tied.upto.end());
        return parts;
    });
    return json + "}";
}

}  // namespace caseway
