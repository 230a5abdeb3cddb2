// tests/unit/engine/xpath_agrees_test.cpp - random expressions of all of XPath 1.0 over random documents: what a
// record's subtree gives while the payload streams is what the whole document gives. The seed is printed with each
// failure.
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
    std::string oneOf(const char* const (&words)[N]) {
        return words[below(N)];
    }

private:
    std::mt19937 engine_;
};

void element(Dice& dice, int depth, std::string& out) {
    const std::string name = dice.oneOf({"a", "b", "p:a", "r"});
    out += "<" + name;
    if (dice.once(3)) out += " k='" + dice.oneOf({"1", "2.50", "x", " a  b "}) + "'";
    if (dice.once(6)) out += " p:k='q'";
    if (dice.once(8)) out += " xml:lang='" + dice.oneOf({"zh-CN", "en"}) + "'";
    if (dice.once(10)) out += " xmlns:p='urn:q'";
    if (dice.once(12)) out += " xmlns='urn:p'";
    out += ">";
    for (std::size_t i = dice.below(4); i > 0; --i) {
        out +=
            dice.oneOf({"1", "-0.5", "1e3", "中文", "a&amp;b", "<![CDATA[<z>]]>", "<!--no-->", "<?no no?>", " ", ""});
        if (depth < 4) element(dice, depth + 1, out);
    }
    out += "</" + name + ">";
}

std::string document(Dice& dice) {
    std::string out = "<d xmlns:p='urn:p'>";
    for (std::size_t i = 1 + dice.below(3); i > 0; --i) element(dice, 1, out);
    return out + "</d>";
}

std::string any(Dice& dice, int depth);

std::string nodeTest(Dice& dice) {
    return dice.oneOf({"a", "b", "r", "p:a", "*", "p:*", "node()", "text()", "comment()", "processing-instruction()"});
}

std::string predicate(Dice& dice, int depth) {
    switch (dice.below(6)) {
        case 0:
            return "[1]";
        case 1:
            return "[last()]";
        case 2:
            return "[position()<3]";
        case 3:
            return "[@k]";
        case 4:
            return "[2][1]";
        default:
            return "[" + any(dice, depth + 1) + "]";
    }
}

std::string step(Dice& dice, int depth) {
    if (dice.once(6)) return dice.oneOf({".", ".."});
    std::string text;
    if (dice.once(8)) {
        text = "@" + dice.oneOf({"k", "p:k", "*", "node()"});
    } else if (dice.once(2)) {
        text = nodeTest(dice);
    } else {
        text =
            dice.oneOf({"child", "descendant", "descendant-or-self", "self", "parent", "ancestor", "ancestor-or-self",
                        "following", "preceding", "following-sibling", "preceding-sibling", "attribute", "namespace"}) +
            "::" + nodeTest(dice);
    }
    for (int i = 0; i < 2 && depth < 3 && dice.once(4); ++i) text += predicate(dice, depth);
    return text;
}

std::string nodes(Dice& dice, int depth) {
    std::string text = dice.once(12) ? dice.oneOf({"/", "//"}) : "";
    for (std::size_t i = 1 + dice.below(3); i > 0; --i)
        text += step(dice, depth) + (i > 1 ? dice.oneOf({"/", "/", "//"}) : "");
    if (dice.once(8)) text = "(" + text + ")" + dice.oneOf({"", "[1]", "/..", "/a", "//text()"});
    if (depth < 3 && dice.once(6)) text += " | " + nodes(dice, depth + 1);
    return text;
}

