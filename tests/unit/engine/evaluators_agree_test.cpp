// tests/unit/engine/evaluators_agree_test.cpp - random documents, random simple paths: the automaton finds what
// libxml2's XPath and the RFC 9535 evaluator find, by streaming and on a tree. The seed is printed with each failure.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <random>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;

class Dice {
public:
    explicit Dice(unsigned seed) : engine_(seed) {}
    std::size_t below(std::size_t bound) { return engine_() % bound; }
    bool once(std::size_t in) { return below(in) == 0; }
    template <std::size_t N>
    const char* oneOf(const char* const (&words)[N]) {
        return words[below(N)];
    }

private:
    std::mt19937 engine_;
};

constexpr const char* kNames[] = {"a", "b", "c", "p:a", "r"};
constexpr const char* kTexts[] = {"1", "中文", "x&amp;y", "<![CDATA[<z>]]>", "<!--no-->", "<?no no?>", " ", ""};

void element(Dice& dice, int depth, std::string& out) {
    const std::string name = dice.oneOf(kNames);
    out += "<" + name;
    if (dice.once(2)) out += " k='" + std::string(dice.once(3) ? "u&amp;&#38;v" : "w") + "'";
    if (dice.once(4)) out += " p:k='q'";
    if (dice.once(6)) out += " xml:lang='zh'";
    if (dice.once(8)) out += " xmlns='urn:q'";
    out += ">";
    for (std::size_t i = dice.below(4); i > 0; --i) {
        out += dice.oneOf(kTexts);
        if (depth < 6) element(dice, depth + 1, out);
    }
    out += dice.oneOf(kTexts);
    out += "</" + name + ">";
}

std::string document(Dice& dice) {
    std::string out = "<d xmlns:p='urn:p'>";
    for (std::size_t i = 1 + dice.below(4); i > 0; --i) element(dice, 1, out);
    return out + "</d>";
}

std::string step(Dice& dice) {
    std::string text = dice.once(3) ? "*" : dice.oneOf(kNames);
    if (dice.once(4)) text += "[" + std::to_string(1 + dice.below(3)) + "]";
    return text;
}

std::string path(Dice& dice) {
    if (dice.once(10)) return ".";
    std::string text;
    for (std::size_t i = 1 + dice.below(3); i > 0; --i) text += (text.empty() ? "" : "/") + step(dice);
    switch (dice.below(7)) {
        case 0:
            return text + "/@k";
        case 1:
            return text + "/@p:k";
        case 6:
            return text + "/@xml:lang";
        case 2:
            return text + "/text()";
        case 3:
            return dice.once(2) ? "@k" : "text()";
        default:
            return text;
    }
}

std::string xmlRecords(Dice& dice) {
    switch (dice.below(4)) {
        case 0:
            return "//r";
        case 1:
            return "//a/b";
        case 2:
            return "/d/*";
        default:
            return "/d/" + step(dice);
    }
}

KindSpec kind(Dice& dice, const std::string& records, std::string (*any_path)(Dice&)) {
    KindSpec made;
    made.records = records;
    made.fields = {constant("source_case_no", "N")};
    for (int i = 0; i < 5; ++i) made.fields.push_back(field("extra.x" + std::to_string(i), any_path(dice)));
    if (dice.once(2)) made.fields.back().when = when(any_path(dice), {}, dice.once(2));
    ListSpec list;
    list.list = Section::Corrections;
    list.each = any_path(dice);
    list.fields = {field("corrections.reason", any_path(dice)), field("corrections.material_list", any_path(dice))};
    if (dice.once(3)) list.when = when(any_path(dice));
    made.lists = {list};
    if (dice.once(2)) {
        list.each = any_path(dice);
        made.lists.push_back(list);
    }
    return made;
}

std::string name(Dice& dice) {
    return dice.oneOf({"a", "b", "c"});
}

void value(Dice& dice, int depth, std::string& out) {
    switch (depth > 5 ? 2 + dice.below(5) : dice.below(9)) {
        case 0:
        case 7:
        case 1: {
            out += "{";
            bool first = true;
            for (const char* one : {"a", "b", "c", "d"}) {
                if (dice.once(3)) continue;
                out += (first ? "\"" : ",\"") + std::string(one) + "\":";
                first = false;
                value(dice, depth + 1, out);
            }
            out += "}";
            return;
        }
        case 2:
            out += "null";
            return;
        case 3:
            out += "1.50";
            return;
        case 4:
            out += "\"\\u4e2d\\n\"";
            return;
        case 5:
            out += "true";
            return;
        case 6:
            out += "\"t\"";
            return;
        default:
            out += "[";
            for (std::size_t i = dice.below(4); i > 0; --i) {
                value(dice, depth + 1, out);
                if (i > 1) out += ",";
            }
            out += "]";
    }
}

std::string jsonPath(Dice& dice) {
    if (dice.once(12)) return "@";
    std::string text = "@";
    for (std::size_t i = 1 + dice.below(3); i > 0; --i) {
        switch (dice.below(4)) {
            case 0:
                text += "[*]";
                break;
            case 1:
                text += "[" + std::to_string(dice.below(3)) + "]";
                break;
            default:
                text += "." + name(dice);
        }
    }
    return text;
}

