// tests/unit/plugin/life_test.cpp - starting late, resting after failures, ending when idle; and what a plug-in cannot
// do.
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <thread>

#include "tests/unit/plugin/faulty_fixture.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

std::string pidOf(Connector& connector) {
    return connector.check().at(0).detail;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(PluginLife, FaultyFixture)

BOOST_AUTO_TEST_CASE(nothing_starts_before_the_first_call) {
    std::vector<std::unique_ptr<Connector>> registered;
    for (int i = 0; i < 200; ++i) registered.push_back(open("", ",\"number\":" + std::to_string(i)));
    BOOST_TEST(host->running() == 0U);
    registered[17]->check();
    BOOST_TEST(host->running() == 1U);
}

BOOST_AUTO_TEST_CASE(one_process_answers_all_calls) {
    const auto connector = open("");
    const std::string pid = pidOf(*connector);
    KeptPage page;
    const PageEnd end = connector->read("c", {}, page);
    BOOST_TEST(end.next == "c1");
    BOOST_TEST(end.last);
    BOOST_TEST(end.records == 1U);
    BOOST_TEST(page.payloads.at(0).second == "record c");
    connector->acknowledge(end.next);
    const auto answers = connector->write({{"a", "1"}, {"bad", "2"}});
    BOOST_TEST((answers.at(0).outcome == WriteOutcome::Written));
    BOOST_TEST((answers.at(1).outcome == WriteOutcome::Refused));
    BOOST_TEST(answers.at(1).reason == "not this one");
    BOOST_TEST(pidOf(*connector) == pid);
}

BOOST_AUTO_TEST_CASE(a_failed_one_rests_and_comes_back) {
    SteadyTime now{std::chrono::hours(1)};
    installation.settings.now = [&] { return now; };
    installation.settings.back_off = BackOffSettings{};
    start();
    const auto connector = open("exit");
    BOOST_TEST(faultOf([&] { connector->check(); }).parts().code == "connector_crashed");
    const ConnectorFault resting = faultOf([&] { connector->check(); });
    BOOST_TEST(resting.parts().code == "connector_resting");
    BOOST_TEST(resting.parts().message.find("the last with connector_crashed") != std::string::npos);
    BOOST_TEST((resting.kind() == ConnectorFaultKind::Transient));
    BOOST_TEST(resting.parts().retry_after.has_value());
    // another with the same settings is no way round; one with others is not concerned
    BOOST_TEST(faultOf([&] { open("exit")->check(); }).parts().code == "connector_resting");
    BOOST_TEST(!pidOf(*open("")).empty());
    now += std::chrono::seconds(2);
    BOOST_TEST(faultOf([&] { connector->check(); }).parts().code == "connector_crashed");
    BOOST_TEST(installation.events.size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_pause_doubles_within_bounds_and_begins_anew_after_a_long_life) {
    const BackOffSettings settings;
    BackOff back_off;
    BackOff::Time now{std::chrono::hours(1)};
    std::chrono::milliseconds former{0};
    for (int failure = 0; failure < 30; ++failure) {
        back_off.started(now);
        back_off.failed(now, 0.5, settings);
        const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(back_off.until() - now);
        BOOST_TEST((pause >= former && pause <= settings.most));
        former = pause;
        now = back_off.until();
    }
    BOOST_TEST((former == settings.most));
    back_off.started(now);
    now += settings.settled;
    back_off.failed(now, 0, settings);
    BOOST_TEST((back_off.until() - now == settings.first * 3 / 4));
}

BOOST_AUTO_TEST_CASE(an_idle_one_is_ended_and_started_again) {
    installation.settings.watcher = {std::chrono::milliseconds(1), std::chrono::milliseconds(1)};
    start();
    const auto connector = open("");
    const std::string pid = pidOf(*connector);
    while (host->running() != 0) std::this_thread::yield();
    BOOST_TEST(pidOf(*connector) != pid);
    BOOST_TEST(installation.events.empty());
}

BOOST_AUTO_TEST_CASE(limits_hold_between_calls_too) {
    const auto connector = open("sealed memory later");
    const std::string pid = pidOf(*connector);
    while (host->running() != 0) std::this_thread::yield();
    BOOST_TEST(pidOf(*connector) != pid);
    BOOST_REQUIRE_EQUAL(installation.events.size(), 1U);
    BOOST_TEST(installation.events[0].event == "connector_limit_reached");
}

BOOST_AUTO_TEST_CASE(it_reaches_nothing_that_is_not_its) {
    PluginInstallation::write(installation.data() / "keys/log.key", "secret");
    const std::string data = ",\"data\":\"" + installation.data().string() + "\"";
    for (const CheckStep& step : open("look around", data)->check())
        BOOST_TEST(step.name.find("YES") == std::string::npos, step.name);
    std::vector<std::string> seen;
    for (const CheckStep& step : open("look around", data)->check()) seen.push_back(step.name);
    BOOST_TEST(seen.size() == 14U);
    BOOST_TEST(seen.at(11) == "environment: ['LANG', 'PATH']");
    BOOST_TEST(seen.at(12) == "descriptors: [0, 1, 2, 3, 4]");
    BOOST_TEST(seen.at(13) == "own session: True");
}

BOOST_AUTO_TEST_CASE(under_the_gateways_own_user_too) {
    if (kernelProtections().landlock_abi == 0) return;
    PluginInstallation::write(installation.data() / "keys/log.key", "secret");
    installation.settings.run_as.clear();
    start();
    for (const CheckStep& step : open("look around", ",\"data\":\"" + installation.data().string() + "\"")->check())
        BOOST_TEST(step.name.find("YES") == std::string::npos, step.name);
}

BOOST_AUTO_TEST_CASE(calls_that_no_file_right_holds_are_refused) {
    const std::string folder = ",\"folder\":\"" + installation.exchangeFolder().string() + "\"";
    const auto steps = open("forbidden calls", folder)->check();
    BOOST_TEST(steps.size() == 25U);
    for (std::size_t i = 0; i + 1 < steps.size(); ++i)
        BOOST_TEST(steps[i].name.find("YES") == std::string::npos, steps[i].name);
    BOOST_TEST(steps.back().name == "allowed: : YES");
}

BOOST_AUTO_TEST_CASE(sees_the_folders_of_its_settings_and_asks_before) {
    const fs::path folder = installation.exchangeFolder();
    std::vector<std::string> asked;
    surroundings.allow_folder = [&](const std::string& named) { asked.push_back(named); };
    KeptPage page;
    open("folder", ",\"folder\":\"" + folder.string() + "\"")->read("", {}, page);
    BOOST_TEST(page.payloads.at(0).second == "by the plug-in");
    BOOST_TEST(asked.at(0) == folder.string());
}

BOOST_AUTO_TEST_CASE(the_data_folder_is_never_one_of_them) {
    KeptPage page;
    for (const fs::path& folder : {installation.root(), installation.data()})
        BOOST_TEST(faultOf([&] { open("folder", ",\"folder\":\"" + folder.string() + "\"")->read("", {}, page); })
                       .parts()
                       .code == "folder_not_allowed");
}

BOOST_AUTO_TEST_CASE(not_started_where_the_data_folder_lies_in_what_each_may_read) {
    for (const char* data : {"/usr/share/caseway", "/lib/caseway", "/etc/ssl/caseway", "/usr"}) {
        installation.settings.data = data;
        start();
        BOOST_TEST(faultOf([&] { open("")->check(); }).parts().code == "folder_not_allowed", data);
    }
}

BOOST_AUTO_TEST_CASE(not_started_without_protection) {
    installation.settings.run_as.clear();
    installation.settings.same_user_allowed = false;
    start();
    const ConnectorFault fault = faultOf([&] { open("")->check(); });
    BOOST_TEST(fault.parts().code == "connector_unprotected");
    BOOST_TEST((fault.kind() == ConnectorFaultKind::Config));
}

/// `caseway doctor` has other rights than the unit of systemd: its own said nothing of the gateway.
BOOST_AUTO_TEST_CASE(may_run_by_the_rights_of_the_process_that_starts_them) {
    if (::geteuid() != 0) return;
    PluginSettings settings = installation.settings;
    settings.run_as = "nobody";
    BOOST_TEST(protectionsOf(settings, {1, true}).may_run);
    int held[2];
    BOOST_REQUIRE(::pipe(held) == 0);
    const pid_t other = ::fork();
    if (other == 0) {  // without any right, until it is looked at
        __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
        const __user_cap_data_struct none[2] = {};
        ::syscall(SYS_capset, &header, none);
        ::close(held[1]);
        char byte = 0;
        ::_exit(static_cast<int>(::read(held[0], &byte, 1)));
    }
    const auto hasNone = [other] {
        std::ifstream status("/proc/" + std::to_string(other) + "/status");
        for (std::string line; std::getline(status, line);)
            if (line.starts_with("CapEff:")) return line.find_first_not_of("CapEff:\t 0") == std::string::npos;
        return false;
    };
    while (!hasNone()) std::this_thread::yield();
    const ProtectionReport report = protectionsOf(settings, {1, true}, other);
    BOOST_TEST(!report.may_run);
    BOOST_TEST(report.missing.front().starts_with("the gateway may not start processes as nobody"));
    ::close(held[1]);
    ::close(held[0]);
    ::waitpid(other, nullptr, 0);
    const ProtectionReport unknown = protectionsOf(settings, {1, true}, std::nullopt);  // no gateway runs
    BOOST_TEST(unknown.may_run);
    BOOST_TEST(unknown.missing.front().find("is told where it runs") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(each_of_the_kernels_protections_is_needed) {
    for (const char* user : {installation.settings.run_as.c_str(), ""}) {
        PluginSettings settings = installation.settings;
        settings.run_as = user;
        BOOST_TEST(protectionsOf(settings, {1, true}).may_run, user);
        BOOST_TEST(!protectionsOf(settings, {1, false}).may_run, user);
        const ProtectionReport without = protectionsOf(settings, {0, true});
        BOOST_TEST(!without.may_run, user);
        BOOST_TEST(without.missing.back().starts_with("no Landlock"), user);
    }
}

BOOST_AUTO_TEST_SUITE_END()
