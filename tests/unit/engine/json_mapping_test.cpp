// tests/unit/engine/json_mapping_test.cpp - JSON payloads through mappings: each case by streaming and by full
// evaluation.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;
using Lines_ = std::vector<std::string>;

struct JsonCase {
    const char* name;
    std::string records;
    std::string expression;
    std::string payload;
    std::string expected;  ///< of extra.x, as JSON; empty: absent
};

const std::vector<JsonCase>& jsonCases() {
    static const std::vector<JsonCase> cases = {
        {"bare name", "$[*]", "a", R"([{"a":"1"}])", R"("1")"},
        {"names", "$[*]", "a.b.c", R"([{"a":{"b":{"c":"1"}}}])", R"("1")"},
        {"dot name", "$[*]", ".a", R"([{"a":"1"}])", R"("1")"},
        {"at name", "$[*]", "@.a", R"([{"a":"1"}])", R"("1")"},
        {"bracket", "$[*]", "['a b']", R"([{"a b":"1"}])", R"("1")"},
        {"under data", "$.data.list[*]", "a", R"({"n":1,"data":{"x":[],"list":[{"a":"1"}]}})", R"("1")"},
        {"whole", "$", "a", R"({"a":"1"})", R"("1")"},
        {"omitted", "", "a", R"({"a":"1"})", R"("1")"},
        {"index", "$[*]", "a[1]", R"([{"a":["0","1","2"]}])", R"("1")"},
        {"index of objects", "$[*]", "a[1].b", R"([{"a":[{"b":"0"},{"b":"1"}]}])", R"("1")"},
        {"wildcard, first", "$[*]", "a[*].b", R"([{"a":[{"c":"0"},{"b":"1"},{"b":"2"}]}])", R"("1")"},
        {"wildcard over an object", "$.*", "a", R"({"k":{"a":"1"}})", R"("1")"},
        {"number as written", "$[*]", "a", R"([{"a":15}])", "15"},
        {"boolean", "$[*]", "a", R"([{"a":true}])", "true"},
        {"array", "$[*]", "a", R"([{"a":["x",1,{"c":2,"b":[null]}]}])", R"(["x",1,{"b":[null],"c":2}])"},
        {"array, numbers exact", "$[*]", "a", R"([{"a":[12345678901234567890,1e400,{"b":0.1}]}])",
         R"(["12345678901234567890","1e400",{"b":0.1}])"},
        {"number beyond a double", "$[*]", "a", R"([{"a":1e400,"b":-1E-999}])", R"("1e400")"},
        {"number of 40 digits", "$[*]", "a", R"([{"a":1234567890123456789012345678901234567890}])",
         R"("1234567890123456789012345678901234567890")"},
        {"array in an array", "$[*]", "a[0]", R"([{"a":[["x"],["y"]]}])", R"(["x"])"},
        {"null", "$[*]", "a", R"([{"a":null}])", ""},
        {"missing", "$[*]", "a", R"([{"b":1}])", ""},
        {"escaped name", "$[*]", "a", R"([{"\u0061":"\u4e2d"}])", R"("中")"},
        {"filter", "$[*]", "@.a[?@.k=='x'].v", R"([{"a":[{"k":"y","v":"0"},{"k":"x","v":"1"}]}])", R"("1")"},
        {"descendant", "$[*]", "@..v", R"([{"a":[{"k":"y","v":"1"}]}])", R"("1")"},
        {"negative index", "$[*]", "a[-1]", R"([{"a":["0","1"]}])", R"("1")"},
        {"document", "$.list[*]", "$.head.v", R"({"list":[{}],"head":{"v":"1"}})", R"("1")"},
        {"records by a filter", "$[?@.t==1]", "a", R"([{"t":2,"a":"0"},{"t":1,"a":"1"}])", R"("1")"},
        {"scalar records", "$[*]", "@", R"(["1"])", R"("1")"},
    };
    return cases;
}

