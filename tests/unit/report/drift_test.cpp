// tests/unit/report/drift_test.cpp - fields and codes that were never seen, and what keeps the list of them small and
// free of personal data.
#include <boost/test/unit_test.hpp>

#include "gateway/report/connector_sights.hpp"
#include "gateway/report/payload_fields.hpp"
#include "gateway/report/record_facts.hpp"
#include "tests/unit/report/report_fixture.hpp"

using namespace caseway;
using namespace caseway::report_test;

namespace {

std::string fieldsOf(std::string_view payload, std::size_t most = 100) {
    std::set<std::string> fields;
    addPayloadFields(
        payload, [](std::string_view name) { return name == "申请人"; }, most, fields);
    std::string text;
    for (const std::string& field : fields) text += (text.empty() ? "" : " ") + field;
    return text;
}

RunSights sightsOf(std::vector<std::string> fields, std::vector<std::string> codes) {
    return {std::move(fields), std::move(codes), std::nullopt, true};
}

std::string driftOf(const ConnectorSights& seen) {
    std::string text;
    for (const DriftItem& item : seen.newBetween(night().begin, night().end))
        text += std::string(nameOf(item.kind)) + ":" + item.name + "@" + std::to_string(item.run) + " ";
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PayloadFields)

BOOST_AUTO_TEST_CASE(are_the_paths_of_names_without_values) {
    BOOST_TEST(fieldsOf(R"(<P xmlns:a="urn:a"><Case id="7"><a:Kind>secret</a:Kind></Case></P>)") ==
               "/P /P/Case /P/Case/@id /P/Case/Kind");
    BOOST_TEST(fieldsOf(R"({"cases":[{"id":1,"who":{"kind":"x"}},{"id":2,"new":[[1],{"y":null}]}],"n":true})") ==
               "/cases /cases/id /cases/new /cases/new/y /cases/who /cases/who/kind /n");
    BOOST_TEST(fieldsOf(R"([{"a":1},{"b":2}])") == "/a /b");
}

BOOST_AUTO_TEST_CASE(come_from_broken_cut_off_and_hostile_payloads_as_far_as_these_go) {
    BOOST_TEST(fieldsOf("<P><Case><Kind>1</Ca") == "/P /P/Case /P/Case/Kind");
    BOOST_TEST(fieldsOf(R"({"a":{"b":1},"c":)") == "/a /a/b /c");
    BOOST_TEST(fieldsOf("") == "");
    BOOST_TEST(fieldsOf("down for maintenance") == "");
    BOOST_TEST(fieldsOf("<!DOCTYPE x [<!ENTITY e 'y'>]><x>&e;</x>") == "");
    std::string wide = "{";
    for (int i = 0; i < 1000; ++i) wide += (i == 0 ? "\"f" : ",\"f") + std::to_string(i) + "\":1";
    std::set<std::string> fields;
    addPayloadFields(
        wide + "}", [](std::string_view) { return false; }, 10, fields);
    BOOST_TEST(fields.size() == 10);
    BOOST_TEST(fieldsOf(std::string(100'000, '[')) == "");
    std::string chinese = R"({"申请人":1,"x":")";
    while (chinese.size() < 2 * kPayloadBytesLookedAt) chinese += "办";
    BOOST_TEST(fieldsOf(chinese + "\"}") == "/x /申请人");
}

BOOST_AUTO_TEST_CASE(are_seen_wherever_the_end_cuts_a_character_of_gb_18030) {
    // One of two bytes, one of four.
    for (const std::string character : {"\xB0\xEC", "\x95\x32\x83\x37"})
        for (std::size_t cut = 0; cut < 4; ++cut) {
            std::string json = R"({"kind":1,"x":")" + std::string(cut, ' ');
            while (json.size() < kPayloadBytesLookedAt + 4) json += character;
            BOOST_TEST(fieldsOf(json + "\"}") == "/kind /x", cut);
        }
}

BOOST_AUTO_TEST_CASE(mask_names_that_a_stranger_chose_where_they_may_be_data) {
    BOOST_TEST(fieldsOf(R"({"440232199001011234":1,"王小明":2,"kind":3,"申请人":4})").find("199001") ==
               std::string::npos);
    BOOST_TEST(fieldsOf(R"({"王小明":2})").find("小") == std::string::npos);
    BOOST_TEST(fieldsOf(R"({"申请人":4})") == "/申请人");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(RecordFacts)

BOOST_AUTO_TEST_CASE(are_codes_of_the_schema_and_the_newest_time_of_something_that_happened) {
    std::set<std::string> codes;
    std::optional<Instant> newest;
    addRecordFacts(R"({"accept":{"accept_result":"1","accept_time":"2026-11-25T09:00:00+08:00",)"
                   R"("statutory_due_time_reported":"2026-11-26T01:00:00+08:00"},"applicant_name":"王小明",)"
                   R"("apply_time":"2026-11-20T09:00:00+08:00","corrections":[{"stage":"2"}],"status":"90",)"
                   R"("extra":{"status":"whatever"}})",
                   at("26 02:00"), codes, newest);
    addRecordFacts(R"({"apply_time":"2099-01-01T00:00:00+08:00","status":"王小明"})", at("26 02:00"), codes, newest);
    addRecordFacts("not json", at("26 02:00"), codes, newest);
    BOOST_TEST((codes == std::set<std::string>{"accept.accept_result=1", "corrections.stage=2", "status=90"}));
    BOOST_TEST((newest == at("25 09:00")));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(SightsOfAConnector)

BOOST_AUTO_TEST_CASE(tell_what_the_first_run_with_payloads_had_not) {
    ConnectorSights seen;
    seen.take({}, 1, at("25 23:00"));  // nothing came: nothing to hold others against
    seen.take(sightsOf({"/a", "/b"}, {"status=10"}), 2, at("25 23:30"));
    BOOST_TEST(driftOf(seen) == "");
    seen.take(sightsOf({"/a", "/c"}, {"status=10", "status=95"}), 3, at("26 01:30"));
    seen.take(sightsOf({"/c"}, {"status=95"}), 4, at("26 02:30"));
    BOOST_TEST(driftOf(seen) == "field:/c@3 code:status=95@3 ");
    BOOST_TEST(seen.lastRun() == 4);
    seen.take(sightsOf({"/d"}, {}), 5, at("27 01:30"));
    BOOST_TEST(driftOf(seen) == "field:/c@3 code:status=95@3 ");
}

BOOST_AUTO_TEST_CASE(hold_nothing_against_a_run_of_which_nothing_could_be_read) {
    ConnectorSights seen;
    seen.take(sightsOf({}, {"status=10"}), 1, at("25 23:00"));
    seen.take(sightsOf({"/a"}, {"status=10"}), 2, at("25 23:30"));
    BOOST_TEST(driftOf(seen) == "");
    seen.take(sightsOf({"/b"}, {"status=90"}), 3, at("26 01:30"));
    BOOST_TEST(driftOf(seen) == "field:/b@3 code:status=90@3 ");
    BOOST_TEST(driftOf(ConnectorSights::read(seen.text()).value()) == driftOf(seen));
}

BOOST_AUTO_TEST_CASE(come_back_as_they_were_written) {
    ConnectorSights seen;
    seen.take(sightsOf({"/a"}, {"status=10"}), 2, at("25 23:30"));
    RunSights more = sightsOf({"/b\"\\"}, {});
    more.newest = at("25 09:00");
    seen.take(more, 3, at("26 01:30"));
    const auto read = ConnectorSights::read(seen.text());
    BOOST_REQUIRE(read.ok());
    BOOST_TEST(read->text() == seen.text());
    BOOST_TEST(driftOf(*read) == driftOf(seen));
    BOOST_TEST((read->newest() == at("25 09:00")));
    for (const char* wrong : {"", "[]", "{}", R"({"base_codes":1,"base_fields":1,"items":[{}],"last_run":1})",
                              R"({"base_codes":-1,"base_fields":1,"items":[],"last_run":1})",
                              R"({"base_codes":1,"items":[],"last_run":1})"})
        BOOST_TEST(ConnectorSights::read(wrong).error().code == "malformed_json", wrong);
}

BOOST_AUTO_TEST_CASE(are_bounded_in_number_and_length) {
    ConnectorSights seen;
    RunSights many;
    many.has_payloads = true;
    for (int i = 0; i < 3000; ++i) {
        many.fields.push_back("/" + std::to_string(i) + std::string(1000, 'x'));
        many.codes.push_back("status=" + std::to_string(i));
    }
    seen.take(many, 1, at("26 01:30"));
    BOOST_TEST(seen.text().size() < (kMostFieldsSeen + kMostCodesSeen) * (kLongestSeenName + 100));
    BOOST_TEST(ConnectorSights::read(seen.text()).value().text() == seen.text());
}

BOOST_AUTO_TEST_SUITE_END()
