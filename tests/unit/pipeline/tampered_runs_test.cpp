// tests/unit/pipeline/tampered_runs_test.cpp - rows of runs, pages and marks that somebody changed or wrote into the
// database: `log verify` names each.
#include <boost/test/unit_test.hpp>

#include "tests/unit/pipeline/reconciling_fixture.hpp"

using namespace caseway;
using namespace caseway::test;
using caseway::testing::MemoryTables;

namespace {

/// Run 1 took m0 to m5 on two pages, run 2 marked m2 and later ones (cases 3 to 6); then a message spoke of m2 and m3,
/// of m3 only to say the same, and was refused for m4.
struct Night : Reconciling {
    Night() {
        run({many(0, 3), many(3, 6)});
        marked = reconcile({many(0, 2)});
        clock.set(clock.now() + std::chrono::minutes(1));
        mark2 = markOf("m2").value();
        take(header(), pageOf({record("m2", "90", 2), record("m3"), R"({"id":"m4","version":99999999})"}));
        BOOST_REQUIRE((!markOf("m2") && !markOf("m3") && markOf("m4") && markOf("m5")));
    }
    MemoryTables& tables() { return memory.tables(); }
    std::string& body(RunNo number) { return tables().runs.rows().at(number).body; }
    void replace(RunNo number, std::string_view from, std::string_view to) {
        std::string& text = body(number);
        BOOST_REQUIRE(text.find(from) != text.npos);
        text.replace(text.find(from), from.size(), to);
    }
    VanishedRow& mark(CaseId id) { return tables().vanished.rows().at(id); }
    void addMark(CaseId id, RunNo number) {
        tables().vanished.rows().insert_or_assign(id, VanishedRow{id, number, mark2.at});
    }
    void addPage(RunNo number, std::uint64_t page, const std::string& text) {
        tables().run_pages.rows().insert_or_assign(std::pair(number, page), RunPageRow{number, page, text});
    }
    /// As run `of` stood before it ended.
    void addUnfinished(RunNo of, RunNo number, std::string_view connector = kConnector) {
        Run row = readRun(body(of)).value();
        row.number = number;
        row.connector = connector;
        row.ended_at.reset();
        row.log_index.reset();
        row.state = RunState::Running;
        tables().runs.rows().insert_or_assign(number, RunRow{number, std::string(connector), false, jsonOf(row)});
    }
    Run marked;
    VanishedRow mark2;
};

struct Case {
    const char* name;
    std::function<void(Night&)> tamper;
    std::string told;  ///< how the verdict begins
};

void tryEach(const std::vector<Case>& cases) {
    for (const Case& one : cases) {
        Night night;
        one.tamper(night);
        const std::string verdict = night.verdict();
        BOOST_TEST(verdict.starts_with(one.told), one.name << ": " << verdict);
    }
}

constexpr std::string_view kEmptyPage = R"({"messages":[],"passed_over":0})";

}  // namespace

BOOST_AUTO_TEST_SUITE(TamperedRuns)

BOOST_AUTO_TEST_CASE(nothing_is_said_of_a_night_as_it_was_or_of_a_run_that_was_interrupted) {
    tryEach({{"as it was", [](Night&) {}, "good"},
             {"an unfinished run", [](Night& n) { n.addUnfinished(1, 3); }, "good"},
             {"one of each connector",
              [](Night& n) {
                  n.addUnfinished(1, 3);
                  n.addUnfinished(1, 4, "housing/permits/other");
              },
              "good"},
             {"a page of which it was not known whether it is stored",
              [](Night& n) {
                  auto& pages = n.tables().run_pages.rows();
                  n.addPage(1, 3, pages.at({1, 2}).body);
                  pages.at({1, 2}).body = kEmptyPage;
              },
              "good"}});
}

BOOST_AUTO_TEST_CASE(a_row_of_a_run_says_what_its_leaf_says) {
    tryEach(
        {{"another system", [](Night& n) { n.replace(1, R"("system":"housing/permits")", R"("system":"housing/x")"); },
          "run_differs at run 1 expected system housing/permits found housing/x"},
         {"ended at another time",
          [](Night& n) {
              Run row = readRun(n.body(1)).value();
              *row.ended_at += std::chrono::hours(1);
              n.body(1) = jsonOf(row);
          },
          "run_differs at run 1 expected ended at "},
         {"a number beyond all",
          [](Night& n) {
              n.replace(1, "\"number\":1", "\"number\":5000000000");
              auto rows = n.tables().runs.rows().extract(1);
              rows.key() = rows.mapped().number = 5'000'000'000;
              n.tables().runs.rows().insert(std::move(rows));
          },
          "run_differs at run 5000000000"}});
}

