// gateway/record/patch_json.cpp - history text of a patch, out and back.
#include "gateway/record/patch_json.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "gateway/base/mask.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/record/record_fields.hpp"

namespace caseway {
namespace {

constexpr std::string_view kCleared = "$cleared";
/// A payload may be nested 250 deep at most, and its lists go into `extra` as they are.
constexpr JsonLimits kLimits{.depth = 256};
using Type = JsonValue::Type;

/// "steps.0.opinion": the place of an item counts within its list, as in the JSON.
std::vector<std::string> clearedNames(const CasePatch& patch) {
    std::vector<std::string> names;
    for (const FieldValue& value : patch.fields)
        if (value.kind == ValueKind::Cleared) names.push_back(dottedName(value.field));
    std::uint32_t ordinals[static_cast<std::size_t>(Section::Extra)] = {};
    for (const ListItem& item : patch.items) {
        const std::uint32_t ordinal = ordinals[static_cast<std::size_t>(item.list)]++;
        for (std::uint32_t at = item.first_field; at != item.first_field + item.field_count; ++at) {
            const FieldValue& value = patch.item_fields[at];
            if (value.kind != ValueKind::Cleared) continue;
            names.push_back(std::string(nameOf(item.list)) + '.' + std::to_string(ordinal) + '.' +
                            std::string(infoOf(value.field).name));
        }
    }
    for (const ExtraValue& value : patch.extra)
        if (value.kind == ValueKind::Cleared) names.push_back("extra." + std::string(value.name));
    return names;
}

/// One item while its fields are collected.
struct Item {
    Section list;
    std::vector<FieldValue> fields;
};

class PatchReader {
public:
    explicit PatchReader(CasePatch& patch) : patch_(patch) {}

    Result<Done> read(const JsonValue& root) {
        if (root.type != Type::Object) return refuse("", "wrong_type", "a JSON object");
        for (std::uint32_t i = 0; i < root.count && !refusal_; ++i)
            if (root.members[i].name != kCleared) member(root.members[i].name, root.members[i].value);
        if (const JsonValue* cleared = root.find(kCleared); cleared != nullptr && !refusal_) readCleared(*cleared);
        if (refusal_) return *std::move(refusal_);
        return finish();
    }

private:
    Refusal refuse(const std::string& where, std::string_view code, std::string_view rule,
                   std::string_view value = {}) {
        refusal_ = Refusal{std::string(code), where, value.empty() ? std::string() : masked(value), std::string(rule),
                           "see docs/formats/case-record.md"};
        return *refusal_;
    }

    static std::string below(const std::string& where, std::string_view name) {
        std::string pointer = where;
        appendPointerToken(name, pointer);
        return pointer;
    }

    void member(std::string_view name, const JsonValue& value) {
        if (value.type == Type::Null) return;
        const std::string where = below("", name);
        if (name == "extra") return extra(value, where);
        const auto section = sectionNamed(name);
        if (!section || *section == Section::Case) return field(Section::Case, name, value, where, patch_.fields);
        if (isList(*section)) return list(*section, value, where);
        object(*section, value, where, patch_.fields);
    }

    void object(Section section, const JsonValue& value, const std::string& where, std::vector<FieldValue>& into) {
        if (value.type != Type::Object) return void(refuse(where, "wrong_type", "a JSON object"));
        for (std::uint32_t i = 0; i < value.count && !refusal_; ++i)
            if (value.members[i].value.type != Type::Null)
                field(section, value.members[i].name, value.members[i].value, below(where, value.members[i].name),
                      into);
    }

    void list(Section section, const JsonValue& value, const std::string& where) {
        if (value.type != Type::Array) return void(refuse(where, "wrong_type", "a JSON array"));
        for (std::uint32_t i = 0; i < value.count && !refusal_; ++i) {
            items_of_[static_cast<std::size_t>(section)].push_back(items_.size());
            items_.push_back({section, {}});
            object(section, value.items[i], where + '/' + std::to_string(i), items_.back().fields);
        }
    }

    void field(Section section, std::string_view name, const JsonValue& value, const std::string& where,
               std::vector<FieldValue>& into) {
        const auto id = fieldNamed(section, name);
        if (!id) return void(refuse(where, "unknown_field", "a field of the case record"));
        const FieldType type = infoOf(*id).type;
        const bool fits = type == FieldType::Integer    ? value.type == Type::Number
                          : type == FieldType::Boolean  ? value.type == Type::True || value.type == Type::False
                          : type == FieldType::TextList ? isTextList(value)
                                                        : value.type == Type::String;
        if (!fits) return void(refuse(where, "wrong_type", "the type that the schema gives this field"));
        const auto [kind, text] = valueOf(value);
        const std::string_view broken = ruleBrokenBy(*id, text);
        if (!broken.empty()) return void(refuse(where, "rule_broken", broken, text));
        into.push_back({*id, kind, text});
    }

    void extra(const JsonValue& value, const std::string& where) {
        if (value.type != Type::Object) return void(refuse(where, "wrong_type", "a JSON object"));
        for (std::uint32_t i = 0; i < value.count && !refusal_; ++i) {
            const auto& [name, content] = value.members[i];
            if (content.type == Type::Null) continue;
            if (content.type == Type::Object)
                return void(refuse(below(where, name), "wrong_type", "a string, number, boolean or array"));
            const auto [kind, text] = valueOf(content);
            patch_.extra.push_back({patch_.arena.keep(name), kind, text});
        }
    }

