// gateway/report/connector_sights.cpp - the list and its text.
#include "gateway/report/connector_sights.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/utf8.hpp"

namespace caseway {
namespace {

Refusal malformed() {
    return {"malformed_json", "seen names", {}, "what the gateway wrote", "it is written anew by the next run", {}};
}

bool readNumber(const JsonValue* value, std::uint64_t& number) {
    if (value == nullptr || value->type != JsonValue::Type::Number) return false;
    const char* const end = value->text.data() + value->text.size();
    const auto read = std::from_chars(value->text.data(), end, number);
    return read.ec == std::errc{} && read.ptr == end;
}

std::optional<Instant> readInstant(const JsonValue* value) {
    return value == nullptr || value->type != JsonValue::Type::String ? std::nullopt : parseRfc3339(value->text);
}

std::string shortened(const std::string& name) {
    if (name.size() <= kLongestSeenName) return name;
    return name.substr(0, utf8Prefix(std::string_view(name).substr(0, kLongestSeenName)).valid);
}

}  // namespace

void ConnectorSights::add(DriftKind kind, const std::string& name, const First& first, std::size_t most) {
    std::size_t& count = counts_[static_cast<std::size_t>(kind)];
    if (count < most && seen_.try_emplace({kind, shortened(name)}, first).second) ++count;
}

void ConnectorSights::take(const RunSights& sights, RunNo run, Instant at) {
    pass(run);
    if (!sights.has_payloads) return;
    const auto begin = [&](DriftKind kind, const std::vector<std::string>& names) {
        if (baseOf(kind) == 0 && !names.empty()) baseOf(kind) = run;
    };
    begin(DriftKind::Field, sights.fields);
    begin(DriftKind::Code, sights.codes);
    for (const std::string& field : sights.fields) add(DriftKind::Field, field, {run, at}, kMostFieldsSeen);
    for (const std::string& code : sights.codes) add(DriftKind::Code, code, {run, at}, kMostCodesSeen);
    if (sights.newest && (!newest_ || *sights.newest > *newest_)) newest_ = sights.newest;
}

std::vector<DriftItem> ConnectorSights::newBetween(Instant begin, Instant end) const {
    std::vector<DriftItem> items;
    for (const auto& [name, first] : seen_)
        if (first.run != bases_[static_cast<std::size_t>(name.first)] && first.at >= begin && first.at < end)
            items.push_back({name.first, name.second, first.run});
    return items;
}

std::string ConnectorSights::text() const {
    std::string json = "{\"base_codes\":" + std::to_string(bases_[static_cast<std::size_t>(DriftKind::Code)]) +
                       ",\"base_fields\":" + std::to_string(bases_[static_cast<std::size_t>(DriftKind::Field)]) +
                       ",\"items\":[";
    for (const auto& [name, first] : seen_) {
        if (json.back() != '[') json += ',';
        json += R"({"at":")" + toRfc3339(first.at) + R"(","kind":")" + std::string(nameOf(name.first)) + R"(","name":)";
        appendJsonString(name.second, json);
        json += ",\"run\":" + std::to_string(first.run) + "}";
    }
    json += "],\"last_run\":" + std::to_string(last_run_);
    if (newest_) json += R"(,"newest":")" + toRfc3339(*newest_) + '"';
    return json + "}";
}

Result<ConnectorSights> ConnectorSights::read(std::string_view text) {
    JsonTree tree;
    const auto root = parseJson(text, JsonLimits{.depth = 4}, tree);
    if (!root || (*root)->type != JsonValue::Type::Object) return malformed();
    ConnectorSights seen;
    const JsonValue* const items = (*root)->find("items");
    if (!readNumber((*root)->find("base_codes"), seen.baseOf(DriftKind::Code)) ||
        !readNumber((*root)->find("base_fields"), seen.baseOf(DriftKind::Field)) ||
        !readNumber((*root)->find("last_run"), seen.last_run_) || items == nullptr ||
        items->type != JsonValue::Type::Array)
        return malformed();
    seen.newest_ = readInstant((*root)->find("newest"));
    for (std::uint32_t i = 0; i < items->count; ++i) {
        const JsonValue& item = items->items[i];
        const JsonValue* const kind = item.find("kind");
        const JsonValue* const name = item.find("name");
        const auto at = readInstant(item.find("at"));
        First first;
        if (kind == nullptr || name == nullptr || !at || !readNumber(item.find("run"), first.run)) return malformed();
        first.at = *at;
        const bool is_field = kind->text == nameOf(DriftKind::Field);
        seen.add(is_field ? DriftKind::Field : DriftKind::Code, std::string(name->text), first,
                 is_field ? kMostFieldsSeen : kMostCodesSeen);
    }
    return seen;
}

}  // namespace caseway
