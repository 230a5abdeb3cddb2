// tests/unit/pipeline/broken_off_test.cpp - a payload that breaks off: whatever its size, and however much of it was
// taken before, its run is no whole one, and the log says so.
#include <boost/test/unit_test.hpp>

#include "gateway/log/payload_refusal.hpp"
#include "gateway/pipeline/message_counts.hpp"
#include "tests/unit/pipeline/nights_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

std::string xmlOf(std::size_t records, std::string_view after = "</Cases>", std::string_view version = "1") {
    std::string text = "<Cases xmlns:p=\"urn:permits\">\n";
    for (std::size_t i = 0; i < records; ++i)
        text += "<p:Case status=\"10\"><p:Id>n" + std::to_string(i) + "</p:Id><p:Version>" + std::string(version) +
                "</p:Version><p:Name>a name of some length</p:Name></p:Case>\n";
    return text + std::string(after);
}

std::string endOf(const Run& run) {
    return std::string(nameOf(run.state)) + " " + (run.trouble ? run.trouble->code : "-");
}

/// The run's row and its leaf with another number of refused payloads.
std::string verdictWithCount(Nights& n, std::string_view from, std::string_view to) {
    n.large->stop();
    auto& rows = n.memory.tables().runs.rows();
    std::string& body = rows.rbegin()->second.body;
    const auto at = body.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    body.replace(at, from.size(), to);
    return n.verdict();
}

