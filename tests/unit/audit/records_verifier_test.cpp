// tests/unit/audit/records_verifier_test.cpp - history, feed and cases of a gateway in memory: nothing is said of them
// as they are, and each row that somebody changed, deleted, moved or added is named.
#include <boost/test/unit_test.hpp>

#include "gateway/audit/history_audit.hpp"
#include "gateway/record/state_codec.hpp"
#include "gateway/record/stored_state.hpp"
#include "tests/unit/pipeline/pipeline_fixture.hpp"

using namespace caseway;
using namespace caseway::test;
using caseway::testing::MemoryTables;

namespace {

const Party& archive() {
    static const Party party = makeParty("housing/archive", KeyKind::EcP256);
    return party;
}

/// Cases: 1 GH-1 (an alias of archive's: 3), 2 CW (taken in by 5 GH-7), 4 numbered later, and those of a large message.
struct Gateway : Pipeline {
    Gateway() : Pipeline(4096) {
        known.ring->add(archive(), {"housing.permit"});
        known.ring->systems[archive().id].department_code = known.ring->systems[housing().id].department_code;
        send(
            R"([{"no":"GH-1","id":"1","status":"10","applied":"2026-05-01 08:00:00"},{"no":"x","status":"10"}])");  // leaf 0
        send(R"([{"id":"A7","status":"10"}])", archive());                                                          // 1
        send(R"([{"no":"GH-1","id":"R1","status":"20"}])", archive());                                              // 2
        send(R"([{"id":"4","status":"10"}])");                                                                      // 3
        send(R"([{"no":"GH-7","id":"7","status":"10"}])");                                                          // 4
        send(R"([{"no":"GH-7","id":"A7","status":"30"}])", archive());                                              // 5
        send(R"([{"no":"GH-4","id":"4","version":2,"status":"20"}])");                                              // 6
        send(R"([{"id":"4","version":1,"status":"30"}])");            // 7, stale
        send(R"([{"no":"GH-1","id":"9","status":"90"}])", police());  // 8, refused
        std::string body = "[";
        body += R"({"status":"77"})";  // 9, its first record refused without a number, each fiftieth with one
        for (int i = 1; i < 300; ++i)
            body += R"(,{"id":"L)" + std::to_string(i) + R"(","status":")" + (i % 50 == 0 ? "77" : "10") + "\"}";
        takeLarge(body + "]");
    }
    void send(std::string_view body, const Party& party = housing()) { take(header(party), body, party); }
    MessageRow takeLarge(const std::string& body) {
        const MessageHeader of = header();
        take(of, body);
        for (;; std::this_thread::yield())
            if (const auto row = memory.reader().message(housing().id, of.message_id); row->outcome_index) return *row;
    }
    MemoryTables& tables() { return memory.tables(); }

    std::vector<Finding> findings() {
        Findings found(1000);
        verifyRecords(*memory.snapshot(), found);
        return found.kept();
    }
};