    static bool isTextList(const JsonValue& value) {
        if (value.type != Type::Array) return false;
        return std::all_of(value.items, value.items + value.count,
                           [](const JsonValue& v) { return v.type == Type::String; });
    }

    std::pair<ValueKind, std::string_view> valueOf(const JsonValue& value) {
        switch (value.type) {
            case Type::True:
                return {ValueKind::Boolean, "true"};
            case Type::False:
                return {ValueKind::Boolean, "false"};
            case Type::Number:
                return {ValueKind::Number, patch_.arena.keep(value.text)};
            case Type::String:
                return {ValueKind::String, patch_.arena.keep(value.text)};
            default:
                break;
        }
        std::string array;
        appendCanonical(value, array);
        return {ValueKind::Array, patch_.arena.keep(array)};
    }

    void readCleared(const JsonValue& cleared) {
        if (!isTextList(cleared)) return void(refuse("/$cleared", "wrong_type", "an array of field names"));
        for (std::uint32_t i = 0; i < cleared.count && !refusal_; ++i)
            if (!clear(cleared.items[i].text))
                refuse("/$cleared/" + std::to_string(i), "unknown_field", "a field of the case record");
    }

    bool clear(std::string_view name) {
        const std::size_t dot = name.find('.');
        if (dot != std::string_view::npos && name.substr(0, dot) == "extra") {
            patch_.extra.push_back({patch_.arena.keep(name.substr(dot + 1)), ValueKind::Cleared, {}});
            return true;
        }
        const auto section = dot == std::string_view::npos ? Section::Case : sectionNamed(name.substr(0, dot));
        if (section && isList(*section)) return clearInItem(*section, name.substr(dot + 1));
        const auto field = fieldNamed(name);
        if (!field || isList(infoOf(*field).section)) return false;
        patch_.fields.push_back({*field, ValueKind::Cleared, {}});
        return true;
    }

    /// `rest`: "0.opinion".
    bool clearInItem(Section list, std::string_view rest) {
        std::size_t ordinal = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), ordinal);
        if (error != std::errc{} || end == rest.data() + rest.size() || *end != '.') return false;
        const auto field = fieldNamed(list, rest.substr(static_cast<std::size_t>(end - rest.data()) + 1));
        if (!field) return false;
        const auto& items = items_of_[static_cast<std::size_t>(list)];
        if (ordinal >= items.size()) return false;
        items_[items[ordinal]].fields.push_back({*field, ValueKind::Cleared, {}});
        return true;
    }

    /// Ascending, each field once: what is stated and cleared at once is a contradiction.
    static bool order(std::vector<FieldValue>& fields) {
        const auto before = [](const FieldValue& a, const FieldValue& b) { return a.field < b.field; };
        std::sort(fields.begin(), fields.end(), before);
        return std::adjacent_find(fields.begin(), fields.end(), [&](const FieldValue& a, const FieldValue& b) {
                   return !before(a, b);
               }) == fields.end();
    }

    Result<Done> finish() {
        bool once = order(patch_.fields);
        for (Item& item : items_) {
            once = order(item.fields) && once;
            const auto first = static_cast<std::uint32_t>(patch_.item_fields.size());
            patch_.item_fields.insert(patch_.item_fields.end(), item.fields.begin(), item.fields.end());
            patch_.items.push_back({item.list, first, static_cast<std::uint32_t>(item.fields.size())});
        }
        auto& extra = patch_.extra;
        std::sort(extra.begin(), extra.end(), [](const ExtraValue& a, const ExtraValue& b) { return a.name < b.name; });
        once = once && std::adjacent_find(extra.begin(), extra.end(), [](const ExtraValue& a, const ExtraValue& b) {
                           return a.name == b.name;
                       }) == extra.end();
        if (!once) return refuse("/$cleared", "rule_broken", "no field is stated and cleared at once");
        return Done{};
    }

    CasePatch& patch_;
    std::vector<Item> items_;
    std::vector<std::size_t> items_of_[static_cast<std::size_t>(Section::Extra)];
    std::optional<Refusal> refusal_;
};

}  // namespace

void appendHistoryJson(const CasePatch& patch, std::string& out) {
    const auto is_cleared = [](const auto& value) { return value.kind == ValueKind::Cleared; };
    if (std::none_of(patch.fields.begin(), patch.fields.end(), is_cleared) &&
        std::none_of(patch.item_fields.begin(), patch.item_fields.end(), is_cleared) &&
        std::none_of(patch.extra.begin(), patch.extra.end(), is_cleared))
        return appendJson(patch, out);
    std::string record;
    appendJson(patch, record);
    char next = '[';
    out += "{\"$cleared\":";
    for (const std::string& name : clearedNames(patch)) {
        out += next;
        appendJsonString(name, out);
        next = ',';
    }
    out += ']';
    if (record.size() > 2) out += ',';
    out.append(record, 1);
}

void textOf(const CasePatch& patch, PatchText& text) {
    text.json.clear();
    appendHistoryJson(patch, text.json);
    text.digest = sha256(text.json);
}

Result<Done> patchFromJson(std::string_view json, CasePatch& patch) {
    patch.clear();
    JsonTree tree;
    const auto root = parseJson(json, kLimits, tree);
    if (!root) return root.error();
    auto result = PatchReader(patch).read(**root);
    if (!result) patch.clear();
    return result;
}

}  // namespace caseway