/// A run that took one page with one file.
Run runOfOnePage(Nights& n, PulledPages& pages, const std::string& text) {
    Run run;
    run.connector = kConnector;
    run.system = housing().id;
    run.started_at = n.clock.now();
    run = pages.begin(run);
    PulledPage page{1, {}, "", "1", {}, {}};
    page.payloads.push_back({{"file", "application/xml", 0}, pages.newBody()});
    page.payloads.back().body->write(text);
    pages.take(run, page);
    run.pages = 1;
    return run;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(BrokenOff)

BOOST_AUTO_TEST_CASE(small_and_large_ones_are_counted_and_end_the_run_partial) {
    struct Case {
        std::size_t records;
        std::string_view after;
        std::uint64_t taken, refused;
        std::string_view end;
    };
    const Case cases[] = {
        {3, "</Cases>", 3, 0, "done -"},
        {3, "<p:Case", 0, 1, "partial payload_refused"},  // held in memory: all or nothing
        {200, "</Cases>", 200, 0, "done -"},
        {200, "<p:Case", 200, 1, "partial payload_refused"},  // spooled: what came before it broke off was taken
        {200, "\x01</Cases>", 200, 1, "partial payload_refused"},
    };
    for (const bool knows_records : {true, false}) {
        for (const Case& one : cases) {
            Nights n(knows_records, kXmlMapping);
            const Run run = n.night(xmlOf(one.records, one.after));
            BOOST_TEST_CONTEXT(one.records << " records and " << one.after) {
                BOOST_TEST(endOf(run) == one.end);
                BOOST_TEST(run.counts.records.fresh == one.taken);
                BOOST_TEST(run.counts.payloads == 1U);
                BOOST_TEST(run.counts.payloads_refused == one.refused);
                BOOST_TEST(run.counts.addUp());
                BOOST_TEST(n.verdict() == "good");
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(one_among_good_ones_makes_the_run_partial_whatever_its_size) {
    for (const std::size_t records : {3U, 200U}) {
        Nights n(true, kXmlMapping);
        PulledPages pages = n.ledgerWith(n.mapping, std::string(kConnector));
        Pages source({xmlOf(5), xmlOf(records, "<p:Case", "2"), xmlOf(5, "</Cases>", "3")});
        const Run run = n.runWith(source, pages, RunKind::Next, 0);
        BOOST_TEST(endOf(run) == "partial payload_refused");
        BOOST_TEST(run.trouble->message.find("broken off: 1 of 3") != std::string::npos, run.trouble->message);
        BOOST_TEST(run.trouble->next_step.find("caseway sync show 1") != std::string::npos);
        BOOST_TEST(run.counts.payloads_refused == 1U);
        BOOST_TEST(run.counts.addUp());
        BOOST_TEST(n.verdict() == "good");
        const std::string leaf = n.memory.reader().leaf(run.log_index.value()).value();
        BOOST_TEST(leaf.find(R"("payloads_refused":1)") != leaf.npos);
    }
}

BOOST_AUTO_TEST_CASE(its_refusal_is_found_by_its_leaf) {
    Nights n(true, kXmlMapping);
    n.night(xmlOf(200, "<p:Case"));
    n.night(xmlOf(200));
    StoreReader& reader = n.memory.reader();
    const auto messages = reader.messages({});
    BOOST_REQUIRE(messages.size() == 2U);
    for (const MessageRow& row : messages) {
        const bool is_broken = row.outcome == MessageOutcome::Partial;
        BOOST_TEST(payloadRefusal(reader, row) == (is_broken ? "malformed_xml" : ""));
        BOOST_TEST(countsOf(reader, row).payloads_refused == (is_broken ? 1U : 0U));
        BOOST_TEST(countsOfKnown(reader, row).payloads_refused == (is_broken ? 1U : 0U));
    }
}

BOOST_AUTO_TEST_CASE(the_verifier_counts_the_payloads_of_a_run) {
    struct Case {
        std::string_view from, to;
        bool is_good;
    };
    const Case cases[] = {
        {R"("payloads_refused":1)", R"("payloads_refused":0)", false},  // its leaf says otherwise
        {R"("payloads_refused":1)", R"("payloads_refused":2)", false},
        {R"("payloads":1)", R"("payloads":2)", false},
    };
    for (const Case& one : cases) {
        Nights n(true, kXmlMapping);
        n.night(xmlOf(200, "<p:Case"));
        BOOST_TEST((verdictWithCount(n, one.from, one.to) == "good") == one.is_good, one.to);
    }
}

/// The count of a run whose leaf agrees with it is held against its messages; one of before broken ones were counted
/// is good as it is.
BOOST_AUTO_TEST_CASE(counts_that_no_message_bears_out_are_found_and_older_runs_stay_good) {
    const std::tuple<std::uint64_t, std::uint64_t, std::string_view> cases[] = {
        {1, 1, "good"}, {1, 0, "good"}, {1, 2, "run_differs"}, {2, 1, "run_differs"}};
    for (const auto& [payloads, refused, verdict] : cases) {
        Nights n(true, kXmlMapping);
        PulledPages pages = n.ledgerWith(n.mapping, std::string(kConnector));
        Run run = runOfOnePage(n, pages, xmlOf(200, "<p:Case"));
        run.counts = pages.recount(run, [] { return false; })->counts;
        BOOST_TEST(run.counts.payloads_refused == 1U);
        run.counts.payloads = payloads;
        run.counts.payloads_refused = refused;
        run.state = RunState::Done;
        run.ended_at = n.clock.now();
        pages.end(run);
        n.large->stop();
        const std::string found = n.verdict();
        BOOST_TEST(found.starts_with(verdict), found);
    }
}

/// Nobody waits for the large payloads of a cancelled run: one may be applied between the count and the run's leaf.
BOOST_AUTO_TEST_CASE(a_payload_that_is_applied_while_its_run_ends_is_counted_as_its_leaf_stands) {
    Nights n(true, kXmlMapping);
    n.large->stop();
    PulledPages pages = n.ledgerWith(n.mapping, std::string(kConnector));
    Run run = runOfOnePage(n, pages, xmlOf(200));
    run.state = RunState::Cancelled;
    run.counts = pages.recount(run, {})->counts;
    BOOST_TEST(run.counts.payloads == 0U);
    n.start(true);
    PulledPages others = n.ledgerWith(n.mapping, std::string(kConnector));
    BOOST_TEST(others.recount(run, [] { return false; })->counts.payloads == 1U);  // waits for it
    run.ended_at = n.clock.now();
    run = pages.end(run);
    n.large->stop();
    BOOST_TEST(run.counts.payloads == 1U);
    BOOST_TEST(run.counts.records.fresh == 200U);
    BOOST_TEST(n.verdict() == "good");
}

BOOST_AUTO_TEST_SUITE_END()
