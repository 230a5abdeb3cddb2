// tests/unit/pipeline/reconcile_marks_test.cpp - what keeps a reconciliation from marking wrongly: what comes
// meanwhile, sets that are not whole, ends before the end, faults in the middle.
#include <boost/test/unit_test.hpp>

#include "tests/unit/pipeline/reconciling_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

/// Does something before it gives its second page.
class Meanwhile final : public Connector {
public:
    Meanwhile(std::vector<std::string> texts, std::function<void()> then)
        : pages_(std::move(texts)), then_(std::move(then)) {}
    std::vector<CheckStep> check() override { return {}; }
    std::vector<SourceObject> discover() override { return {}; }
    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override {
        if (from == "1") then_();
        return pages_.read(from, limits, sink);
    }
    void acknowledge(const Cursor&) override {}
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>&) override { return {}; }

private:
    Pages pages_;
    std::function<void()> then_;
};

/// Tells how many there are on its last page, which is empty.
class Telling final : public Connector {
public:
    Telling(std::string text, std::uint64_t total, std::string withheld = {})
        : text_(std::move(text)), total_(total), withheld_(std::move(withheld)) {}
    std::vector<CheckStep> check() override { return {}; }
    std::vector<SourceObject> discover() override { return {}; }
    PageEnd read(const Cursor& from, const PageLimits&, PageSink& sink) override {
        if (!from.empty()) return {from, true, 0, total_, withheld_};
        sink.payload({"page", "application/json", 0});
        sink.bytes(text_);
        return {"1", false, 0, {}};
    }
    void acknowledge(const Cursor&) override {}
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>&) override { return {}; }

private:
    std::string text_;
    std::uint64_t total_;
    std::string withheld_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ReconcileMarks)

