// tests/unit/engine/or_one_test.cpp - one object in the place of a list of records or items, by streaming and by full
// evaluation; and records that no other kind finds.
#include <boost/test/unit_test.hpp>

#include "gateway/normalize/mapping_loader.hpp"
#include "gateway/record/patch_json.hpp"
#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

class Told final : public RecordSink {
public:
    bool record(const CasePatch& patch) override {
        appendHistoryJson(patch, text);
        text += '\n';
        return true;
    }
    bool refused(const Refusal& refusal) override {
        forEachMistake(refusal, [this](const Refusal& one) {
            text += one.code + " " + one.where + (one.value.empty() ? "" : " " + one.value) + "\n";
        });
        return true;
    }
    bool showsCodes() const override { return true; }
    std::string text;
};

std::string told(const std::string& yaml, std::string_view payload, const CompileOptions& options) {
    auto spec = loadMappingSpec("mapping: a.b\n" + yaml, "mapping.yaml");
    BOOST_REQUIRE(spec.ok());
    const auto mapping = Mapping::compile(*std::move(spec), options);
    BOOST_REQUIRE(mapping.ok());
    MemorySource source(payload);
    Told sink;
    const auto report = (*mapping)->run(source, Limits{}, sink);
    if (!report) sink.text += report.error().code + "\n";
    return sink.text;
}

void check(const std::string& yaml, std::string_view payload, const std::string& expected) {
    CompileOptions evaluated;
    evaluated.evaluate_all = true;
    BOOST_TEST(told(yaml, payload, {}) == expected);
    BOOST_TEST(told(yaml, payload, evaluated) == expected);
}

std::string hintOfFirst(const std::string& yaml, std::string_view payload) {
    auto spec = loadMappingSpec("mapping: a.b\n" + yaml, "mapping.yaml");
    BOOST_REQUIRE(spec.ok());
    const auto mapping = Mapping::compile(*std::move(spec));
    BOOST_REQUIRE(mapping.ok());
    MemorySource source(payload);
    cases::Lines sink;
    BOOST_TEST((*mapping)->run(source, Limits{}, sink).ok());
    return sink.refusals.empty() ? std::string() : sink.refusals.front().hint;
}

