// tests/unit/record/recorder_test.cpp - bounds, limits, required fields, provenance, masking: what data cases do not
// show.
#include "exchange.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/record/state_codec.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(CaseNumbersOfTheGateway)

BOOST_AUTO_TEST_CASE(read_back_and_nothing_else_does) {
    const CaseNumbers numbers("CW-", "center");
    BOOST_TEST(numbers.assigned(1) == "CW-center-000000001");
    BOOST_TEST(numbers.idOf("CW-center-000000001").value_or(0) == 1);
    BOOST_TEST(numbers.idOf(numbers.assigned(12345678901)).value_or(0) == 12345678901);
    for (const auto text : {"CW-center-1", "CW-center-0000000001", "CW-other-000000001", "CW-center-00000000x", "",
                            "CW-center-000000000", "CW-center-99999999999999999999"})
        BOOST_TEST(!numbers.idOf(text).has_value(), text);
    BOOST_TEST(numbers.isReserved("cw-anything"));
    BOOST_TEST(!numbers.isReserved("CW1"));
    BOOST_CHECK_THROW(CaseNumbers("", "center"), Fault);
    BOOST_CHECK_THROW(CaseNumbers("CW-", std::string(40, 'x')), Fault);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(RecorderOfCases)

BOOST_AUTO_TEST_CASE(refuses_a_version_beyond_its_bound) {
    Exchange exchange(RecorderConfig{.max_data_version = 100});
    const auto result = exchange.send({.patch = R"({"source_case_no":"A1","data_version":101})"});
    BOOST_TEST_REQUIRE(result.refusal.has_value());
    BOOST_TEST(result.refusal->code == "version_out_of_bounds");
    BOOST_TEST(exchange.store.case_writes == 0U);
    BOOST_TEST_REQUIRE(exchange.store.patches.size() == 1U);
    BOOST_TEST(exchange.store.patches[0].case_id == 0);
}

BOOST_AUTO_TEST_CASE(tells_where_in_its_payload_a_refused_record_stands) {
    const std::string many = R"({"source_case_no":"A1","case_no":"X-1","steps":[{"seq":1},{"seq":2},{"seq":3}]})";
    const Sending sent[] = {{.patch = R"({"case_no":"CW-1","source_case_no":"A1"})"},
                            {.patch = R"({"source_case_no":"A1","data_version":101})"},
                            {.patch = R"({"source_case_no":"A1","apply_time":"2999-01-01T00:00:00+08:00"})"},
                            {.patch = R"({"source_case_no":"A1","dept_code":"11440232000000002B"})"},
                            {.from = "fire/checks", .patch = R"({"case_no":"X-1","source_case_no":"F1"})"},
                            {.from = "center/window",
                             .patch = R"({"case_no":"X-1","source_case_no":"W1","dept_code":"11440232000000003C"})"},
                            {.from = "center/window", .patch = R"({"case_no":"X-1","source_case_no":"W2"})"},
                            {.patch = many},
                            {.patch = R"({"case_title":"no number"})"}};
    const std::string fields[] = {"case_no",   "data_version",   "apply_time", "dept_code",     "case_no",
                                  "dept_code", "source_case_no", "steps",      "source_case_no"};
    for (std::size_t i = 0; i < std::size(sent); ++i) {
        for (const bool is_xml : {true, false}) {
            for (int way = 0; way < 2; ++way) {  // whole, and as a large message keeps it
                Exchange exchange(RecorderConfig{.max_data_version = 100, .max_items_per_list = 2});
                exchange.send({.patch = R"({"case_no":"X-1","source_case_no":"A1"})"});
                exchange.send({.from = "center/window", .message = 2, .patch = R"({"source_case_no":"W2"})"});
                if (way == 1) exchange.send({.message = 3, .patch = R"({"source_case_no":"B1"})"});
                Sending sending = sent[i];
                sending.message = 7;
                sending.record = 4;
                if (is_xml)
                    sending.line = 12;
                else
                    sending.pointer = "/cases/3";
                const auto result = exchange.send(sending);
                BOOST_TEST_CONTEXT(sending.patch) {
                    BOOST_TEST_REQUIRE(result.refusal.has_value());
                    BOOST_TEST(result.refusal->where == fields[i] + (is_xml ? ", line 12" : ", /cases/3"));
                    BOOST_TEST(result.refusal->record.value_or(0) == 4U);
                    BOOST_TEST(!result.refusal->hint.empty());
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(refuses_what_the_configuration_requires_and_the_record_lacks) {
    Exchange exchange(RecorderConfig{.required = {"item_code", "accept.accept_time"}});
    const auto result = exchange.send({.patch = R"({"source_case_no":"A1","item_code":"1"})"});
    BOOST_TEST_REQUIRE(result.refusal.has_value());
    BOOST_TEST(result.refusal->code == "required_missing");
    BOOST_TEST(result.refusal->where == "accept.accept_time");
    BOOST_CHECK_THROW(Exchange(RecorderConfig{.required = {"no_such_field"}}), Fault);
}

BOOST_AUTO_TEST_CASE(refuses_a_case_that_grows_beyond_its_limits_and_leaves_it_as_it_was) {
    Exchange exchange(RecorderConfig{.max_items_per_list = 2, .max_statements = 12, .max_state_bytes = 400});
    exchange.send({.message = 1, .patch = R"({"source_case_no":"A1","steps":[{"seq":1},{"seq":2}]})"});
    const std::string before = exchange.store.rows[0].state;
    const auto items = exchange.send({.message = 2, .patch = R"({"source_case_no":"A1","steps":[{"seq":3}]})"});
    BOOST_TEST_REQUIRE(items.refusal.has_value());
    BOOST_TEST(items.refusal->code == "case_too_large");
    BOOST_TEST(items.refusal->where == "steps");
    const auto bytes =
        exchange.send({.message = 3, .patch = R"({"source_case_no":"A1","address":")" + std::string(400, 'x') + "\"}"});
    BOOST_TEST((bytes.refusal && bytes.refusal->code == "case_too_large"));
    std::string extra = R"({"source_case_no":"A1","extra":{)";
    for (char name = 'a'; name < 'l'; ++name) extra += std::string(name == 'a' ? "" : ",") + '"' + name + "\":1";
    const auto statements = exchange.send({.message = 4, .patch = extra + "}}"});
    BOOST_TEST((statements.refusal && statements.refusal->code == "case_too_large"));
    BOOST_TEST((exchange.store.rows[0].state == before));
    BOOST_TEST(exchange.store.feed.size() == 1U);
}

BOOST_AUTO_TEST_CASE(masks_the_value_of_a_refusal) {
    Exchange exchange;
    const auto result = exchange.send({.patch = R"({"case_no":"CW-123456","source_case_no":"A1"})"});
    BOOST_TEST_REQUIRE(result.refusal.has_value());
    BOOST_TEST(result.refusal->value == "C***6 (9)");
    BOOST_TEST(result.refusal->record.value_or(0) == 1U);
}

BOOST_AUTO_TEST_CASE(keeps_every_record_in_the_history_with_what_it_cleared) {
    Exchange exchange;
    exchange.send({.message = 1, .patch = R"({"source_case_no":"A1","status":"10"})"});
    exchange.send({.message = 2,
                   .sent_at = "2026-05-01T09:00:00+08:00",
                   .patch = R"({"$cleared":["status"],"source_case_no":"A1"})"});
    BOOST_TEST_REQUIRE(exchange.store.patches.size() == 2U);
    BOOST_TEST((exchange.store.patches[1].outcome == RecordOutcome::Stale));
    BOOST_TEST(exchange.store.patches[1].patch == R"({"$cleared":["status"],"source_case_no":"A1"})");
    BOOST_TEST(exchange.store.patches[1].case_id == 1);
}

BOOST_AUTO_TEST_CASE(advances_the_provenance_of_an_unchanged_value_without_telling_the_feed) {
    Exchange exchange;
    exchange.send(
        {.message = 1, .sent_at = "2026-05-04T09:00:00+08:00", .patch = R"({"source_case_no":"A1","status":"10"})"});
    exchange.send(
        {.message = 2, .sent_at = "2026-05-04T10:00:00+08:00", .patch = R"({"source_case_no":"A1","status":"10"})"});
    BOOST_TEST(exchange.store.feed.size() == 1U);
    const CaseView view =
        viewOf(exchange.store, exchange.rowOf("CW-center-000000001"), exchange.recorder.numbers(), Show::Unmasked);
    BOOST_TEST_REQUIRE(view.provenance.size() == 2U);
    BOOST_TEST(view.provenance[1].pointer == "/status");
    BOOST_TEST((view.provenance[1].source.message_id == messageNumbered(2)));
    BOOST_TEST(view.provenance[1].source.index == 102U);
    BOOST_TEST(view.provenance[1].source.system == "housing/permits");
    BOOST_TEST(exchange.store.rows[0].last_change == 1U);
}

BOOST_AUTO_TEST_CASE(says_which_fields_of_a_change_still_stand) {
    Exchange exchange;
    exchange.send(
        {.message = 1,
         .patch = R"({"source_case_no":"A1","status":"10","steps":[{"seq":1,"opinion":"x"}],"extra":{"a":1}})"});
    exchange.send(
        {.message = 2, .sent_at = "2026-05-04T10:00:00+08:00", .patch = R"({"source_case_no":"A1","status":"20"})"});
    const std::vector<std::string> expected = {"extra.a", "steps.opinion", "steps.seq"};
    BOOST_TEST(fieldsSetBy(exchange.store, exchange.store.rows[0], 101, 1) == expected,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(finds_an_absorbed_case_under_its_old_number) {
    Exchange exchange;
    exchange.send({.message = 1, .patch = R"({"source_case_no":"A1"})"});
    exchange.send({.from = "housing/archive", .message = 2, .patch = R"({"case_no":"X-1","source_case_no":"R9"})"});
    exchange.send({.message = 3, .patch = R"({"case_no":"X-1","source_case_no":"A1"})"});
    BOOST_TEST(exchange.rowOf("CW-center-000000001").case_no == "X-1");
    BOOST_TEST(isAlias(exchange.store.rows[0]));
    BOOST_TEST(exchange.store.rows[0].deleted);
    BOOST_TEST(exchange.store.feed.back().case_id == 1);  // readers of the feed learn that it is gone
}

BOOST_AUTO_TEST_CASE(stops_at_a_state_that_cannot_be_read) {
    Exchange exchange;
    exchange.send({.message = 1, .patch = R"({"source_case_no":"A1"})"});
    exchange.store.rows[0].state = "garbage";
    BOOST_CHECK_THROW(exchange.send({.message = 2, .patch = R"({"source_case_no":"A1"})"}), Fault);
    exchange.store.rows[0].state = encodeAlias(1);
    BOOST_CHECK_THROW(exchange.rowOf("CW-center-000000001"), Fault);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ViewOfCase)

BOOST_AUTO_TEST_CASE(masks_personal_data_and_extra_unless_asked) {
    Exchange exchange;
    exchange.send({.patch = R"({"source_case_no":"A1","applicant_name":"欧阳小明","item_name":"建房",)"
                            R"("extra":{"phone":13800138000,"urgent":true,"tags":["张三"]}})"});
    const CaseRow row = exchange.store.rows[0];
    const std::string masked = recordJsonOf(exchange.store, row, exchange.recorder.numbers(), Show::Masked);
    const std::string expected = R"j({"applicant_name":"欧***明 (4)","case_no":"CW-center-000000001",)j"
                                 R"j("extra":{"phone":"1***0 (11)","tags":"***","urgent":true},"item_name":"建房",)j"
                                 R"j("source_case_no":"A1","source_system":"housing/permits"})j";
    BOOST_TEST(masked == expected);
    BOOST_TEST(exchange.recordOf("CW-center-000000001").find("欧阳小明") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(masks_conflicts_too) {
    Exchange exchange;
    exchange.send({.message = 1, .patch = R"({"case_no":"X-1","source_case_no":"A1","contact_mobile":"13800138000"})"});
    exchange.send({.from = "housing/archive",
                   .message = 2,
                   .patch = R"({"case_no":"X-1","source_case_no":"R9","contact_mobile":"13900139000"})"});
    std::string json;
    appendViewJson(viewOf(exchange.store, exchange.rowOf("X-1"), exchange.recorder.numbers(), Show::Masked), json);
    BOOST_TEST(json.find("13800138000") == std::string::npos);
    BOOST_TEST(json.find("13900139000") == std::string::npos);
    BOOST_TEST(json.find(R"j("other_value":"1***0 (11)")j") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_canonical_json) {
    Exchange exchange;
    exchange.send(
        {.message = 1,
         .patch =
             R"({"case_no":"X-1","source_case_no":"A1","status":"10","extra":{"a/b":1},"steps":[{"seq":1,"opinion":"\"x\""}]})"});
    exchange.send(
        {.from = "housing/archive",
         .message = 2,
         .patch = R"({"case_no":"X-1","source_case_no":"R9","status":"20","steps":[{"seq":1,"opinion":"y"}]})"});
    std::string json, again;
    appendViewJson(viewOf(exchange.store, exchange.rowOf("X-1"), exchange.recorder.numbers(), Show::Unmasked), json);
    JsonTree tree;
    const auto root = parseJson(json, {}, tree);
    BOOST_TEST_REQUIRE(root.ok());
    appendCanonical(**root, again);
    BOOST_TEST(json == again);
    BOOST_TEST(json.find("\"/extra/a~1b\":{") != std::string::npos);
    BOOST_TEST(json.find("\"where\":\"/steps/0/opinion\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
