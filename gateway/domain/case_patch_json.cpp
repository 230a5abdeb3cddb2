// gateway/domain/case_patch_json.cpp - a patch as one line of canonical JSON (RFC 8785), in one pass and without
// sorting: fields stand by ascending id, which is the canonical order; lists and extra come where their names stand.
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "gateway/base/byte_blocks.hpp"
#include "gateway/base/check.hpp"
#include "gateway/domain/case_patch.hpp"

namespace caseway {
namespace {

/// A run of neighbouring fields of one section, or the place of `extra`.
struct Group {
    Section section;
    std::uint16_t end = 0;  ///< one past its last FieldId
};

/// A name of the record as `,"name":`, at one width, so that it is copied without a loop.
struct Name {
    static constexpr std::size_t kWidth = 32;
    std::array<char, kWidth> text{};
    std::size_t size = 0;

    explicit Name(std::string_view name) {
        CASEWAY_CHECK(name.size() + 4 <= kWidth);
        const std::string quoted = ",\"" + std::string(name) + "\":";
        quoted.copy(text.data(), kWidth);
        size = quoted.size();
    }
};

/// The table as it is written: cut into groups, with `extra` before the first name that follows it.
struct Layout {
    std::vector<Group> groups;
    std::vector<Name> fields;    ///< by FieldId
    std::size_t field_count;     ///< of them: what every value is held against is not worked out every time
    std::vector<Name> sections;  ///< by Section

