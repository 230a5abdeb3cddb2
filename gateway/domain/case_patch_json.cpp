// gateway/domain/case_patch_json.cpp - a patch as one line of canonical JSON (RFC 8785), in one pass and without
// sorting: fields stand by ascending id, which is the canonical order; lists and extra come where their names stand.
#include <array>
#include <cstring>
#include <span>

#include "gateway/domain/case_patch.hpp"

namespace caseway {
namespace {

/// A run of neighbouring fields of one section, or the place of `extra`.
struct Group {
    Section section;
    std::uint16_t end = 0;  ///< one past its last FieldId
};

struct Groups {
    std::array<Group, 24> groups{};
    std::size_t count = 0;
};

/// The table cut into groups, with `extra` before the first name that follows it.
const Groups& groupsOfTable() {
    static const Groups made = [] {
        Groups found;
        bool extra_placed = false;
        const auto fields = caseFields();
        for (std::size_t id = 0; id < fields.size(); ++id) {
            const Section section = fields[id].section;
            const std::string_view top = section == Section::Case ? fields[id].name : nameOf(section);
            if (!extra_placed && top > "extra") {
                found.groups[found.count++] = {Section::Extra, static_cast<std::uint16_t>(id)};
                extra_placed = true;
            }
            if (found.count == 0 || found.groups[found.count - 1].section != section)
                found.groups[found.count++] = {section, 0};
            found.groups[found.count - 1].end = static_cast<std::uint16_t>(id + 1);
        }
        return found;
    }();
    return made;
}

constexpr bool mustEscape(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// True where one of the eight bytes is a control character, a quote or a backslash.
bool anyMustEscape(const char* bytes) {
    std::uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
    const auto zeroByte = [](std::uint64_t w) { return (w - kOnes) & ~w & kHighs; };
    const std::uint64_t control = (word - kOnes * 0x20) & ~word & kHighs;
    return (control | zeroByte(word ^ (kOnes * '"')) | zeroByte(word ^ (kOnes * '\\'))) != 0;
}

void appendEscape(char c, std::string& out) {
    constexpr char kHex[] = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\t':
            out += "\\t";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\r':
            out += "\\r";
            return;
        default:
            break;
    }
    out += "\\u00";
    out += kHex[static_cast<unsigned char>(c) >> 4];
    out += kHex[static_cast<unsigned char>(c) & 0xF];
}

void appendString(std::string_view text, std::string& out) {
    out += '"';
    std::size_t run = 0, at = 0;
    while (at < text.size()) {
        if (text.size() - at >= 8 && !anyMustEscape(text.data() + at)) {
            at += 8;
            continue;
        }
        const std::size_t stop = text.size() - at >= 8 ? at + 8 : text.size();
        for (; at < stop; ++at) {
            if (!mustEscape(text[at])) continue;
            out.append(text, run, at - run);
            appendEscape(text[at], out);
            run = at + 1;
        }
    }
    out.append(text, run, text.size() - run);
    out += '"';
}

/// Names of the table need no escapes.
void appendName(std::string_view name, char before, std::string& out) {
    out += before;
    out += '"';
    out += name;
    out += "\":";
}

void appendValue(ValueKind kind, std::string_view text, std::string& out) {
    if (kind == ValueKind::String) return appendString(text, out);
    out += text;
}

/// Appends `fields` as members; `next` is what stands before the next one: '{' or ','.
void appendMembers(std::span<const FieldValue> fields, char& next, std::string& out) {
    for (const FieldValue& field : fields) {
        if (field.kind == ValueKind::Cleared) continue;
        appendName(infoOf(field.field).name, next, out);
        appendValue(field.kind, field.text, out);
        next = ',';
    }
}

void appendObject(std::span<const FieldValue> fields, std::string_view name, char& next, std::string& out) {
    const std::size_t before = out.size();
    appendName(name, next, out);
    char inner = '{';
    appendMembers(fields, inner, out);
    if (inner == '{') return out.resize(before);
    out += '}';
    next = ',';
}

void appendList(const CasePatch& patch, Section list, char& next, std::string& out) {
    char inner = '[';
    for (const ListItem& item : patch.items) {
        if (item.list != list) continue;
        if (inner == '[') appendName(nameOf(list), next, out);
        out += inner;
        char member = '{';
        appendMembers(std::span(patch.item_fields).subspan(item.first_field, item.field_count), member, out);
        if (member == '{') out += '{';
        out += '}';
        inner = ',';
    }
    if (inner == '[') return;
    out += ']';
    next = ',';
}

void appendExtra(const CasePatch& patch, char& next, std::string& out) {
    char inner = '{';
    for (const ExtraValue& value : patch.extra) {
        if (value.kind == ValueKind::Cleared) continue;
        if (inner == '{') appendName("extra", next, out);
        out += inner;
        appendString(value.name, out);
        out += ':';
        appendValue(value.kind, value.text, out);
        inner = ',';
    }
    if (inner == '{') return;
    out += '}';
    next = ',';
}

}  // namespace

void appendJson(const CasePatch& patch, std::string& out) {
    const Groups& groups = groupsOfTable();
    const std::span<const FieldValue> fields = patch.fields;
    char next = '{';
    std::size_t at = 0;
    for (std::size_t i = 0; i < groups.count; ++i) {
        const Group& group = groups.groups[i];
        const std::size_t first = at;
        if (group.section != Section::Extra)
            while (at < fields.size() && static_cast<std::uint16_t>(fields[at].field) < group.end) ++at;
        const auto own = fields.subspan(first, at - first);
        if (group.section == Section::Case)
            appendMembers(own, next, out);
        else if (group.section == Section::Extra)
            appendExtra(patch, next, out);
        else if (isList(group.section))
            appendList(patch, group.section, next, out);
        else if (!own.empty())
            appendObject(own, nameOf(group.section), next, out);
    }
    if (next == '{') out += '{';
    out += '}';
}

}  // namespace caseway
