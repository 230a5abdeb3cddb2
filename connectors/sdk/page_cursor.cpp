// connectors/sdk/page_cursor.cpp - the state of a walk as the text of a cursor: one JSON object, version 1.
#include <fmt/format.h>

#include <charconv>

#include "connectors/sdk/page_walk.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

constexpr std::size_t kTextMax = 32 * 1024;

template <class Number>
bool readNumber(const JsonValue& object, const char* name, Number& number) {
    const JsonValue* value = object.find(name);
    if (value == nullptr) return true;
    const char* end = value->text.data() + value->text.size();
    const auto [at, error] = std::from_chars(value->text.data(), end, number);
    return value->type == JsonValue::Type::Number && error == std::errc() && at == end;
}

bool readTime(const JsonValue& object, const char* name, std::optional<std::int64_t>& time) {
    constexpr std::int64_t kMost = 300'000'000'000'000;  // the year 11476
    std::int64_t number = 0;
    if (object.find(name) == nullptr) return true;
    if (!readNumber(object, name, number) || number < -kMost || number > kMost) return false;
    time = number;
    return true;
}

bool readCount(const JsonValue& object, const char* name, std::optional<std::uint64_t>& count) {
    std::uint64_t number = 0;
    if (object.find(name) == nullptr) return true;
    if (!readNumber(object, name, number)) return false;
    count = number;
    return true;
}

bool readText(const JsonValue& object, const char* name, std::string& text) {
    const JsonValue* value = object.find(name);
    if (value == nullptr) return true;
    text = value->text;
    return value->type == JsonValue::Type::String && text.size() <= kTextMax;
}

}  // namespace

std::string PageWalk::State::write() const {
    std::string json = R"({"v":1)";
    const auto number = [&](const char* name, auto value) { json += fmt::format(R"(,"{}":{})", name, value); };
    const auto text = [&](const char* name, const std::string& value) {
        if (value.empty()) return;
        json += fmt::format(R"(,"{}":)", name);
        appendJsonString(value, json);
    };
    if (since_ms) number("since", *since_ms);
    if (high_ms) number("high", *high_ms);
    if (started_ms) number("started", *started_ms);
    if (late_ms) number("late", *late_ms);
    if (pages != 0) {
        number("pages", pages);
        number("records", records);
        number("size", size);
        number("steps", kept.steps);
        number("power", kept.power);
        if (kept.page != 0) number("mark_page", kept.page);
        number("came", came);
        if (odd != 0) number("odd", odd);
        if (timed != 0) number("timed", timed);
        if (untimed != 0) number("untimed", untimed);
        if (ahead != 0) number("ahead", ahead);
        if (passed != 0) number("passed", passed);
        if (total) number("total", *total);
        if (wrong) number("wrong", *wrong);
        if (uncounted != 0) number("uncounted", uncounted);
    }
    if (usual != 0) number("usual", usual);
    text("token", token);
    text("former", former);
    text("tag", tag);
    text("modified", modified);
    if (tag_counted != 0) number("tag_counted", tag_counted);
    text("mark", kept.digest);
    text("columns", kept.columns);
    if (!kept_page.digest.empty()) {
        text("same", kept_page.digest);
        text("same_columns", kept_page.columns);
        number("same_steps", kept_page.steps);
        number("same_power", kept_page.power);
        number("same_page", kept_page.page);
        if (kept_page.met != 0) number("same_met", kept_page.met);
        if (kept_page.alike != 0) number("same_alike", kept_page.alike);
    }
    text("edge", edge);
    text("row", row);
    text("edge_columns", edge_columns);
    if (unsure != 0) number("unsure", unsure);
    if (backs != 0) number("backs", backs);
    if (anew != 0) number("anew", anew);
    if (blank != 0) number("blank", blank);
    return json + "}";
}

bool PageWalk::State::read(const Cursor& cursor) {
    JsonTree tree;
    const auto parsed = parseJson(cursor, {}, tree);
    if (!parsed || (*parsed)->type != JsonValue::Type::Object) return false;
    const JsonValue& object = **parsed;
    const JsonValue* version = object.find("v");
    if (version == nullptr || version->type != JsonValue::Type::Number || version->text != "1") return false;
    return readTime(object, "since", since_ms) && readTime(object, "high", high_ms) &&
           readTime(object, "started", started_ms) && readTime(object, "late", late_ms) &&
           readText(object, "edge_columns", edge_columns) && readNumber(object, "pages", pages) &&
           readNumber(object, "records", records) && readNumber(object, "size", size) &&
           readNumber(object, "steps", kept.steps) && readNumber(object, "power", kept.power) &&
           readNumber(object, "mark_page", kept.page) && readCount(object, "total", total) &&
           readCount(object, "wrong", wrong) && readText(object, "token", token) &&
           readText(object, "former", former) && readText(object, "tag", tag) &&
           readText(object, "modified", modified) && readText(object, "mark", kept.digest) &&
           readText(object, "columns", kept.columns) && readText(object, "same", kept_page.digest) &&
           readText(object, "same_columns", kept_page.columns) && readNumber(object, "same_steps", kept_page.steps) &&
           readNumber(object, "same_power", kept_page.power) && readNumber(object, "same_page", kept_page.page) &&
           readNumber(object, "same_met", kept_page.met) && readNumber(object, "same_alike", kept_page.alike) &&
           readNumber(object, "came", came) && readNumber(object, "backs", backs) && readText(object, "edge", edge) &&
           readText(object, "row", row) && readNumber(object, "unsure", unsure) && readNumber(object, "anew", anew) &&
           readNumber(object, "odd", odd) && readNumber(object, "ahead", ahead) && readNumber(object, "timed", timed) &&
           readNumber(object, "untimed", untimed) && readNumber(object, "usual", usual) &&
           readNumber(object, "passed", passed) && readNumber(object, "blank", blank) &&
           readNumber(object, "uncounted", uncounted) && readNumber(object, "tag_counted", tag_counted) &&
           came <= records && (came == 0 || pages != 0);
}

}  // namespace caseway