std::string call(Dice& dice, int depth) {
    const auto one = [&] { return any(dice, depth + 1); };
    const auto set = [&] { return nodes(dice, depth + 1); };
    switch (dice.below(20)) {
        case 0:
            return "count(" + set() + ")";
        case 1:
            return dice.oneOf({"local-name", "name", "namespace-uri"}) + "(" + (dice.once(3) ? "" : set()) + ")";
        case 2:
            return "string(" + one() + ")";
        case 3:
            return "concat(" + one() + ",'|'," + one() + ")";
        case 4:
            return dice.oneOf({"starts-with", "contains"}) + "(" + one() + "," + one() + ")";
        case 5:
            return dice.oneOf({"substring-before", "substring-after"}) + "(" + one() + ",'a')";
        case 6:
            return "substring(" + one() + "," + one() + (dice.once(2) ? "," + one() : "") + ")";
        case 7:
            return "string-length(" + one() + ")";
        case 8:
            return "normalize-space(" + one() + ")";
        case 9:
            return "translate(" + one() + ",'ab1','BA')";
        case 10:
            return dice.oneOf({"boolean", "not", "number"}) + "(" + one() + ")";
        case 11:
            return "sum(" + set() + ")";
        case 12:
            return dice.oneOf({"floor", "ceiling", "round"}) + "(" + one() + ")";
        case 13:
            return "lang('zh')";
        case 14:
            return "id(" + one() + ")";
        case 15:
            return dice.oneOf(
                {"true()", "false()", "position()", "last()", "string()", "number()", "normalize-space()"});
        default:
            return "string(" + set() + ")";
    }
}

std::string any(Dice& dice, int depth) {
    if (depth > 3) return dice.oneOf({"1", "'a'", "a", ".", "@k"});
    switch (dice.below(10)) {
        case 0:
            return dice.oneOf(
                {"0", "1.5", "-1", "'x'", "\"中\"", "1 div 0", "0 div 0", "-1 div 0", "1000000", "0.000001"});
        case 1:
        case 2:
            return call(dice, depth);
        case 3:
            return any(dice, depth + 1) +
                   dice.oneOf({" = ", " != ", " < ", " >= ", " and ", " or ", " + ", " - ", " * ", " div ", " mod "}) +
                   any(dice, depth + 1);
        case 4:
            return "-" + nodes(dice, depth + 1);
        default:
            return nodes(dice, depth);
    }
}

unsigned rounds() {
    const char* text = std::getenv("CASEWAY_ROUNDS");
    return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : 1500U;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(XPathAgrees)

BOOST_AUTO_TEST_CASE(on_the_records_subtree_and_on_the_whole_document) {
    std::size_t subtrees = 0, compared = 0;
    for (unsigned seed = 1; seed <= rounds(); ++seed) {
        Dice dice(seed);
        KindSpec kind;
        kind.records = dice.oneOf({"/d/*", "//r", "//a", "/d/a", "/d/*/*"});
        kind.fields = {constant("source_case_no", "N")};
        for (int i = 0; i < 2; ++i) kind.fields.push_back(field("extra.x" + std::to_string(i), any(dice, 0)));
        if (dice.once(3)) kind.fields.back().when = when(any(dice, 1));
        ListSpec list;
        list.list = Section::Corrections;
        list.each = nodes(dice, 1);
        list.fields = {field("corrections.reason", any(dice, 0)), field("corrections.material_list", nodes(dice, 0))};
        if (dice.once(2)) kind.lists = {list};
        std::string shown;
        for (const FieldSpec& one : kind.fields) shown += "\n  " + one.expression;
        for (const ListSpec& one : kind.lists)
            shown += "\n  each " + one.each + "\n  " + one.fields[0].expression + "\n  " + one.fields[1].expression;
        const auto streaming = Mapping::compile(spec(SourceFormat::Xml, {kind}));
        const auto whole = Mapping::compile(spec(SourceFormat::Xml, {kind}), CompileOptions{true});
        BOOST_TEST(streaming.ok() == whole.ok());
        if (!streaming || !whole) continue;  // types that do not fit, found when the mapping loads
        for (const ExpressionReport& report : (*streaming)->expressions())
            subtrees += report.evaluation == Evaluation::RecordSubtree ? 1 : 0;
        const std::string payload = document(dice);
        const auto expected = runStream(**whole, payload);
        compared += expected.size();
        BOOST_TEST_CONTEXT("seed " << seed << " records " << kind.records << shown << "\n" << payload) {
            BOOST_TEST(runStream(**streaming, payload) == expected, boost::test_tools::per_element());
            BOOST_TEST(runTree(**streaming, payload) == expected, boost::test_tools::per_element());
        }
    }
    BOOST_TEST(subtrees > rounds() / 4);
    BOOST_TEST(compared > rounds() / 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
