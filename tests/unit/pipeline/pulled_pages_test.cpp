// tests/unit/pipeline/pulled_pages_test.cpp - what connectors read becomes messages, cases and leaves, exactly once,
// whatever write goes wrong.
#include "gateway/pipeline/pulled_pages.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/unit/pipeline/pulling_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

BOOST_AUTO_TEST_SUITE(PulledPagesOfRuns)

BOOST_AUTO_TEST_CASE(a_page_becomes_messages_cases_and_a_cursor) {
    Pulling p;
    const Run run = p.run({pageOf({record("a"), record("b")}), pageOf({record("a", "90", 2)})});
    BOOST_TEST(nameOf(run.state) == "done");
    BOOST_TEST(run.pages == 2);
    BOOST_TEST(run.counts.records.fresh == 2);
    BOOST_TEST(run.counts.records.changed == 1);
    BOOST_TEST(run.counts.addUp());
    BOOST_TEST(p.memory.reader().cursor(kConnector).value() == "2");
    const auto messages = p.memory.reader().messages({});
    BOOST_REQUIRE(messages.size() == 2);
    BOOST_TEST(nameOf(messages[0].origin) == "pulled");
    BOOST_TEST(p.verdict() == "good");
    const std::string leaf = p.memory.reader().leaf(run.log_index.value()).value();
    BOOST_TEST(leaf.find(R"("type":"run")") != leaf.npos);
    BOOST_TEST(leaf.find(R"("new":2)") != leaf.npos);
}

BOOST_AUTO_TEST_CASE(a_payload_that_is_not_well_formed_is_kept_and_the_run_goes_on) {
    Pulling p;
    const Run run = p.run({pageOf({record("a")}), "<html>error</html>", pageOf({record("b")})});
    BOOST_TEST(nameOf(run.state) == "partial");
    BOOST_TEST(run.trouble.value().code == "payload_refused");
    BOOST_TEST(p.memory.reader().cursor(kConnector).value() == "3");
    BOOST_TEST(run.counts.payloads == 3);
    BOOST_TEST(run.counts.payloads_refused == 1);
    BOOST_TEST(run.counts.records.fresh == 2);
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(many_records_and_long_payloads_are_applied_behind_their_page_and_counted) {
    for (const std::size_t spool_above : {std::size_t{1} << 20, std::size_t{1000}}) {
        Pulling p(spool_above);
        std::string many = "[";
        for (int i = 0; i < 6000; ++i) many += (i != 0 ? "," : "") + record("m" + std::to_string(i));
        const Run run = p.run({many + "]", pageOf({record("a")})});
        BOOST_TEST(run.counts.records.fresh == 6001);
        BOOST_TEST(run.counts.addUp());
        BOOST_TEST(p.bodies.empty() == (spool_above > 1000));
        BOOST_TEST(p.verdict() == "good");
    }
}

BOOST_AUTO_TEST_CASE(a_payload_of_another_encoding_than_it_declares_is_read_and_noted) {
    const std::string text = pageOf({record("许")});
    const std::string four = "[{\"id\":\"\x90\x30\x81\x30\",\"version\":1}]";
    struct Case {
        std::string media_type, text, note;
    };
    const auto noted = [](std::string_view encodings) {
        return R"("notes":[{"code":"encoding_differs","where":"payload","value":")" + std::string(encodings) + '"';
    };
    for (const std::size_t spool_above : {std::size_t{1} << 20, std::size_t{10}})
        for (const Case& c :
             {Case{"application/json; charset=GBK", text, noted("declared GBK, found UTF-8")},
              Case{"application/json; charset=gb2312", four, noted("declared gb2312, found GB18030")},
              Case{"application/json; charset=zhangsan", text, noted("declared z***n (8), found UTF-8")},
              Case{"application/json; charset=gb18030", four, {}}, Case{"application/json; charset=utf-8", text, {}},
              Case{"application/json", four, {}}}) {
            Pulling p(spool_above);
            Pages source({c.text}, c.media_type);
            const Run run = p.runWith(source, p.ledger, RunKind::Next, 0);
            BOOST_TEST(run.counts.records.fresh == 1);
            const auto messages = p.memory.reader().messages({});
            BOOST_REQUIRE(messages.size() == 1);
            BOOST_TEST_CONTEXT(c.media_type << ", spooled above " << spool_above << ": " << messages[0].answer) {
                BOOST_TEST((messages[0].answer.find(R"("notes")") != std::string::npos) == !c.note.empty());
                BOOST_TEST(messages[0].answer.find(c.note) != std::string::npos);
                BOOST_TEST(p.verdict() == "good");
            }
        }
}

