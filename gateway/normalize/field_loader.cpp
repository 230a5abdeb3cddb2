// gateway/normalize/field_loader.cpp - names of fields, alternatives, and lists with their items.
#include "gateway/normalize/field_loader.hpp"

#include <algorithm>

#include "gateway/formats/text/near_word.hpp"
#include "gateway/normalize/value_loader.hpp"
#include "gateway/normalize/white_space.hpp"

namespace caseway {
namespace {

constexpr std::size_t kLongestExtraName = 100;
constexpr std::size_t kMostFields = 1000;
constexpr std::size_t kMostAlternatives = 20;
constexpr std::string_view kExtra = "extra.";

bool isSameField(const FieldSpec& a, const FieldSpec& b) {
    return a.field == b.field && a.extra_name == b.extra_name;
}

/// One field: its value, or a list of alternatives, of which the first that yields a value stands.
std::vector<FieldSpec> loadAlternatives(const FieldSpec& named, YamlNode& node, const std::string& where,
                                        LoadContext& context) {
    std::vector<FieldSpec> made;
    const auto add = [&](YamlNode& one, const std::string& place) {
        FieldSpec field = named;
        loadValue(one, place, context, field);
        made.push_back(std::move(field));
    };
    if (node.kind != YamlNode::Kind::List)
        add(node, where);
    else if (node.items.empty())
        context.mistake(node.line, where, "a list of alternatives needs one", "write the expression");
    if (node.items.size() > kMostAlternatives) {
        context.mistake(node.line, where, "at most 20 alternatives", "join expressions with | or filters");
        return {named};
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) add(node.items[i], where + "[" + std::to_string(i) + "]");
    if (made.empty()) return {named};
    const bool required = std::any_of(made.begin(), made.end(), [](const auto& field) { return field.value.required; });
    for (std::size_t i = 0; i < made.size(); ++i) {
        made[i].value.required = false;
        made[i].alternative = i;
    }
    made.back().value.required = required;
    return made;
}

/// Who takes what does not fit another field comes and goes with that one.
void replace(std::vector<FieldSpec>& fields, std::vector<FieldSpec> made) {
    std::erase_if(fields, [&](const FieldSpec& field) {
        return isSameField(field.unfit_of ? *field.unfit_of : field, made.front());
    });
    for (FieldSpec& field : made) fields.push_back(std::move(field));
}

/// Masked wherever it is shown; so is all of extra.
bool isPersonal(const FieldSpec& field) {
    return !field.field || infoOf(*field.field).personal;
}

/// Why `place` cannot take what does not fit `field`; empty where it can. Fields are filled in the order of the record.
std::string_view ruleOfPlace(const FieldSpec& place, const FieldSpec& field) {
    if (field.expression.empty()) return "a constant always fits";
    if (isSameField(place, field)) return "a field cannot take what does not fit it";
    if (isPersonal(field) && !isPersonal(place))
        return "what does not fit a personal field stays masked: it cannot go to one that is shown";
    if (field.alternative != 0 && place.field && field.field && *place.field < *field.field)
        return "of an alternative behind another one: a field that stands behind this one in the record";
    return {};
}

/// A value that does not fit must not find its place taken by what has nothing to do with it. Of common fields only
/// what a kind adds to them is new.
void tellSharedPlaces(const std::vector<FieldSpec>& fields, const std::string& where, LoadContext& context) {
    const auto isHere = [&](const FieldSpec& field) { return field.place.where.starts_with(where + "."); };
    for (const FieldSpec& place : fields) {
        if (!place.unfit_of) continue;
        const auto takesItToo = [&](const FieldSpec& other) {
            const bool is_alternative = other.unfit_of && isSameField(*other.unfit_of, *place.unfit_of);
            return isSameField(place, other) && !is_alternative && (isHere(place) || isHere(other));
        };
        if (std::any_of(fields.begin(), fields.end(), takesItToo))
            context.mistake(place.place.lineOf("unfit"), place.place.where + ".unfit",
                            "a place that no other field fills: of two values one would be lost",
                            "name another field, or extra.NAME");
    }
}

/// A field whose `unfit` names another one becomes two, which know each other; `named`: that one by its name.
template <class Named>
std::vector<FieldSpec> withUnfitPlaces(std::vector<FieldSpec> made, Named named, LoadContext& context) {
    std::vector<FieldSpec> places;
    for (FieldSpec& field : made) {
        if (field.value.unfit.empty()) continue;
        const std::string where = field.place.where + ".unfit";
        std::optional<FieldSpec> place = named(field.value.unfit, field.place.lineOf("unfit"), where);
        if (!place) continue;
        if (const auto rule = ruleOfPlace(*place, field); !rule.empty()) {
            context.mistake(field.place.lineOf("unfit"), where, std::string(rule), "name another field, or extra.NAME");
            continue;
        }
        place->expression = field.expression;
        place->when = field.when;
        place->place = field.place;
        place->value.trim = field.value.trim;
        place->value.empty_values = field.value.empty_values;
        FieldSpec judged = field;
        judged.value.required = false;
        place->alternative = field.alternative;
        field.unfit_place = std::make_shared<const FieldSpec>(*place);
        place->unfit_of = std::make_shared<const FieldSpec>(std::move(judged));
        places.push_back(std::move(*place));
    }
    for (FieldSpec& place : places) made.push_back(std::move(place));
    return made;
}

void loadItemFields(YamlNode& node, const std::string& where, LoadContext& context, ListSpec& list) {
    if (context.isEmptyMap(node))
        return context.mistake(node.line, where, "must be a map of fields", "{seq: …, start_time: …}");
    std::vector<std::string_view> known;
    for (const FieldInfo& info : caseFields())
        if (info.section == list.list) known.push_back(info.name);
    for (YamlMember& member : node.members) {
        const std::string place = where + "." + member.key;
        FieldSpec field;
        field.field = fieldNamed(list.list, member.key);
        if (!field.field) {
            context.mistake(member.line, place, "is not a field of " + std::string(nameOf(list.list)),
                            hintOfNearest(member.key, known, "see case-record.schema.json"));
            rename(node, member, known);
            field.field = fieldNamed(list.list, member.key);
            if (!field.field) field.extra_name = member.key;  // for what stands around it
        }
        const auto named = [&](const std::string& name, int line, const std::string& at) -> std::optional<FieldSpec> {
            FieldSpec other;
            other.field = fieldNamed(list.list, name);
            if (other.field) return other;
            context.mistake(line, at, "'" + name + "' is not a field of " + std::string(nameOf(list.list)),
                            hintOfNearest(name, known, "an item has no extra fields"));
            return std::nullopt;
        };
        replace(list.fields, withUnfitPlaces(loadAlternatives(field, member.value, place, context), named, context));
    }
    tellSharedPlaces(list.fields, where, context);
}

void loadList(Section section, YamlNode& node, const std::string& where, LoadContext& context, KindSpec& kind) {
    if (!context.isMapOf(node, where, {"each", "or_one", "when", "fields"})) return;
    ListSpec list;
    list.list = section;
    list.place = placeOf(node, where);
    for (const std::string& text : context.empty_values) list.empty_values.emplace_back(trimmed(text));
    if (const YamlNode* each = node.find("each"))
        list.each = context.text(*each, where + ".each").value_or("");
    else if (context.lacks(node, "each"))
        context.mistake(node.line, where, "a list needs each", "each: the expression of its items");
    if (const YamlNode* flag = node.find("or_one")) list.or_one = context.flag(*flag, where + ".or_one");
    if (YamlNode* when = node.find("when")) list.when = loadCondition(*when, where + ".when", context);
    if (YamlNode* fields = node.find("fields"))
        loadItemFields(*fields, where + ".fields", context, list);
    else if (context.lacks(node, "fields"))
        context.mistake(node.line, where, "a list needs fields", "fields: {seq: …, start_time: …}");
    kind.lists.push_back(std::move(list));
}

void loadLists(Section section, YamlNode& node, const std::string& where, LoadContext& context, KindSpec& kind) {
    std::erase_if(kind.lists, [&](const ListSpec& list) { return list.list == section; });
    if (node.items.size() > kMostAlternatives)
        return context.mistake(node.line, where, "at most 20 places of one list", "join expressions with | or filters");
    if (node.kind != YamlNode::Kind::List) return loadList(section, node, where, context, kind);
    for (std::size_t i = 0; i < node.items.size(); ++i)
        loadList(section, node.items[i], where + "[" + std::to_string(i) + "]", context, kind);
}

/// Why `name` is no field, as a hint.
std::string hintFor(const std::string& name) {
    const auto section = sectionNamed(name.substr(0, name.find('.')));
    if (section && isList(*section)) return std::string(nameOf(*section)) + ": {each: EXPRESSION, fields: {…}}";
    if (name == "accept" || name == "result") return "write " + name + ".NAME for each of its fields";
    if (name == "extra" || name == kExtra) return "write extra.NAME";
    return hintOfNearest(name, knownFieldNames(), "what the record does not know goes under extra.NAME");
}

std::optional<FieldSpec> named(const std::string& name) {
    FieldSpec field;
    if (name.starts_with(kExtra)) {
        field.extra_name = name.substr(kExtra.size());
        const bool printable =
            std::none_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
        if (field.extra_name.empty() || field.extra_name.size() > kLongestExtraName || !printable) return std::nullopt;
        return field;
    }
    field.field = fieldNamed(name);
    if (!field.field || isList(infoOf(*field.field).section)) return std::nullopt;
    return field;
}

/// A part of the record that holds fields and is none itself.
bool isGroup(const std::string& name) {
    return name == "extra" || name == kExtra || sectionNamed(name.substr(0, name.find('.'))).has_value();
}

bool isKnown(const std::string& name) {
    const auto section = sectionNamed(name);
    return (section && isList(*section)) || named(name).has_value();
}

}  // namespace

std::vector<std::string_view> knownFieldNames() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> made;
        for (const FieldInfo& info : caseFields()) {
            if (isList(info.section)) continue;
            made.push_back(info.section == Section::Case
                               ? std::string(info.name)
                               : std::string(nameOf(info.section)) + "." + std::string(info.name));
        }
        for (const char* list : {"steps", "corrections", "suspensions", "deliveries", "materials", "fees"})
            made.emplace_back(list);
        return made;
    }();
    return {names.begin(), names.end()};
}

