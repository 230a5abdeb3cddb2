// tests/unit/sync/circuit_test.cpp - who fails again and again is left alone for a while, longer and longer.
#include "gateway/sync/circuit.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

namespace {

constexpr Instant kMidnight{std::chrono::hours(500'000)};

/// "fdc": failed, done, cancelled … newest first, the newest at midnight, the others seconds before.
std::vector<Run> runs(std::string_view states) {
    std::vector<Run> all;
    for (std::size_t i = 0; i < states.size(); ++i) {
        Run run;
        run.connector = "housing/permits/outbox";
        run.number = states.size() - i;
        run.ended_at = kMidnight - std::chrono::seconds(i);
        run.state = states[i] == 'f'                       ? RunState::Stopped
                    : states[i] == 'c'                     ? RunState::Cancelled
                    : states[i] == 'o'                     ? RunState::Overdue
                    : states[i] == 'r' || states[i] == 'p' ? RunState::Partial
                                                           : RunState::Done;
        if (states[i] == 'f') run.trouble = RunTrouble{"transient", "source_down", {}, {}, {}};
        if (states[i] == 'r') run.trouble = RunTrouble{"config", "too_many_refused", {}, {}, {}};
        if (states[i] == 'p') run.trouble = RunTrouble{"system", std::string(kParkedCode), {}, {}, {}};
        if (states[i] == 'g') run.trouble = RunTrouble{"transient", "run_given_up", {}, {}, {}, "source_down"};
        if (states[i] == 's') run.trouble = RunTrouble{"config", "settings_changed", {}, {}, {}};
        if (states[i] == 'g' || states[i] == 's') run.state = RunState::Stopped;
        if (states[i] == 'u') run.ended_at.reset();
        all.push_back(run);
    }
    return all;
}

std::string stateOf(std::string_view states, std::chrono::minutes later, CircuitPolicy policy = {3}) {
    return std::string(nameOf(circuitOf(runs(states), policy, {}, kMidnight).state(kMidnight + later)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Circuits)

BOOST_AUTO_TEST_CASE(it_opens_after_so_many_failures_in_a_row) {
    BOOST_TEST(stateOf("", {}) == "closed");
    BOOST_TEST(stateOf("ffd", {}) == "closed");
    BOOST_TEST(stateOf("fff", {}) == "open");
    BOOST_TEST(stateOf("ffdf", {}) == "closed");
    BOOST_TEST(stateOf("dfff", {}) == "closed");
    BOOST_TEST(stateOf("offf", {}) == "closed");
    BOOST_TEST(stateOf("pfff", {}) == "closed");
    BOOST_TEST(stateOf("frf", {}) == "open");
    BOOST_TEST(stateOf("ucfcff", {}) == "open");
    BOOST_TEST(stateOf("fsfsf", {}) == "open");  // what a person changed says nothing of the source
    BOOST_TEST(stateOf("sss", {}) == "closed");
    BOOST_TEST(circuitOf(runs("ggg"), {3}, {}, kMidnight).code == "source_down");
    BOOST_TEST(stateOf("ffffff", {}, {0}) == "closed");
    BOOST_TEST(circuitOf(runs("ff"), {3}, {}, kMidnight).failed == 2U);
    BOOST_TEST(circuitOf(runs("ff"), {3}, {}, kMidnight).code == "source_down");
}

BOOST_AUTO_TEST_CASE(after_its_time_the_next_run_tries) {
    BOOST_TEST(stateOf("fff", std::chrono::minutes(9)) == "open");
    BOOST_TEST(stateOf("fff", std::chrono::minutes(13)) == "half-open");
}

BOOST_AUTO_TEST_CASE(each_further_failure_doubles_the_time_up_to_six_hours) {
    const auto waits = [](std::size_t failures) {
        const Circuit circuit = circuitOf(runs(std::string(failures, 'f')), {3}, {}, kMidnight);
        return std::chrono::duration_cast<std::chrono::minutes>(circuit.until.value() - kMidnight).count();
    };
    for (std::size_t more = 0; more < 12; ++more) {
        const auto least = std::min<std::int64_t>(10LL << more, 360);
        BOOST_TEST(waits(3 + more) >= least);
        BOOST_TEST(waits(3 + more) <= least * 5 / 4);
    }
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_ahead_holds_nobody_for_longer_than_the_wait) {
    const Instant set_back = kMidnight - std::chrono::hours(24 * 30);
    const Circuit found = circuitOf(runs("fff"), {3}, {}, set_back);  // the gateway starts behind it
    BOOST_TEST(nameOf(found.state(set_back + std::chrono::minutes(9))) == "open");
    BOOST_TEST(nameOf(found.state(set_back + std::chrono::minutes(13))) == "half-open");
    Circuit kept = circuitOf(runs("fff"), {3}, {}, kMidnight);  // it runs while the clock is set back
    kept.holdAtMost(set_back);
    kept.holdAtMost(set_back + std::chrono::minutes(5));
    BOOST_TEST(nameOf(kept.state(set_back + std::chrono::minutes(9))) == "open");
    BOOST_TEST(nameOf(kept.state(set_back + std::chrono::minutes(13))) == "half-open");
}

BOOST_AUTO_TEST_CASE(failures_of_another_version_are_not_those_of_this_one) {
    std::vector<Run> failed = runs("fffff");
    for (Run& run : failed) run.terms = "old";
    BOOST_TEST(circuitOf(failed, {3}, "old", kMidnight).failed == 5U);
    BOOST_TEST(circuitOf(failed, {3}, "new", kMidnight).failed == 0U);
    failed[0].terms = failed[1].terms = "new";
    BOOST_TEST(circuitOf(failed, {3}, "new", kMidnight).failed == 2U);
    BOOST_TEST(!circuitOf(failed, {3}, "new", kMidnight).until.has_value());
    for (Run& run : failed) run.terms.clear();  // written by a former gateway
    BOOST_TEST(circuitOf(failed, {3}, "new", kMidnight).failed == 5U);
}

BOOST_AUTO_TEST_SUITE_END()
