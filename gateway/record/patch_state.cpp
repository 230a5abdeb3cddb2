// gateway/record/patch_state.cpp - a patch as statements.
#include "gateway/record/patch_state.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/record/record_fields.hpp"
#include "gateway/record/state_bytes.hpp"

namespace caseway {
namespace {

/// By field; every value of every record is looked up here.
using EventTimes = std::vector<char>;

EventTimes findEventTimes() {
    EventTimes found;
    for (const FieldInfo& info : caseFields()) {
        const bool expected = info.name.find("due_time") != std::string_view::npos || info.name == "planned_end_time";
        found.push_back(info.type == FieldType::DateTime && !expected);
    }
    return found;
}

const EventTimes& eventTimes() {
    static const EventTimes kTimes = findEventTimes();
    return kTimes;
}

void takeLatest(std::span<const FieldValue> fields, std::optional<EventTime>& latest) {
    const char* const is_event = eventTimes().data();
    for (const FieldValue& value : fields) {
        if (is_event[static_cast<std::size_t>(value.field)] == 0 || value.kind == ValueKind::Cleared) continue;
        const auto time = parseRfc3339(value.text);
        if (time && (!latest || *time > latest->time)) latest = EventTime{value.field, *time};
    }
}

/// The identity of an item without a complete key: its whole content.
void appendContentKey(std::span<const FieldValue> fields, std::string& key) {
    std::string content;
    for (const FieldValue& value : fields) {
        putCounted(infoOf(value.field).name, content);
        content.push_back(static_cast<char>(value.kind));
        putCounted(value.text, content);
    }
    key.append(textOf(ByteView(sha256(content)).first(16)));
}

Subject itemSubject(const ListItem& item, std::span<const FieldValue> fields, TextArena& arena, std::string& key) {
    const auto keys = naturalKeysOf(item.list);
    for (std::size_t rank = 0; rank < keys.size(); ++rank) {
        key.clear();
        if (appendNaturalKey(keys[rank], fields, key))
            return {.list = item.list, .rank = static_cast<std::uint8_t>(rank), .name = arena.keep(key)};
    }
    key.clear();
    appendContentKey(fields, key);
    return {.list = item.list, .rank = kContentKey, .name = arena.keep(key)};
}

void addItems(const CasePatch& patch, CaseState& state) {
    const auto first = static_cast<std::ptrdiff_t>(state.statements.size());
    std::string key;
    for (const ListItem& item : patch.items) {
        const auto fields = std::span(patch.item_fields).subspan(item.first_field, item.field_count);
        if (fields.empty()) continue;
        Subject subject = itemSubject(item, fields, state.arena, key);
        for (const FieldValue& value : fields) {
            subject.field = value.field;
            state.statements.push_back({subject, 0, value.kind, value.text});
        }
    }
    const auto begin = state.statements.begin() + first;
    std::stable_sort(begin, state.statements.end(),
                     [](const Statement& a, const Statement& b) { return a.subject < b.subject; });
    auto kept = begin;
    for (auto at = begin; at != state.statements.end(); ++at) {
        if (kept != begin && (kept - 1)->subject == at->subject)
            *(kept - 1) = *at;
        else
            *kept++ = *at;
    }
    state.statements.erase(kept, state.statements.end());
}

}  // namespace

bool isEventTime(FieldId field) {
    return eventTimes()[static_cast<std::size_t>(field)] != 0;
}

std::optional<EventTime> businessTime(const CasePatch& patch) {
    std::optional<EventTime> latest;
    takeLatest(patch.fields, latest);
    takeLatest(patch.item_fields, latest);
    return latest;
}

std::uint64_t dataVersion(const CasePatch& patch) {
    const FieldValue* value = patch.find(recordFields().data_version);
    if (value == nullptr || value->kind == ValueKind::Cleared) return 1;
    std::uint64_t version = 0;
    const char* end = value->text.data() + value->text.size();
    const auto [stop, error] = std::from_chars(value->text.data(), end, version);
    return error == std::errc{} && stop == end ? version : 0;
}

bool appendNaturalKey(std::span<const FieldId> parts, std::span<const FieldValue> fields, std::string& key) {
    for (const FieldId part : parts) {
        const auto value = std::lower_bound(fields.begin(), fields.end(), part,
                                            [](const FieldValue& v, FieldId id) { return v.field < id; });
        if (value == fields.end() || value->field != part || value->text.empty()) return false;
        const auto time = infoOf(part).type == FieldType::DateTime ? parseRfc3339(value->text) : std::nullopt;
        putCounted(time ? std::to_string(time->time_since_epoch().count()) : std::string_view(value->text), key);
    }
    return true;
}

void stateOf(const CasePatch& patch, const StatingSystem& system, const Stamp& stamp, CaseState& state) {
    state.clear();
    state.systems.push_back(system);
    state.stamps.push_back(stamp);
    state.stamps.back().system = 0;
    state.statements.reserve(patch.fields.size() + patch.item_fields.size() + patch.extra.size());
    for (const FieldValue& value : patch.fields) {
        if (value.field == recordFields().case_no || value.field == recordFields().source_system) continue;
        state.statements.push_back({Subject{.field = value.field}, 0, value.kind, value.text});
    }
    if (!patch.items.empty()) addItems(patch, state);
    for (const ExtraValue& value : patch.extra)
        state.statements.push_back({Subject{.list = Section::Extra, .name = value.name}, 0, value.kind, value.text});
}

}  // namespace caseway
