// tests/unit/daemon/run_findings_test.cpp - what the doctor says of runs, and what it does not say.
#include "gateway/daemon/run_findings.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/formats/run/run_document.hpp"
#include "tests/support/memory_store.hpp"

using namespace caseway;

namespace {

constexpr const char* kName = "housing/permits/outbox";

struct Doctor {
    testing::MemoryStore store;
    const Instant now = parseRfc3339("2026-11-26T07:30:00Z").value();
    LiveConnectors live;

    Doctor() {
        auto connector = std::make_shared<LiveConnector>();
        connector->name = ConnectorName::parse(kName).value();
        live[kName] = connector;
    }
    Run ran(RunState state, std::uint64_t parked = 0) const {
        Run run;
        run.connector = kName;
        run.system = SystemId::parse("housing/permits").value();
        run.state = state;
        run.counts.parked = parked;
        run.started_at = now - std::chrono::minutes(5);
        run.ended_at = now;
        if (state == RunState::Stopped) run.trouble = RunTrouble{"config", "login_refused", {}, "no", "ask them"};
        return run;
    }
    void keep(Run run) {
        const auto writer = store.beginWrite();
        run.number = writer->putRun({0, run.connector, false, {}});
        writer->putRun({run.number, run.connector, run.ended_at.has_value(), jsonOf(run)});
        writer->commit();
    }
    /// The findings' beginnings, as far as they are the same every time.
    std::vector<std::string> says() {
        std::vector<std::string> all;
        for (const RunFinding& one : runFindings(store.reader(), live, CircuitPolicy{2}, std::chrono::hours(24), now)) {
            BOOST_TEST(one.next_step.find("caseway sync ") != std::string::npos);
            all.push_back(one.what.substr(0, one.what.find(';')));
        }
        return all;
    }
    void expects(std::vector<std::string> findings) {
        BOOST_TEST(says() == findings, boost::test_tools::per_element());
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(RunFindings)

BOOST_AUTO_TEST_CASE(nothing_where_all_is_well) {
    Doctor doctor;
    doctor.expects({});
    doctor.keep(doctor.ran(RunState::Done));
    doctor.keep(doctor.ran(RunState::Stopped));
    doctor.expects({});
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_behind_the_last_runs) {
    Doctor doctor;
    Run ahead = doctor.ran(RunState::Done);
    ahead.ended_at = doctor.now + std::chrono::minutes(50);
    doctor.keep(ahead);
    doctor.expects({});
    ahead.ended_at = doctor.now + std::chrono::hours(96);
    doctor.keep(ahead);
    doctor.keep(doctor.ran(RunState::Done));
    doctor.expects(
        {"clock: it shows 2026-11-26T15:30:00+08:00, and the log has 2026-11-30T15:30:00+08:00 already: 4 d 0 h "
         "behind"});
}

BOOST_AUTO_TEST_CASE(a_circuit_that_is_open) {
    Doctor doctor;
    doctor.keep(doctor.ran(RunState::Stopped));
    doctor.keep(doctor.ran(RunState::Stopped));
    doctor.expects({"housing/permits/outbox: 2 runs failed in a row (login_refused)"});
}

BOOST_AUTO_TEST_CASE(parked_payloads_of_any_late_run_until_a_retry_took_them) {
    Doctor doctor;
    doctor.keep(doctor.ran(RunState::Partial, 3));
    doctor.keep(doctor.ran(RunState::Done));
    doctor.expects({"housing/permits/outbox: 3 payloads of run 1 are parked"});
    Run retry = doctor.ran(RunState::Partial, 1);
    retry.kind = RunKind::Retry;
    retry.of = 1;
    doctor.keep(retry);
    doctor.expects({"housing/permits/outbox: 3 payloads of run 1 are parked"});
    retry.state = RunState::Done;
    retry.counts.parked = 0;
    doctor.keep(retry);
    doctor.expects({});
}

BOOST_AUTO_TEST_CASE(files_in_the_error_folder_until_a_run_found_none) {
    Doctor doctor;
    Run run = doctor.ran(RunState::Done);
    run.aside = WaitingFiles{2, doctor.now - std::chrono::hours(1)};
    doctor.keep(run);
    const std::vector<std::string> told{
        "housing/permits/outbox: run 1 found 2 files in its error folder, the oldest since 2026-11-26T14:30:00+08:00"};
    doctor.expects(told);
    doctor.keep(doctor.ran(RunState::Stopped));
    doctor.expects(told);  // it saw nothing
    doctor.keep(doctor.ran(RunState::Done));
    doctor.expects({});
}

BOOST_AUTO_TEST_CASE(files_that_wait_longer_than_they_may_until_a_run_found_none) {
    Doctor doctor;
    Run run = doctor.ran(RunState::Done);
    run.waiting = WaitingFiles{2, doctor.now - std::chrono::hours(23)};
    doctor.keep(run);
    doctor.expects({});
    run.waiting->since = doctor.now - std::chrono::hours(25);
    doctor.keep(run);
    const std::vector<std::string> told{
        "housing/permits/outbox: run 2 found 2 files that cannot be read yet, the oldest since "
        "2026-11-25T14:30:00+08:00"};
    doctor.expects(told);
    Run retry = doctor.ran(RunState::Done);
    retry.kind = RunKind::Retry;
    doctor.keep(retry);
    doctor.expects(told);
    doctor.keep(doctor.ran(RunState::Done));
    doctor.expects({});
    run.waiting->since = doctor.now + std::chrono::hours(23);  // its time is wrong: it will wait until then
    doctor.keep(run);
    doctor.expects({});
    run.waiting->since = doctor.now + std::chrono::hours(25);
    doctor.keep(run);
    doctor.expects(
        {"housing/permits/outbox: run 6 found 2 files that cannot be read yet, the oldest since "
         "2026-11-27T16:30:00+08:00"});
}

BOOST_AUTO_TEST_CASE(a_run_that_began_more_than_a_day_ago_and_does_not_end_whosever_it_is) {
    Doctor doctor;
    Run run = doctor.ran(RunState::Running);
    run.ended_at.reset();
    run.started_at = doctor.now - std::chrono::hours(23);
    doctor.keep(run);
    doctor.expects({});
    run.connector = "housing/permits/suspended";
    run.started_at = doctor.now - std::chrono::hours(25);
    doctor.keep(run);
    doctor.expects(
        {"housing/permits/suspended: its run 2 began at 2026-11-25T14:30:00+08:00 and has not ended, 0 pages so far"});
}

BOOST_AUTO_TEST_SUITE_END()
