// tests/unit/pipeline/doubled_numbers_test.cpp - two records of one number in one run that say otherwise: counted,
// named and kept, of payloads of every size, by page and across pages; and those that only look so.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/pipeline/doubled_numbers.hpp"
#include "gateway/pipeline/dry_pages.hpp"
#include "tests/support/memory_keys.hpp"
#include "tests/unit/pipeline/nights_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

/// Without a time of its own where `applied` is empty.
std::string said(std::string_view id, std::string_view status, int version = 1,
                 std::string_view applied = "2026-05-01 08:00:00", std::string_view title = {}) {
    std::string text = R"({"id":")" + std::string(id) + R"(","version":)" + std::to_string(version) + R"(,"status":")" +
                       std::string(status) + '"';
    if (!applied.empty()) text += R"(,"applied":")" + std::string(applied) + '"';
    if (!title.empty()) text += R"(,"title":")" + std::string(title) + '"';
    return text + "}";
}

/// Its first pass ends early, and is read again from the begin.
class TwoPasses final : public Connector {
public:
    TwoPasses(std::vector<std::string> first, std::vector<std::string> second)
        : first_(std::move(first)), second_(std::move(second)) {}
    std::vector<CheckStep> check() override { return {}; }
    std::vector<SourceObject> discover() override { return {}; }
    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override {
        PageEnd end = (is_second_ ? second_ : first_).read(from, limits, sink);
        if (end.last && !is_second_) {
            end.ended_early = "rows moved";
            end.next.clear();
            is_second_ = true;
        }
        return end;
    }
    void acknowledge(const Cursor&) override {}
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>&) override { return {}; }

private:
    Pages first_, second_;
    bool is_second_ = false;
};

struct Case {
    std::string_view what;
    std::vector<std::string> pages;
    std::uint64_t doubled;
};

const std::vector<Case>& doubledCases() {
    static const std::vector<Case> kCases = {
        {"one after the other", {pageOf({said("a-1001", "10"), said("a-1001", "90")})}, 1},
        {"with others between",
         {pageOf({said("a-1001", "10"), said("b", "10"), said("c", "10"), said("a-1001", "90")})},
         1},
        {"three of them", {pageOf({said("a-1001", "10"), said("a-1001", "90"), said("a-1001", "20")})}, 2},
        {"without times", {pageOf({said("a-1001", "10", 1, ""), said("a-1001", "90", 1, "")})}, 1},
        {"on two pages",
         {pageOf({said("a-1001", "10")}), pageOf({said("b", "10")}), pageOf({said("a-1001", "90")})},
         1},
        {"behind a page without any payload",
         {std::string(kNoPayload), pageOf({said("a-1001", "10")}), pageOf({said("a-1001", "90")})},
         1},
        {"the same words", {pageOf({said("a-1001", "10"), said("a-1001", "10")})}, 0},
        {"a newer version", {pageOf({said("a-1001", "10", 1), said("a-1001", "90", 2)})}, 0},
        {"an older version", {pageOf({said("a-1001", "90", 2), said("a-1001", "10", 1)})}, 0},
        {"a later time", {pageOf({said("a-1001", "10"), said("a-1001", "90", 1, "2026-05-02 08:00:00")})}, 0},
        {"a time where there was none", {pageOf({said("a-1001", "10", 1, ""), said("a-1001", "90")})}, 0},
        {"more fields", {pageOf({said("a-1001", "10"), said("a-1001", "90", 1, "2026-05-01 08:00:00", "more")})}, 0},
        {"fewer fields", {pageOf({said("a-1001", "10", 1, "2026-05-01 08:00:00", "more"), said("a-1001", "90")})}, 0},
    };
    return kCases;
}

constexpr std::string_view kTitled =
    "mapping: housing.permit\n"
    "source: {format: json}\n"
    "kinds:\n"
    "  - records: \"$[*]\"\n"
    "    fields: {source_case_no: id, data_version: version, status: status, apply_time: applied, case_title: title}\n";

std::string xmlOf(std::string_view name, std::size_t others) {
    std::string text = "<Cases xmlns:p=\"urn:permits\">\n";
    const auto add = [&text](std::string_view id, std::string_view of) {
        text += "<p:Case status=\"10\"><p:Id>" + std::string(id) + "</p:Id>\n<p:Version>1</p:Version><p:Name>" +
                std::string(of) + "</p:Name></p:Case>\n";
    };
    add("a-1001", "one");
    for (std::size_t i = 0; i < others; ++i) add("n" + std::to_string(i), "a name");
    add("a-1001", name);
    return text + "</Cases>";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DoubledNumbersOfRuns)