BOOST_AUTO_TEST_CASE(a_little_each_night_is_counted_together_for_a_month) {
    const ReconcileOrder order{Repair::Both, Share::parse("5%").value()};
    Reconciling p;
    p.run({many(0, 100)});
    BOOST_TEST(p.reconcile({many(0, 96)}, order).reconciliation->counts.marked == 4);
    const Run held = p.reconcile({many(0, 92)}, order);
    BOOST_TEST(codeOf(held) == "reconcile_too_many_vanished");
    BOOST_TEST(held.trouble->next_step.find(
                   "caseway sync run housing/permits/outbox --reconcile --vanished-at-most 8%") != std::string::npos);
    BOOST_TEST(p.marks() == 4);
    p.clock.set(p.clock.now() + std::chrono::hours(31 * 24));
    BOOST_TEST(p.reconcile({many(0, 92)}, order).reconciliation->counts.marked == 4);
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(an_empty_set_marks_nothing) {
    Reconciling p;
    p.run({many(0, 3)});
    for (const std::vector<std::string>& nothing : {std::vector<std::string>{}, std::vector<std::string>{"[]"}}) {
        const Run run = p.reconcile(nothing);  // whatever share is allowed
        BOOST_TEST(codeOf(run) == "reconcile_set_not_whole");
        BOOST_TEST(run.reconciliation->counts.missing_there == 3);
        BOOST_TEST(p.marks() == 0);
    }
    Reconciling nothing;
    BOOST_TEST(nameOf(nothing.reconcile({}, {}).state) == "done");
}

BOOST_AUTO_TEST_CASE(a_source_that_has_more_than_came_marks_nothing_however_small_the_lack) {
    for (const std::uint64_t total : {99, 100}) {
        Reconciling p;
        p.run({many(0, 100)});
        Telling source(many(0, 99), total);
        const Run run = p.reconcileWith(source);
        BOOST_TEST(codeOf(run) == (total == 99 ? "none" : "reconcile_set_not_whole"));
        BOOST_TEST(p.marks() == (total == 99 ? 1 : 0));
    }
}

BOOST_AUTO_TEST_CASE(records_that_come_twice_do_not_make_up_for_those_that_do_not_come) {
    const std::string unmapped = R"({"id":"r1","version":1,"status":"10","applied":"no time"})";
    const std::string refused = R"({"id":"r2","version":99999999,"status":"10"})";
    const std::vector<std::vector<std::string>> twice = {
        {record("m0")}, {record("new"), record("new")}, {unmapped, unmapped}, {refused, refused}};
    for (const std::vector<std::string>& more : twice) {
        const std::string there = many(0, 99);
        std::string came = there.substr(0, there.size() - 1);
        for (const std::string& one : more) came += "," + one;
        came += "]";
        const std::uint64_t found = 99 + more.size();
        Reconciling p;
        p.run({many(0, 100)});
        Telling source(came, found);
        const Run run = p.reconcileWith(source, {Repair::None, {1000}, true});  // whatever share is given
        BOOST_TEST(codeOf(run) == "reconcile_set_not_whole", more.back());
        BOOST_TEST(run.trouble.value().message.find("1 came again") != std::string::npos, run.trouble->message);
        BOOST_TEST(run.reconciliation->counts.missing_there == 1);
        BOOST_TEST(p.marks() == 0);
        Telling whole(came, found - 1);  // by its own count all came
        BOOST_TEST(codeOf(p.reconcileWith(whole)) == "none");
        BOOST_TEST(p.marks() == 1);
        BOOST_TEST(p.verdict() == "good");
    }
}

BOOST_AUTO_TEST_CASE(where_records_come_twice_and_nothing_is_counted_a_person_is_asked) {
    const std::vector<std::string> shifted = {many(0, 50), many(49, 99)};  // one row went in while it was read
    Reconciling p;
    p.run({many(0, 100)});
    const Run held = p.reconcile(shifted);
    BOOST_TEST(nameOf(held.state) == "stopped");
    BOOST_TEST(codeOf(held) == "reconcile_records_repeated");
    BOOST_TEST(held.trouble->next_step.find("--vanished-at-most 100%") != std::string::npos, held.trouble->next_step);
    BOOST_TEST(p.marks() == 0);
    BOOST_TEST(codeOf(p.reconcile({many(0, 50), many(49, 100)})) == "none");  // nothing is missing: nothing to ask
    const Run confirmed = p.reconcile(shifted, {Repair::Both, {1000}, true});
    BOOST_TEST(codeOf(confirmed) == "none");
    BOOST_TEST(p.marks() == 1);
    BOOST_TEST(p.memory.reader().run(confirmed.number).value().body.find("\"share_given\":1") != std::string::npos);
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(a_source_that_keeps_something_back_marks_nothing_and_is_told_of) {
    for (const char* withheld : {"", "1 files wait for their marker"}) {
        Reconciling p;
        p.run({many(0, 100)});
        Telling source(many(0, 99), 99, withheld);
        const Run run = p.reconcileWith(source);
        BOOST_TEST(codeOf(run) == (*withheld == '\0' ? "none" : "reconcile_set_not_whole"));
        BOOST_TEST(p.marks() == (*withheld == '\0' ? 1 : 0));
        if (run.trouble) BOOST_TEST(run.trouble->message.find(withheld) != std::string::npos, run.trouble->message);
        BOOST_TEST(p.verdict() == "good");
    }
}

BOOST_AUTO_TEST_CASE(a_case_that_a_message_spoke_of_since_it_began_is_not_judged) {
    const auto backwards = [](Reconciling& p) { p.clock.set(p.clock.now() - std::chrono::minutes(1)); };
    const std::vector<std::pair<std::string, std::string>> spoken = {{"new words", record("m2", "90", 4)},
                                                                     {"the same again", record("m2", "20", 3)},
                                                                     {"older", record("m2", "20", 2)}};
    for (const auto& [name, words] : spoken) {
        Reconciling p;
        p.run({many(0, 3), pageOf({record("m2", "20", 3)})});
        Meanwhile source({many(0, 1), many(1, 2)}, [&, words = words] {
            backwards(p);  // the clock decides nothing
            p.take(p.header(), pageOf({words}));
        });
        const Run run = p.reconcileWith(source);
        BOOST_TEST(run.reconciliation->counts.not_compared == 1, name);
        BOOST_TEST(run.reconciliation->counts.missing_there == 0, name);
        BOOST_TEST(p.marks() == 0, name);
        BOOST_TEST(p.verdict() == "good", name);
    }
}

BOOST_AUTO_TEST_CASE(a_case_that_a_message_speaks_of_just_before_it_would_be_marked_is_not_marked) {
    for (const std::string& words : {record("m2", "90", 2), record("m2")}) {
        Reconciling p;
        p.run({many(0, 3)});
        bool spoke = false;
        p.running = [&] {
            if (p.isSettling() && !spoke) {  // asked behind the last look, before the marks
                spoke = true;
                p.take(p.header(), pageOf({words}));
            }
            return true;
        };
        const Run run = p.reconcile({many(0, 1)});
        BOOST_REQUIRE(spoke);
        BOOST_TEST(run.reconciliation->counts.missing_there == 1);
        BOOST_TEST(run.reconciliation->counts.not_compared == 1);
        BOOST_TEST(run.reconciliation->counts.marked == 1);
        BOOST_TEST(p.markOf("m1").has_value());
        BOOST_TEST(!p.markOf("m2"));
        BOOST_TEST(p.reportOf(run).find(R"("kind":"missing_there","source_case_no":"m2")") == std::string::npos);
        BOOST_TEST(p.verdict() == "good");
    }
}

BOOST_AUTO_TEST_CASE(a_run_that_ends_while_it_marks_takes_its_marks_back) {
    Reconciling p;
    p.run({many(0, 500)});
    p.cancelled = [&] { return p.marks() != 0; };
    const Run cancelled = p.reconcile({many(0, 1)});
    BOOST_TEST(nameOf(cancelled.state) == "cancelled");
    BOOST_TEST(p.marks() == 0);
    BOOST_TEST(p.verdict() == "good");

    p.cancelled = [] { return false; };
    p.running = [&] { return p.marks() == 0; };  // the process stops
    BOOST_TEST(!p.reconcile({many(0, 1)}).ended_at);
    BOOST_TEST(p.marks() != 0);
    BOOST_TEST(p.verdict() == "good");
    p.running = [] { return true; };
    p.cancelled = [] { return true; };  // the next start takes it up, and it never comes to its end
    const Run resumed = p.reconcile({many(0, 1)});
    BOOST_TEST(resumed.resumed == 1);
    BOOST_TEST(nameOf(resumed.state) == "cancelled");
    BOOST_TEST(p.marks() == 0);
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(marking_is_tried_again_while_the_store_is_busy) {
    Reconciling p;
    p.run({many(0, 3)});
    p.attempts = 3;
    int waited = 0;
    bool is_armed = false;
    p.running = [&] {
        if (p.isSettling() && !is_armed) {
            is_armed = true;
            p.store.plan.at = p.store.plan.steps + 2;  // the first mark
        }
        if (is_armed && p.store.plan.steps >= p.store.plan.at) ++waited;
        return true;
    };
    const Run run = p.reconcile({many(0, 1)});
    BOOST_REQUIRE(is_armed);
    BOOST_TEST(waited != 0);
    BOOST_TEST(nameOf(run.state) == "done");
    BOOST_TEST(run.reconciliation->counts.marked == 2);
    BOOST_TEST(p.marks() == 2);
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(a_fault_in_the_middle_of_a_page_counts_nothing_twice) {
    /// Fails once, at the second number that we do not have.
    class Failing final : public KeySet {
    public:
        explicit Failing(int& inserted) : inserted_(inserted) {}
        bool insert(const Sha256& key) override {
            if (++inserted_ == 2) throw Fault(FaultCode::StoreUnavailable, "busy");
            return keys_.insert(key);
        }
        bool contains(const Sha256& key) override { return keys_.contains(key); }

    private:
        int& inserted_;
        MemoryKeys keys_;
    };
    int inserted = 0;
    Reconciling p;
    p.run({many(0, 3)});
    p.attempts = 6;
    p.make_keys = [&] { return std::make_unique<Failing>(inserted); };
    const std::vector<std::string> texts = {many(0, 1), pageOf({record("m1"), record("n1"), record("n2")})};
    const Run run = p.reconcile(texts);
    BOOST_TEST(nameOf(run.state) == "stopped");
    BOOST_TEST(codeOf(run) == "reconcile_disturbed");
    BOOST_TEST(p.marks() == 0);
    BOOST_TEST(p.verdict() == "good");
    const ReconcileCounts counts = p.reconcile(texts).reconciliation.value().counts;
    BOOST_TEST(counts.read == 4);
    BOOST_TEST(counts.repeated == 0);
    BOOST_TEST(counts.missing_here == 2);
    BOOST_TEST(counts.marked == 1);
}

BOOST_AUTO_TEST_CASE(a_case_of_which_the_record_gives_another_number_too_is_there) {
    const auto numbered = [](std::string_view no, std::string_view id) {
        return R"({"no":")" + std::string(no) + R"(","id":")" + std::string(id) +
               R"(","version":1,"status":"10","applied":"2026-05-01 08:00:00"})";
    };
    Reconciling p;
    p.run({pageOf({numbered("N-1", "a"), record("b")})});
    // Another number of the center for the same number of its own: a new case, and the old one is there as well.
    const Run run = p.reconcile({pageOf({numbered("N-2", "a"), record("b")})}, {Repair::None, {1000}});
    BOOST_TEST(run.reconciliation->counts.missing_here == 1);
    BOOST_TEST(run.reconciliation->counts.missing_there == 0);
    BOOST_TEST(p.marks() == 0);
    // Two records that share a number of their own and are two cases.
    const Run both =
        p.reconcile({pageOf({numbered("N-3", "c"), numbered("N-4", "c"), record("b"), numbered("N-1", "a")})},
                    {Repair::None, {1000}});
    BOOST_TEST(both.reconciliation->counts.missing_here == 2);
    BOOST_TEST(both.reconciliation->counts.repeated == 0);
}

BOOST_AUTO_TEST_CASE(a_refused_record_of_which_nobody_can_tell_the_case_holds_all_marks) {
    Reconciling p;
    p.run({many(0, 3)});
    const Run run = p.reconcile({many(0, 2), R"([{"no":"N-9","version":1,"status":"10","applied":"no time"}])"});
    BOOST_TEST(run.reconciliation->counts.unreadable == 1);
    BOOST_TEST(codeOf(run) == "reconcile_set_not_whole");
    BOOST_TEST(p.marks() == 0);
}

BOOST_AUTO_TEST_CASE(beside_another_connector_what_this_one_never_told_is_not_compared) {
    Reconciling p;
    p.run({many(0, 3)});
    PulledPages other{p.pagesParts(), "housing.permit", compiled(kPermitMapping), "housing/permits/other"};
    Pages source({pageOf({record("o1")})});
    p.runWith(source, other, RunKind::Next, 0, housing(), "housing/permits/other");
    p.take(p.header(), pageOf({record("o1", "90", 2), record("s1")}));  // signed words make it nobody's
    const Run run = p.reconcile({many(0, 3)});
    BOOST_TEST(run.reconciliation->counts.not_compared == 2);
    BOOST_TEST(run.reconciliation->counts.missing_there == 0);
    BOOST_TEST(p.marks() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