/// Case 1: said once, twice again (leaves 1 and 2), changed, said again (leaf 4); case 2: in a large message, and
/// again.
struct Repeating : Gateway {
    Repeating() {
        first = memory.reader().lastCheckpoint().value().tree_size;
        for (const char* status : {"10", "10", "10", "20", "20"})
            send(std::string(R"([{"id":"P1","status":")") + status + R"("}])");
        std::string body = "[";
        for (int i = 0; i < 300; ++i)
            body += (i == 0 ? "" : ",") + std::string(R"({"id":"L)") + std::to_string(i) + R"(","status":"10"})";
        const MessageRow row = takeLarge(body + "]");
        large_index = row.index;
        counts = row.counts;
    }
    /// Of the n-th message of this scene.
    std::pair<LogIndex, std::uint64_t> key(LogIndex n) const { return {first + n, 1}; }
    Repeat& repeat(LogIndex n) { return tables().repeats.rows().at(key(n)); }
    LogIndex first = 0, large_index = 0;
    RecordCounts counts;
};

std::string told(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& f : findings)
        text += f.what + " at " + f.where + " expected " + f.expected + " found " + f.found + "\n";
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RecordsVerifier)

BOOST_AUTO_TEST_CASE(says_nothing_of_a_store_as_it_is) {
    Gateway gateway;
    BOOST_TEST(gateway.verdict() == "good");
    Findings found(10);
    const RecordsReport report = verifyRecords(*gateway.memory.snapshot(), found);
    BOOST_TEST(found.count() == 0U);
    BOOST_TEST(report.records == 310U);
    BOOST_TEST(report.cases == 3U + 294U);
    BOOST_TEST(report.changes == gateway.memory.reader().lastChange());
    // The stage is set as the table below supposes.
    const auto row = [&](CaseId id) { return gateway.memory.reader().caseById(id).value(); };
    BOOST_TEST(row(1).case_no == "GH-1");
    BOOST_TEST((aliasTarget(row(2).state) == std::optional<CaseId>(5)));
    BOOST_TEST((aliasTarget(row(3).state) == std::optional<CaseId>(1)));
    BOOST_TEST(row(4).case_no == "GH-4");
}

BOOST_AUTO_TEST_CASE(names_every_row_that_somebody_changed) {
    struct Case {
        const char* name;
        std::function<void(MemoryTables&)> tamper;
        const char* what;
        const char* where;
    };
    using Key = std::pair<LogIndex, std::uint64_t>;
    const Case cases[] = {
        {"patch changed", [](MemoryTables& t) { t.patches.rows()[Key(3, 1)].patch[3] ^= 1; }, "history_differs",
         "leaf 3 record 1"},
        {"patch of another case", [](MemoryTables& t) { t.patches.rows()[Key(3, 1)].case_id = 1; }, "history_differs",
         "leaf 3 record 1"},
        {"patch of another outcome", [](MemoryTables& t) { t.patches.rows()[Key(7, 1)].outcome = RecordOutcome::Same; },
         "history_differs", "leaf 7 record 1"},
        {"patch of a refused record",
         [](MemoryTables& t) { t.patches.rows()[Key(8, 1)].outcome = RecordOutcome::Same; }, "history_differs",
         "leaf 8 record 1"},
        {"patch deleted", [](MemoryTables& t) { t.patches.rows().erase(Key(2, 1)); }, "history_missing",
         "leaf 2 record 1"},
        {"patch of a large message deleted", [](MemoryTables& t) { t.patches.rows().erase(Key(9, 70)); },
         "history_missing", "leaf 9 record 70"},
        {"number of a record that its mapping refused deleted",
         [](MemoryTables& t) { t.patches.rows().erase(Key(9, 51)); }, "history_missing", "leaf 9 record 51"},
        {"patch added", [](MemoryTables& t) { t.patches.rows()[Key(2, 2)] = t.patches.rows()[Key(2, 1)]; }, "row_added",
         "patch 2/2"},
        {"patch added for a record without one",
         [](MemoryTables& t) {
             t.patches.rows()[Key(9, 1)] = {9, 1, 1, RecordOutcome::Same, "{}"};
         },
         "row_added", "patch 9/1"},
        {"patch added behind all",
         [](MemoryTables& t) {
             t.patches.rows()[Key(900, 1)] = {900, 1, 1, RecordOutcome::Same, "{}"};
         },
         "row_added", "patch 900/1"},
        {"patches swapped",
         [](MemoryTables& t) { std::swap(t.patches.rows()[Key(3, 1)].patch, t.patches.rows()[Key(4, 1)].patch); },
         "history_differs", "leaf 4 record 1"},
        {"change of another case", [](MemoryTables& t) { t.changes.rows()[2].case_id = 1; }, "change_differs",
         "change 2"},
        {"change of another record", [](MemoryTables& t) { t.changes.rows()[2].index = 3; }, "change_differs",
         "change 2"},
        {"change of another record of a message", [](MemoryTables& t) { t.changes.rows()[2].record = 3; },
         "change_differs", "change 2"},
        {"changes swapped",
         [](MemoryTables& t) { std::swap(t.changes.rows()[2].case_id, t.changes.rows()[4].case_id); }, "change_differs",
         "change 4"},
        {"change deleted", [](MemoryTables& t) { t.changes.rows().erase(4); }, "change_missing", "change 4"},
        {"change added",
         [](MemoryTables& t) {
             t.changes.rows()[100'000] = {100'000, 1, 2, 1};
         },
         "row_added", "change 100000"},
        {"state changed", [](MemoryTables& t) { t.cases.rows()[1].state.back() ^= 1; }, "case_differs", "case 1"},
        {"state of another case", [](MemoryTables& t) { t.cases.rows()[1].state = t.cases.rows()[4].state; },
         "case_differs", "case 1"},
        {"status changed", [](MemoryTables& t) { t.cases.rows()[4].status = "90"; }, "case_differs", "case 4"},
        {"deleted", [](MemoryTables& t) { t.cases.rows()[4].deleted = true; }, "case_differs", "case 4"},
        {"owner changed", [](MemoryTables& t) { t.cases.rows()[4].owner = police().id; }, "case_differs", "case 4"},
        {"number changed", [](MemoryTables& t) { t.cases.rows()[1].case_no = "GH-2"; }, "case_differs", "case 1"},
        {"number taken", [](MemoryTables& t) { t.cases.rows()[1].case_no.clear(); }, "case_differs", "case 1"},
        {"source number changed", [](MemoryTables& t) { t.cases.rows()[1].source_case_no = "2"; }, "case_differs",
         "case 1"},
        {"time changed", [](MemoryTables& t) { t.cases.rows()[1].changed_at += std::chrono::hours(1); }, "case_differs",
         "case 1"},
        {"last change set back", [](MemoryTables& t) { t.cases.rows()[4].last_change = 3; }, "case_differs", "case 4"},
        {"last change set on", [](MemoryTables& t) { t.cases.rows()[4].last_change = 20; }, "case_differs", "case 4"},
        {"case deleted", [](MemoryTables& t) { t.cases.rows().erase(4); }, "case_missing", "case 4"},
        {"last case deleted", [](MemoryTables& t) { t.cases.rows().erase(std::prev(t.cases.rows().end())); },
         "case_missing", "case 299"},
        {"case added",
         [](MemoryTables& t) { t.cases.rows()[5000] = t.cases.rows()[1], t.cases.rows()[5000].id = 5000; }, "row_added",
         "case 5000"},
        {"case without its history", [](MemoryTables& t) { t.cases.rows()[1].state = encodeAlias(4); }, "case_differs",
         "case 1"},
        {"alias to another case", [](MemoryTables& t) { t.cases.rows()[3].state = encodeAlias(4); }, "case_differs",
         "case 3"},
        {"alias of another number", [](MemoryTables& t) { t.cases.rows()[3].source_case_no = "R2"; }, "case_differs",
         "case 3"},
        {"alias of another system", [](MemoryTables& t) { t.cases.rows()[3].owner = housing().id; }, "case_differs",
         "case 3"},
        {"alias shown", [](MemoryTables& t) { t.cases.rows()[3].deleted = false; }, "case_differs", "case 3"},
        {"alias deleted", [](MemoryTables& t) { t.cases.rows().erase(3); }, "case_missing", "case 3"},
        {"alias added",
         [](MemoryTables& t) { t.cases.rows()[6000] = t.cases.rows()[3], t.cases.rows()[6000].id = 6000; }, "row_added",
         "case 6000"},
        {"absorbed case leads elsewhere", [](MemoryTables& t) { t.cases.rows()[2].state = encodeAlias(1); },
         "case_differs", "case 2"},
        {"absorbed case shown", [](MemoryTables& t) { t.cases.rows()[2].deleted = false; }, "case_differs", "case 2"},
        {"absorbed case set back", [](MemoryTables& t) { t.cases.rows()[2].last_change = 2; }, "case_differs",
         "case 2"},
    };
    Gateway gateway;
    for (const Case& c : cases) {
        auto& tables = gateway.tables();
        const auto patches = tables.patches.rows();
        const auto changes = tables.changes.rows();
        const auto rows = tables.cases.rows();
        c.tamper(tables);
        const auto found = gateway.findings();
        const bool is_named = std::any_of(found.begin(), found.end(), [&](const Finding& finding) {
            return finding.what == c.what && finding.where == c.where;
        });
        BOOST_TEST(is_named, c.name << ":\n" << told(found).substr(0, 1500));
        tables.patches.rows() = patches;
        tables.changes.rows() = changes;
        tables.cases.rows() = rows;
    }
    BOOST_TEST(gateway.findings().empty());
}

BOOST_AUTO_TEST_CASE(says_nothing_of_records_that_are_said_again) {
    Repeating gateway;
    BOOST_TEST(gateway.verdict() == "good");
    BOOST_TEST(told(gateway.findings()) == "");
    BOOST_TEST(gateway.counts.same == 294U);
    BOOST_TEST(gateway.tables().patches.rows().count({gateway.large_index, 2}) == 0U);
    BOOST_TEST((gateway.repeat(0).record == RecordKey{gateway.first + 2, 1}));
    BOOST_TEST((gateway.repeat(3).record == RecordKey{gateway.first + 4, 1}));
}

/// Another state of one record, as well-formed as the one that stands there.
void rewriteSole(CaseRow& row, const std::function<void(CaseState&)>& change) {
    const std::string bytes = row.state;
    CaseState state;
    BOOST_TEST_REQUIRE(decodeSoleRecord(bytes, state));
    change(state);
    row.state.clear();
    encodeState(state, row.state);
}

BOOST_AUTO_TEST_CASE(names_every_repetition_that_somebody_changed) {
    struct Case {
        const char* name;
        std::function<void(Repeating&)> tamper;
        const char* what;
    };
    const auto row = [](Repeating& g) -> CaseRow& {
        for (auto& [id, found] : g.tables().cases.rows())
            if (found.source_case_no == "P1") return found;
        throw std::runtime_error("no case");
    };
    const Case cases[] = {
        {"deleted", [](Repeating& g) { g.tables().repeats.rows().erase(g.key(0)); }, "repeat_differs"},
        {"set back", [](Repeating& g) { g.repeat(0).record.index = g.first + 1; }, "repeat_differs"},
        {"set back with its time",
         [](Repeating& g) {
             const MessageRow first = g.memory.reader().message(g.first + 1).value();
             g.repeat(0) = {{first.index, 1}, first.received_at, first.received_at, *first.message_id};
         },
         "repeat_differs"},
        {"sent earlier", [](Repeating& g) { g.repeat(3).sent_at -= std::chrono::hours(1); }, "repeat_differs"},
        {"sent later", [](Repeating& g) { g.repeat(3).sent_at += std::chrono::hours(1); }, "repeat_differs"},
        {"happened later",
         [](Repeating& g) { g.repeat(3).business_time = g.repeat(3).sent_at + std::chrono::hours(1); },
         "repeat_differs"},
        {"by another message", [](Repeating& g) { g.repeat(3).message_id = {}; }, "repeat_differs"},
        {"added",
         [](Repeating& g) {
             g.tables().repeats.rows()[{g.first, 2}] = g.repeat(0);
         },
         "row_added"},
        {"of another record", [](Repeating& g) { std::swap(g.repeat(0), g.repeat(3)); }, "row_added"},
        {"the row it repeats deleted", [](Repeating& g) { g.tables().patches.rows().erase(g.key(3)); },
         "history_missing"},
        {"the row it repeats changed", [](Repeating& g) { g.tables().patches.rows()[g.key(3)].patch[3] ^= 1; },
         "history_differs"},
        {"a row of its own",
         [](Repeating& g) {
             auto& rows = g.tables().patches.rows();
             rows[g.key(4)] = rows[g.key(3)];
             rows[g.key(4)].index = g.first + 4;
         },
         "row_added"},
        {"stated by nobody", [&](Repeating& g) { row(g).stated_by.reset(); }, "case_differs"},
        {"stated by another",
         [&](Repeating& g) {
             row(g).stated_by = RecordKey{g.first, 1};
         },
         "case_differs"},
        {"another digest", [&](Repeating& g) { row(g).state[5] ^= 1; }, "case_differs"},
        {"another time of the one record",
         [&](Repeating& g) { rewriteSole(row(g), [](CaseState& state) { state.stamps.front().data_version = 7; }); },
         "case_differs"},
        {"another department's",
         [&](Repeating& g) {
             rewriteSole(row(g), [](CaseState& state) { state.owner_department = "11520103009423114G"; });
         },
         "case_differs"},
        {"another system's",
         [&](Repeating& g) {
             rewriteSole(row(g), [](CaseState& state) { state.systems.front().id = "housing/archive"; });
         },
         "case_differs"},
        {"whole, and says otherwise",
         [&](Repeating& g) {
             CaseRow forged = row(g);
             CaseState state;
             loadState(g.memory.reader(), forged, state);
             for (Statement& statement : state.statements)
                 if (statement.text == "20") statement.text = "90";
             row(g).state.clear();
             encodeWhole(state, row(g).state);
             row(g).stated_by.reset();
         },
         "case_differs"},
    };
    for (const Case& c : cases) {
        Repeating gateway;
        c.tamper(gateway);
        const auto found = gateway.findings();
        BOOST_TEST(std::any_of(found.begin(), found.end(), [&](const Finding& f) { return f.what == c.what; }),
                   c.name << ":\n"
                          << told(found).substr(0, 1500));
    }
}

BOOST_AUTO_TEST_CASE(department_of_the_leaf_decides_whose_statements_stand) {
    Gateway gateway;
    const auto found = [&] {
        CaseState state;
        CaseRow& row = gateway.tables().cases.rows()[1];
        const std::string bytes = row.state;
        BOOST_REQUIRE(decodeState(bytes, state));
        for (StatingSystem& system : state.systems) system.of_owner_department = false;
        std::string forged;
        encodeState(state, forged);
        row.state = forged;
        return gateway.findings();
    }();
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found.front().where == "case 1");
}

