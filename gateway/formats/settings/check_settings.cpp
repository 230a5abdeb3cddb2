// gateway/formats/settings/check_settings.cpp - one walk that tells mistakes.
#include "gateway/formats/settings/check_settings.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "gateway/base/mask.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/settings/scalar_form.hpp"
#include "gateway/formats/settings/secret_signs.hpp"
#include "gateway/formats/text/near_word.hpp"
#include "gateway/formats/text/utf8.hpp"

namespace caseway {
namespace {

using Kind = YamlNode::Kind;

const SettingNode kAnything;  ///< of which no schema says more

SettingType typeOf(const YamlNode& value) {
    if (value.kind == Kind::List) return SettingType::List;
    if (value.kind == Kind::Map) return SettingType::Object;
    return SettingType::Text;
}

class Checking {
public:
    Checking(const std::string& file, const SettingNode& root, std::vector<Refusal>& mistakes)
        : file_(file), root_(root), mistakes_(mistakes) {}
    void check(const SettingNode& schema, const YamlNode& value, const std::string& pointer, int line);

private:
    void tell(std::string code, const std::string& pointer, int line, std::string value, std::string rule,
              std::string hint) {
        if (mistakes_.size() < kMostSettingMistakes)
            mistakes_.push_back({std::move(code),
                                 fmt::format("{}:{} {}", file_, line, pointer),
                                 std::move(value),
                                 std::move(rule),
                                 std::move(hint),
                                 {}});
    }
    void notGood(const YamlNode& value, const std::string& pointer, int line, std::string rule, std::string hint) {
        tell("setting_not_good", pointer, line, value.kind == Kind::Text ? masked(value.text) : "", std::move(rule),
             std::move(hint));
    }
    void tellLiteral(const SettingNode& around, const std::string& pointer, int line, std::string rule);
    void checkFree(const SettingNode& around, const SettingNode& schema, const YamlMember& member,
                   const std::string& pointer);
    void checkSecret(const YamlNode& value, const std::string& pointer, int line);
    void checkText(const SettingNode& schema, const YamlNode& value, const std::string& pointer, int line);
    void checkNumber(const SettingNode& schema, const YamlNode& value, const std::string& pointer, int line);
    void checkList(const SettingNode& schema, const YamlNode& value, const std::string& pointer, int line);
    void checkObject(const SettingNode& schema, const YamlNode& value, const std::string& pointer, int line);
    void checkAlternatives(const SettingNode& schema, const YamlNode& value, const std::string& pointer, int line);

