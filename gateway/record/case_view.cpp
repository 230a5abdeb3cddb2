// gateway/record/case_view.cpp - views of stored cases, masked where they must be.
#include "gateway/record/case_view.hpp"

#include <algorithm>
#include <set>

#include "gateway/formats/json/document.hpp"
#include "gateway/record/masking.hpp"
#include "gateway/record/record_fields.hpp"
#include "gateway/record/resolve.hpp"
#include "gateway/record/stored_state.hpp"

namespace caseway {
namespace {

std::string pointerTo(const RecordSpot& spot) {
    std::string pointer;
    if (spot.list == Section::Extra) {
        pointer = "/extra";
        appendPointerToken(spot.extra_name, pointer);
        return pointer;
    }
    const FieldInfo& info = infoOf(spot.field);
    if (const auto section = nameOf(info.section); !section.empty()) pointer.append("/").append(section);
    if (isList(spot.list)) pointer.append("/").append(std::to_string(spot.item));
    return pointer.append("/").append(info.name);
}

class Viewer {
public:
    Viewer(const CaseState& state, Show show) : state_(state), show_(show) {}

    StatementSource sourceOf(std::uint32_t statement) const {
        const Stamp& stamp = state_.stamps[state_.statements[statement].stamp];
        return {std::string(state_.systems[stamp.system].id), stamp.message_id, stamp.index, stamp.record,
                stamp.sent_at};
    }

    std::vector<FieldProvenance> provenance(const ResolvedCase& resolved) const {
        std::vector<FieldProvenance> all;
        const CasePatch& record = resolved.record;
        for (std::size_t i = 0; i < record.fields.size(); ++i)
            if (resolved.fields_from[i] != kFromRegister)
                all.push_back({pointerTo({.field = record.fields[i].field}), sourceOf(resolved.fields_from[i])});
        std::uint32_t ordinal = 0;
        for (std::size_t i = 0; i < record.items.size(); ++i) {
            const ListItem& item = record.items[i];
            ordinal = i != 0 && record.items[i - 1].list == item.list ? ordinal + 1 : 0;
            for (std::uint32_t at = item.first_field; at != item.first_field + item.field_count; ++at)
                all.push_back({pointerTo({.list = item.list, .item = ordinal, .field = record.item_fields[at].field}),
                               sourceOf(resolved.item_fields_from[at])});
        }
        for (std::size_t i = 0; i < record.extra.size(); ++i)
            all.push_back({pointerTo({.list = Section::Extra, .extra_name = record.extra[i].name}),
                           sourceOf(resolved.extra_from[i])});
        std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.pointer < b.pointer; });
        return all;
    }

    CaseConflict conflict(const Disagreement& disagreement) const {
        return {pointerTo(disagreement.spot), disagreement.by_silence ? "null" : valueOf(disagreement.standing),
                sourceOf(disagreement.standing), valueOf(disagreement.other), sourceOf(disagreement.other)};
    }

private:
    std::string valueOf(std::uint32_t index) const {
        const Statement& statement = state_.statements[index];
        if (statement.kind == ValueKind::Cleared) return "null";
        std::string text(statement.text);
        ValueKind kind = statement.kind;
        if (show_ == Show::Masked) maskValue(statement.subject, kind, text);
        if (kind != ValueKind::String) return text;
        std::string json;
        appendJsonString(text, json);
        return json;
    }

    const CaseState& state_;
    Show show_;
};

void appendMember(std::string_view name, std::string_view text, char before, std::string& out) {
    out += before;
    appendJsonString(name, out);
    out += ':';
    appendJsonString(text, out);
}

void appendSource(const StatementSource& source, std::string& out) {
    out += "{\"index\":" + std::to_string(source.index);
    appendMember("message_id", source.message_id.text(), ',', out);
    out += ",\"record\":" + std::to_string(source.record);
    appendMember("sent_at", toRfc3339(source.sent_at), ',', out);
    appendMember("system", source.system, ',', out);
    out += '}';
}