    Layout() : field_count(caseFields().size()) {
        const auto table = caseFields();
        bool extra_placed = false;
        for (std::size_t id = 0; id < table.size(); ++id) {
            const Section section = table[id].section;
            const std::string_view top = section == Section::Case ? table[id].name : nameOf(section);
            if (!extra_placed && top > "extra") {
                groups.push_back({Section::Extra, static_cast<std::uint16_t>(id)});
                extra_placed = true;
            }
            if (groups.empty() || groups.back().section != section) groups.push_back({section, 0});
            groups.back().end = static_cast<std::uint16_t>(id + 1);
            fields.emplace_back(table[id].name);
        }
        for (std::size_t section = 0; section < static_cast<std::size_t>(Section::Extra); ++section)
            sections.emplace_back(nameOf(static_cast<Section>(section)));
        sections.emplace_back("extra");
    }
    const Name& of(FieldId id) const {
        CASEWAY_CHECK(static_cast<std::size_t>(id) < field_count);
        return fields[static_cast<std::size_t>(id)];
    }
    const Name& of(Section section) const { return sections[static_cast<std::size_t>(section)]; }
};

const Layout& layoutOfTable() {
    static const Layout layout;
    return layout;
}

constexpr bool mustEscape(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// Where a byte is a control character, a quote or a backslash.
ByteBlock mustEscape(ByteBlock block) {
    return (block < 0x20) | (block == static_cast<unsigned char>('"')) | (block == static_cast<unsigned char>('\\'));
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

/// What is being written gathers here and goes to the output in few large pieces.
class Line {
public:
    explicit Line(std::string& out) : out_(out) {}
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    /// To be called at the end.
    void flush() {
        out_.append(buffer_, at_);
        at_ = buffer_;
    }
    void put(char c) {
        need(1);
        *at_++ = c;
    }
    /// `before` stands in the place of the comma.
    void name(const Name& name, char before) {
        need(Name::kWidth);
        std::memcpy(at_, name.text.data(), Name::kWidth);
        *at_ = before;
        at_ += name.size;
    }
    void value(ValueKind kind, std::string_view text) {
        if (kind == ValueKind::String) return string(text);
        plain(text);
    }
    /// A name and its value; `before` as of name().
    void member(const Name& name, char before, ValueKind kind, std::string_view text, bool is_clean) {
        if (kind != ValueKind::String || text.size() > kLargestPiece) {
            this->name(name, before);
            return value(kind, text);
        }
        need(Name::kWidth + text.size() + 2);
        char* at = at_;  // what is written through it could be the pointer itself, for all the compiler knows
        std::memcpy(at, name.text.data(), Name::kWidth);
        *at = before;
        at += name.size;
        if (is_clean) {
            copyBytes(text, at + 1);
        } else if (copyAndTest(text, at + 1, [](ByteBlock block) { return mustEscape(block); })) {
            at_ = at;
            return longOrEscaped(text);
        }
        *at = '"';
        at += text.size() + 2;
        at[-1] = '"';
        at_ = at;
    }
    void string(std::string_view text) {
        if (text.size() > kLargestPiece) return longOrEscaped(text);
        need(text.size() + 2);
        const auto escapes = [](ByteBlock block) { return mustEscape(block); };
        if (copyAndTest(text, at_ + 1, escapes)) return longOrEscaped(text);
        *at_ = '"';
        at_ += text.size() + 2;
        at_[-1] = '"';
    }

private:
    static constexpr std::size_t kBytes = 4096, kLargestPiece = kBytes / 4;

    void need(std::size_t bytes) {
        if (static_cast<std::size_t>(buffer_ + kBytes - at_) < bytes) flush();
    }
    void plain(std::string_view text) {
        if (text.size() > kLargestPiece) {
            flush();
            out_ += text;
            return;
        }
        need(text.size());
        copyBytes(text, at_);
        at_ += text.size();
    }
    void longOrEscaped(std::string_view text) {
        flush();
        out_ += '"';
        std::size_t run = 0;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (!mustEscape(text[at])) continue;
            out_.append(text, run, at - run);
            appendEscape(text[at], out_);
            run = at + 1;
        }
        out_.append(text, run, text.size() - run);
        out_ += '"';
    }

    std::string& out_;
    char buffer_[kBytes];
    char* at_ = buffer_;
};

/// One record; `next` is what stands before the next member: '{' or ','.
class RecordWriter {
public:
    RecordWriter(const CasePatch& patch, std::string& out) : patch_(patch), line_(out) {}

    void write() {
        const FieldValue* at = patch_.fields.data();
        const FieldValue* const last = at + patch_.fields.size();
        char next = '{';
        for (const Group& group : layout_.groups) {
            if (group.section == Section::Extra) {
                extra(next);
            } else if (isList(group.section)) {
                list(group.section, next);
            } else if (at != last && isBefore(*at, group.end)) {
                at =
                    group.section == Section::Case ? members(at, last, group.end, next) : object(at, last, group, next);
            }
        }
        if (next == '{') line_.put('{');
        line_.put('}');
        line_.flush();
    }

private:
    static constexpr std::uint16_t kAll = 0xFFFF;

    static bool isBefore(const FieldValue& field, std::uint16_t end) {
        return static_cast<std::uint16_t>(field.field) < end;
    }

    /// Those of the fields, from the first on, whose id is less than `end`; the first that is not.
    const FieldValue* members(const FieldValue* at, const FieldValue* last, std::uint16_t end, char& next) {
        for (; at != last && isBefore(*at, end); ++at) {
            if (at->kind == ValueKind::Cleared) continue;
            line_.member(layout_.of(at->field), next, at->kind, at->text, at->is_clean);
            next = ',';
        }
        return at;
    }

    const FieldValue* object(const FieldValue* at, const FieldValue* last, const Group& group, char& next) {
        while (at != last && at->kind == ValueKind::Cleared) ++at;
        if (at == last || !isBefore(*at, group.end)) return at;
        line_.name(layout_.of(group.section), next);
        char inner = '{';
        at = members(at, last, group.end, inner);
        line_.put('}');
        next = ',';
        return at;
    }

    void list(Section section, char& next) {
        char inner = '[';
        for (const ListItem& item : patch_.items) {
            if (item.list != section) continue;
            if (inner == '[') line_.name(layout_.of(section), next);
            line_.put(inner);
            char member = '{';
            const FieldValue* const first = patch_.item_fields.data() + item.first_field;
            members(first, first + item.field_count, kAll, member);
            if (member == '{') line_.put('{');
            line_.put('}');
            inner = ',';
        }
        if (inner == '[') return;
        line_.put(']');
        next = ',';
    }

    void extra(char& next) {
        char inner = '{';
        for (const ExtraValue& value : patch_.extra) {
            if (value.kind == ValueKind::Cleared) continue;
            if (inner == '{') line_.name(layout_.of(Section::Extra), next);
            line_.put(inner);
            line_.string(value.name);
            line_.put(':');
            line_.value(value.kind, value.text);
            inner = ',';
        }
        if (inner == '{') return;
        line_.put('}');
        next = ',';
    }

    const CasePatch& patch_;
    const Layout& layout_ = layoutOfTable();
    Line line_;
};

}  // namespace

void appendJson(const CasePatch& patch, std::string& out) {
    RecordWriter(patch, out).write();
}

}  // namespace caseway