KindSpec kindOf(const JsonCase& one) {
    KindSpec kind;
    kind.records = one.records;
    kind.fields = {constant("source_case_no", "N"), field("extra.x", one.expression)};
    return kind;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(JsonMapping)

BOOST_AUTO_TEST_CASE(every_way_of_evaluation_finds_the_same_value) {
    for (const JsonCase& one : jsonCases()) {
        BOOST_TEST_CONTEXT(one.name) {
            const Lines_ expected = {one.expected.empty()
                                         ? R"({"source_case_no":"N"})"
                                         : R"({"extra":{"x":)" + one.expected + R"(},"source_case_no":"N"})"};
            for (const bool evaluate_all : {false, true}) {
                const auto mapping = compiled(spec(SourceFormat::Json, {kindOf(one)}), evaluate_all);
                BOOST_TEST(runStream(*mapping, one.payload) == expected, boost::test_tools::per_element());
                Lines lines;
                BOOST_TEST(mapping->runJson(one.payload, {}, lines).ok());
                BOOST_TEST(lines.lines == expected, boost::test_tools::per_element());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(refuses_an_invalid_query_when_it_loads) {
    for (const char* text : {"a[", "@.a[?", "$.a[?@.b==]", "a-b", "a..", "['a'", "@.a[1:2:3:4]", "$.a[?length(@.b)]"}) {
        KindSpec kind;
        kind.records = "$[*]";
        kind.fields = {constant("source_case_no", "N"), field("extra.x", text)};
        BOOST_TEST(!Mapping::compile(spec(SourceFormat::Json, {kind})).ok(), text);
    }
}

BOOST_AUTO_TEST_CASE(tells_every_mistake_of_a_record_but_at_most_twenty) {
    KindSpec kind;
    kind.records = "$[*]";
    kind.fields = {field("source_case_no", "n"), field("apply_time", "t"), field("result.fee", "f")};
    ListSpec list;
    list.list = Section::Steps;
    list.each = "s[*]";
    list.fields = {field("steps.start_time", "t")};
    kind.lists = {list};
    const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
    const auto placesOf = [&](const std::string& payload) {
        Lines lines;
        BOOST_TEST(mapping->runJson(payload, {}, lines).ok());
        std::vector<std::string> places;
        for (const Refusal& one : lines.refusals) {
            BOOST_TEST((one.record == 2U && one.also.size() <= 19 && !one.hint.empty()));
            places.push_back(one.code + " " + one.where + " " + one.value);
        }
        BOOST_TEST(lines.lines.size() == 2U);  // one refusal, however many mistakes
        return places;
    };
    BOOST_TEST(placesOf(R"([{"n":"1"},{"n":"2","t":"2023-02-29","f":"1,5","s":[{"t":"x"},{"t":""},{"t":"24"}]}])") ==
                   (Lines_{"date_impossible apply_time, /1/t 2***9 (10)", "money_unreadable result.fee, /1/f 1,5",
                           "date_unreadable steps.start_time, /1, item 1 x",
                           "date_unreadable steps.start_time, /1, item 3 24"}),
               boost::test_tools::per_element());
    std::string many = R"([{"n":"1"},{"n":"2","s":[)";
    for (int i = 0; i < 100; ++i) many += i == 0 ? R"({"t":"x"})" : R"(,{"t":"x"})";
    BOOST_TEST(placesOf(many + "]}]").size() == 20U);
    // Of a whole payload so many further ones are told, then the first of each record.
    kind.fields = {field("source_case_no", "n"), field("case_title", "t"), field("item_code", "i")};
    for (FieldSpec& one : kind.fields) one.value.required = true;
    kind.lists.clear();
    std::string empty = "[{}";
    for (int i = 1; i < 11'000; ++i) empty += ",{}";
    Lines lines;
    BOOST_TEST(compiled(spec(SourceFormat::Json, {kind}))->runJson(empty + "]", {}, lines).ok());
    BOOST_TEST(lines.lines.size() == 11'000U);
    BOOST_TEST(lines.refusals.size() == 31'000U);
}

BOOST_AUTO_TEST_CASE(an_object_is_no_value) {
    KindSpec kind;
    kind.records = "$.r[*]";
    kind.fields = {field("source_case_no", "n"), field("applicant_name", "o")};
    const std::string payload = R"({"r":[{"n":"1","o":{"a":1}},{"n":"2","o":"x"}]})";
    const Lines_ expected = {"! value_not_scalar @ applicant_name, /r/0/o",
                             R"({"applicant_name":"x","source_case_no":"2"})"};
    for (const bool evaluate_all : {false, true}) {
        const auto mapping = compiled(spec(SourceFormat::Json, {kind}), evaluate_all);
        BOOST_TEST(runStream(*mapping, payload) == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_list_is_no_record_and_no_item_unless_its_elements_are_asked_for) {
    const auto toldOf = [](const char* records, const char* each, const char* of_item, const char* payload) {
        KindSpec kind;
        kind.records = records;
        kind.fields = {field("source_case_no", "n")};
        if (kind.records == "$.rows[*]") kind.fields = {field("source_case_no", "[0]")};
        ListSpec list;
        list.list = Section::Steps;
        list.each = each;
        list.fields = {field("steps.step_name", of_item)};
        kind.lists = {list};
        std::vector<std::string> told;
        for (const bool evaluate_all : {false, true}) {
            Lines lines;
            MemorySource source(payload);
            BOOST_TEST(compiled(spec(SourceFormat::Json, {kind}), evaluate_all)->run(source, {}, lines).ok());
            std::vector<std::string> now = lines.lines;
            for (const Refusal& one : lines.refusals) now.push_back(one.hint);
            if (evaluate_all) BOOST_TEST(now == told, boost::test_tools::per_element());
            told = std::move(now);
        }
        return told;
    };
    BOOST_TEST(toldOf("$.l", "bz[*]", "a", R"({"l":[{"n":"1"}]})") ==
                   (Lines_{"! list_found @ /l", "`records: $.l` finds a list itself: write `$.l[*]`"}),
               boost::test_tools::per_element());
    BOOST_TEST(toldOf("", "bz[*]", "a", R"([{"n":"1"}])") ==
                   (Lines_{"! list_found @ /", "`records: $` finds a list itself: write `$[*]`"}),
               boost::test_tools::per_element());
    BOOST_TEST(toldOf("$.l[*]", "bz", "a", R"({"l":[{"n":"1","bz":[{"a":"x"}]}]})") ==
                   (Lines_{"! list_found @ steps.each, /l/0, item 1", "`each: bz` finds a list itself: write `bz[*]`"}),
               boost::test_tools::per_element());
    // Rows whose columns are asked for by number, one item that is no list, and no items at all.
    BOOST_TEST(toldOf("$.rows[*]", "[1][*]", "[0]", R"({"rows":[["1",[["x"]]]]})") ==
                   (Lines_{R"({"source_case_no":"1","steps":[{"step_name":"x"}]})"}),
               boost::test_tools::per_element());
    BOOST_TEST(toldOf("$.l[*]", "bz", "a", R"({"l":[{"n":"1","bz":{"a":"x"}},{"n":"2","bz":[]}]})") ==
                   (Lines_{R"({"source_case_no":"1","steps":[{"step_name":"x"}]})", R"({"source_case_no":"2"})"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_payload_without_a_record_names_the_expression_that_found_none) {
    KindSpec kind;
    kind.records = "$.list[*]";
    kind.fields = {field("source_case_no", "n")};
    for (const bool evaluate_all : {false, true}) {
        Lines lines;
        const auto report =
            compiled(spec(SourceFormat::Json, {kind}), evaluate_all)->runJson(R"({"lst":[]})", {}, lines);
        BOOST_REQUIRE(!report.ok());
        BOOST_TEST(report.error().code == "records_not_found");
        BOOST_TEST(report.error().rule == "at least one record: `$.list[*]` found nothing");
    }
}

BOOST_AUTO_TEST_CASE(a_required_field_that_is_missing_names_the_expression_that_found_nothing) {
    KindSpec kind;
    kind.records = "$[*]";
    kind.fields = {field("source_case_no", "n"), field("case_title", "t.u")};
    const auto hintOf = [&](const char* payload) {
        Lines lines;
        BOOST_TEST(compiled(spec(SourceFormat::Json, {kind}))->runJson(payload, {}, lines).ok());
        BOOST_REQUIRE(lines.refusals.size() == 1U);
        BOOST_TEST(lines.refusals.front().code == "required_missing");
        return lines.refusals.front().hint;
    };
    BOOST_TEST(hintOf("[{}]").starts_with("`n` found nothing: "));
    BOOST_TEST(!hintOf(R"([{"n":" "}])").starts_with("`"));
    kind.fields.back().value.required = true;
    BOOST_TEST(hintOf(R"([{"n":"1"}])").starts_with("`t.u` found nothing: "));
    BOOST_TEST(!hintOf(R"([{"n":"1","t":{"u":""}}])").starts_with("`"));
}

BOOST_AUTO_TEST_CASE(names_the_pointer_of_what_it_refuses) {
    KindSpec kind;
    kind.records = "$.a['b/c'][*]";
    kind.fields = {field("source_case_no", "n")};
    const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
    const Lines_ expected = {R"({"source_case_no":"1"})", "! required_missing @ source_case_no, /a/b~1c/1/n"};
    BOOST_TEST(runStream(*mapping, R"({"a":{"b/c":[{"n":"1"},{}]}})") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_the_pointer_of_a_record_that_is_no_object) {
    struct Case {
        const char* records;
        const char* payload;
        Lines_ places;
    };
    const Case cases[] = {
        {"$.l[*]", R"({"l":["x",{"no":"1"},5,{}]})", {"/l/0/no", "/l/2/no", "/l/3/no"}},
        {"$[*]", R"([1,"a"])", {"/0/no", "/1/no"}},
        {"$.m.*", R"({"m":{"b":"x","a":{}}})", {"/m/b/no", "/m/*** (1)/no"}},
        {"$", "5", {"/no"}},
        {"$", "{}", {"/no"}},
    };
    for (const Case& one : cases)
        for (const bool evaluate_all : {false, true}) {
            KindSpec kind;
            kind.records = one.records;
            kind.fields = {field("source_case_no", "no"), field("extra.b", "b")};
            Lines_ places;
            for (const std::string& line : runStream(*compiled(spec(SourceFormat::Json, {kind}), evaluate_all), one.payload))
                if (line.starts_with("!")) places.push_back(line.substr(line.find(", ") + 2));
            BOOST_TEST(places == one.places, boost::test_tools::per_element());
        }
}

BOOST_AUTO_TEST_CASE(names_the_pointer_in_a_document_that_is_one_record) {
    KindSpec kind;
    kind.records = "$";
    kind.fields = {field("source_case_no", "n.o")};
    const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
    const Lines_ expected = {"! required_missing @ source_case_no, /n/o"};
    BOOST_TEST(runStream(*mapping, "{}") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(masks_the_names_in_a_pointer_that_only_the_sender_knows) {
    const std::string long_name = std::string(2047, 'a') + "张三";
    for (const char* records : {"$.*[*]", "$..r[*]"}) {
        KindSpec kind;
        kind.records = records;
        kind.fields = {field("source_case_no", "n")};
        const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
        const auto placeOf = [&](const std::string& name) {
            const std::string list = records[2] == '*' ? "[{}]" : R"({"r":[{}]})";
            const auto lines = runStream(*mapping, "{\"" + name + "\":" + list + "}");
            BOOST_TEST(lines.size() == 1U);
            return lines.front();
        };
        const std::string below = records[2] == '*' ? "/0/n" : "/r/0/n";
        const std::string place = "! required_missing @ source_case_no, /";
        BOOST_TEST(placeOf("44010619900101123X") == place + "4***X (18)" + below);
        BOOST_TEST(placeOf("张三") == place + "*** (2)" + below);
        BOOST_TEST(placeOf(long_name) == place + "a***三 (2049)" + below);
    }
}

BOOST_AUTO_TEST_CASE(shows_an_unknown_code_to_who_tries_a_mapping_and_to_nobody_else) {
    class Trying final : public RecordSink {
    public:
        explicit Trying(bool shows) : shows_(shows) {}
        bool record(const CasePatch&) override { return true; }
        bool refused(const Refusal& refusal) override {
            value = refusal.value;
            return true;
        }
        bool showsCodes() const override { return shows_; }
        std::string value;

    private:
        bool shows_;
    };
    const auto shown = [](const std::string& name, const std::string& code, bool is_local) {
        KindSpec kind;
        kind.records = "$[*]";
        kind.fields = {field("source_case_no", "n"), field(name, "c")};
        kind.fields.back().value.codes = {{"known", "10"}};
        Trying sink(is_local);
        const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
        BOOST_TEST(mapping->runJson(R"([{"n":"1","c":")" + code + "\"}]", {}, sink).ok());
        return sink.value;
    };
    BOOST_TEST(shown("status", "办结", true) == "办结");
    BOOST_TEST(shown("status", "办结", false) == "*** (2)");
    BOOST_TEST(shown("status", "DECIDED2026", true) == "DECIDED2026");
    for (const char* personal : {"440106199001011234", "13800138000", "a@b.example", "李 雷"})
        BOOST_TEST(shown("status", personal, true).find("***") != std::string::npos, personal);
    BOOST_TEST(shown("status", std::string(21, 'a'), true) == "a***a (21)");
    BOOST_TEST(shown("applicant_name", "张三", true) == "*** (2)");
}

BOOST_AUTO_TEST_CASE(lists_and_all_texts_of_a_list_field) {
    KindSpec kind;
    kind.records = "$[*]";
    kind.fields = {field("source_case_no", "n")};
    ListSpec list;
    list.list = Section::Corrections;
    list.each = "c[*]";
    list.fields = {field("corrections.reason", "why"), field("corrections.material_list", "m[*].name")};
    kind.lists = {list};
    const std::string payload =
        R"([{"n":"1","c":[{"why":"x","m":[{"name":"a"},{"name":"b"}]},{"why":"y","m":[{"name":"c"}]}]},{"n":"2","c":[]}])";
    const Lines_ expected = {
        R"({"corrections":[{"material_list":["a","b"],"reason":"x"},{"material_list":["c"],"reason":"y"}],"source_case_no":"1"})",
        R"({"source_case_no":"2"})"};
    for (const bool evaluate_all : {false, true}) {
        const auto mapping = compiled(spec(SourceFormat::Json, {kind}), evaluate_all);
        BOOST_TEST(runStream(*mapping, payload) == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(refuses_a_payload_that_is_not_json) {
    KindSpec kind;
    kind.records = "$[*]";
    kind.fields = {field("source_case_no", "n")};
    const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
    for (const char* text : {"", "[", R"([{"n":"1"}] x)", R"([{"n":"1","n":"2"}])", "{\"n\":01}"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(runStream(*mapping, text).back().starts_with("!! "));
        }
    }
}

BOOST_AUTO_TEST_CASE(refuses_a_record_that_its_connector_could_not_read_whole) {
    KindSpec kind;
    kind.records = "$[*]";
    kind.fields = {field("source_case_no", "n"), field("extra.x", "x")};
    for (const char* expression : {"x", "@..x"}) {  // as a stream, and by full evaluation
        kind.fields.back() = field("extra.x", expression);
        const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
        const auto lines = runStream(
            *mapping, R"([{"n":"1","caseway_unreadable":"column `name`"},{"caseway_unreadable":"no key"},{"n":"2"}])");
        const Lines_ expected = {"! record_unreadable @ /0", "! record_unreadable @ /1", R"({"source_case_no":"2"})"};
        BOOST_TEST(lines == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(holds_the_limit_of_a_record) {
    KindSpec kind;
    kind.records = "$[*]";
    kind.fields = {field("source_case_no", "n"), field("extra.x", "@..x")};
    const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
    Limits limits;
    limits.record_bytes = 1000;
    const auto lines = runStream(*mapping, R"([{"n":"1","y":")" + std::string(1001, 'a') + R"("},{"n":"2"}])", limits);
    const Lines_ expected = {"! record_too_large @ /0", R"({"source_case_no":"2"})"};
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
}

/// A tree takes more memory than the bytes of its record: many empty values reach its limit first.
BOOST_AUTO_TEST_CASE(refuses_a_record_whose_tree_is_too_large) {
    KindSpec kind;
    kind.records = "$[*]";
    kind.fields = {constant("source_case_no", "N"), field("extra.x", "@..x")};
    const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
    std::string payload = R"([{"a":[[])";
    for (int i = 0; i < 500; ++i) payload += ",[]";
    Limits limits;
    limits.record_bytes = 5'000;
    BOOST_TEST(runStream(*mapping, payload + R"(]},{"x":"1"}])", limits) ==
                   (std::vector<std::string>{"! record_too_large @ /0", R"({"extra":{"x":"1"},"source_case_no":"N"})"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