/// In one message, and applied in slices.
BOOST_DATA_TEST_CASE(are_counted_and_named, boost::unit_test::data::make({1024 * 1024, 1}), spool_above) {
    for (const Case& c : doubledCases()) BOOST_TEST_CONTEXT(c.what << ", spooled above " << spool_above) {
            Pulling p(static_cast<std::size_t>(spool_above));
            p.mappings.replace({{"housing.permit", compiled(kTitled)}});
            for (int night = 1; night <= 2; ++night) {  // and again each night: none of them stands in the former one
                Pages source(c.pages);
                PulledPages pages = p.ledgerWith(compiled(kTitled), std::string(kConnector) + std::to_string(night));
                const Run run = p.runWith(source, pages, RunKind::Next, 0);
                BOOST_TEST(nameOf(run.state) == "done");
                BOOST_TEST(run.counts.doubled == c.doubled);
                BOOST_TEST(run.counts.doubled_such == (c.doubled == 0 ? "" : "a***1 (6)"));
                BOOST_TEST(run.counts.addUp());
                const Run kept = readRun(p.memory.reader().run(run.number)->body).value();
                BOOST_TEST(kept.counts.doubled == c.doubled);
                BOOST_TEST(kept.counts.doubled_such == run.counts.doubled_such);
                p.clock.set(p.clock.now() + std::chrono::hours(24));
            }
            BOOST_TEST(p.verdict() == "good");
        }
}

/// Nothing is stored of which it could be seen.
BOOST_AUTO_TEST_CASE(are_found_by_a_dry_run_as_by_a_real_one) {
    for (const Case& c : doubledCases()) BOOST_TEST_CONTEXT(c.what) {
            Pulling p;
            p.run({pageOf({said("a-1001", "10", 1, "2026-05-01 08:00:00"), said("other", "10")})});
            const std::size_t leaves = p.log->size();
            DryPages dry({p.store,
                          p.known,
                          p.clock,
                          p.limits,
                          [&p] { return std::make_unique<Pulling::Spool>(p.bodies); },
                          p.verifier,
                          {},
                          [] { return std::make_unique<MemoryKeys>(); }},
                         RecorderConfig{}, compiled(kTitled), std::string(kConnector));
            Pages source(c.pages);
            Unacknowledged quiet(source);
            const Run run = p.runWith(quiet, dry, RunKind::Full, 0);
            BOOST_TEST(run.counts.doubled == c.doubled);
            BOOST_TEST(run.counts.doubled_such == (c.doubled == 0 ? "" : "a***1 (6)"));
            BOOST_TEST(run.counts.addUp());
            BOOST_TEST(p.log->size() == leaves);
        }
}

/// Of what a source said in a former pass nobody knows whether it still says so: each pass is a set of its own.
BOOST_DATA_TEST_CASE(of_a_set_that_is_read_twice_are_those_of_each_pass, boost::unit_test::data::make({1024 * 1024, 1}),
                     spool_above) {
    const std::string once = pageOf({said("a-1001", "10")}), other = pageOf({said("b", "10")});
    const std::string twice = pageOf({said("a-1001", "10"), said("a-1001", "90")});
    const auto isDoubled = [&](std::vector<std::string> first, std::vector<std::string> second, bool is_dry) {
        Pulling p(static_cast<std::size_t>(spool_above));
        p.mappings.replace({{"housing.permit", compiled(kTitled)}});
        TwoPasses source(std::move(first), std::move(second));
        Unacknowledged quiet(source);
        PulledPages pages = p.ledgerWith(compiled(kTitled), std::string(kConnector));
        DryPages dry({p.store,
                      p.known,
                      p.clock,
                      p.limits,
                      [&p] { return std::make_unique<Pulling::Spool>(p.bodies); },
                      p.verifier,
                      {},
                      [] { return std::make_unique<MemoryKeys>(); }},
                     RecorderConfig{}, compiled(kTitled), std::string(kConnector));
        RunLedger& into = is_dry ? static_cast<RunLedger&>(dry) : pages;
        const Run run = p.runWith(quiet, into, RunKind::Next, 0);
        BOOST_TEST(nameOf(run.state) == "done");
        BOOST_TEST(run.counts.addUp());
        BOOST_TEST(p.verdict() == "good");
        return run.counts.doubled;
    };
    for (const bool is_dry : {false, true}) BOOST_TEST_CONTEXT("dry " << is_dry) {
            BOOST_TEST(isDoubled({twice, other}, {twice, other}, is_dry) == 2U);
            BOOST_TEST(isDoubled({once, other}, {pageOf({said("a-1001", "90")}), other}, is_dry) == 0U);
            BOOST_TEST(isDoubled({once, other}, {once, pageOf({said("a-1001", "90")})}, is_dry) == 1U);
        }
}