BOOST_AUTO_TEST_CASE(no_case_of_another_system_is_written) {
    Pulling p;
    p.known.ring->systems[police().id].department_code = p.known.ring->systems[housing().id].department_code;
    p.take(p.header(police()), R"([{"no":"35010020260001","id":"x","version":1,"status":"10"}])", police());
    const Run run = p.run({R"([{"no":"35010020260001","id":"y","version":2,"status":"90"}])"});
    BOOST_TEST(run.counts.records.refused == 1);
    BOOST_TEST(p.memory.reader().caseByNo("35010020260001")->status == "10");
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(of_two_payloads_of_a_page_the_later_one_is_the_newer) {
    for (int round = 0; round < 8; ++round) {
        Pulling p;
        auto page = PulledPage{1, {}, "1", {}};
        Run run;
        run.connector = kConnector;
        run.system = housing().id;
        run = p.ledger.begin(run);
        for (const char* status : {"10", "90"}) {
            page.payloads.push_back({{"file", "application/json", 0}, p.ledger.newBody()});
            page.payloads.back().body->write(R"([{"id":"a","version":1,"status":")" + std::string(status) + "\"}]");
        }
        const PageTaken taken = p.ledger.take(run, page);
        BOOST_TEST(taken.counts.records.changed == 1);
        BOOST_TEST(p.memory.reader().cases({})[0].status == "90");
    }
}

BOOST_AUTO_TEST_CASE(no_case_of_another_department_is_opened) {
    Pulling p;
    p.known.ring->systems[housing().id].on_behalf_of = {p.known.ring->systems[police().id].department_code};
    const Run run = p.run({R"([{"id":"y","version":2,"status":"10","dept":"11520103009423114G"}])"});
    BOOST_TEST(run.counts.records.refused == 1);
    BOOST_TEST(p.memory.reader().cases({}).empty());
}

BOOST_AUTO_TEST_CASE(a_changed_byte_of_what_was_pulled_is_found) {
    Pulling p;
    p.run({pageOf({record("a")})});
    auto& envelope = p.memory.tables().envelopes.rows().begin()->second;
    envelope.head[envelope.head.find("08:00:00")] = '1';
    BOOST_TEST(p.verdict().find("envelope_changed") == 0);
}

BOOST_AUTO_TEST_CASE(a_changed_row_of_a_run_is_found) {
    const auto spoil = [](auto&& change) {
        Pulling p;
        p.run({pageOf({record("a"), record("b")}), pageOf({record("c")})});
        BOOST_REQUIRE(p.verdict() == "good");
        change(p.memory.tables());
        return p.verdict();
    };
    const auto replaced = [](std::string& text, std::string_view from, std::string_view to) {
        BOOST_REQUIRE(text.find(from) != text.npos);
        text.replace(text.find(from), from.size(), to);
    };
    BOOST_TEST(spoil([&](auto& tables) {
                   replaced(tables.runs.rows().at(1).body, R"("state":"done")", R"("state":"stopped")");
               }).starts_with("run_differs"));
    BOOST_TEST(spoil([&](auto& tables) {
                   replaced(tables.run_pages.rows().at({1, 1}).body, "[0]", "[]");
               }).starts_with("run_differs"));
    BOOST_TEST(spoil([](auto& tables) { tables.runs.rows().clear(); }).starts_with("row_missing"));
    BOOST_TEST(spoil([](auto& tables) {
                   RunRow row = tables.runs.rows().at(1);
                   row.number = 2;
                   row.body.replace(row.body.find("\"number\":1"), 10, "\"number\":2");
                   tables.runs.rows().emplace(2, row);
               }) != "good");
}

BOOST_AUTO_TEST_CASE(a_system_that_is_suspended_stops_its_run) {
    Pulling p;
    p.known.ring->systems[housing().id].suspended = true;
    const Run run = p.run({pageOf({record("a")})});
    BOOST_TEST(run.trouble.value().code == "system_suspended");
    p.known.ring->systems[housing().id].suspended = false;
    p.known.ring->systems[housing().id].department_suspended = true;
    BOOST_TEST(p.run({pageOf({record("a")})}).trouble.value().code == "department_suspended");
    BOOST_TEST(p.memory.reader().cursor(kConnector).value_or("") == "");
}

