// tests/unit/json/document_test.cpp - trees out of texts and out of events, pointers into them, and their canonical
// form.
#include "gateway/formats/json/document.hpp"

#include <boost/test/unit_test.hpp>

namespace caseway {
namespace {

std::string canonicalOf(std::string_view json) {
    JsonTree tree;
    const auto value = parseJson(json, {}, tree);
    if (!value) return value.error().code;
    std::string text;
    appendCanonical(**value, text);
    return text;
}

std::string number(std::string_view literal) {
    std::string text;
    appendCanonicalNumber(literal, text);
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(JsonDocument)

BOOST_AUTO_TEST_CASE(holds_what_was_written) {
    JsonTree tree;
    const auto parsed = parseJson(R"({"b":[1.50,"x",{"n":null}],"a":{"t":true,"f":false},"e":[],"o":{}})", {}, tree);
    BOOST_REQUIRE(parsed.ok());
    const JsonValue& root = **parsed;
    BOOST_TEST(root.count == 4U);
    BOOST_TEST(root.members[0].name == "b");  // the order of the text
    BOOST_TEST(root.find("b")->items[0].text == "1.50");
    BOOST_TEST((root.find("b")->items[2].find("n")->type == JsonValue::Type::Null));
    BOOST_TEST((root.find("a")->find("t")->type == JsonValue::Type::True));
    BOOST_TEST((root.find("e")->type == JsonValue::Type::Array));
    BOOST_TEST(root.find("e")->count == 0U);
    BOOST_TEST(root.find("none") == nullptr);
    BOOST_TEST(root.find("b")->find("x") == nullptr);
    BOOST_TEST(tree.root() == &root);
}

BOOST_AUTO_TEST_CASE(keeps_nothing_of_a_refused_text) {
    JsonTree tree;
    BOOST_TEST(parseJson("[1,2", {}, tree).error().code == "malformed_json");
    BOOST_TEST(tree.root() == nullptr);
    BOOST_TEST(parseJson("[1,2]", {}, tree).ok());
}

BOOST_AUTO_TEST_CASE(is_built_from_events_again_and_again) {
    JsonTree tree;
    JsonTreeBuilder builder(tree);
    std::size_t bytes = 0;
    for (int round = 0; round < 100; ++round) {
        builder.begin();
        BOOST_TEST(!builder.complete());
        builder.startObject();
        builder.key("steps");
        builder.startArray();
        for (int i = 0; i < 1'000; ++i) builder.text("step " + std::to_string(i));
        builder.endArray();
        BOOST_TEST(!builder.complete());
        builder.key("no");
        builder.number("7");
        builder.endObject();
        BOOST_TEST(builder.complete());
        BOOST_TEST(tree.root()->find("steps")->count == 1'000U);
        BOOST_TEST(tree.root()->find("steps")->items[999].text == "step 999");
        BOOST_TEST(tree.root()->find("no")->text == "7");
        if (round == 0) bytes = tree.bytes();
        BOOST_TEST(tree.bytes() == bytes);
    }
}

BOOST_AUTO_TEST_CASE(stops_at_its_size) {
    JsonTree tree;
    JsonTreeBuilder builder(tree, 1'000);
    BOOST_TEST(builder.startArray());
    int taken = 0;
    while (builder.text("0123456789") && taken < 1'000) ++taken;
    BOOST_TEST(builder.tooLarge());
    BOOST_TEST(taken < 100);
    builder.begin();
    BOOST_TEST(!builder.tooLarge());
    BOOST_TEST(!builder.text(std::string(2'000, 'x')));
    BOOST_TEST(builder.tooLarge());
}

/// What is needed to build it counts as well: the children of a list that is open, and the list that they become.
BOOST_AUTO_TEST_CASE(holds_its_size_while_a_long_list_is_open) {
    constexpr std::size_t kMost = 1'000'000;
    JsonTree tree;
    JsonTreeBuilder builder(tree, kMost);
    for (const bool fits : {true, false}) {
        const std::size_t count = kMost / (sizeof(JsonValue) + sizeof(JsonValue::Member) + 1) + (fits ? -20 : 20);
        builder.begin();
        BOOST_TEST(builder.startArray());
        for (std::size_t i = 0; i < count; ++i) BOOST_TEST_REQUIRE(builder.number("1"));
        BOOST_TEST(builder.endArray() == fits);
        BOOST_TEST(builder.complete() == fits);
        if (!fits) BOOST_TEST(tree.bytes() == count);  // the digits, and no list
        if (fits) BOOST_TEST(tree.root()->items[count - 1].text == "1");
    }
}

/// Who builds may go on telling: what opened beyond the size ends as well.
BOOST_AUTO_TEST_CASE(does_nothing_beyond_its_size) {
    JsonTree tree;
    JsonTreeBuilder builder(tree, 1'000);
    BOOST_TEST(builder.startArray());
    int opened = 0;
    while (builder.startArray() && builder.endArray() && opened < 1'000) ++opened;
    BOOST_TEST(builder.tooLarge());
    BOOST_TEST(opened < 100);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(!builder.startObject());
        BOOST_TEST(!builder.key("a"));
        BOOST_TEST(!builder.null());
        BOOST_TEST(!builder.endObject());
        BOOST_TEST(!builder.endArray());
    }
    BOOST_TEST(!builder.complete());
}

BOOST_AUTO_TEST_CASE(stays_valid_when_moved) {
    JsonTree tree;
    const JsonValue* root = *parseJson(R"({"a":"b"})", {}, tree);
    const JsonTree other = std::move(tree);
    BOOST_TEST(other.root() == root);
    BOOST_TEST(root->find("a")->text == "b");
}

BOOST_AUTO_TEST_CASE(names_the_pointer_of_a_value) {
    JsonTree tree;
    const JsonValue& root = **parseJson(R"({"a/b":[{"m~n":1},[0,7]],"":2})", {}, tree);
    BOOST_TEST(*jsonPointer(root, root) == "");
    BOOST_TEST(*jsonPointer(root, root.members[0].value.items[0].members[0].value) == "/a~1b/0/m~0n");
    BOOST_TEST(*jsonPointer(root, root.members[0].value.items[1].items[1]) == "/a~1b/1/1");
    BOOST_TEST(*jsonPointer(root, root.members[1].value) == "/");
    const JsonValue stranger;
    BOOST_TEST(!jsonPointer(root, stranger).has_value());
}

BOOST_AUTO_TEST_CASE(has_one_canonical_form) {
    BOOST_TEST(canonicalOf(" { \"b\" : [ 1.0 , true , null ] , \"a\" : { } } ") == R"({"a":{},"b":[1,true,null]})");
    // Names in the order of UTF-16: U+1F600 (D83D…) stands before U+FB33.
    BOOST_TEST(
        canonicalOf(
            R"({"\ufb33":1,"\ud83d\ude00":2,"\u20ac":3,"\r":4,"1":5,"\u0080":6,"\u00f6":7,"":8,"aa":9,"a":0})") ==
        "{\"\":8,\"\\r\":4,\"1\":5,\"a\":0,\"aa\":9,\"\u0080\":6,\"\u00f6\":7,\"\u20ac\":3,\"\U0001F600\":2,\"\ufb33\":"
        "1}");
    BOOST_TEST(canonicalOf(R"("\u000f\n\u0022\\\/\u007f\u20ac\b\t\f")") == "\"\\u000f\\n\\\"\\\\/\x7f€\\b\\t\\f\"");
}

BOOST_AUTO_TEST_CASE(writes_numbers_as_ecmascript_does) {
    struct Case {
        const char* literal;
        const char* canonical;
    };
    const std::vector<Case> cases = {
        {"0", "0"},
        {"-0", "0"},
        {"-0.0", "0"},
        {"0e5", "0"},
        {"1", "1"},
        {"-15", "-15"},
        {"1.0", "1"},
        {"1e0", "1"},
        {"10E1", "100"},
        {"4.50", "4.5"},
        {"2e-3", "0.002"},
        {"0.000001", "0.000001"},
        {"0.0000001", "1e-7"},
        {"123e-9", "1.23e-7"},
        {"1e21", "1e+21"},
        {"1e20", "100000000000000000000"},
        {"123456789012345678901234", "1.2345678901234569e+23"},
        {"9007199254740991", "9007199254740991"},
        {"9007199254740993", "9007199254740992"},
        {"333333333.33333329", "333333333.3333333"},
        {"1E30", "1e+30"},
        {"-1e-27", "-1e-27"},
        {"5e-324", "5e-324"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"1e-400", "0"},
        {"-1e-400", "0"},
        {"0.1", "0.1"},
        {"120.50", "120.5"},
        {"1e400", "1e400"},  // has no canonical form
        {"0.5e400", "0.5e400"},
        {"0.0000001e999", "0.0000001e999"},
        {"1000000e-999", "0"},
        {"-0.1e-999999999999999999999", "0"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.literal) BOOST_TEST(number(c.literal) == c.canonical);
}

/// Texts are looked at by blocks and escaped by pieces: each special character at each place of texts of each length
/// around a block's and a piece's.
BOOST_AUTO_TEST_CASE(escapes_strings_wherever_the_character_stands) {
    const std::pair<char, const char*> specials[] = {{'"', "\\\""},       {'\\', "\\\\"},   {'\n', "\\n"},
                                                     {'\x1f', "\\u001f"}, {'\x7f', "\x7f"}, {'\xff', "\xff"}};
    std::vector<std::size_t> sizes{511, 512, 513, 528, 1024, 1025};
    for (std::size_t size = 1; size <= 35; ++size) sizes.push_back(size);
    for (const std::size_t size : sizes)
        for (std::size_t at = 0; at < size; ++at)
            for (const auto& [special, escaped] : specials) {
                std::string text(size, 'k'), out = "before";
                text[at] = special;
                appendJsonString(text, out);
                const std::string expected =
                    "before\"" + std::string(at, 'k') + escaped + std::string(size - at - 1, 'k') + '"';
                BOOST_TEST_REQUIRE(out == expected);
                appendJsonString(std::string(size, special), out = "");
                std::string all = "\"";
                for (std::size_t i = 0; i < size; ++i) all += escaped;
                BOOST_TEST_REQUIRE(out == all + '"');
            }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace caseway