/// Which of its pages are of a pass is in their rows: who takes a run up, or applies a large payload later, reads it
/// there.
BOOST_AUTO_TEST_CASE(leaves_of_a_pass_are_those_of_its_pages) {
    testing::MemoryStore store;
    const auto page = [&](std::uint64_t number, std::vector<LogIndex> leaves, bool ends_pass = false) {
        const auto writer = store.beginWrite();
        RunPage told{7, number, std::move(leaves)};
        told.ends_pass = ends_pass;
        writer->putRunPage({7, number, jsonOf(told)});
        writer->commit();
    };
    const auto textOf = [](const SetLeaves& leaves) {
        std::string text;
        for (LogIndex leaf = 0; leaf < 30; ++leaf) text += leaves.contains(leaf) ? std::to_string(leaf) + " " : "";
        return text + (leaves.first() ? "from " + std::to_string(*leaves.first()) : "none");
    };
    SetLeaves newest(7), of_first(7, 1), of_last(7, 4);
    page(1, {4, 5});
    for (SetLeaves* one : {&newest, &of_first, &of_last}) one->readOn(store.reader());
    BOOST_TEST(textOf(newest) == "4 5 from 4");
    page(2, {6, 9}, true);
    for (SetLeaves* one : {&newest, &of_first, &of_last}) one->readOn(store.reader());
    BOOST_TEST(textOf(newest) == "none");
    BOOST_TEST(textOf(of_first) == "4 5 6 9 from 4");
    page(3, {12});
    page(4, {15, 16});
    page(5, {20}, true);
    page(6, {21});
    for (SetLeaves* one : {&newest, &of_first, &of_last}) one->readOn(store.reader());
    BOOST_TEST(textOf(newest) == "21 from 21");
    BOOST_TEST(textOf(of_first) == "4 5 6 9 from 4");
    BOOST_TEST(textOf(of_last) == "12 15 16 20 from 12");
    SetLeaves again(7, 4);
    again.readOn(store.reader());
    BOOST_TEST(textOf(again) == "12 15 16 20 from 12");
}

/// Another connector of the system said something of the number between two payloads of the set.
BOOST_AUTO_TEST_CASE(are_none_of_another_connector_that_spoke_between_two_pages) {
    Pulling p;
    Pages source({pageOf({said("b", "10")}), pageOf({said("a-1001", "90")})});
    PulledPages pages = p.ledgerWith(compiled(kPermitMapping), std::string(kConnector));
    source.between = [&p] {
        PulledPages others = p.ledgerWith(compiled(kPermitMapping), "elsewhere");
        Pages other({pageOf({said("a-1001", "10")})});
        BOOST_TEST(p.runWith(other, others, RunKind::Next, 0, housing(), "housing/permits/other").counts.doubled == 0U);
    };
    const Run run = p.runWith(source, pages, RunKind::Next, 0);
    BOOST_TEST(run.counts.doubled == 0U);
    BOOST_TEST(run.counts.records.changed == 1U);
}

/// Those that come again are known by their bytes, and still say otherwise than each other.
BOOST_AUTO_TEST_CASE(that_are_known_from_the_night_before_are_told_again) {
    Nights n(true, kXmlMapping);
    for (int night = 1; night <= 3; ++night) {
        const Run run = n.night(xmlOf("another", 300));
        BOOST_TEST(run.counts.doubled == 1U);
        BOOST_TEST(run.counts.records.changed == (night == 1 ? 1U : 2U));
        n.clock.set(n.clock.now() + std::chrono::hours(24));
    }
    BOOST_TEST(n.large->passedOver() > 0U);
    BOOST_TEST(n.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(are_none_of_another_run_or_a_signed_message) {
    Pulling p;
    p.run({pageOf({said("a-1001", "10")})});
    p.clock.set(p.clock.now() + std::chrono::hours(1));
    Pages source({pageOf({said("a-1001", "90")})});
    PulledPages pages = p.ledgerWith(compiled(kPermitMapping), "elsewhere");
    BOOST_TEST(p.runWith(source, pages, RunKind::Next, 0).counts.doubled == 0U);
}

BOOST_AUTO_TEST_CASE(are_carried_over_a_restart) {
    const Doubled doubled{3, "H\"***1 (9)"};
    const std::string carried = carriedOf(doubled) + "2 ab";
    std::string_view rest = carried;
    BOOST_TEST((takeCarried(rest) == doubled));
    BOOST_TEST(rest == "2 ab");
    BOOST_TEST((takeCarried(rest) == Doubled{}));
    BOOST_TEST(rest == "2 ab");
    BOOST_TEST(carriedOf({}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