BOOST_AUTO_TEST_CASE(a_system_whose_department_changes_is_no_finding) {
    Gateway gateway;
    gateway.known.ring->systems[archive().id].department_code = "11520103009423114G";
    gateway.known.ring->systems[archive().id].on_behalf_of = {
        gateway.known.ring->systems[housing().id].department_code};
    gateway.send(R"([{"no":"GH-1","id":"R1","version":3,"status":"30"},{"id":"new","status":"10"}])", archive());
    BOOST_TEST(gateway.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(a_large_message_that_waits_is_no_finding) {
    Pipeline pipeline(4096);
    pipeline.large->stop();
    std::string body = "[";
    for (int i = 0; i < 300; ++i) body += (i == 0 ? "" : ",") + std::string(R"({"id":"L)") + std::to_string(i) + "\"}";
    BOOST_TEST(pipeline.take(pipeline.header(), body + "]").status == 202);
    BOOST_TEST(pipeline.verdict() == "good");
    auto& row = pipeline.memory.tables().large.rows().begin()->second;
    row.next_record = 2;
    BOOST_TEST(pipeline.verdict().starts_with("large_differs at large 0"), pipeline.verdict());
    pipeline.memory.tables().large.rows().clear();
    BOOST_TEST(pipeline.verdict().starts_with("row_missing at large 0"), pipeline.verdict());
}

BOOST_AUTO_TEST_CASE(remembers_no_row_that_is_not_there_whatever_the_lines_say) {
    Gateway gateway;
    std::string lines;
    for (std::uint64_t i = 1; i <= 100; ++i) {
        const std::string far = std::to_string(i << 40);
        lines += R"({"absorbed":)" + far + R"(,"absorbed_change":)" + far + R"(,"alias":)" + far + R"(,"case":)" + far +
                 R"(,"change":)" + far + R"(,"outcome":"new","record":)" + std::to_string(i) + "}\n";
    }
    gateway.tables().outcome_lines.rows()[{0, 0}] = lines;
    const auto snapshot = gateway.memory.snapshot();
    MessageFactsReader facts(*snapshot);
    Vouched vouched;
    Findings found(1000);
    HistoryAudit history(*snapshot, facts, vouched, found);
    history.message(0);
    BOOST_TEST(vouched.cases.size() == 0U);
    BOOST_TEST(vouched.aliases.size() == 0U);
    BOOST_TEST(vouched.changes.size() == 0U);
    BOOST_TEST(vouched.absorbed.empty());
    BOOST_TEST(told(found.kept()).find("case_missing at case " + std::to_string(1ULL << 40)) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(id_set_walks_its_ids_in_order) {
    IdSet set;
    const std::uint64_t ids[] = {0, 1, 63, 64, 65'535, 65'536, 10'000'000, 1ULL << 53};
    for (const std::uint64_t id : ids) BOOST_TEST(set.add(id));
    BOOST_TEST(!set.add(64));
    std::vector<std::uint64_t> walked;
    for (auto at = set.firstFrom(0); at; at = set.firstFrom(*at + 1)) walked.push_back(*at);
    BOOST_TEST(walked == std::vector<std::uint64_t>(std::begin(ids), std::end(ids)), boost::test_tools::per_element());
    BOOST_TEST(!set.has(62));
    BOOST_TEST(set.size() == 8U);
}

BOOST_AUTO_TEST_SUITE_END()
