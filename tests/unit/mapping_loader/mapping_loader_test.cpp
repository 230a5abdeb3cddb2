// tests/unit/mapping_loader/mapping_loader_test.cpp - mapping.yaml as people write it, and every mistake with its line.
#include "gateway/normalize/mapping_loader.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/digest.hpp"

using namespace caseway;

namespace {

MappingSpec loaded(const std::string& yaml) {
    auto result = loadMappingSpec(yaml, "mapping.yaml");
    if (!result)
        for (const auto& mistake : result.error())
            BOOST_ERROR(mistake.line << " " << mistake.where << ": " << mistake.rule);
    return std::move(result).value();
}

/// "line where" of each mistake; each has a rule and a hint.
std::vector<std::string> mistakesOf(const std::string& yaml) {
    const auto result = loadMappingSpec(yaml, "mapping.yaml");
    std::vector<std::string> places;
    if (result) return places;
    for (const auto& mistake : result.error()) {
        BOOST_TEST(mistake.file == "mapping.yaml");
        BOOST_TEST(!mistake.rule.empty());
        BOOST_TEST(!mistake.hint.empty(), mistake.where);
        places.push_back(std::to_string(mistake.line) + " " + mistake.where);
    }
    return places;
}

std::string hintOf(const std::string& yaml) {
    const auto result = loadMappingSpec(yaml, "mapping.yaml");
    return result || result.error().empty() ? "" : result.error().front().hint;
}

const FieldSpec& field(const MappingSpec& spec, std::string_view name) {
    for (const FieldSpec& one : spec.kinds.at(0).fields)
        if (one.field == fieldNamed(name)) return one;
    throw std::runtime_error(std::string(name));
}

const std::string kHead = "mapping: a.b\nsource: {format: xml, records: /R}\nfields:\n  source_case_no: No\n";

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
    BOOST_TEST(field(spec, "apply_time").line == 6);
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
  apply_time: {from: T, time: ["%Y", epoch_ms, epoch_s, rfc3339], zone: Asia/Shanghai, no_date: [1970-01-01], empty: "无"}
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
    const Places expected = {"1 mapping",
                             "1 maping",
                             "2 fields.source_case_no",
                             "2 source.record",
                             "2 source.format",
                             "2 source.records",
                             "4 fields.case_titel",
                             "5 fields.apply_time.time",
                             "6 fields.status.codes",
                             "7 fields.steps.fields.sequence",
                             "8 fields.address.form",
                             "8 fields.address",
                             "9 required",
                             "9 required"};
    BOOST_TEST(std::vector<std::string>(found).size() == expected.size());
    for (const std::string& place : expected)
        BOOST_TEST((std::find(found.begin(), found.end(), place) != found.end()), place);
}

BOOST_AUTO_TEST_CASE(says_what_was_probably_meant) {
    BOOST_TEST(hintOf(kHead + "  case_titel: A\n") == "did you mean 'case_title'?");
    BOOST_TEST(hintOf(kHead + "  accept_time: A\n") == "did you mean 'accept.accept_time'?");
    BOOST_TEST(hintOf(kHead + "  address: {form: A}\n") == "did you mean 'from'?");
    BOOST_TEST(hintOf(kHead + "  apply_time: {from: A, time: epochms}\n") == "did you mean 'epoch_ms'?");
    BOOST_TEST(hintOf(kHead + "  steps.seq: A\n") == "steps: {each: EXPRESSION, fields: {…}}");
    BOOST_TEST(hintOf(kHead + "  status: {from: A, codes: kind}\ncode_tables: {kinds: {a: \"10\"}}\n") ==
               "did you mean 'kinds'?");
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
    for (const char* bad :
         {"{from: A, value: b}", "{required: true}", "{from: A, trim: yes}", "{from: A, other: x}",
          "{from: A, when: {in: [a]}}", "{from: A, when: {from: B, in: [a], equals: b}}", "[]", "~", "{from: ''}",
          "{from: A, codes: {}}", "{from: A, codes: {a: [b]}}", "{from: A, check: luhn}"})
        BOOST_TEST(!mistakesOf(kHead + "  address: " + bad + "\n").empty(), bad);
    BOOST_TEST(
        !mistakesOf("mapping: a\nsource: {format: json, records: $, namespaces: {a: b}}\nfields: {source_case_no: $.a}")
             .empty());
    BOOST_TEST(!mistakesOf("mapping: A/b\nsource: {format: json, records: $}\nfields: {source_case_no: $.a}").empty());
}

BOOST_AUTO_TEST_SUITE_END()
