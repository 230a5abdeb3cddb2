// tests/unit/mapping_loader/mapping_loader_test.cpp - mapping.yaml as people write it, and every mistake with its line.
#include "gateway/normalize/mapping_loader.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/normalize/mapping.hpp"
#include "tests/unit/mapping_loader/told.hpp"

using namespace caseway;

namespace {

const FieldSpec& field(const MappingSpec& spec, std::string_view name) {
    for (const FieldSpec& one : spec.kinds.at(0).fields)
        if (one.field == fieldNamed(name)) return one;
    throw std::runtime_error(std::string(name));
}

using Places = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(MappingLoader)

BOOST_AUTO_TEST_CASE(takes_the_example_of_the_design) {
    const std::string yaml = R"(mapping: housing.permit
source: {format: xml, records: /Package/Body/ApasInfo, namespaces: {b: "urn:b"}}
fields:
  source_case_no: ProjectCode
  case_title:     ProjectName
  apply_time:     {from: DeclareTime, time: "%Y-%m-%d %H:%M:%S"}
  applicant_type: {from: "Proposer/*[1]/@kind", codes: {"0": "1", "1": "2"}}
  region_code:    {value: "440232000000"}
  extra.remark:   Remark
)";
    const MappingSpec spec = loaded(yaml);
    BOOST_TEST(spec.name == "housing.permit");
    BOOST_TEST((spec.format == SourceFormat::Xml));
    BOOST_TEST(spec.namespaces.at(0).second == "urn:b");
    BOOST_TEST((spec.version == sha256(yaml)));
    BOOST_REQUIRE_EQUAL(spec.kinds.size(), 1U);
    BOOST_TEST(spec.kinds[0].records == "/Package/Body/ApasInfo");
    BOOST_TEST(spec.kinds[0].fields.size() == 6U);
    BOOST_TEST(field(spec, "source_case_no").expression == "ProjectCode");
    BOOST_TEST(field(spec, "source_case_no").value.required);
    BOOST_TEST(field(spec, "apply_time").value.time.at(0).pattern == "%Y-%m-%d %H:%M:%S");
    BOOST_TEST(field(spec, "apply_time").place.line == 6);
    BOOST_TEST(field(spec, "applicant_type").value.codes.at(1).second == "2");
    BOOST_TEST(*field(spec, "region_code").constant == "440232000000");
    BOOST_TEST(spec.kinds[0].fields[5].extra_name == "remark");
}

BOOST_AUTO_TEST_CASE(keeps_every_scalar_as_written) {
    const MappingSpec spec =
        loaded(kHead + "  status: {from: S, codes: {01: 10, on: 20, no: 30, 1.0: 90, 0x1F: 97, 9: null}, other: ~}\n");
    const ValueSpec& value = field(spec, "status").value;
    const std::vector<std::pair<std::string, std::string>> expected = {{"01", "10"},  {"on", "20"},   {"no", "30"},
                                                                       {"1.0", "90"}, {"0x1F", "97"}, {"9", ""}};
    BOOST_TEST((value.codes == expected));
    BOOST_TEST((value.other_codes == std::string()));
}

BOOST_AUTO_TEST_CASE(takes_every_key_of_a_field) {
    const MappingSpec spec = loaded(kHead + R"(
  apply_time: {from: T, time: ["%F", epoch_ms, epoch_s, rfc3339], zone: Asia/Shanghai, no_date: [1970-01-01], empty: "无"}
  case_kind: {from: K, codes: kinds, other: "9", default: "2", required: true, fold: false, trim: false}
  applicant_id_no: {from: I, check: [id_card, credit_code], convert_old_id: true}
  contact_name: {from: C, empty_clears: true, when: {from: F, in: ["1", "2"], not: true}}
  address: {from: A, when: "B = 1"}
  post_code: {from: P, when: {from: Q, equals: x}}
  corrections: {each: X, fields: {material_list: {from: L, split: "；,"}}}
code_tables: {kinds: {a: "1", b: "2"}}
)");
    const ValueSpec& time = field(spec, "apply_time").value;
    BOOST_TEST(time.time.size() == 4U);
    BOOST_TEST((time.time[1].kind == DateForm::Kind::EpochMilliseconds));
    BOOST_TEST(time.zone == "Asia/Shanghai");
    BOOST_TEST(time.no_date.at(0) == "1970-01-01");
    BOOST_TEST(time.empty_values.at(0) == "无");
    const ValueSpec& kind = field(spec, "case_kind").value;
    BOOST_TEST(kind.codes.size() == 2U);
    BOOST_TEST(
        (*kind.other_codes == "9" && *kind.fallback == "2" && kind.required && !kind.trim && kind.fold == false));
    BOOST_TEST((field(spec, "applicant_id_no").value.check == CheckDigit::IdCardOrCreditCode));
    BOOST_TEST(field(spec, "applicant_id_no").value.convert_old_id);
    BOOST_TEST(field(spec, "contact_name").value.empty_clears);
    BOOST_TEST((field(spec, "contact_name").when->one_of == Places{"1", "2"}));
    BOOST_TEST(field(spec, "contact_name").when->negated);
    BOOST_TEST(field(spec, "address").when->expression == "B = 1");
    BOOST_TEST((field(spec, "post_code").when->one_of == Places{"x"}));
    BOOST_TEST(spec.kinds[0].lists.at(0).fields.at(0).value.split == "；,");
}

