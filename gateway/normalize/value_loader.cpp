// gateway/normalize/value_loader.cpp - the keys of a field. Each key's meaning: docs/mapping-reference.md.
#include "gateway/normalize/value_loader.hpp"

#include <algorithm>
#include <map>

#include "gateway/formats/text/near_word.hpp"
#include "gateway/normalize/white_space.hpp"

namespace caseway {
namespace {

constexpr std::string_view kEmptyCode = "an empty text is no code: it says nothing, before a table is looked in";
constexpr const char* kEmptyCodeHint = "default: what stands where the department sends nothing";

const std::vector<std::string_view> kFieldKeys = {
    "from", "value", "time",  "zone",           "no_date",  "codes", "other", "default", "empty", "empty_clears",
    "trim", "fold",  "check", "convert_old_id", "required", "when",  "split", "part",    "unfit"};

/// The marks of Java, .NET and Oracle as those of the language.
std::string hintOfForm(const std::string& text) {
    static constexpr std::pair<std::string_view, std::string_view> kMarks[] = {
        {"yyyy", "%Y"}, {"YYYY", "%Y"}, {"HH24", "%H"}, {"MI", "%M"}, {"mi", "%M"},
        {"MM", "%m"},   {"dd", "%d"},   {"DD", "%d"},   {"HH", "%H"}, {"hh", "%H"},
        {"mm", "%M"},   {"SSS", "%f"},  {"ss", "%S"},   {"SS", "%S"}, {"'T'", "T"}};
    std::string pattern;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = std::string_view(text).substr(at);
        const auto mark = std::find_if(std::begin(kMarks), std::end(kMarks),
                                       [rest](const auto& one) { return rest.starts_with(one.first); });
        pattern += mark == std::end(kMarks) ? rest.substr(0, 1) : mark->second;
        at += mark == std::end(kMarks) ? 1 : mark->first.size();
    }
    if (pattern.find("%Y") != std::string::npos) return "did you mean '" + pattern + "'?";
    return hintOfNearest(text, {"epoch_ms", "epoch_s", "rfc3339"}, "a pattern like %Y-%m-%d %H:%M:%S");
}

void loadTimes(const YamlNode& node, const std::string& where, LoadContext& context, ValueSpec& value) {
    for (const std::string& text : context.texts(node, where)) {
        if (text == "epoch_ms")
            value.time.push_back({DateForm::Kind::EpochMilliseconds, {}});
        else if (text == "epoch_s")
            value.time.push_back({DateForm::Kind::EpochSeconds, {}});
        else if (text == "rfc3339")
            value.time.push_back({DateForm::Kind::Rfc3339, {}});
        else if (text.find('%') != std::string::npos)
            value.time.push_back({DateForm::Kind::Pattern, text});
        else
            context.mistake(node.line, where, "'" + text + "' is not a form of a time", hintOfForm(text));
    }
}

void loadTable(const YamlNode& node, const std::string& where, LoadContext& context, ValueSpec& value) {
    if (node.kind != YamlNode::Kind::Text) {
        value.codes = loadCodes(node, where, context);
        return;
    }
    const auto table = context.code_tables.find(node.text);
    if (table != context.code_tables.end()) {
        value.codes = table->second;
        value.codes_name = node.text;
        return;
    }
    std::vector<std::string_view> names;
    for (const auto& [name, codes] : context.code_tables) names.push_back(name);
    context.mistake(node.line, where, "there is no code table '" + node.text + "'",
                    hintOfNearest(node.text, names, "define it under code_tables"));
}

void loadCheck(const YamlNode& node, const std::string& where, LoadContext& context, ValueSpec& value) {
    bool person = false, organisation = false, old = false;
    for (const std::string& name : context.texts(node, where)) {
        if (name == "id_card")
            person = true;
        else if (name == "credit_code")
            organisation = true;
        else if (name == "org_code")
            old = true;
        else
            context.mistake(node.line, where, "'" + name + "' is not a check",
                            hintOfNearest(name, {"id_card", "credit_code", "org_code"},
                                          "id_card, credit_code, a list of both, or org_code"));
    }
    if (old && (person || organisation))
        context.mistake(node.line, where, "org_code stands alone", "two alternatives, each with its check");
    if (old)
        value.check = CheckDigit::OrgCode;
    else if (person && organisation)
        value.check = CheckDigit::IdCardOrCreditCode;
    else if (person)
        value.check = CheckDigit::IdCard;
    else if (organisation)
        value.check = CheckDigit::CreditCode;
}

void loadPart(const YamlNode& node, const std::string& where, LoadContext& context, ValueSpec& value) {
    const std::string name = context.text(node, where).value_or("");
    if (name == "number")
        value.part = TextPart::Number;
    else if (name == "unit")
        value.part = TextPart::Unit;
    else if (!name.empty())
        context.mistake(node.line, where, "'" + name + "' is no part of a text",
                        hintOfNearest(name, {"number", "unit"}, "number or unit: of 15个工作日 the 15 or the 工作日"));
}

void loadFlags(const YamlMember& member, const std::string& where, LoadContext& context, ValueSpec& value) {
    if (member.key == "empty_clears")
        value.empty_clears = context.flag(member.value, where);
    else if (member.key == "trim")
        value.trim = context.flag(member.value, where);
    else if (member.key == "fold")
        value.fold = context.flag(member.value, where);
    else if (member.key == "convert_old_id")
        value.convert_old_id = context.flag(member.value, where);
    else if (member.key == "required")
        value.required = context.flag(member.value, where);
}

void loadKey(YamlMember& member, const std::string& where, LoadContext& context, FieldSpec& field) {
    ValueSpec& value = field.value;
    YamlNode& node = member.value;
    if (member.key == "from")
        field.expression = context.text(node, where).value_or("");
    else if (member.key == "value")
        field.constant = context.text(node, where);
    else if (member.key == "time")
        loadTimes(node, where, context, value);
    else if (member.key == "zone")
        value.zone = context.text(node, where).value_or(value.zone);
    else if (member.key == "no_date")
        value.no_date = context.texts(node, where);
    else if (member.key == "codes")
        loadTable(node, where, context, value);
    else if (member.key == "other")
        value.other_codes = node.kind == YamlNode::Kind::Null ? "" : context.text(node, where);
    else if (member.key == "default")
        value.fallback = context.text(node, where);
    else if (member.key == "empty")
        value.empty_values = context.texts(node, where);
    else if (member.key == "check")
        loadCheck(node, where, context, value);
    else if (member.key == "split")
        value.split = context.text(node, where).value_or("");
    else if (member.key == "part")
        loadPart(node, where, context, value);
    else if (member.key == "unfit")
        value.unfit = context.text(node, where).value_or("");
    else if (member.key == "when")
        field.when = loadCondition(node, where, context);
    else
        loadFlags(member, where, context, value);
}

void trimWords(std::vector<std::string>& words) {
    for (std::string& word : words) word = std::string(trimmed(word));
}

/// The mapping's own words as the values that are held against them.
void trimWords(const std::string& where, LoadContext& context, FieldSpec& field) {
    ValueSpec& value = field.value;
    if (!value.trim) return;
    trimWords(value.empty_values);
    trimWords(value.no_date);
    std::map<std::string, std::string> meanings;
    CodePairs kept;
    for (const auto& [written, meaning] : value.codes) {
        const std::string code(trimmed(written));
        const auto [known, is_new] = meanings.emplace(code, meaning);
        if (code.empty() && !written.empty())
            context.mistake(field.place.lineOf("codes"), where + ".codes", std::string(kEmptyCode), kEmptyCodeHint);
        else if (is_new)
            kept.emplace_back(code, meaning);
        else if (known->second != meaning)
            context.mistake(
                field.place.lineOf("codes"), where + ".codes",
                "'" + written + "' is '" + code + "' without the white space at its ends, and that has another meaning",
                "keep one of the two, or say trim: false");
    }
    value.codes = std::move(kept);
}

/// What the whole mapping says of texts that mean nothing, for a field that says nothing of its own. A code of the
/// field's table is a code.
void addCommonFillers(const LoadContext& context, FieldSpec& field) {
    if (field.expression.empty()) return;
    const auto says = [&field](std::string_view key) {
        const auto& keys = field.place.key_lines;
        return std::any_of(keys.begin(), keys.end(), [key](const auto& one) { return one.first == key; });
    };
    ValueSpec& value = field.value;
    const auto isCode = [&value](const std::string& text) {
        return std::any_of(value.codes.begin(), value.codes.end(), [&](const auto& one) { return one.first == text; });
    };
    if (!says("empty"))
        for (const std::string& written : context.empty_values) {
            const std::string text(value.trim ? trimmed(written) : written);
            if (!isCode(text)) value.empty_values.push_back(text);
        }
    const FieldType type = field.field ? infoOf(*field.field).type : FieldType::Any;
    const bool is_time =
        type == FieldType::DateTime || type == FieldType::Date || (!field.field && !value.time.empty());
    if (!is_time || says("no_date")) return;
    value.no_date = context.no_date;
    if (value.trim) trimWords(value.no_date);
}

}  // namespace