std::string jsonRecords(Dice& dice) {
    std::string text = jsonPath(dice);
    text.front() = '$';
    return dice.once(4) ? "$.*" : text;
}

/// The expressions, for messages.
std::string shown(const std::vector<KindSpec>& kinds) {
    std::string text;
    const auto add = [&](const char* what, const std::string& expression) {
        if (!expression.empty()) text += std::string("\n  ") + what + " " + expression;
    };
    const auto fields = [&](const std::vector<FieldSpec>& all) {
        for (const FieldSpec& one : all) {
            add("field", one.expression);
            if (one.when) add(one.when->negated ? "when not" : "when", one.when->expression);
        }
    };
    for (const KindSpec& kind : kinds) {
        add("records", kind.records);
        fields(kind.fields);
        for (const ListSpec& list : kind.lists) {
            add("each", list.each);
            if (list.when) add("when", list.when->expression);
            fields(list.fields);
        }
    }
    return text + "\n";
}

unsigned firstSeed() {
    const char* text = std::getenv("CASEWAY_SEED");
    return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : 1U;
}

unsigned rounds() {
    const char* text = std::getenv("CASEWAY_ROUNDS");
    return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : 400U;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(EvaluatorsAgree)

BOOST_AUTO_TEST_CASE(xml_by_streaming_by_tree_and_by_xpath) {
    std::size_t records = 0;
    for (unsigned seed = firstSeed(); seed < firstSeed() + rounds(); ++seed) {
        Dice dice(seed);
        std::vector<KindSpec> kinds = {kind(dice, xmlRecords(dice), path)};
        if (dice.once(3)) kinds.push_back(kind(dice, xmlRecords(dice), path));
        const auto streaming = compiled(spec(SourceFormat::Xml, kinds));
        const auto evaluating = compiled(spec(SourceFormat::Xml, kinds), true);
        // What a mapping becomes whose paths with positions would make too large an automaton.
        const auto positions = Mapping::compile(spec(SourceFormat::Xml, kinds), CompileOptions{false, true});
        BOOST_REQUIRE(positions.ok());
        const std::string payload = document(dice);
        const auto expected = runStream(*evaluating, payload);
        records += expected.size();
        BOOST_TEST_CONTEXT("seed " << seed << shown(kinds) << payload) {
            BOOST_TEST(runStream(*streaming, payload) == expected, boost::test_tools::per_element());
            BOOST_TEST(runTree(*streaming, payload) == expected, boost::test_tools::per_element());
            BOOST_TEST(runStream(**positions, payload) == expected, boost::test_tools::per_element());
        }
    }
    BOOST_TEST(records > rounds());
}

BOOST_AUTO_TEST_CASE(json_by_streaming_and_by_jsonpath) {
    std::size_t records = 0;
    for (unsigned seed = firstSeed(); seed < firstSeed() + rounds(); ++seed) {
        Dice dice(seed);
        std::vector<KindSpec> kinds = {kind(dice, jsonRecords(dice), jsonPath)};
        if (dice.once(3)) kinds.push_back(kind(dice, jsonRecords(dice), jsonPath));
        const auto streaming = compiled(spec(SourceFormat::Json, kinds));
        const auto evaluating = compiled(spec(SourceFormat::Json, kinds), true);
        std::string payload;
        value(dice, 0, payload);
        const auto expected = runStream(*evaluating, payload);
        records += expected.size();
        BOOST_TEST_CONTEXT("seed " << seed << shown(kinds) << payload) {
            BOOST_TEST(runStream(*streaming, payload) == expected, boost::test_tools::per_element());
        }
    }
    BOOST_TEST(records > rounds() / 4);
}

BOOST_AUTO_TEST_CASE(on_how_many_items_a_record_may_have) {
    constexpr int kMost = 20'000;
    for (const SourceFormat format : {SourceFormat::Xml, SourceFormat::Json}) {
        const bool is_xml = format == SourceFormat::Xml;
        KindSpec one;
        one.records = is_xml ? "/d/r" : "$.r[*]";
        ListSpec steps;
        steps.each = is_xml ? "s" : "s[*]";
        steps.fields = {field("steps.opinion", "o")};
        one.lists = {steps};
        for (const bool evaluate_all : {false, true}) {
            const auto mapping = compiled(spec(format, {one}), evaluate_all);
            for (const int items : {kMost, kMost + 1}) {
                std::string payload = is_xml ? "<d><r>" : R"({"r":[{"s":[{"o":"x"})";
                for (int i = is_xml ? 0 : 1; i < items; ++i) payload += is_xml ? "<s><o>x</o></s>" : R"(,{"o":"x"})";
                payload += is_xml ? "</r></d>" : "]}]}";
                const auto lines = runStream(*mapping, payload);
                BOOST_TEST_REQUIRE(lines.size() == 1U);
                BOOST_TEST(lines[0].starts_with("! record_too_large") == (items > kMost), lines[0].substr(0, 40));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
