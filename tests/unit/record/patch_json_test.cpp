// tests/unit/record/patch_json_test.cpp - history text of a patch: there and back, and what is not a record is refused.
#include "exchange.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(PatchFromJson)

BOOST_AUTO_TEST_CASE(reads_what_history_wrote) {
    for (
        const std::string json :
        {R"({"source_case_no":"A1"})",
         R"({"accept":{"accept_time":"2026-05-01T10:00:00+08:00","promise_limit":15},)"
         R"("corrections":[{"material_list":["a","b"],"seq":1}],"extra":{"a":1,"b":[1,{"c":null}],"c":true,"d":"\u0001"},)"
         R"("result":{"fee":"12.50","is_fee":false},"source_case_no":"A1","steps":[{"seq":1},{"opinion":"同意","seq":2}]})",
         R"({"$cleared":["window_no","steps.1.opinion","extra.note"],"source_case_no":"A1","steps":[{"seq":1},{"seq":2}]})",
         R"({"$cleared":["window_no"]})", R"({})"}) {
        CasePatch patch;
        const auto read = patchFromJson(json, patch);
        BOOST_TEST_REQUIRE(read.ok(), json);
        std::string again;
        appendHistoryJson(patch, again);
        BOOST_TEST(again == json);
    }
}

/// As deep as a payload may be set to be, and the record around it.
BOOST_AUTO_TEST_CASE(reads_lists_of_extra_as_deep_as_they_may_be_written) {
    const std::string json = R"({"extra":{"tree":)" + std::string(250, '[') + std::string(250, ']') + "}}";
    CasePatch patch;
    BOOST_TEST_REQUIRE(patchFromJson(json, patch).ok());
    std::string again;
    appendHistoryJson(patch, again);
    BOOST_TEST(again == json);
}

BOOST_AUTO_TEST_CASE(takes_null_as_absent) {
    CasePatch patch;
    BOOST_TEST_REQUIRE(
        patchFromJson(R"({"status":null,"steps":null,"accept":{"accept_time":null},"extra":{"a":null}})", patch).ok());
    std::string again;
    appendHistoryJson(patch, again);
    BOOST_TEST(again == "{}");
}

BOOST_AUTO_TEST_CASE(refuses_what_the_schema_refuses) {
    struct Bad {
        std::string json, code, where;
    };
    const std::vector<Bad> bads = {
        {R"([])", "wrong_type", ""},
        {R"({"nope":1})", "unknown_field", "/nope"},
        {R"({"steps":[{"seq":1},{"no/pe":1}]})", "unknown_field", "/steps/1/no~1pe"},
        {R"({"status":"11"})", "rule_broken", "/status"},
        {R"({"status":10})", "wrong_type", "/status"},
        {R"({"data_version":"1"})", "wrong_type", "/data_version"},
        {R"({"data_version":0})", "rule_broken", "/data_version"},
        {R"({"accept":[]})", "wrong_type", "/accept"},
        {R"({"steps":{}})", "wrong_type", "/steps"},
        {R"({"corrections":[{"material_list":[1]}]})", "wrong_type", "/corrections/0/material_list"},
        {R"({"result":{"is_fee":"true"}})", "wrong_type", "/result/is_fee"},
        {R"({"extra":{"a":{}}})", "wrong_type", "/extra/a"},
        {R"({"$cleared":["nope"]})", "unknown_field", "/$cleared/0"},
        {R"({"$cleared":["steps.0.opinion"]})", "unknown_field", "/$cleared/0"},
        {R"({"$cleared":["steps.opinion"]})", "unknown_field", "/$cleared/0"},
        {R"({"$cleared":["status"],"status":"10"})", "rule_broken", "/$cleared"},
        {R"({"status":"10","status":"10"})", "duplicate_name", ""},
        {R"({"status":)", "malformed_json", ""},
    };
    for (const Bad& bad : bads) {
        CasePatch patch;
        const auto read = patchFromJson(bad.json, patch);
        BOOST_TEST_CONTEXT(bad.json) {
            BOOST_TEST_REQUIRE(!read.ok());
            BOOST_TEST(read.error().code == bad.code);
            if (!bad.where.empty()) BOOST_TEST(read.error().where == bad.where);
            BOOST_TEST(patch.fields.empty());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
