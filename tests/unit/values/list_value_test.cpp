// tests/unit/values/list_value_test.cpp - lists of texts: written as one text, as several, or as a JSON array.
#include <boost/test/unit_test.hpp>

#include "tests/unit/values/value_cases.hpp"

using namespace caseway;
using namespace caseway::cases;

BOOST_AUTO_TEST_SUITE(ListValues)

BOOST_AUTO_TEST_CASE(splits_one_text) {
    const auto split = [](const char* separators, const char* text) {
        return applied(spec("corrections.material_list", {.split = separators}), text);
    };
    BOOST_TEST(split(";", "身份证; 申请表；;\"x\"") == R"(array ["身份证","申请表；","\"x\""])");
    BOOST_TEST(split("", "一, 二") == R"(array ["一, 二"])");
    BOOST_TEST(split("；、", "一、二；三") == R"(array ["一","二","三"])");
    BOOST_TEST(split("、", "。、一") == R"(array ["。","一"])");
    BOOST_TEST(split("；", "；") == "absent");
}

BOOST_AUTO_TEST_CASE(splits_each_text_of_a_list) {
    const FieldSpec split = spec("corrections.material_list", {.split = "；;"});
    BOOST_TEST(applied(split, R"(["甲；乙","戊"," 己;"])", RawKind::Array) == R"(array ["甲","乙","戊","己"])");
    BOOST_TEST(applied(split, R"(["a\"b;c"])", RawKind::Array) == R"(array ["a\"b","c"])");
    BOOST_TEST(applied(split, R"([";","; ;"])", RawKind::Array) == "absent");
    BOOST_TEST(applied(split, R"([1,";"])", RawKind::Array) == "refused: list_unreadable");
    BOOST_TEST(applied(spec("extra.list", {.split = ";"}), R"(["a;b"])", RawKind::Array) == R"(array ["a","b"])");
}

BOOST_AUTO_TEST_CASE(reads_each_text_of_a_list_as_one_that_stands_alone) {
    const auto read = [](const ValueSpec& value, const char* json) {
        return applied(spec("corrections.material_list", value), json, RawKind::Array);
    };
    BOOST_TEST(read({}, R"(["x"," y\n","","　"])") == R"(array ["x","y"])");
    BOOST_TEST(read({.trim = false}, R"(["x"," y ",""])") == R"(array ["x"," y "])");
    BOOST_TEST(read({.empty_values = {"无", "-"}, .fold = true}, R"(["无","Ａ","－"])") == R"(array ["A"])");
    BOOST_TEST(read({.empty_values = {"无"}}, R"(["无"," 无 "])") == "absent");
    BOOST_TEST(read({}, R"(["x\u0001"])") == "refused: control_character");
    BOOST_TEST(read({.split = ";"}, R"(["a; b","c\u0001"])") == "refused: control_character");
}

BOOST_AUTO_TEST_CASE(takes_no_control_characters_under_extra_either) {
    const auto read = [](const char* json) { return applied(spec("extra.list"), json, RawKind::Array); };
    for (const char* bad : {R"(["x\u0001"])", R"(["x\u001F"])", R"(["a",["b\n"]])", R"([{"k":"\t"}])", R"([{"\b":1}])"})
        BOOST_TEST(read(bad) == "refused: control_character", bad);
    for (const char* good : {R"(["x\\u0001"])", R"(["\\\\n"])", R"(["\u0041\"\/","\u4E2D"])", R"(["\u01001"])"})
        BOOST_TEST(read(good).starts_with("array "), good);
}

BOOST_AUTO_TEST_CASE(takes_a_list_as_it_is) {
    const FieldSpec list = spec("corrections.material_list");
    BOOST_TEST(applied(list, R"(["a","b"])", RawKind::Array) == R"(array ["a","b"])");
    BOOST_TEST(applied(list, R"([1])", RawKind::Array) == "refused: list_unreadable");
    BOOST_TEST(applied(list, "[]", RawKind::Array) == "absent");
    BOOST_TEST(applied(spec("case_title"), R"(["a"])", RawKind::Array) == "refused: value_not_single");
}

BOOST_AUTO_TEST_SUITE_END()