CodePairs loadCodes(const YamlNode& node, const std::string& where, LoadContext& context) {
    CodePairs codes;
    if (node.kind != YamlNode::Kind::Map || node.members.empty()) {
        context.mistake(node.line, where, "must be a map of codes, or the name of one", "{\"0\": \"1\", \"1\": \"2\"}");
        return codes;
    }
    for (const YamlMember& member : node.members) {
        if (member.key.empty()) {
            context.mistake(member.line, where, std::string(kEmptyCode), kEmptyCodeHint);
            continue;
        }
        const bool fits = member.value.kind == YamlNode::Kind::Text || member.value.kind == YamlNode::Kind::Null;
        if (fits)
            codes.emplace_back(member.key, member.value.text);
        else
            context.mistake(member.line, where + "." + member.key, "must be one value",
                            "a code of the record, or null");
    }
    return codes;
}

std::optional<ConditionSpec> loadCondition(YamlNode& node, const std::string& where, LoadContext& context) {
    ConditionSpec condition;
    condition.place = placeOf(node, where);
    if (node.kind == YamlNode::Kind::Text) {
        condition.expression = context.text(node, where).value_or("");
        return condition;
    }
    if (!context.isMapOf(node, where, {"from", "in", "equals", "not"})) return std::nullopt;
    condition.place = placeOf(node, where);
    if (const YamlNode* from = node.find("from"))
        condition.expression = context.text(*from, where + ".from").value_or("");
    else if (context.lacks(node, "from"))
        context.mistake(node.line, where, "a condition needs from", "when: {from: EXPRESSION, in: [\"1\", \"2\"]}");
    if (const YamlNode* in = node.find("in")) condition.one_of = context.texts(*in, where + ".in");
    if (const YamlNode* equals = node.find("equals")) {
        if (!condition.one_of.empty())
            context.mistake(equals->line, where, "in and equals exclude each other", "keep one of them");
        if (const auto text = context.text(*equals, where + ".equals")) condition.one_of = {*text};
    }
    trimWords(condition.one_of);
    if (const YamlNode* negated = node.find("not")) condition.negated = context.flag(*negated, where + ".not");
    return condition;
}