BOOST_AUTO_TEST_CASE(whatever_write_fails_the_next_start_ends_in_the_same_state) {
    const std::vector<std::string> texts = {pageOf({record("a"), record("b")}), pageOf({record("a", "90", 2)}),
                                            pageOf({record("c"), "{}"})};
    const auto stepsOf = [&](bool commits_only, std::string& state) {
        Pulling p;
        p.store.plan.commits_only = commits_only;
        p.run(texts);
        state = stateOf(p);
        return p.store.plan.steps;
    };
    // A write that failed is the same whatever is said of it; only of a commit one may not know.
    for (const auto damage :
         {fixture::Damage::Failed, fixture::Damage::UnknownLost, fixture::Damage::UnknownPersisted}) {
        const bool commits_only = damage != fixture::Damage::Failed;
        std::string undisturbed;
        const std::uint64_t steps = stepsOf(commits_only, undisturbed);
        BOOST_REQUIRE(steps > (commits_only ? 4U : 30U));
        for (std::uint64_t at = 1; at <= steps; ++at) {
            Pulling p;
            p.store.plan = {at, damage, 0, commits_only};
            for (int start = 0; start < 3; ++start) {
                try {
                    p.run(texts);
                    break;
                } catch (const Fault&) {
                }
            }
            BOOST_TEST_CONTEXT("step " << at) {
                BOOST_TEST(stateOf(p) == undisturbed);
                BOOST_TEST(p.verdict() == "good");
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_run_that_ended_is_neither_ended_again_nor_begun_again) {
    Pulling p;
    const Run run = p.run({pageOf({record("a")})});
    const std::size_t leaves = p.log->size();
    Run again = run;
    again.state = RunState::Stopped;
    BOOST_TEST(p.ledger.end(again).log_index.value() == run.log_index.value());
    again.ended_at.reset();
    BOOST_TEST(p.ledger.begin(again).ended_at.has_value());
    BOOST_TEST(p.log->size() == leaves);
    BOOST_TEST(p.memory.reader().unfinishedRuns().empty());
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(a_payload_that_is_tried_alone_leaves_nothing_and_a_durable_page_forgets_what_killed) {
    Pulling p;
    Run run;
    run.connector = std::string(kConnector);
    run.system = housing().id;
    run.kills = {2, true, "aa", 1, {"bb", "cc"}};
    run = p.ledger.begin(std::move(run));
    const auto kept = [&] { return p.ledger.unfinished(std::string(kConnector)).value().kills; };
    BOOST_TEST((kept() == run.kills));
    PulledPage page;
    page.number = run.pages = 1;
    page.next = "1";
    page.payloads.push_back({{"a", "application/json", 0}, p.ledger.newBody()});
    page.payloads[0].body->write(pageOf({record("a")}));
    BOOST_TEST(page.payloads[0].body->identity().size() == 64U);
    const std::size_t leaves = p.log->size();
    p.ledger.rehearse(run, page, 0);
    BOOST_TEST(p.log->size() == leaves);
    BOOST_TEST(p.memory.reader().cases({}).empty());
    p.ledger.take(run, page);
    BOOST_TEST(p.memory.reader().cases({}).size() == 1U);
    BOOST_TEST((kept() == RunKills{}));
}

BOOST_AUTO_TEST_CASE(records_that_the_mapping_does_not_find_are_told_and_those_it_passes_over_are_not) {
    const std::string filtered = R"(mapping: housing.permit
source: {format: json}
kinds:
  - records: "$[*]"
    when: {from: status, equals: "90"}
    fields: {source_case_no: id, data_version: version, status: status, apply_time: applied}
)";
    const std::string nested = R"({"items":[{"case":)" + record("a") + R"(},{"case":)" + record("b", "90") +
                               R"(},{"caseInfo":)" + record("c") + "}]}";
    const auto within = [](std::string yaml, std::string_view records) {
        return yaml.replace(yaml.find("$[*]"), 4, records);
    };
    struct Case {
        std::string yaml, text, expected;
    };
    const std::string all = pageOf({record("a"), record("b", "90"), record("c")});
    const std::vector<Case> cases = {
        {std::string(kPermitMapping), all, ""},
        {filtered, all, ""},
        {within(std::string(kPermitMapping), "$.items[*].case"), nested, "found 2"},
        {within(filtered, "$.items[*].case"), nested, "found 2"},
    };
    for (const std::size_t spool_above : {1024u * 1024u, 16u}) {  // large ones are applied behind their page
        for (const Case& one : cases) {
            Pulling p(spool_above);
            p.mappings.replace({{"housing.permit", compiled(one.yaml)}});
            Pages source({one.text});
            source.counts = 3;
            PulledPages pages = p.ledgerWith(compiled(one.yaml), "other");
            const Run run = p.runWith(source, pages, RunKind::Full, 0);
            const std::string message = run.trouble ? run.trouble->message : "";
            BOOST_TEST(message.empty() == one.expected.empty(), message);
            if (!message.empty()) BOOST_TEST(message.find(one.expected) != std::string::npos, message);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_empty_set_is_a_success_and_a_place_that_is_gone_is_not) {
    constexpr std::string_view kNested = R"(mapping: housing.permit
source: {format: json, records: "$.cases[*]"}
fields:
  source_case_no: id
)";
    for (const std::size_t spool_above : {std::size_t{1} << 20, std::size_t{4}}) {
        Pulling p(spool_above);
        const Run run = p.runMapped(kNested, {R"({"cases":[]})"});
        BOOST_TEST(nameOf(run.state) == "done");
        BOOST_TEST(run.counts.read == 0U);
        BOOST_TEST(run.counts.payloads == 1U);
        BOOST_TEST(run.counts.payloads_refused == 0U);
        BOOST_TEST(p.verdict() == "good");
        Pulling other(spool_above);
        const Run changed = other.runMapped(kNested, {R"({"items":[]})"});
        BOOST_TEST(changed.counts.payloads_refused == 1U);
        BOOST_TEST(other.verdict() == "good");
    }
}

BOOST_AUTO_TEST_SUITE_END()
