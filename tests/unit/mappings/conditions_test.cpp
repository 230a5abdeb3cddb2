// tests/unit/mappings/conditions_test.cpp - what `when` holds for, and the mapping's own words against the payload's.
#include "tests/unit/mappings/made_of.hpp"

using namespace caseway;
using namespace caseway::samples;

BOOST_AUTO_TEST_SUITE(Conditions)

constexpr const char* kNone = R"({"source_case_no":"1"})";
constexpr const char* kTaken = R"({"extra":{"x":"A"},"source_case_no":"1"})";

/// The second way looks at the record's tree: its filter does not stream.
BOOST_AUTO_TEST_CASE(false_and_null_of_json_do_not_hold) {
    for (const std::string found : {"@.k", "@['k', 'k']", "@.l[0].k", "@.l[?@.k==@.k].k"}) {
        const std::string when = "  extra.x: {from: a, when: \"" + found + "\"}\n";
        const std::string unless = "  extra.x: {from: a, when: {from: \"" + found + "\", not: true}}\n";
        const auto inside = [&found](const std::string& value) {
            const std::string member = R"("k":)" + value;
            return R"("a":"A",)" + (found.find('l') == found.npos ? member : R"("l":[{)" + member + "}]");
        };
        for (const char* value : {"false", "null"}) {
            BOOST_TEST(madeOfJson(when, inside(value)) == kNone, found << " " << value);
            BOOST_TEST(madeOfJson(unless, inside(value)) == kTaken, found << " " << value);
        }
        for (const char* value : {"true", "0", "\"\"", "\"false\"", "{}", "[]", "[false]"}) {
            BOOST_TEST(madeOfJson(when, inside(value)) == kTaken, found << " " << value);
            BOOST_TEST(madeOfJson(unless, inside(value)) == kNone, found << " " << value);
        }
    }
}

BOOST_AUTO_TEST_CASE(of_a_map_false_is_a_text_and_null_is_nothing) {
    checkJson(
        {{"  extra.x: {from: a, when: {from: k, equals: \"false\"}}\n", R"("a":"A","k":false)", kTaken},
         {"  extra.x: {from: a, when: {from: k, in: [\"false\", \"\"]}}\n", R"("a":"A","k":null)", kNone},
         {"  extra.x: {from: a, when: {from: k, in: [\"false\", \"\"]}}\n", R"("a":"A","k":"")", kTaken},
         {"  extra.x: {from: a, when: {from: k, equals: \"\u0031\", not: true}}\n", R"("a":"A","k":null)", kTaken}});
}

BOOST_AUTO_TEST_CASE(the_mappings_own_words_are_trimmed_as_values_are) {
    check({{"  extra.x: {from: A, when: {from: K, equals: \" 1\"}}\n", "<A>A</A><K>1 </K>", kTaken},
           {"  extra.x: {from: A, when: {from: K, in: [\"　１ \", \"2\"]}}\n", "<A>A</A><K>1</K>", kTaken},
           {"  extra.x: {from: K, codes: {\" 1\": A, \"2　\": B}}\n", "<K>1</K>", kTaken},
           {"  extra.x: {from: K, codes: {\" 1\": A, \" 1 \": A}}\n", "<K>1</K>", kTaken},
           {"  extra.x: {from: K, empty: [\" 无\"]}\n", "<K>无</K>", kNone},
           {"  result.finish_time: {from: K, no_date: [\"1900-01-01 \"]}\n", "<K>1900-01-01</K>", kNone},
           {"  extra.x: {from: K, trim: false, empty: [\" 无\"]}\n", "<K> 无</K>", kNone},
           {"  extra.x: {from: K, trim: false, codes: {\" 1\": A, \"1\": B}}\n", "<K> 1</K>", kTaken}});
    BOOST_TEST(madeBy("mapping: a\nsource: {format: xml, records: /L/R}\nempty: [\" 无\"]\nno_date: [\" 9999\"]\n"
                      "code_tables: {t: {\"1 \": A}}\nfields: {source_case_no: No, extra.x: {from: K, codes: t},"
                      " extra.y: Y, result.finish_time: T}\n",
                      "<L><R><No>1</No><K>1</K><Y>无</Y><T>9999-12-31</T></R></L>") == kTaken);
    checkJson({{"  corrections: {each: '@', fields: {material_list: {from: k, split: \";\", empty: [无]}}}\n",
                R"("k":"无;a; 无")", R"({"corrections":[{"material_list":["a"]}],"source_case_no":"1"})"},
               {"  extra.x: {from: k, split: \";\", empty: [无]}\n", R"("k":"无; 无 ")", kNone},
               {"  extra.x: {from: k, split: \";\", empty: [无]}\n", R"("k":["无;A","无"])",
                R"({"extra":{"x":["A"]},"source_case_no":"1"})"}});
}

/// What PHP and .NET write for an element without anything.
BOOST_AUTO_TEST_CASE(an_empty_object_says_nothing) {
    for (const std::string found : {"k", "\"@['k', 'k']\""})
        checkJson({{("  extra.x: " + found + "\n").c_str(), R"("k":{})", kNone},
                   {("  address: {from: " + found + ", default: A}\n").c_str(), R"("k":{})",
                    R"({"address":"A","source_case_no":"1"})"},
                   {("  address: " + found + "\n").c_str(), R"("k":{"b":"c"})",
                    found == "k" ? "value_not_scalar address, /0/k;" : "value_not_scalar address, /0;"},
                   {("  address: {from: " + found + ", empty_clears: true}\n").c_str(), R"("k":{})",
                    R"({"$cleared":["address"],"source_case_no":"1"})"}});
    checkJson({{"  extra.x: a\n  extra.y: b.c\n", R"("k":{},"a":{},"b":{"c":{},"d":{}})", kNone},
               {"  extra.x: a\n  extra.y: b.c\n", R"("a":[{}],"b":{"c":"1"})",
                R"({"extra":{"x":[{}],"y":"1"},"source_case_no":"1"})"},
               {"  extra.x: a\n", R"("b":{},"a":{"b":{}})", "value_not_scalar extra.x, /0/a;"},
               {"  extra.x: a[*]\n", R"("a":[{},"2"])", kNone},
               {"  corrections: {each: '@', fields: {material_list: \"k[*]\"}}\n", R"("k":["a",{},"b"])",
                R"({"corrections":[{"material_list":["a","b"]}],"source_case_no":"1"})"}});
}

BOOST_AUTO_TEST_CASE(a_name_that_the_mapping_does_not_write_is_masked_though_a_part_of_it_stands_there) {
    const auto place = [](const std::string& expression, const std::string& name) {
        return madeBy(
            "mapping: a\nsource: {format: json, records: \"$.r.*[*]\"}\nfields: {source_case_no: no, "
            "address: 'b', extra.x: \"" +
                expression + "\"}\n",
            R"({"r":{")" + name + R"(":[{"no":"1","b":{"c":1}}]}})");
    };
    for (const char* expression : {"@[?@.a=='x13800138000']", "@[?@.a==13800138000]", "@.b13800138000[?@.a]"})
        BOOST_TEST(place(expression, "13800138000").find("13800138000") == std::string::npos, expression);
    for (const char* expression : {"@['13800138000'][?@.a]", "@.d13800138000[?@.a]"})
        BOOST_TEST(place(expression, expression[1] == '[' ? "13800138000" : "d13800138000").find("13800138000/0/b") !=
                       std::string::npos,
                   expression << place(expression, "13800138000"));
}

BOOST_AUTO_TEST_SUITE_END()