BOOST_AUTO_TEST_CASE(takes_alternatives_with_required_at_the_last) {
    const MappingSpec spec = loaded(kHead + "  item_name: [A, {from: B, required: true}, {from: C, default: x}]\n");
    const auto& fields = spec.kinds[0].fields;
    BOOST_REQUIRE_EQUAL(fields.size(), 4U);
    BOOST_TEST(fields[1].expression == "A");
    BOOST_TEST((!fields[1].value.required && !fields[2].value.required && fields[3].value.required));
}

BOOST_AUTO_TEST_CASE(takes_kinds_of_which_nothing_is_made) {
    const std::string head =
        "mapping: a\nsource: {format: json}\nrequired: [case_title]\n"
        "fields: {source_case_no: n, case_title: t}\nkinds:\n";
    const std::string taken = "  - {records: '$.l[*]', when: {from: k, equals: '1'}, fields: {item_name: i}}\n";
    const MappingSpec spec =
        loaded(head + "  - {records: '$.l[*]', when: {from: k, equals: '9'}, pass_over: true}\n" + taken);
    BOOST_REQUIRE_EQUAL(spec.kinds.size(), 2U);
    BOOST_TEST((spec.kinds[0].passes_over && spec.kinds[0].fields.empty()));
    BOOST_TEST((!spec.kinds[1].passes_over && spec.kinds[1].fields.size() == 3U));
    const auto mistakes = [&](const std::string& kind) { return mistakesOf(head + taken + kind); };
    BOOST_TEST(mistakes("  - {records: '$.l[*]', pass_over: true, fields: {item_name: i}}\n") == Places{"7 kinds[1]"});
    BOOST_TEST(mistakes("  - {records: '$.l[*]', pass_over: true, required: [case_title]}\n") == Places{"7 kinds[1]"});
    BOOST_TEST(mistakes("  - {records: '$.l[*]', pass_over: maybe}\n") == Places{"7 kinds[1].pass_over"});
    BOOST_TEST(mistakesOf(head + "  - {records: '$.l[*]', pass_over: true}\n") == Places{"6 kinds"});
}

BOOST_AUTO_TEST_CASE(takes_several_kinds_over_common_fields) {
    const MappingSpec spec = loaded(R"(mapping: a.b
source: {format: json}
required: [operation]
fields: {source_case_no: "$.no", operation: {value: U}, status: "$.s"}
kinds:
  - {records: "$.a[*]", fields: {operation: "$.op", steps: {each: "$.steps[*]", fields: {seq: "$.n"}}}, required: [steps.seq]}
  - {records: "$.b[*]", when: {from: "$.kind", equals: "2"}}
)");
    BOOST_REQUIRE_EQUAL(spec.kinds.size(), 2U);
    BOOST_TEST(spec.kinds[0].fields.size() == 3U);
    BOOST_TEST(field(spec, "operation").expression == "$.op");
    BOOST_TEST(field(spec, "operation").value.required);
    BOOST_TEST(spec.kinds[0].lists.at(0).fields.at(0).value.required);
    BOOST_TEST(spec.kinds[1].fields.size() == 3U);
    BOOST_TEST(spec.kinds[1].lists.empty());
    BOOST_TEST(spec.kinds[1].when->expression == "$.kind");
}

BOOST_AUTO_TEST_CASE(tells_all_mistakes_at_once_each_with_its_line) {
    const Places found = mistakesOf(R"(maping: a.b
source: {format: yaml, record: /R}
fields:
  case_titel: A
  apply_time: {from: T, time: "%Q"}
  status: {from: S, codes: {"1": "77"}}
  steps: {each: X, fields: {sequence: N}}
  address: {form: A}
required: [case_no, nothing]
)");
    const Places expected = {"1 maping",
                             "2 fields.source_case_no",
                             "2 source.record",
                             "2 source.format",
                             "4 fields.case_titel",
                             "5 fields.apply_time.time",
                             "6 fields.status.codes",
                             "7 fields.steps.fields.sequence",
                             "8 fields.address.form",
                             "9 required",
                             "9 required"};
    BOOST_TEST(std::vector<std::string>(found).size() == expected.size());
    for (const std::string& place : expected)
        BOOST_TEST((std::find(found.begin(), found.end(), place) != found.end()), place);
}

