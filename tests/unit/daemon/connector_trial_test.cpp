// tests/unit/daemon/connector_trial_test.cpp - `connector test` with a connector in memory: what is shown, what is not
// good enough, and that nothing is written on the way.
#include "gateway/daemon/connector_test_change.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "gateway/adapters/files/secret_folder.hpp"
#include "gateway/base/base64.hpp"
#include "gateway/daemon/secret_lookup.hpp"
#include "gateway/formats/json/document.hpp"
#include "tests/unit/daemon/bureau.hpp"

using namespace caseway;
using namespace caseway::fixture;
namespace fs = std::filesystem;

namespace {

std::string replaced(std::string text, std::string_view from, const std::string& to) {
    const std::size_t place = text.find(from);
    BOOST_REQUIRE(place != std::string::npos);
    return text.replace(place, from.size(), to);
}

/// A place in the JSON of a report: "test.counts.mapped".
std::string at(const Result<ChangeReport>& report, std::string_view path) {
    BOOST_REQUIRE(report.ok());
    JsonTree tree;
    const auto root = parseJson(*report, JsonLimits{.depth = 64}, tree);
    BOOST_REQUIRE(root.ok());
    const JsonValue* value = *root;
    while (!path.empty() && value != nullptr) {
        const std::size_t dot = std::min(path.find('.'), path.size());
        const std::string_view name = path.substr(0, dot);
        path.remove_prefix(std::min(dot + 1, path.size()));
        if (value->type == JsonValue::Type::Array)
            value = value->count > 0 ? &value->items[0] : nullptr;
        else
            value = value->find(name);
    }
    if (value == nullptr) return "none";
    std::string text;
    appendCanonical(*value, text);
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ConnectorTrials)

BOOST_AUTO_TEST_CASE(show_what_was_read_in_the_encoding_that_it_has) {
    Bureau bureau;
    BOOST_TEST(bureau.drafts(kDocument) == "done");
    std::string gbk = "<?xml version=\"1.0\" encoding=\"GBK\"?>" + std::string(kGood);
    gbk.replace(gbk.find("Street lamp"), 11, "\xC2\xB7\xB5\xC6");  // 路灯
    bureau.offers(gbk.c_str());
    const auto report = bureau.does("connector.test", {{"records", "5"}, {"unmasked", "true"}});
    BOOST_TEST(at(report, "test.counts.mapped") == "1");
    BOOST_TEST(at(report, "test.payloads.0.begins").find("<service_requests><request>") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(show_what_was_read_beside_what_would_be_written) {
    Bureau bureau;
    BOOST_TEST(bureau.drafts(kDocument) == "done");
    bureau.offers(kGood);
    const auto report = bureau.does("connector.test", {{"records", "5"}});
    BOOST_TEST(at(report, "test.good") == "true");
    BOOST_TEST(at(report, "test.counts.mapped") == "1");
    BOOST_TEST(at(report, "test.payloads.0.name") == "\"a.xml\"");
    BOOST_TEST(at(report, "test.payloads.0.begins").find("<status>o***n (4)</status>") != std::string::npos);
    BOOST_TEST(at(report, "test.payloads.0.records.0.source_case_no") == "\"2025-1\"");
    BOOST_TEST(at(report, "test.source_total") == "1");
    BOOST_TEST(at(report, "changed") == "true");
    BOOST_TEST(bureau.source->limits.records == 5U);
    BOOST_TEST(bureau.source->settings.back() == R"({"table":"a","size":10})");
    BOOST_TEST(bureau.source->acknowledged.empty());
    BOOST_REQUIRE(bureau.log.size() == 3U);  // found, added, tested: and nothing else was written
    BOOST_TEST(bureau.log.back().event == "connector_tested");
    BOOST_TEST(bureau.does("connector.activate").ok());
}

BOOST_AUTO_TEST_CASE(mask_what_is_personal_unless_somebody_says_why_which_the_log_keeps_first) {
    constexpr const char* kPersonal =
        "<service_requests><request><service_request_id>2025-1</service_request_id><status>open</status>"
        "<service_code>LAMP-07</service_code><service_name>Street lamp</service_name>"
        "<requested_datetime>2025-03-02T07:15:00+01:00</requested_datetime><address>12 Mill Lane</address>"
        "<phone>13800138000</phone></request></service_requests>";
    Bureau bureau;
    bureau.drafts(kDocument);
    bureau.offers(kPersonal);
    const auto shows = [](const Result<ChangeReport>& report, const char* text) {
        return at(report, "test").find(text) != std::string::npos;
    };
    const auto masked = bureau.does("connector.test");
    for (const char* const text : {"12 Mill Lane", "Mill", "13800138000"}) BOOST_TEST(!shows(masked, text), text);
    BOOST_TEST(shows(masked, "<phone>1***0 (11)</phone>"), at(masked, "test"));
    BOOST_TEST(at(masked, "test.payloads.0.records.0.source_case_no") == "\"2025-1\"");
    const std::size_t leaves = bureau.log.size();
    BOOST_TEST(bureau.does("connector.test", {{"unmask", "true"}}).error().code == "reason_missing");
    BOOST_TEST(bureau.log.size() == leaves);
    const auto unmasked = bureau.does("connector.test", {{"unmask", "true"}, {"reason", "a wrong column"}});
    for (const char* const text : {"12 Mill Lane", "13800138000"}) BOOST_TEST(shows(unmasked, text), text);
    BOOST_REQUIRE(bureau.log.size() == leaves + 2);
    const AuditDocument& told = bureau.log[leaves];
    BOOST_TEST((told.event == "connector_unmasked" && told.subject == kName && told.by_name == "li"));
    BOOST_TEST(told.after.at("reason") == "a wrong column");
    const Operation asked{operationNamed("connector.test"),
                          {{"connector", kName}, {"unmask", "true"}, {"reason", "a wrong column"}},
                          {},
                          {}};
    const ConnectorTrial trial({bureau.settings, bureau.types, [] { return false; }, bureau.store.reader(), {}});
    const auto dry = testConnector(*bureau.registrar, trial, asked, {"li", "1"}, true);
    BOOST_TEST(!shows(dry, "13800138000"));  // nothing is logged, and nothing shown
    BOOST_TEST(bureau.log.size() == leaves + 2);
}

BOOST_AUTO_TEST_CASE(show_what_a_record_clears_as_mapping_run_does) {
    Bureau bureau;
    bureau.write("mappings/open311/mapping.yaml",
                 "mapping: open311.requests_xml\nsource: {format: xml, records: /r/i}\nfields:\n  source_case_no: no\n"
                 "  contact_mobile: {from: phone, empty_clears: true}\n  address: {from: place, empty_clears: true}\n");
    bureau.drafts(kDocument);
    bureau.offers("<r><i><no>1</no><phone></phone><place>12 Mill Lane</place></i></r>");
    for (const char* const unmask : {"", "true"}) {
        const auto report = bureau.does("connector.test", {{"unmask", unmask}, {"reason", *unmask != 0 ? "x" : ""}});
        BOOST_TEST(at(report, "test.payloads.0.records.0.$cleared") == R"(["contact_mobile"])", at(report, "test"));
        BOOST_TEST(at(report, "test.payloads.0.records.0.contact_mobile") == "none");
    }
}

BOOST_AUTO_TEST_CASE(are_not_good_where_records_are_refused_unless_that_is_accepted) {
    Bureau bureau;
    bureau.drafts(kDocument);
    bureau.offers(kGood);
    bureau.offers(kBad, "b.xml");
    const auto report = bureau.does("connector.test");
    BOOST_TEST(at(report, "test.good") == "false");
    BOOST_TEST(at(report, "test.counts.refused") == "1");
    BOOST_TEST(at(report, "changed") == "false");
    BOOST_TEST(report->find("\"record\":1") != std::string::npos);
    BOOST_TEST(bureau.log.size() == 2U);
    BOOST_TEST(bureau.does("connector.activate").error().code == "connector_not_tested");
    BOOST_TEST(at(bureau.does("connector.test", {{"accept_refusals", "true"}}), "test.good") == "true");
    const std::string& state = bureau.log.back().after.begin()->second;  // who took it so is in the log
    BOOST_TEST(state.find("tested_refused: 1\n") != std::string::npos, state);
    bureau.source->payloads.erase(bureau.source->payloads.begin());
    BOOST_TEST(at(bureau.does("connector.test", {{"accept_refusals", "true"}}), "test.good") == "false");
}

BOOST_AUTO_TEST_CASE(refuse_what_a_run_would_refuse) {
    Bureau bureau;
    bureau.drafts(kDocument);
    bureau.settings.required_fields = {"dept_code"};
    bureau.offers(kGood);
    const auto lacking = bureau.does("connector.test");
    BOOST_TEST(at(lacking, "test.good") == "false");
    BOOST_TEST(at(lacking, "test.counts.mapped") == "0");
    BOOST_TEST(at(lacking, "test.payloads.0.records") == "[]");
    BOOST_TEST(at(lacking, "test.payloads.0.refusals.0.code") == "\"required_missing\"");
    BOOST_TEST(at(lacking, "test.payloads.0.refusals.0.record") == "1");
    bureau.settings.required_fields.clear();
    bureau.source->payloads.clear();
    const std::string good = kGood;
    bureau.offers(good.substr(0, good.size() - 5).c_str());  // breaks off behind its first record
    const auto broken = bureau.does("connector.test");
    BOOST_TEST(at(broken, "test.counts.mapped") == "0");
    BOOST_TEST(at(broken, "test.payloads.0.records") == "[]");
    BOOST_TEST(at(broken, "test.payloads.0.refusals.0.code") == "\"malformed_xml\"");
}

BOOST_AUTO_TEST_CASE(are_not_good_where_nothing_was_seen) {
    Bureau bureau;
    bureau.drafts(kDocument);
    BOOST_TEST(at(bureau.does("connector.test"), "test.good") == "false");
    bureau.offers("no xml");
    BOOST_TEST(at(bureau.does("connector.test"), "test.payloads.0.refusals.0.code") != "none");
    bureau.source->payloads.clear();
    bureau.offers(kGood);
    bureau.source->steps = {{"resolve", true}, {"log in", false, "refused", "ask for the password"}};
    const auto failed = bureau.does("connector.test");
    BOOST_TEST(at(failed, "test.good") == "false");
    BOOST_TEST(at(failed, "test.payloads") == "[]");
    bureau.source->steps.clear();
    bureau.source->fault =
        ConnectorFault(ConnectorFaultKind::Transient, {"dropped", "b.xml", "gone", "caseway sync run --full", {}});
    const auto dropped = bureau.does("connector.test");
    BOOST_TEST(at(dropped, "test.fault.hint") == "\"caseway sync run " + std::string(kName) + " --full\"");
    BOOST_TEST(at(dropped, "test.fault.code") == "\"dropped\"");
    BOOST_TEST(at(dropped, "test.fault.kind") == "\"transient\"");
    BOOST_TEST(at(dropped, "test.good") == "false");
    BOOST_TEST(bureau.log.size() == 2U);
}

BOOST_AUTO_TEST_CASE(keep_a_page_in_bounds) {
    Bureau bureau;
    bureau.drafts(kDocument);
    bureau.source->payloads.push_back({{"big.xml", "application/xml", 1}, std::string(kTrialBytesMax + 2, 'x')});
    BOOST_TEST(at(bureau.does("connector.test"), "test.fault.code") == "\"trial_page_too_large\"");
    BOOST_TEST(bureau.does("connector.test", {{"records", "1001"}}).error().code == "trial_records_bad");
}

BOOST_AUTO_TEST_CASE(do_not_count_where_settings_changed_meanwhile) {
    Bureau bureau;
    bureau.drafts(kDocument);
    bureau.offers(kGood);
    bureau.source->reads = [&] {
        BOOST_TEST(bureau
                       .does("connector.set",
                             {{"document", "type: memory\nmapping: open311.requests_xml\nsettings: {table: b}\n"}})
                       .ok());
    };
    BOOST_TEST(bureau.does("connector.test").error().code == "connector_changed_meanwhile");
}

BOOST_AUTO_TEST_CASE(resolve_secrets_and_show_none) {
    Bureau bureau;
    BOOST_TEST(bureau.does("secret.set", {{"secret", "housing/pw"}, {"value", "hunter2hunter2"}}).ok());
    bureau.drafts(
        "type: memory\nmapping: open311.requests_xml\nsettings: {table: a, password: {secret: \"store:pw\"}}\n");
    bureau.offers(kGood);
    const auto report = bureau.does("connector.test");
    BOOST_TEST(at(report, "test.good") == "true");
    BOOST_TEST(bureau.source->settings.back().find("hunter2hunter2") != std::string::npos);
    BOOST_TEST(report->find("hunter2") == std::string::npos);
    for (const AuditDocument& document : bureau.log) BOOST_TEST(document.json().find("hunter2") == std::string::npos);
    BOOST_TEST(bureau.does("secret.remove", {{"secret", "housing/pw"}}).ok());
    BOOST_TEST(bureau.does("connector.test").error().code == "secret_unknown");
    BOOST_TEST(bureau.does("secret.set", {{"secret", "all/pw"}, {"value", "hunter2hunter2"}}).ok());
    BOOST_TEST(at(bureau.does("connector.test"), "test.good") == "true");
}

BOOST_AUTO_TEST_CASE(show_no_secret_that_the_other_side_echoes) {
    const std::string secret = "hunter2 hunter2", base64 = toBase64(bytesOf("li:" + secret));
    Bureau bureau;
    BOOST_TEST(bureau.does("secret.set", {{"secret", "housing/pw"}, {"value", secret}}).ok());
    bureau.drafts(
        "type: memory\nmapping: open311.requests_xml\nsettings: {table: a, password: {secret: \"store:pw\"}}\n");
    const std::string good = kGood, bad = kBad;
    bureau.source->payloads.push_back(
        {{"GET /a?pw=hunter2%20hunter2", "application/xml", 1},
         "<!-- Authorization: Basic " + base64 + " -->" + replaced(good, "Street lamp", "lamp " + secret)});
    bureau.source->payloads.push_back({{"b", "application/xml", 1}, replaced(bad, "lost", secret)});
    bureau.source->steps = {{"open", true, "the server says: " + secret}};
    auto report = bureau.does("connector.test");
    BOOST_TEST(at(report, "test.payloads.0.records.0.source_case_no") == "\"2025-1\"");
    BOOST_TEST(at(report, "test.counts.refused") == "1");
    const auto tells = [&](const Result<ChangeReport>& shown) {
        for (const std::string& form : {secret, std::string("hunter2%20"), base64, std::string("hunter2")})
            BOOST_TEST(shown->find(form) == std::string::npos, *shown);
        BOOST_TEST(shown->find("***") != std::string::npos);
    };
    tells(report);
    bureau.source->fault =
        ConnectorFault(ConnectorFaultKind::Config, {"access_refused", "/a", "no: " + secret, secret, {}});
    report = bureau.does("connector.test");
    BOOST_TEST(at(report, "test.fault.code") == "\"access_refused\"");
    tells(report);
}

BOOST_AUTO_TEST_CASE(show_the_names_that_the_settings_speak_of) {
    constexpr const char* kPage = R"j({"返回":{"总数":"赵六","赵六":"x"}})j";
    for (const auto& [table, shown] : {std::pair("$.返回.总数", R"j({"返回":{"总数":"*** (2)","*** (2)":"x"}})j"),
                                       std::pair("a", R"j({"*** (2)":{"*** (2)":"*** (2)","*** (2)":"x"}})j")}) {
        Bureau bureau;
        bureau.drafts(replaced(kDocument, "table: a", std::string("table: \"") + table + '"'));
        bureau.offers(kPage);
        std::string quoted;
        appendJsonString(shown, quoted);
        BOOST_TEST(at(bureau.does("connector.test"), "test.payloads.0.begins") == quoted);
    }
}

BOOST_AUTO_TEST_CASE(a_mapping_that_is_put_in_place_of_the_former_tells_what_became_a_draft) {
    Bureau bureau;
    const std::string mapping = textOfFile(bureau.settings.data / "mappings/open311/mapping.yaml");
    const auto adds = [&](const std::string& text) {
        const auto report = bureau.does("mapping.add", {{"folder", "open311"}, {"mapping", text}});
        BOOST_REQUIRE(report.ok());
        return at(report, "warnings") == "[]" ? std::string() : *report;
    };
    const auto tells = [](const std::string& report, const char* text) { return report.find(text) != report.npos; };
    BOOST_TEST(adds(mapping).empty());  // it is so already
    const std::string first = adds(mapping + "# 1\n");
    BOOST_TEST(tells(first, "replaces the mapping open311.requests_xml"), first);
    BOOST_TEST(tells(first, "from now on: housing/permits"), first);
    bureau.drafts(kDocument);
    const std::string drafted = adds(mapping + "# 2\n");
    BOOST_TEST(tells(drafted, "housing/permits/nightly: a draft that has to be tested"), drafted);
    bureau.offers(kGood);
    BOOST_TEST(at(bureau.does("connector.test"), "test.good") == "true");
    BOOST_TEST(bureau.does("connector.activate").ok());
    const std::string live = adds(mapping + "# 3\n");
    BOOST_TEST(tells(live, "housing/permits/nightly: its version 1 goes on with the former mapping"), live);
    BOOST_TEST(tells(live, "caseway connector test housing/permits/nightly"), live);
}

BOOST_AUTO_TEST_CASE(show_all_ten_mistakes_of_a_mapping) {
    Bureau bureau;
    bureau.drafts(kDocument);
    std::string mapping =
        "mapping: open311.requests_xml\nsource: {format: xml, records: /a/b}\nfields:\n  source_case_no: id\n";
    for (int i = 0; i < 10; ++i) mapping += "  no_such_field_" + std::to_string(i) + ": x\n";
    const Operation add{operationNamed("mapping.add"), {{"folder", "open311"}, {"mapping", mapping}}, {}, {}};
    const auto refused = bureau.registrar->change(add, {"li", "1"}, false);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(refused.error().code == "mapping_not_good");
    BOOST_TEST(refused.error().also.size() == 9U);
}

BOOST_AUTO_TEST_CASE(begin_with_a_file_whose_mistakes_are_all_told) {
    Bureau bureau;
    const auto refused = bureau.does(
        "connector.add", {{"document",
                           "type: memory\ndirection: push\nmaping: x\n"
                           "settings: {size: 0, password: hunter2hunter2}\nschedule: {cron: \"61 * * * *\"}\n"}});
    BOOST_REQUIRE(!refused.ok());
    std::string codes;
    forEachMistake(refused.error(), [&](const Refusal& one) {
        codes += one.code + " ";
        BOOST_TEST((one.rule + one.value + one.hint).find("hunter2") == std::string::npos);
    });
    BOOST_TEST(codes ==
               "connector_not_good connector_not_good setting_not_good secret_literal setting_missing cron_invalid ");
    BOOST_TEST(!fs::exists(bureau.settings.data / kDraft));
    BOOST_TEST(bureau.log.empty());
}

BOOST_AUTO_TEST_CASE(know_every_type_that_is_compiled_in_by_a_sample_that_reads) {
    const ConnectorTypes types = installedConnectorTypes(Settings{});
    for (const Refusal& mistake : types.mistakes()) BOOST_ERROR(mistake.where + ": " + mistake.rule);
    BOOST_TEST(types.find("folder") != nullptr);
    for (const auto& [name, installed] : types.all()) {
        const auto document = readConnectorDocument(name + ".yaml", sampleOf(installed));
        BOOST_TEST(document.ok(), sampleOf(installed));
        JsonTree tree;
        BOOST_TEST(parseJson(typeJson(installed), JsonLimits{.depth = 64}, tree).ok(), name);
    }
    ConnectorTypes twice;
    const auto source = std::make_shared<test::ListSource>();
    twice.add(std::make_unique<test::MemoryType>(source));
    twice.add(std::make_unique<test::MemoryType>(source));
    BOOST_TEST(twice.mistakes().at(0).code == "connector_type_twice");
}

BOOST_AUTO_TEST_CASE(never_bring_a_secret_that_a_hand_wrote_into_the_log) {
    Bureau bureau;
    bureau.drafts(kDocument);
    bureau.write(kDraft, "type: memory\nmapping: x\nsettings: {table: a, password: hunter2hunter2}\n");
    bureau.registrar->noteEdits();
    BOOST_REQUIRE(bureau.log.size() == 3U);
    BOOST_TEST(bureau.log.back().json().find("hunter2") == std::string::npos);
    BOOST_TEST(bureau.log.back().after.at(kDraft).starts_with("sha256:"));
    BOOST_TEST(shownDraft(bureau.types, textOfFile(bureau.settings.data / kDraft)).find("hunter2") ==
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
