// tests/unit/pipeline/known_faults_test.cpp - a night most of whose records are known, with a fault at each of its
// writes and before and behind each of its commits: whatever goes wrong, what is left, and what the next night knows,
// is that of an undisturbed one.
#include <boost/test/unit_test.hpp>

#include <future>

#include "tests/unit/pipeline/nights_fixture.hpp"

using namespace caseway;
using namespace caseway::test;
using fixture::Damage;

namespace {

constexpr std::size_t kRecords = 24;
constexpr std::size_t kAtOnce = 12;  ///< a fault is waited for, and the waits need no processor

/// Some are changed, one is gone, one is new, one cannot be taken; the others are known by their bytes.
std::string payloadOf(int night) {
    std::string text = "<Cases xmlns:p=\"urn:permits\">\n";
    for (std::size_t i = 0; i < kRecords; ++i) {
        const bool is_changed = night > 1 && i % 10 == 4;
        if (night > 1 && i == 7) continue;
        const std::string version = night > 1 && i == 12 ? "none" : is_changed ? "2" : "1";
        text += "<p:Case status=\"10\"><p:Id>n" + std::to_string(i) + "</p:Id><p:Version>" + version +
                "</p:Version><p:Name>" + (is_changed ? "another name" : "a name of some length") +
                "</p:Name></p:Case>\n";
    }
    if (night > 1) text += "<p:Case status=\"10\"><p:Id>new</p:Id><p:Version>1</p:Version></p:Case>\n";
    return text + "</Cases>";
}

/// What was left, but for ids and times; how many were passed over in a further night; what the verifier says.
struct Left {
    std::string state, verdict;
    std::uint64_t steps = 0, passed_over = 0, passed_over_next = 0;
};

std::string countsText(const Run& run) {
    const RecordCounts& counts = run.counts.records;
    std::string text(nameOf(run.state));
    for (const std::uint64_t count : {run.counts.read, counts.fresh, counts.changed, counts.same, counts.stale,
                                      counts.refused, run.counts.payloads_refused, run.counts.parked})
        text += " " + std::to_string(count);
    return text + "\n";
}

/// Of outcome lines: the number of a case that was dropped with its transaction is given to nobody else.
std::string withoutCases(std::string lines) {
    constexpr std::string_view kFrom = "\"case\":", kTo = "\"outcome\":";
    for (std::size_t at = 0; (at = lines.find(kFrom, at)) != std::string::npos; ++at)
        lines.erase(at, lines.find(kTo, at) - at);
    return lines;
}

std::string rowsOf(Nights& n) {
    std::string text;
    auto& t = n.memory.tables();
    for (const auto& [id, row] : t.cases.rows())
        text += row.source_case_no + " " + row.status + " " + std::to_string(row.last_change) + "\n";
    for (const auto& [key, row] : t.patches.rows())
        text += std::to_string(key.first) + "/" + std::to_string(key.second) + " " + std::string(nameOf(row.outcome)) +
                "\n";
    for (const auto& [key, row] : t.repeats.rows())
        text += std::to_string(key.first) + "/" + std::to_string(key.second) + " " + std::to_string(row.record.index) +
                "/" + std::to_string(row.record.record) + "\n";
    for (const auto& [key, lines] : t.outcome_lines.rows())
        text += (key.second == 0 ? std::to_string(key.first) + " " : "") + withoutCases(lines);
    return text;
}

Left nightWith(std::uint64_t at, Damage damage, bool commits_only) {
    Nights n(true, kXmlMapping);
    PulledPages pages = n.ledgerWith(n.mapping, std::string(kConnector));
    n.nightWithFaults(pages, payloadOf(1));
    n.store.plan = {at, damage, 0, commits_only, {}};
    Left left;
    left.state = countsText(n.nightWithFaults(pages, payloadOf(2)));
    left.steps = n.store.plan.steps;
    left.passed_over = n.large->passedOver();
    n.store.plan = {};
    left.state += countsText(n.nightWithFaults(pages, payloadOf(2)));
    left.passed_over_next = n.large->passedOver() - left.passed_over;
    n.large->stop();
    left.state += rowsOf(n);
    left.verdict = n.verdict();
    return left;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(KnownFaults)

BOOST_AUTO_TEST_CASE(whatever_write_fails_a_night_of_known_records_ends_as_an_undisturbed_one) {
#if defined(__SANITIZE_THREAD__)
    // The plan of the faults is taken back while the writer may still end what the night before left it.
    BOOST_TEST_MESSAGE("skipped: 1 case, known_faults: its plan of faults is not for several threads");
    return;
#endif
    for (const Damage damage : {Damage::Failed, Damage::UnknownLost, Damage::UnknownPersisted}) {
        const bool commits_only = damage != Damage::Failed;
        const Left undisturbed = nightWith(0, damage, commits_only);
        BOOST_TEST(undisturbed.verdict == "good");
        BOOST_TEST(undisturbed.passed_over > kRecords / 2);
        BOOST_REQUIRE(undisturbed.steps > (commits_only ? 4U : 40U));
        for (std::uint64_t first = 1; first <= undisturbed.steps; first += kAtOnce) {
            std::vector<std::future<Left>> nights;
            for (std::uint64_t at = first; at < first + kAtOnce && at <= undisturbed.steps; ++at)
                nights.push_back(std::async(std::launch::async, nightWith, at, damage, commits_only));
            for (std::size_t i = 0; i < nights.size(); ++i) {
                const Left left = nights[i].get();
                BOOST_TEST_CONTEXT("step " << first + i << ", damage " << static_cast<int>(damage)) {
                    BOOST_TEST((left.state == undisturbed.state), left.state << "---\n" << undisturbed.state);
                    BOOST_TEST(left.passed_over_next == undisturbed.passed_over_next);
                    BOOST_TEST(left.verdict == "good");
                }
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