    const std::string& file_;
    const SettingNode& root_;
    std::vector<Refusal>& mistakes_;
};

/// Where a secret may be named: "auth.password, auth.token".
void appendPlaces(const SettingNode& schema, const std::string& name, std::vector<std::string>& places) {
    if (schema.is_secret) return places.push_back(name);
    const std::string prefix = name.empty() ? "" : name + ".";
    for (const SettingMember& member : schema.members) appendPlaces(member.node, prefix + member.name, places);
    if (schema.type != SettingType::List)
        for (const SettingNode& item : schema.items) appendPlaces(item, prefix + "NAME", places);
}

std::string exampleOf(const SettingNode& schema) {
    if (!schema.examples.empty() && schema.examples.front().kind == Kind::Text)
        return "such as " + schema.examples.front().text;
    if (!schema.choices.empty()) return fmt::format("one of {}", fmt::join(schema.choices, ", "));
    return "write " + std::string(nameOf(schema.type));
}

/// `around`: the object that takes any name; what it says of secrets is nearer than a list of all settings for them.
void Checking::tellLiteral(const SettingNode& around, const std::string& pointer, int line, std::string rule) {
    std::vector<std::string> places;
    appendPlaces(root_, "", places);
    std::string where = "there is no setting for it: ask the connector's author for one";
    if (around.description.find("secret") != std::string::npos)
        where = "this connector says: " + around.description;
    else if (!places.empty())
        where = fmt::format("settings for secrets are {}", fmt::join(places, ", "));
    tell("secret_literal", pointer, line, {}, std::move(rule),
         fmt::format(
             "take it out; caseway secret set DEPARTMENT/NAME, then {{secret: \"store:NAME\"}} in its place ({})",
             where));
}

/// A member whose name nobody declared: by that name alone it may be a secret.
void Checking::checkFree(const SettingNode& around, const SettingNode& schema, const YamlMember& member,
                         const std::string& pointer) {
    const bool is_literal =
        member.value.kind == Kind::Text || member.value.kind == Kind::Map || member.value.kind == Kind::List;
    if (!schema.is_secret && is_literal && namesSecret(member.key))
        return tellLiteral(around, pointer, member.line,
                           "by its name this is a secret, and here it would stand in clear");
    check(schema, member.value, pointer, member.line);
}

void Checking::checkSecret(const YamlNode& value, const std::string& pointer, int line) {
    const YamlNode* const reference = value.kind == Kind::Map ? value.find("secret") : nullptr;
    if (reference != nullptr && value.members.size() == 1 && reference->kind == Kind::Text &&
        SecretReference::parse(reference->text))
        return;
    if (value.kind == Kind::Text)
        return tell("secret_literal", pointer, line, {}, "a secret stands elsewhere; here is only its name",
                    "take it out of the file, treat it as disclosed where the file was shared; caseway secret set "
                    "DEPARTMENT/NAME; then write {secret: \"store:NAME\"}");
    tell("setting_not_good", pointer, line, {},
         "{secret: \"store:NAME\"}, \"file:NAME\" or \"env:NAME\"; a name is A-Z, a-z, 0-9, _, - and .",
         "caseway secret set DEPARTMENT/NAME, then write {secret: \"store:NAME\"}");
}

void Checking::checkText(const SettingNode& schema, const YamlNode& value, const std::string& pointer, int line) {
    if (value.kind != Kind::Text) return notGood(value, pointer, line, "a text", exampleOf(schema));
    if (!schema.choices.empty()) {
        if (std::count(schema.choices.begin(), schema.choices.end(), value.text) != 0) return;
        const std::vector<std::string_view> known(schema.choices.begin(), schema.choices.end());
        return notGood(value, pointer, line, fmt::format("one of {}", fmt::join(schema.choices, ", ")),
                       hintOfNearest(value.text, known, "choose one of them"));
    }
    if (bearsSecret(value.text))
        return tellLiteral({}, pointer, line, "a password or token stands in the midst of this text");
    const std::size_t length = utf8Length(value.text);
    if (length < schema.min_length.value_or(0) || length > schema.max_length.value_or(length))
        return notGood(value, pointer, line,
                       schema.max_length
                           ? fmt::format("{} to {} characters", schema.min_length.value_or(0), *schema.max_length)
                           : fmt::format("at least {} characters", *schema.min_length),
                       exampleOf(schema));
    if (!schema.pattern.empty() && !re2::RE2::PartialMatch(value.text, re2::RE2(schema.pattern, re2::RE2::Quiet)))
        notGood(value, pointer, line, "of the form " + schema.pattern, exampleOf(schema));
}

void Checking::checkNumber(const SettingNode& schema, const YamlNode& value, const std::string& pointer, int line) {
    const bool is_whole = schema.type == SettingType::Integer;
    if (value.kind != Kind::Text || !(is_whole ? isWholeNumber(value.text) : isJsonNumber(value.text)))
        return notGood(value, pointer, line, std::string(nameOf(schema.type)), exampleOf(schema));
    if (value.quoted) return notGood(value, pointer, line, "a number, not a text", "write it without quotes");
    double number = 0;
    std::from_chars(value.text.data(), value.text.data() + value.text.size(), number);
    const bool is_low = schema.minimum && (schema.is_above ? number <= *schema.minimum : number < *schema.minimum);
    const bool is_high = schema.maximum && (schema.is_below ? number >= *schema.maximum : number > *schema.maximum);
    if (!is_low && !is_high) {
        if (!schema.choices.empty() && std::count(schema.choices.begin(), schema.choices.end(), value.text) == 0)
            notGood(value, pointer, line, fmt::format("one of {}", fmt::join(schema.choices, ", ")),
                    "choose one of them");
        return;
    }
    std::string rule = schema.minimum ? fmt::format("{} {}", schema.is_above ? "above" : "from", *schema.minimum) : "";
    if (schema.maximum)
        rule += fmt::format("{}{} {}", rule.empty() ? "" : " ", schema.is_below ? "below" : "to", *schema.maximum);
    notGood(value, pointer, line, rule, schema.examples.empty() ? "write a number in this range" : exampleOf(schema));
}

void Checking::checkList(const SettingNode& schema, const YamlNode& value, const std::string& pointer, int line) {
    if (value.kind != Kind::List) return notGood(value, pointer, line, "a list", "write [one, two]");
    const std::size_t count = value.items.size();
    if (count < schema.min_length.value_or(0) || count > schema.max_length.value_or(count))
        notGood(value, pointer, line,
                schema.max_length ? fmt::format("{} to {} items", schema.min_length.value_or(0), *schema.max_length)
                                  : fmt::format("at least {} items", *schema.min_length),
                "add or remove some");
    std::set<std::string_view> seen;
    for (const YamlNode& item : value.items)
        if (schema.is_unique && item.kind == Kind::Text && !seen.insert(item.text).second)
            notGood(item, pointer, item.line, "no value twice", "keep one of them");
    for (std::size_t i = 0; i < count; ++i)
        check(schema.items.empty() ? kAnything : schema.items.front(), value.items[i], fmt::format("{}/{}", pointer, i),
              value.items[i].line);
}

void Checking::checkObject(const SettingNode& schema, const YamlNode& value, const std::string& pointer, int line) {
    if (value.kind != Kind::Map && value.kind != Kind::Null) {  // nothing at all: what is needed is told by its names
        const std::string_view seen = hintOfLookAlike(value.text);
        return notGood(value, pointer, seen.empty() ? line : value.line, "names and values",
                       seen.empty() ? "write each name on a line of its own: NAME: VALUE" : std::string(seen));
    }
    for (const YamlMember& member : value.members) {
        std::string inner = pointer;
        appendPointerToken(member.key, inner);
        if (const SettingNode* const known = schema.find(member.key)) {
            check(*known, member.value, inner, member.line);
        } else if (const std::string_view seen = hintOfLookAlike(member.key);
                   !seen.empty() && (schema.is_closed || member.value.kind == Kind::Null)) {
            inner = pointer;  // behind the colon stands the value
            appendPointerToken(nameBeforeLookAlike(member.key), inner);
            tell("setting_unknown", inner, member.line, {}, "a name and its value", std::string(seen));
        } else if (!schema.items.empty()) {
            checkFree(schema, schema.items.front(), member, inner);
        } else if (schema.is_closed) {
            std::vector<std::string_view> names;
            for (const SettingMember& one : schema.members) names.push_back(one.name);
            tell("setting_unknown", inner, member.line, {}, fmt::format("known are {}", fmt::join(names, ", ")),
                 hintOfNearest(member.key, names, "correct the name, or take it out"));
        } else {
            checkFree(schema, kAnything, member, inner);
        }
    }
    for (const std::string& name : schema.required) {
        if (value.find(name) != nullptr) continue;
        const SettingNode* const missing = schema.find(name);
        if (missing != nullptr && missing->fallback) continue;
        std::string inner = pointer;
        appendPointerToken(name, inner);
        tell("setting_missing", inner, line, {},
             missing != nullptr && !missing->title.empty() ? "it is needed: " + missing->title : "it is needed",
             missing == nullptr   ? "add " + name
             : missing->is_secret ? fmt::format("add {}: {{secret: \"store:NAME\"}}", name)
                                  : fmt::format("add {}: {}", name, exampleOf(*missing)));
    }
}

/// The mistakes of the alternative that fits best.
void Checking::checkAlternatives(const SettingNode& schema, const YamlNode& value, const std::string& pointer,
                                 int line) {
    std::vector<Refusal> fewest;
    for (std::size_t i = 0; i < schema.one_of.size(); ++i) {
        std::vector<Refusal> found;
        Checking(file_, root_, found).check(schema.one_of[i], value, pointer, line);
        if (i == 0 || found.size() < fewest.size()) fewest = std::move(found);
        if (fewest.empty()) return;
    }
    for (Refusal& mistake : fewest)
        if (mistakes_.size() < kMostSettingMistakes) mistakes_.push_back(std::move(mistake));
}

void Checking::check(const SettingNode& schema, const YamlNode& value, const std::string& pointer, int line) {
    if (schema.is_secret) return checkSecret(value, pointer, line);
    switch (schema.type == SettingType::Any ? typeOf(value) : schema.type) {
        case SettingType::Any:
        case SettingType::Text:
            if (schema.type == SettingType::Any && value.kind == Kind::Null) break;
            checkText(schema, value, pointer, line);
            break;
        case SettingType::Integer:
        case SettingType::Number:
            checkNumber(schema, value, pointer, line);
            break;
        case SettingType::Boolean:
            if (value.kind != Kind::Text || (value.text != "true" && value.text != "false"))
                notGood(value, pointer, line, "true or false", "write true or false");
            break;
        case SettingType::List:
            checkList(schema, value, pointer, line);
            break;
        case SettingType::Object:
            checkObject(schema, value, pointer, line);
            break;
    }
    for (const SettingNode& also : schema.all_of) check(also, value, pointer, line);
    if (!schema.one_of.empty()) checkAlternatives(schema, value, pointer, line);
}

}  // namespace

std::vector<Refusal> checkSettings(const SettingNode& schema, const YamlNode& settings, const std::string& file,
                                   int line) {
    std::vector<Refusal> mistakes;
    Checking(file, schema, mistakes).check(schema, settings, "/settings", line);
    return mistakes;
}

}  // namespace caseway