void loadValue(YamlNode& node, const std::string& where, LoadContext& context, FieldSpec& field) {
    field.place = placeOf(node, where);
    if (node.kind == YamlNode::Kind::Text) {
        field.expression = context.text(node, where).value_or("");
        addCommonFillers(context, field);
        return;
    }
    if (node.kind == YamlNode::Kind::Null)
        return context.mistake(
            node.line, where, "has no value",
            "write where the value stands; YAML reads null, Null, NULL and ~ as nothing: one that is "
            "called so stands in quotes, \"null\"");
    if (!context.isMapOf(node, where, kFieldKeys)) return;
    field.place = placeOf(node, where);  // the keys bear the names that were meant
    for (YamlMember& member : node.members) loadKey(member, where + "." + member.key, context, field);
    const bool from = node.find("from") != nullptr, constant = node.find("value") != nullptr;
    if (from == constant && (from || context.lacks(node, "from")))
        context.mistake(node.line, where, from ? "from and value exclude each other" : "a field needs from or value",
                        "from: an expression; value: a constant");
    if (field.value.other_codes && context.lacks(node, "codes")) {
        context.mistake(field.place.lineOf("other"), where + ".other", "there is no code table", "add codes");
        field.value.other_codes.reset();  // told
    }
    trimWords(where, context, field);
    addCommonFillers(context, field);
}

}  // namespace caseway