void loadFields(YamlNode& node, const std::string& where, LoadContext& context, KindSpec& kind) {
    if (context.isEmptyMap(node))
        return context.mistake(node.line, where, "must be a map of fields", "fields: {source_case_no: …}");
    if (node.members.size() > kMostFields)
        return context.mistake(node.line, where, "at most 1000 fields", "leave out what nobody reads");
    for (YamlMember& member : node.members) {
        const std::string place = where + "." + member.key;
        if (const auto seen = hintOfLookAlike(member.key); !seen.empty() && !isKnown(member.key)) {
            context.mistake(member.line, place, "is not a field of the case record", std::string(seen));
            continue;
        }
        if (!isKnown(member.key)) {
            context.mistake(member.line, place, "is not a field of the case record", hintFor(member.key));
            if (isGroup(member.key)) continue;
            rename(node, member, knownFieldNames());
        }
        const auto section = sectionNamed(member.key);
        if (section && isList(*section)) {
            loadLists(*section, member.value, place, context, kind);
        } else {
            FieldSpec unknown;
            unknown.extra_name = member.key;  // for what stands around it
            auto made = loadAlternatives(named(member.key).value_or(unknown), member.value, place, context);
            const auto other = [&](const std::string& name, int line, const std::string& at) {
                auto found = named(name);
                if (!found)
                    context.mistake(line, at, "'" + name + "' is not a field of the case record", hintFor(name));
                return found;
            };
            replace(kind.fields, withUnfitPlaces(std::move(made), other, context));
        }
    }
    tellSharedPlaces(kind.fields, where, context);
}

}  // namespace caseway