BOOST_AUTO_TEST_CASE(an_unfinished_run_that_cannot_be_was_written_in) {
    tryEach({{"with a gap before it", [](Night& n) { n.addUnfinished(2, 99); }, "row_added at run 99"},
             {"the first one with a gap before it",
              [](Night& n) {
                  n.addUnfinished(2, 2);
                  n.tables().runs.rows().erase(1);
              },
              "row_added at run 2"},
             {"two of a connector",
              [](Night& n) {
                  n.addUnfinished(1, 3);
                  n.addUnfinished(2, 4);
              },
              "row_added at run 3"},
             {"before one that ended", [](Night& n) { n.addUnfinished(1, 1); }, "row_added at run 1"},
             {"with the highest number that there is", [](Night& n) { n.addUnfinished(1, INT64_MAX); },
              "row_added at run 9223372036854775807"}});
}

BOOST_AUTO_TEST_CASE(pages_of_a_run_are_those_that_it_counts) {
    tryEach(
        {{"one more, empty", [](Night& n) { n.addPage(1, 3, std::string(kEmptyPage)); }, "row_added at run_page 1/3"},
         {"one more far behind", [](Night& n) { n.addPage(1, 7, R"({"messages":[99]})"); },
          "row_added at run_page 1/7"},
         {"another number",
          [](Night& n) {
              n.addPage(1, 4, n.tables().run_pages.rows().at({1, 2}).body);
              n.tables().run_pages.rows().erase({1, 2});
          },
          "row_added at run_page 1/4"},
         {"the first one moved to the end",
          [](Night& n) {
              n.addPage(1, 3, n.tables().run_pages.rows().at({1, 1}).body);
              n.tables().run_pages.rows().erase({1, 1});
          },
          "row_missing at run_page 1/1"},
         {"the last one gone, which was empty",
          [](Night& n) {
              auto& rows = n.tables().run_pages.rows();
              rows.at({1, 1}).body = R"({"messages":[0,1],"passed_over":0})";
              rows.erase({1, 2});
          },
          "row_missing at run_page 1/2"},
         {"one that cannot be read", [](Night& n) { n.addPage(1, 3, "{"); }, "run_differs at run_page 1/3"},
         {"an empty one of a reconciliation, which keeps none",
          [](Night& n) { n.addPage(2, 1, std::string(kEmptyPage)); }, "row_added at run_page 2/1"}});
}

BOOST_AUTO_TEST_CASE(a_mark_is_one_that_its_reconciliation_made_and_nobody_took_away) {
    const auto added = [](CaseId id) { return "row_added at vanished " + std::to_string(id); };
    tryEach(
        {{"put back behind a message that spoke of the case", [](Night& n) { n.addMark(3, 2); }, added(3)},
         {"and behind one that said the same", [](Night& n) { n.addMark(4, 2); }, added(4)},
         {"of a case that it did not mark", [](Night& n) { n.addMark(1, 2); }, added(1)},
         {"of a run that does not reconcile", [](Night& n) { n.addMark(1, 1); }, added(1)},
         {"of an unfinished one that does not",
          [](Night& n) {
              n.addUnfinished(1, 3);
              n.addMark(1, 3);
          },
          added(1)},
         {"of an unfinished one behind whose begin a message spoke of the case",
          [](Night& n) {
              n.addUnfinished(2, 3);
              n.addMark(3, 3);
          },
          added(3)},
         {"made older", [](Night& n) { n.mark(6).at -= std::chrono::hours(24 * 300); }, "mark_differs at vanished 6"},
         {"made younger", [](Night& n) { n.mark(6).at += std::chrono::microseconds(1); },
          "mark_differs at vanished 6"}});
}

BOOST_AUTO_TEST_CASE(a_report_that_cannot_be_read_is_told_with_its_place_and_verifying_goes_on) {
    Night night;
    night.tables().damaged_envelopes.insert(*night.marked.log_index);
    const std::string verdict = night.verdict();
    BOOST_TEST(verdict.starts_with("envelope_changed at leaf " + std::to_string(*night.marked.log_index)), verdict);
}

BOOST_AUTO_TEST_SUITE_END()