std::string placeOfFirst(const std::string& yaml) {
    auto spec = loadMappingSpec("mapping: a.b\n" + yaml, "mapping.yaml");
    std::vector<MappingMistake> mistakes;
    if (!spec)
        mistakes = spec.error();
    else if (const auto mapping = Mapping::compile(*std::move(spec)); !mapping)
        mistakes = mapping.error();
    return mistakes.empty() ? std::string() : std::to_string(mistakes.front().line) + " " + mistakes.front().where;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(OrOne)

BOOST_AUTO_TEST_CASE(an_object_in_the_place_of_the_list_of_records_is_the_only_one) {
    const std::string yaml =
        "source: {format: json, records: \"$.a.list[*]\", or_one: true}\n"
        "fields: {source_case_no: no, extra.x: \"m[0].v\", extra.y: \"@[*].v\"}\n";
    check(yaml, R"({"a":{"list":{"no":"1","m":[{"v":"2"}],"o":{"v":"3"}}}})",
          "{\"extra\":{\"x\":\"2\",\"y\":\"3\"},\"source_case_no\":\"1\"}\n");
    check(yaml, R"({"a":{"list":[{"no":"1"},{"no":"2","o":{"v":"3"}}]}})",
          "{\"source_case_no\":\"1\"}\n{\"extra\":{\"y\":\"3\"},\"source_case_no\":\"2\"}\n");
    check(yaml, R"({"a":{"list":{}}})", "required_missing source_case_no, /a/list/no\n");
    check(yaml, R"({"a":{"list":["x"]}})", "required_missing source_case_no, /a/list/0/no\n");
    check(yaml, R"({"a":{"list":[]}})", "records_not_found\n");
    check(yaml, R"({"a":{"list":"x"}})", "required_missing source_case_no, /a/list/no\n");
    check(yaml, R"({"a":{"list":" "}})", "records_not_found\n");
    check(yaml, R"({"a":{"list":null}})", "records_not_found\n");
    const std::string root = "source: {format: json, records: \"$[*]\", or_one: true}\nfields: {source_case_no: no}\n";
    check(root, R"({"no":"1"})", "{\"source_case_no\":\"1\"}\n");
    check(root, R"([{"no":"1"},{"no":"2"}])", "{\"source_case_no\":\"1\"}\n{\"source_case_no\":\"2\"}\n");
    check(root, R"("x")", "required_missing source_case_no, /no\n");
    check(root, "null", "records_not_found\n");
}

BOOST_AUTO_TEST_CASE(an_object_in_the_place_of_a_list_is_its_only_item) {
    const std::string yaml =
        "source: {format: json, records: \"$[*]\", or_one: true}\n"
        "fields:\n"
        "  source_case_no: no\n"
        "  materials: [{each: \"d.m[*]\", or_one: true, fields: {name: n, ref: \"f[*].r\"}},\n"
        "              {each: \"d.m[*]\", or_one: true, when: {from: \"@[*]\", not: true}, fields: {name: \"@\"}}]\n";
    check(yaml, R"({"no":"1","d":{"m":{"n":"a","f":[{"r":"x"}]}}})",
          "{\"materials\":[{\"name\":\"a\",\"ref\":\"x\"}],\"source_case_no\":\"1\"}\n");
    check(yaml, R"([{"no":"1","d":{"m":[{"n":"a"},{"n":"b","f":[{"r":"x"}]}]}}])",
          "{\"materials\":[{\"name\":\"a\"},{\"name\":\"b\",\"ref\":\"x\"}],\"source_case_no\":\"1\"}\n");
    check(yaml, R"([{"no":"1","d":{"m":["a","b"]}}])",
          "{\"materials\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"source_case_no\":\"1\"}\n");
    check(yaml, R"([{"no":"1","d":{"m":"a"}},{"no":"2","d":{"m":[]}},{"no":"3"}])",
          "{\"materials\":[{\"name\":\"a\"}],\"source_case_no\":\"1\"}\n{\"source_case_no\":\"2\"}\n"
          "{\"source_case_no\":\"3\"}\n");
}

/// Beside records of another kind nobody would miss it.
BOOST_AUTO_TEST_CASE(one_value_in_the_place_of_the_list_of_records_is_the_only_one) {
    const std::string yaml =
        "source: {format: json}\nkinds:\n"
        "  - {records: \"$.c[*]\", fields: {source_case_no: no}}\n"
        "  - {records: \"$.r[*]\", or_one: true, fields: {source_case_no: no, result.result_desc: said}}\n"
        "  - {records: \"$.n[*]\", or_one: true, fields: {source_case_no: \"@\"}}\n";
    const std::string first = "{\"source_case_no\":\"1\"}\n";
    check(yaml, R"({"c":[{"no":"1"}],"r":"granted"})", first + "required_missing source_case_no, /r/no\n");
    check(yaml, R"({"c":[{"no":"1"}],"r":true})", first + "required_missing source_case_no, /r/no\n");
    check(yaml, R"({"c":[{"no":"1"}],"n":20260001})", first + "{\"source_case_no\":\"20260001\"}\n");
    check(yaml, R"({"c":[{"no":"1"}],"r":"","n":null})", first);
}

BOOST_AUTO_TEST_CASE(one_value_in_the_place_of_a_list_of_objects_is_refused_where_nothing_takes_it) {
    const std::string head =
        "source: {format: json, records: \"$[*]\"}\nempty: [无, ／]\nfields:\n  source_case_no: no\n";
    const std::string list = "  materials: {each: \"d.m[*]\", or_one: true, fields: {name: n, copies: c}}\n";
    const std::string taken = "{\"source_case_no\":\"1\"}\n";
    for (const char* value : {"\"letter\"", "20260001", "true", "[\"letter\"]", "[20260001,{\"n\":\"a\"}]"})
        BOOST_TEST(told(head + list, R"([{"no":"1","d":{"m":)" + std::string(value) + "}}]", {})
                       .starts_with("value_not_object materials.each, /0/d/m, item 1 "),
                   value);
    check(head + list, R"([{"no":"1","d":{"m":[{"n":"a"},"letter"]}}])",
          "value_not_object materials.each, /0/d/m, item 2 l***r (6)\n");
    check(head + list, R"([{"no":"1","d":{"m":"letter"}},{"no":"1","d":{"m":{"n":"a"}}}])",
          "value_not_object materials.each, /0/d/m, item 1 l***r (6)\n"
          "{\"materials\":[{\"name\":\"a\"}],\"source_case_no\":\"1\"}\n");
    for (const char* nothing : {"null", "\"\"", "\" \"", "\"无\"", "\"/\"", "[]", "[null]", "[\"\"]", "[\"无\"]"})
        check(head + list, R"([{"no":"1","d":{"m":)" + std::string(nothing) + "}}]", taken);
    // Who looks at the place itself knows that no list may stand there.
    check(head + list + "  extra.m: d['m']\n", R"([{"no":"1","d":{"m":"letter"}}])",
          "{\"extra\":{\"m\":\"letter\"},\"source_case_no\":\"1\"}\n");
    // What a condition leaves out is left out on purpose.
    check(head + "  materials: {each: \"d.m[*]\", or_one: true, when: n, fields: {name: n}}\n",
          R"([{"no":"1","d":{"m":["letter"]}}])", taken);
    check(head + "  materials: {each: \"d.m[*]\", or_one: true, fields: {name: n, copies: {value: \"1\"}}}\n",
          R"([{"no":"1","d":{"m":"letter"}}])", "value_not_object materials.each, /0/d/m, item 1 l***r (6)\n");
    const std::string both =
        "  materials: [{each: \"d.m[*]\", or_one: true, fields: {name: n}},\n"
        "              {each: \"d.m[*]\", or_one: true, fields: {ref: r}}]\n";
    check(head + both, R"([{"no":"1","d":{"m":"letter"}}])",
          "value_not_object materials.each, /0/d/m, item 1 l***r (6)\n");
}

/// Without the word the members of the one object are told, each as a value: the hint has to name the word.
BOOST_AUTO_TEST_CASE(one_object_in_the_place_of_a_list_is_answered_with_the_word) {
    const std::string head = "source: {format: json, records: \"$[*]\"}\nfields:\n  source_case_no: no\n";
    for (const bool has_word : {false, true}) {
        const std::string list =
            "  materials: {each: \"d.m[*]\"" + std::string(has_word ? ", or_one: true" : "") + ", fields: {name: n}}\n";
        const std::string hint = hintOfFirst(
            head + list, has_word ? R"([{"no":"1","d":{"m":["a"]}}])" : R"([{"no":"1","d":{"m":{"n":"a"}}}])");
        BOOST_TEST(hint.find("by `@`") != std::string::npos, hint);
        BOOST_TEST((hint.find("write `or_one: true` beside `each`") != std::string::npos) == !has_word, hint);
        BOOST_TEST(hint.ends_with("or the department sends an object"), hint);
    }
}

BOOST_AUTO_TEST_CASE(one_value_in_a_list_of_objects_is_refused_without_the_word_too) {
    const std::string head = "source: {format: json, records: \"$[*]\"}\nempty: 无\nfields:\n  source_case_no: no\n";
    const std::string list = "  materials: {each: \"d.m[*]\", fields: {name: n, copies: c}}\n";
    const std::string taken = "{\"source_case_no\":\"1\"}\n";
    for (const char* value : {"[\"letter\"]", "[20260001,{\"n\":\"a\"}]", "[true]"})
        BOOST_TEST(told(head + list, R"([{"no":"1","d":{"m":)" + std::string(value) + "}}]", {})
                       .starts_with("value_not_object materials.each, /0/d/m, item 1 "),
                   value);
    check(head + list, R"([{"no":"1","d":{"m":[{"n":"a"},"letter"]}}])",
          "value_not_object materials.each, /0/d/m, item 2 l***r (6)\n");
    for (const char* nothing : {"[]", "[null]", "[\"\"]", "[\" \",\"无\"]"})
        check(head + list, R"([{"no":"1","d":{"m":)" + std::string(nothing) + "}}]", taken);
    check(head + "  materials: {each: \"d.m[*]\", when: n, fields: {name: n}}\n",
          R"([{"no":"1","d":{"m":["letter"]}}])", taken);
    check(head + "  materials: {each: \"d.m[*]\", fields: {name: \"@\"}}\n", R"([{"no":"1","d":{"m":["letter"]}}])",
          "{\"materials\":[{\"name\":\"letter\"}],\"source_case_no\":\"1\"}\n");
    check(head + "  materials: [{each: \"d.m[*]\", fields: {name: \"@\"}}, {each: \"d.m[*]\", fields: {ref: r}}]\n",
          R"([{"no":"1","d":{"m":["letter"]}}])", "{\"materials\":[{\"name\":\"letter\"}],\"source_case_no\":\"1\"}\n");
}

BOOST_AUTO_TEST_CASE(several_kinds_may_share_the_place) {
    const std::string yaml =
        "source: {format: json}\nfields: {source_case_no: no}\nkinds:\n"
        "  - {records: \"$.m[*]\", or_one: true, when: {from: k, equals: \"1\"}, fields: {case_title: t}}\n"
        "  - {records: \"$.m[*]\", or_one: true, when: {from: k, equals: \"2\"}, fields: {item_name: t}}\n";
    check(yaml, R"({"m":{"no":"1","k":2,"t":"x"}})", "{\"item_name\":\"x\",\"source_case_no\":\"1\"}\n");
    check(yaml, R"({"m":{"no":"1","k":3}})", "no_kind_takes /m 3\n");
    check(yaml, R"({"m":[{"no":"1","k":1,"t":"x"},{"no":"2","k":2}]})",
          "{\"case_title\":\"x\",\"source_case_no\":\"1\"}\n{\"source_case_no\":\"2\"}\n");
}

BOOST_AUTO_TEST_CASE(is_told_where_there_is_no_list_to_open) {
    BOOST_TEST(placeOfFirst("source: {format: json, records: $.a, or_one: true}\nfields: {source_case_no: no}\n") ==
               "2 source.or_one");
    BOOST_TEST(placeOfFirst("source: {format: xml, records: /a/*, or_one: true}\nfields: {source_case_no: no}\n") ==
               "2 source.or_one");
    BOOST_TEST(placeOfFirst("source: {format: json}\nfields:\n  source_case_no: no\n  materials: {each: m, or_one: "
                            "true, fields: {name: n}}\n") == "5 fields.materials.or_one");
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_told_once_or_kept_once) {
    const std::string yaml =
        "source: {format: json, records: \"$[*]\"}\n"
        "fields:\n"
        "  source_case_no: no\n"
        "  region_code: [{from: a, unfit: extra.region}, {from: b, unfit: extra.region}]\n"
        "  accept.promise_limit: [{value: \"0\", when: {from: l, equals: now}}, {from: l, part: number, unfit: "
        "extra.limit}]\n"
        "  case_title: [{from: t, unfit: extra.title}, {value: untitled}]\n"
        "  steps: {each: \"s[*]\", fields: {step_name: {from: n, unfit: opinion}}}\n";
    check(yaml, R"([{"no":"1","a":"44","b":"440232","l":"now","t":"t"}])",
          "{\"accept\":{\"promise_limit\":0},\"case_title\":\"t\",\"extra\":{\"region\":\"44\"},"
          "\"region_code\":\"440232000000\",\"source_case_no\":\"1\"}\n");
    check(yaml, R"([{"no":"1","a":"440232","b":"44","l":"soon"}])",
          "{\"case_title\":\"untitled\",\"extra\":{\"limit\":\"soon\"},\"region_code\":\"440232000000\","
          "\"source_case_no\":\"1\"}\n");
    check(yaml, R"([{"no":"1","a":"44","b":"55"}])", "pattern_broken region_code, /0/b 55\n");
    check(yaml, R"([{"no":"1","a":"44","b":"44"}])",
          "{\"case_title\":\"untitled\",\"extra\":{\"region\":\"44\"},\"source_case_no\":\"1\"}\n");
    const std::string title(1001, 'x'), name(101, 'n');
    check(yaml, R"([{"no":"1","t":")" + title + R"(","s":[{"n":")" + name + R"("},{"n":"short"}]}])",
          "{\"case_title\":\"untitled\",\"extra\":{\"title\":\"" + title +
              "\"},\"source_case_no\":\"1\",\"steps\":[{\"opinion\":\"" + name + "\"},{\"step_name\":\"short\"}]}\n");
    check(yaml, R"([{"no":"1","t":{"a":1}}])", "value_not_scalar case_title, /0/t\n");
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_has_a_place_of_its_own) {
    const std::string head = "source: {format: json}\nfields:\n  source_case_no: no\n";
    BOOST_TEST(placeOfFirst(head + "  extra.x: A\n  region_code: {from: B, unfit: extra.x}\n") ==
               "6 fields.region_code.unfit");
    BOOST_TEST(
        placeOfFirst(head + "  post_code: {from: A, unfit: extra.x}\n  region_code: {from: B, unfit: extra.x}\n") ==
        "5 fields.post_code.unfit");
    BOOST_TEST(placeOfFirst(head + "  region_code: {from: B, unfit: extra.x}\nkinds:\n  - {records: $.a, fields: "
                                   "{extra.x: A}}\n") == "5 fields.region_code.unfit");
    BOOST_TEST(placeOfFirst(head + "  region_code: {from: B, unfit: extra.x}\nkinds:\n  - {records: $.a}\n") == "");
    BOOST_TEST(placeOfFirst(head + "  applicant_name: {from: A, unfit: dept_name}\n") ==
               "5 fields.applicant_name.unfit");
    BOOST_TEST(
        placeOfFirst(head + "  steps: {each: \"s[*]\", fields: {step_name: [a, {from: b, unfit: opinion}]}}\n") ==
        "5 fields.steps.fields.step_name[1].unfit");
}

BOOST_AUTO_TEST_CASE(rest_stands_beside_plain_paths_that_can_be_followed_all_at_once) {
    const std::string head = "source: {format: xml}\nfields: {source_case_no: No}\nkinds:\n";
    std::string counted = head, deep = head;
    for (const char* n : {"1", "2", "3", "4", "5"}) counted += "  - {records: \"/B/A[" + std::string(n) + "]\"}\n";
    deep += "  - {records: //a";
    for (int i = 0; i < 12; ++i) deep += "/*";
    BOOST_TEST(placeOfFirst(counted) == "");
    BOOST_TEST(placeOfFirst(counted + "  - {records: /B/*, rest: name()}\n") == "10 kinds[5].rest");
    BOOST_TEST(placeOfFirst(deep + "/b}\n  - {records: /B/*, rest: name()}\n") == "6 kinds[1].rest");
    BOOST_TEST(placeOfFirst(head + "  - {records: \"/B/A[T]\"}\n  - {records: /B/*, rest: name()}\n") ==
               "5 kinds[0].records");
}

BOOST_AUTO_TEST_CASE(what_no_other_kind_finds_is_refused_or_passed_over) {
    const std::string kinds =
        "source: {format: xml}\nfields: {source_case_no: No}\nkinds:\n"
        "  - {records: /B/A, fields: {case_title: T}}\n"
        "  - {records: /B/N, fields: {item_name: T}}\n";
    const std::string payload = "<B><A><No>1</No><T>x</T></A><Other><No>2</No></Other><N><No>3</No></N></B>";
    check(kinds + "  - {records: /B/*, rest: name()}\n", payload,
          "{\"case_title\":\"x\",\"source_case_no\":\"1\"}\nno_kind_takes line 1 Other\n{\"source_case_no\":\"3\"}\n");
    check(kinds + "  - {records: /B/*, rest: name(), pass_over: true}\n", payload,
          "{\"case_title\":\"x\",\"source_case_no\":\"1\"}\n{\"source_case_no\":\"3\"}\n");
    BOOST_TEST(placeOfFirst(kinds + "  - {records: \"/B/*[No]\", rest: name()}\n") == "7 kinds[2].rest");
    BOOST_TEST(placeOfFirst(kinds + "  - {records: /B/*, rest: name(), fields: {case_title: T}}\n") == "7 kinds[2]");
    BOOST_TEST(placeOfFirst(kinds + "  - {records: /B/*, rest: name(), when: T}\n") == "7 kinds[2]");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