BOOST_AUTO_TEST_CASE(tells_mistakes_of_keys_expressions_and_values_in_one_go_in_the_order_of_the_file) {
    const Places found = mistakesOf(R"yaml(mapping: a.b
source:
  format: xml
  records: /R[
feilds:
  source_case_no: No
  case_titel: "T["
  apply_time:
    from: "nofunction(T)"
    time: "%Q"
  status:
    codes: {"1": "77"}
    form: S
    when: {from: "x:a", equals: "1"}
  steps:
    each: "N["
    fields:
      sequenec: "@"
      step_name: "count("
  address: [A, {from: "B[", check: luhn, convert_old_id: true}]
required: [case_title, item_name]
)yaml");
    const Places expected = {"4 source.records",
                             "5 feilds",
                             "7 fields.case_titel",
                             "7 fields.case_titel",
                             "9 fields.apply_time",
                             "10 fields.apply_time.time",
                             "12 fields.status.codes",
                             "13 fields.status.form",
                             "14 fields.status.when",
                             "16 fields.steps.each",
                             "18 fields.steps.fields.sequenec",
                             "18 fields.steps.fields.sequenec",
                             "19 fields.steps.fields.step_name",
                             "20 fields.address[1].check",
                             "20 fields.address[1]",
                             "21 required"};
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tells_nothing_that_only_follows_from_another_mistake) {
    const auto only = [](const std::string& yaml, const Places& expected) {
        BOOST_TEST_CONTEXT(yaml) {
            BOOST_TEST(mistakesOf(yaml) == expected, boost::test_tools::per_element());
        }
    };
    const std::string json = "source: {format: jsno, records: \"$.a[?@.b==1]\"}\nfields: {source_case_no: \"$.a[*]\"}";
    only("mapping: a\n" + json, {"2 source.format"});
    // A format that is misspelt hides nothing: expressions are held against what it was meant to be.
    only("mapping: a\nsource: {format: xlm}\nfields: {source_case_no: \"a[\"}",
         {"2 source.format", "3 fields.source_case_no"});
    only("mapping: a\nsource: {format: JSON}\nfields: {source_case_no: \"$.a[\"}",
         {"2 source.format", "3 fields.source_case_no"});
    only("mapping: a\nsource: {format: csv}\nfields: {source_case_no: \"a[\"}", {"2 source.format"});
    only("maping: a\nsource: {format: json}\nfields: {source_case_no: a}", {"1 maping"});
    only("mapping: a\nsource: {format: xml}\nfields:", {"3 fields"});
    only(kHead + "  status: {from: S, codes: kidns, other: \"90\"}\n", {"5 fields.status.codes"});
    only(kHead + "  apply_time: {from: A, tiem: epoch_ms, no_date: \"0\"}\n", {"5 fields.apply_time.tiem"});
    only("mapping: a\nsource: {format: xml, namespace: {x: urn:x}}\nfields: {source_case_no: x:a}",
         {"2 source.namespace"});
    only("mapping: a\nsource: {format: xml}\nfields: {source_caseno: a}", {"3 fields.source_caseno"});
    only(kHead + "  apply_time:\n    from: A\n    time: \"%Y-%m\"\n", {"7 fields.apply_time.time"});
    only(kHead + "  accept: {accept_time: T}\n", {"5 fields.accept"});
    only("mapping: a\nsource: {format: xml}\nfields: {source_case_no: \"a[\"}\nkinds: []\n",
         {"3 fields.source_case_no", "4 kinds"});
    // Common fields are told once, whatever the number of kinds.
    only("mapping: a\nsource: {format: xml}\nfields: {source_case_no: \"a[\"}\nkinds:\n- records: /a\n- records: /b\n",
         {"3 fields.source_case_no"});
}

BOOST_AUTO_TEST_CASE(tells_what_stands_before_a_line_that_is_not_yaml) {
    BOOST_TEST((
        mistakesOf("mapping: a\nsource: {format: xml}\nfields:\n  source_case_no: \"a[\"\n  case_titel: T\n  x: [\n") ==
        Places{"4 fields.source_case_no", "5 fields.case_titel", "7 "}));
}

BOOST_AUTO_TEST_CASE(says_what_was_probably_meant) {
    BOOST_TEST(hintOf(kHead + "  case_titel: A\n") == "did you mean 'case_title'?");
    BOOST_TEST(hintOf(kHead + "  address: A\n\tcase_title: B\n").find("a tab stands before") == 0U);
    BOOST_TEST(hintOf(kHead + "  address: *.xml\n").find("stands in quotes") != std::string::npos);
    BOOST_TEST(hintOf(kHead + "  address： A\n  case_title: B\n").find("全角冒号") != std::string::npos);
    const std::pair<const char*, const char*> hints[] = {
        {"  case_title： T\n", "全角冒号"},
        {"  case_title:T\n", "a space must stand behind the colon"},
        {"\u3000case_title: T\n", "全角空格"},
        {"\u00A0\u00A0case_title: T\n", "ordinary spaces"},
        {"  case_title: {from: T， required: true}\n", "全角标点"},
        {"  case_title: “T”\n", "no quotes"},
        {"  case_title: @t\n", "must be quoted"},
        {"  case_title: *\n", "must be quoted"},
        {"  region_code: {value: \"350200\"}\n  status: @state\n", "begins with @"},
        {"  extra.note: a: b\n", "a colon and a blank"},
        {"  case_title: {from: a[1]/b]}\n", "inside { }"},
        {" case_title: T\n", "the same column"},
        {"  case_title: $.a.b\n", "a path of JSON"},
        {"  apply_time: {from: D, time: \"yyyy-MM-dd'T'HH:mm:ss.SSS\"}\n", "'%Y-%m-%dT%H:%M:%S.%f'"},
        {"  apply_time: {from: D, time: \"YYYY/MM/DD HH24:MI:SS\"}\n", "'%Y/%m/%d %H:%M:%S'"},
        {"  apply_time: {from: D, time: [\"%F\", \"%Y-%m\"]}\n", "under `extra`"},
        {"  extra.built: {from: D, time: \"%Y年\"}\n", "without `time`"}};
    for (const auto& [line, hint] : hints)
        BOOST_TEST(hintOfFirst(kHead + line).find(hint) != std::string::npos, line << hintOfFirst(kHead + line));
    BOOST_TEST(mistakesOf(kHead + "  case_title： T\n") == Places{"5 fields.case_title： T"});
    BOOST_TEST(hintOfFirst("mapping: a.b\nsource: {format: json, records: /list}\nfields: {source_case_no: no}\n")
                   .find("a path of XML") != std::string::npos);
    BOOST_TEST(hintOf(kHead + "  accept_time: A\n") == "did you mean 'accept.accept_time'?");
    BOOST_TEST(hintOf(kHead + "  address: {form: A}\n") == "did you mean 'from'?");
    BOOST_TEST(hintOf(kHead + "  apply_time: {from: A, time: epochms}\n") == "did you mean 'epoch_ms'?");
    BOOST_TEST(hintOf(kHead + "  steps.seq: A\n") == "steps: {each: EXPRESSION, fields: {…}}");
    BOOST_TEST(hintOf(kHead + "  status: {from: A, codes: kind}\ncode_tables: {kinds: {a: \"10\"}}\n") ==
               "did you mean 'kinds'?");
}

/// YAML 1.1 reads these as truth values and numbers; a department's elements are called so.
BOOST_AUTO_TEST_CASE(takes_words_as_they_are_written) {
    for (const std::string word : {"No", "Yes", "on", "Off", "y", "NO", "true", "FALSE"}) {
        const auto spec =
            loadMappingSpec("mapping: a\nsource: {format: xml, records: /A}\nfields:\n  source_case_no: " + word +
                                "\n  status: {from: " + word + ", codes: {" + word + ": \"10\"}}\n",
                            "mapping.yaml");
        BOOST_REQUIRE_MESSAGE(spec.ok(), word);
        for (const FieldSpec& field : spec->kinds.at(0).fields) BOOST_TEST(field.expression == word);
    }
    for (const char* const nothing : {"null", "~", "Null", ""}) {
        const std::string yaml = kHead + "  address: " + nothing + "\n  case_title: T\n";
        BOOST_TEST(mistakesOf(yaml).size() == 1U, nothing);
        BOOST_TEST(hintOf(yaml).find("stands in quotes") != std::string::npos, hintOf(yaml));
    }
}

BOOST_AUTO_TEST_CASE(refuses_what_yaml_would_do_behind_ones_back) {
    BOOST_TEST((mistakesOf(kHead + "  address: &a A\n") == Places{"5 "}));
    BOOST_TEST((mistakesOf(kHead + "  address: &a A\n  case_title: *a\n").size() >= 2U));
    BOOST_TEST((mistakesOf(kHead + "  address: A\n  address: B\n") == Places{"6 "}));
    BOOST_TEST((mistakesOf(kHead + "  address: !!str A\n") == Places{"5 "}));
    BOOST_TEST((mistakesOf(kHead + "  status: {from: S, codes: {null: \"10\"}}\n").at(0) == "5 "));
    BOOST_TEST(!mistakesOf(kHead + "---\nmapping: c\n").empty());
    BOOST_TEST(!mistakesOf(kHead + "  address: [\n").empty());
    BOOST_TEST(!mistakesOf("").empty());
    BOOST_TEST(!mistakesOf("[]").empty());
    BOOST_TEST(!mistakesOf(std::string(100000, '[')).empty());
    BOOST_TEST((mistakesOf(std::string(1024 * 1024 + 1, '#')) == Places{"0 "}));
}

BOOST_AUTO_TEST_CASE(refuses_keys_that_exclude_each_other) {
    for (const char* bad : {"{from: A, value: b}", "{required: true}", "{from: A, trim: yes}", "{from: A, other: x}",
                            "{from: A, when: {in: [a]}}", "{from: A, when: {from: B, in: [a], equals: b}}", "[]", "~",
                            "{from: ''}", "{from: A, codes: {}}", "{from: A, codes: {a: [b]}}",
                            "{from: A, check: luhn}", "{from: A, check: [org_code, id_card]}"})
        BOOST_TEST(!mistakesOf(kHead + "  address: " + bad + "\n").empty(), bad);
    BOOST_TEST(
        !mistakesOf("mapping: a\nsource: {format: json, records: $, namespaces: {a: b}}\nfields: {source_case_no: $.a}")
             .empty());
    BOOST_TEST(!mistakesOf("mapping: A/b\nsource: {format: json, records: $}\nfields: {source_case_no: $.a}").empty());
}

BOOST_AUTO_TEST_CASE(a_field_beside_the_fields_is_told_where_it_belongs) {
    const std::string head = "mapping: a\nsource: {format: json}\nfields: {source_case_no: no}\n";
    for (const char* const beside :
         {"steps: {each: a, fields: {seq: b}}\n", "case_title: t\n", "accept.accept_time: t\n", "extra.remark: r\n"})
        BOOST_TEST(hintOf(head + beside).find("under `fields`") != std::string::npos, beside);
    BOOST_TEST(hintOf(head + "required_fields: [status]\n").find("under `fields`") == std::string::npos);
}

/// Nobody would learn of a second telephone that no field holds.
BOOST_AUTO_TEST_CASE(a_text_of_several_values_is_split_only_where_all_of_it_is_kept) {
    const auto placesOf = [](const char* fields) { return mistakesOf(kHead + fields); };
    BOOST_TEST((placesOf("  contact_mobile: {from: P, split: \"/\", unfit: extra.phones}\n").empty()));
    BOOST_TEST((placesOf("  corrections: {each: X, fields: {material_list: {from: L, split: \";\"}}}\n").empty()));
    BOOST_TEST((placesOf("  extra.list: {from: L, split: \";\"}\n").empty()));
    BOOST_TEST(
        (placesOf("  contact_mobile:\n    from: P\n    split: \"/\"\n") == Places{"7 fields.contact_mobile.split"}));
    BOOST_TEST((placesOf("  contact_mobile: [{from: P, split: \"/\", unfit: extra.p}, {from: Q, split: \"/\"}]\n") ==
                Places{"5 fields.contact_mobile[1].split"}));
    BOOST_TEST((placesOf("  steps: {each: S, fields: {step_name: {from: N, split: \"/\"}}}\n") ==
                Places{"5 fields.steps.fields.step_name.split"}));
    BOOST_TEST((placesOf("  contact_mobile: {from: P, split: \"/\", unfit: extra}\n") ==
                Places{"5 fields.contact_mobile.unfit"}));
    BOOST_TEST((placesOf("  contact_name: {value: a/b, split: \"/\"}\n") == Places{"5 fields.contact_name.split"}));
    BOOST_TEST(hintOfFirst(kHead + "  result.cert_no: {from: N, split: \"/\"}\n") ==
               "add unfit: extra.cert_no, which takes the whole text");
    BOOST_TEST(hintOfFirst(kHead + "  steps: {each: S, fields: {step_name: {from: N, split: \"/\"}}}\n") ==
               "add unfit: another field of the item, which takes the whole text");
}

BOOST_AUTO_TEST_SUITE_END()
