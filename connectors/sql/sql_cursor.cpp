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

std::uint64_t numberOf(const std::string& text) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || at != end) throw badCursor("a count is no number");
    return number;
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
    if (const JsonValue* top = (*parsed)->find("top")) cursor.top = bytesOfText(*top);
    if (const JsonValue* began = (*parsed)->find("began")) cursor.began = bytesOfText(*began);
    if (const JsonValue* below = (*parsed)->find("below")) cursor.below = bytesOfText(*below);
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
                cursor.seen.push_back({parts.front(), {parts.begin() + 1, parts.end()}, {}});
            }
        }
    }
    // `ties` of an earlier version, which only counted: those rows come once more.
    if (const JsonValue* blocks = (*parsed)->find("blocks")) {
        if (blocks->type != JsonValue::Type::Array) throw badCursor("a list is missing");
        for (std::uint32_t i = 0; i < blocks->count; ++i) cursor.readBlock(listOf(blocks->items[i], 4));
    }
    if (const JsonValue* place = (*parsed)->find("place")) cursor.readPlace(listOf(*place, 3));
    return cursor;
}

SqlCursor::SeenMark& SqlCursor::seenOf(const std::string& mark) {
    const auto at = std::find_if(seen.rbegin(), seen.rend(), [&](const auto& one) { return one.mark == mark; });
    if (at != seen.rend()) return *at;
    seen.push_back({mark, {}, {}});
    return seen.back();
}

/// Mark, count, sum, key.
void SqlCursor::readBlock(const std::vector<std::string>& parts) {
    seenOf(parts[0]).blocks.push_back({{parts.begin() + 3, parts.end()}, numberOf(parts[1]), numberOf(parts[2])});
}

void SqlCursor::readPlace(const std::vector<std::string>& parts) {
    place = {parts[0], numberOf(parts[1]), numberOf(parts[2])};
    const auto at = std::find_if(seen.begin(), seen.end(), [&](const auto& one) { return one.mark == place.mark; });
    const bool is_known = at != seen.end();
    if (place.open > (is_known ? at->digests.size() : 0) || place.block > (is_known ? at->blocks.size() : 0))
        throw badCursor("its place is none");
}

std::size_t SqlCursor::Block::weight() const {
    std::size_t weight = 2;
    for (const std::string& part : upto) weight += 1 + part.size() / 8;
    return weight;
}

std::size_t SqlCursor::SeenMark::weight() const {
    std::size_t weight = digests.size() + 1;
    for (const Block& block : blocks) weight += block.weight() + mark.size() / 16;
    return weight;
}

Cursor SqlCursor::write() const {
    std::string json = R"({"v":1)";
    if (!after.empty()) {
        json += R"(,"after":)";
        appendList(after, json);
    }
    const auto mark = [&](const char* name, const std::string& text) {
        if (text.empty()) return;
        json += std::string(",\"") + name + "\":";
        appendBytes(text, json);
    };
    mark("high", high), mark("top", top), mark("began", began);
    if (below) {
        json += R"(,"below":)";
        appendBytes(*below, json);
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
    lists("seen", seen, [](const SeenMark& rows_seen) {
        std::vector<std::string> parts;
        if (rows_seen.digests.empty()) return parts;
        parts.push_back(rows_seen.mark);
        parts.insert(parts.end(), rows_seen.digests.begin(), rows_seen.digests.end());
        return parts;
    });
    std::vector<std::vector<std::string>> blocks;
    for (const SeenMark& one : seen) {
        for (const Block& block : one.blocks) {
            blocks.push_back({one.mark, std::to_string(block.count), std::to_string(block.sum)});
            blocks.back().insert(blocks.back().end(), block.upto.begin(), block.upto.end());
        }
    }
    lists("blocks", blocks, [](const std::vector<std::string>& parts) { return parts; });
    if (!place.mark.empty()) {
        json += R"(,"place":)";
        appendList({place.mark, std::to_string(place.open), std::to_string(place.block)}, json);
    }
    return json + "}";
}

}  // namespace caseway