void appendConflict(const CaseConflict& conflict, std::string& out) {
    out += "{\"other\":";
    appendSource(conflict.other, out);
    out += ",\"other_value\":" + conflict.other_value + ",\"standing\":";
    appendSource(conflict.standing, out);
    out += ",\"standing_value\":" + conflict.standing_value;
    appendMember("where", conflict.pointer, ',', out);
    out += '}';
}

}  // namespace

CaseView viewOf(StoreReader& store, const CaseRow& row, const CaseNumbers& numbers, Show show) {
    CaseState state;
    loadState(store, row, state);
    return viewOf(state, row, numbers, show);
}

CaseView viewOf(const CaseState& state, const CaseRow& row, const CaseNumbers& numbers, Show show) {
    ResolvedCase resolved;
    CaseView view;
    view.case_no = numbers.of(row);
    view.owner = row.owner.text();
    view.owner_department = state.owner_department;
    view.deleted = row.deleted;
    resolve(state, {view.case_no, view.owner}, resolved);
    const Viewer viewer(state, show);
    view.provenance = viewer.provenance(resolved);
    for (const Disagreement& disagreement : resolved.disagreements)
        view.conflicts.push_back(viewer.conflict(disagreement));
    if (show == Show::Masked) maskPersonal(resolved.record);
    appendJson(resolved.record, view.record);
    return view;
}

std::string recordJsonOf(StoreReader& store, const CaseRow& row, const CaseNumbers& numbers, Show show) {
    CaseState state;
    loadState(store, row, state);
    ResolvedCase resolved;
    const std::string case_no = numbers.of(row);
    resolve(state, {case_no, row.owner.text()}, resolved);
    if (show == Show::Masked) maskPersonal(resolved.record);
    std::string json;
    appendJson(resolved.record, json);
    return json;
}

std::vector<std::string> fieldsSetBy(StoreReader& store, const CaseRow& row, LogIndex index, std::uint64_t record) {
    CaseState state;
    loadState(store, row, state);
    ResolvedCase resolved;
    resolve(state, {"", row.owner.text()}, resolved);
    std::set<std::string> names;
    const auto add = [&](const std::vector<std::uint32_t>& from) {
        for (const std::uint32_t at : from) {
            if (at == kFromRegister) continue;
            const Statement& statement = state.statements[at];
            const Stamp& stamp = state.stamps[statement.stamp];
            if (stamp.index != index || stamp.record != record) continue;
            const bool is_extra = statement.subject.list == Section::Extra;
            names.insert(is_extra ? "extra." + std::string(statement.subject.name)
                                  : dottedName(statement.subject.field));
        }
    };
    add(resolved.fields_from);
    add(resolved.item_fields_from);
    add(resolved.extra_from);
    return {names.begin(), names.end()};
}

void appendViewJson(const CaseView& view, std::string& out) {
    appendMember("case_no", view.case_no, '{', out);
    out += ",\"conflicts\":[";
    for (const CaseConflict& conflict : view.conflicts) {
        if (out.back() != '[') out += ',';
        appendConflict(conflict, out);
    }
    out += view.deleted ? "],\"deleted\":true" : "],\"deleted\":false";
    appendMember("owner", view.owner, ',', out);
    appendMember("owner_department", view.owner_department, ',', out);
    out += ",\"provenance\":{";
    for (const FieldProvenance& field : view.provenance) {
        if (out.back() != '{') out += ',';
        appendJsonString(field.pointer, out);
        out += ':';
        appendSource(field.source, out);
    }
    out += "},\"record\":" + view.record;
    if (view.vanished)
        out += ",\"vanished\":{\"at\":\"" + toRfc3339(view.vanished->at) +
               "\",\"run\":" + std::to_string(view.vanished->run) + '}';
    out += '}';
}

}  // namespace caseway
