// gateway/cli/sync_runs.cpp - begins runs in the gateway and watches them; what ran is read from the store, with or
// without a gateway.
#include "gateway/cli/sync_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iostream>

#include "gateway/base/counted.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/base/peoples_time.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/cli/run_text.hpp"
#include "gateway/cli/sync_watch.hpp"
#include "gateway/daemon/data_folder_lock.hpp"
#include "gateway/daemon/report_source.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/daemon/sync_endpoints.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/register/connector_view.hpp"
#include "gateway/register/near_registered.hpp"
#include "gateway/sync/run_trouble.hpp"

namespace caseway {
namespace {

struct SyncArguments {
    std::vector<std::string> connectors;
    std::string connector, since;
    std::uint64_t run = 0;
    std::size_t limit = 20;
    bool full = false, dry = false, no_wait = false, reconcile = false, pages = false;
    std::string repair, vanished_at_most;
};

/// The code of the refusal, which is told; empty where it was taken. `members`: of the order, all of them texts.
std::string orderRefused(CommandContext& context, const std::vector<std::pair<std::string, std::string>>& members) {
    std::string body = "{";
    for (const auto& [name, value] : members) {
        if (body.size() > 1) body += ',';
        appendJsonString(name, body);
        body += ':';
        appendJsonString(value, body);
    }
    const AdminAnswer answer = askSync(context, "POST", "/admin/v1/sync", body + '}');
    if (answer.status == 200) return {};
    const Refusal refusal = problemIn(answer);
    tellRefusal(context, refusal);
    return refusal.code;
}

/// All that are live.
std::vector<std::string> activeConnectors(const CommandContext& context) {
    const AdminAnswer answer = askSync(context, "GET", "/admin/v1/sync");
    JsonTree tree;
    const auto list = parseJson(answer.body, JsonLimits{}, tree);
    std::vector<std::string> names;
    for (std::uint32_t i = 0; list && i < (*list)->count; ++i)
        if (textIn((*list)->items[i], "state") != "held") names.push_back(textIn((*list)->items[i], "connector"));
    return names;
}

/// The number behind which the connector's new run has its own. An unfinished run is taken up again: that one is
/// watched.
RunNo numberBefore(const CommandContext& context, const std::string& connector) {
    const auto last = lastRunOf(StoredInstallation(context.settings()).reader(), connector);
    return !last ? 0 : last->ended_at ? last->number : last->number - 1;
}

void watchOrLeave(const SyncArguments& arguments, CommandContext& context, const std::map<std::string, RunNo>& before,
                  const std::map<std::string, std::string>& refused = {}) {
    if (!arguments.no_wait) return watchRuns(context, before, refused);
    for (const auto& [connector, number] : before) say("begun: " + connector + "; caseway sync status shows it");
}

void runNow(const SyncArguments& arguments, CommandContext& context) {
    const auto chosen = arguments.connectors.empty() ? activeConnectors(context) : arguments.connectors;
    if (chosen.empty()) return say("no connector is active: caseway connector list");
    const RunKind kind = arguments.full             ? RunKind::Full
                         : !arguments.since.empty() ? RunKind::Since
                         : arguments.reconcile      ? RunKind::Reconcile
                                                    : RunKind::Next;
    std::map<std::string, RunNo> before;
    std::vector<std::string> dry;
    std::map<std::string, std::string> refused;
    for (const std::string& connector : chosen) {
        if (before.contains(connector) || refused.contains(connector)) continue;  // named twice
        const RunNo number = numberBefore(context, connector);
        std::vector<std::pair<std::string, std::string>> order{
            {"action", "start"}, {"connector", connector}, {"kind", std::string(nameOf(kind))}};
        if (!arguments.since.empty()) order.emplace_back("since", arguments.since);
        if (arguments.dry) order.emplace_back("dry", "true");
        if (!arguments.repair.empty()) order.emplace_back("repair", arguments.repair);
        if (!arguments.vanished_at_most.empty()) order.emplace_back("vanished_at_most", arguments.vanished_at_most);
        if (const std::string code = orderRefused(context, order); !code.empty()) {
            refused.emplace(connector, code);
            continue;
        }
        before.emplace(connector, number);
        dry.push_back(connector);
    }
    if (arguments.dry) return watchDryRuns(context, dry, refused);
    watchOrLeave(arguments, context, before, refused);
}

void retry(const SyncArguments& arguments, CommandContext& context) {
    const auto row = StoredInstallation(context.settings()).reader().run(arguments.run);
    const RunNo number = row ? numberBefore(context, row->connector) : 0;
    if (!orderRefused(context, {{"action", "retry"}, {"run", std::to_string(arguments.run)}}).empty()) return;
    if (row) watchOrLeave(arguments, context, {{row->connector, number}});
}

void cancel(const SyncArguments& arguments, CommandContext& context) {
    if (orderRefused(context, {{"action", "cancel"}, {"connector", arguments.connector}}).empty())
        say("cancelled: it ends behind the page that it is at");
}

/// A member that is a time, as people read it; empty where there is none.
std::string timeIn(const JsonValue& object, std::string_view name) {
    const std::string text = textIn(object, name);
    const auto time = parseRfc3339(text);
    return time ? peoplesTime(*time) : text;
}

/// What it waits for, since when, until when, and what to do.
std::string waitText(const JsonValue& wait) {
    const std::string where = textIn(wait, "where"), message = textIn(wait, "message"),
                      next = textIn(wait, "next_step");
    return fmt::format("  tries again at {} after {}{}{}{}{}, and has since {}\n{}", timeIn(wait, "until"),
                       textIn(wait, "code"), where.empty() ? "" : ", ", shownLine(where), message.empty() ? "" : ": ",
                       shownLine(message), timeIn(wait, "since"),
                       next.empty() ? "" : "  next step: " + shownLine(next) + "\n");
}

void status(const SyncArguments&, CommandContext& context) {
    const AdminAnswer answer = askSync(context, "GET", "/admin/v1/sync");
    if (context.json) {
        std::cout << answer.body << "\n";
        return;
    }
    JsonTree tree;
    const auto list = parseJson(answer.body, JsonLimits{}, tree);
    if (!list || (*list)->type != JsonValue::Type::Array)
        throw Fault(FaultCode::NetworkUnavailable, "the gateway's answer is no list", "look at the gateway's log");
    StoredInstallation installation(context.settings());
    for (std::uint32_t i = 0; i < (*list)->count; ++i) {
        const JsonValue& one = (*list)->items[i];
        const std::string connector = textIn(one, "connector");
        if (const JsonValue* const held = one.find("held")) {
            people() << fmt::format("{:<32} held     {}\n  {}\n", connector, textIn(*held, "rule"),
                                    textIn(*held, "hint"));
            continue;
        }
        const std::string next = timeIn(one, "next");
        people() << fmt::format("{:<32} {:<8} next {}\n", connector, textIn(one, "state"),
                                next.empty() ? "on demand" : next);
        if (const JsonValue* const circuit = one.find("circuit"))
            people() << fmt::format("  circuit {} until {}: failed runs in a row: {}, the last with {}\n",
                                    textIn(*circuit, "state"), timeIn(*circuit, "until"), circuit->find("failed")->text,
                                    textIn(*circuit, "code"));
        if (const JsonValue* const wait = one.find("wait")) people() << waitText(*wait);
        const auto last = lastRunOf(installation.reader(), connector);
        if (last) people() << lineOf(*last, SystemClock().now()) << "\n" << whyOf(*last);
        if (last && tookNothing(*last))
            people() << fmt::format("  partial: nothing was taken, {} {} refused; next step: {}\n",
                                    counted(last->counts.read, "record"), wasOrWere(last->counts.read),
                                    nextOfRefused(*last));
        if (last && last->counts.parked != 0)
            people() << fmt::format("  {} parked: caseway sync retry {}\n", last->counts.parked, last->number);
    }
    for (const UnsentReport& one : unsentReports(context.settings(), installation.reader()))
        people() << fmt::format("morning report of {} not sent by {}, {}: {}; caseway doctor\n", one.night, one.way,
                                counted(one.attempts, "attempt"), shownLine(one.why));
    if ((*list)->count == 0) say("no connector is active: caseway connector list");
}

/// A row says `running` until its run ended, also where the process that wrote it died: whether anybody is at work the
/// folder's lock tells.
void asTheyStand(const CommandContext& context, std::vector<RunRow>& rows) {
    const bool are_open = std::any_of(rows.begin(), rows.end(), [](const RunRow& row) { return !row.ended; });
    if (!are_open || isServed(context.settings())) return;
    for (RunRow& row : rows)
        if (auto run = row.ended ? Result<Run>(Refusal{}) : readRun(row.body))
            row.body = jsonOf(interrupted(*std::move(run)));
}

void history(const SyncArguments& arguments, CommandContext& context) {
    StoredInstallation installation(context.settings());
    auto rows = installation.reader().runs(arguments.connector, 0, arguments.limit);
    asTheyStand(context, rows);
    if (rows.empty() && !arguments.connector.empty()) {
        const RegisterContent content = readInstalledRegister(context.settings());
        if (connectorNamed(content, arguments.connector) == nullptr)
            return tellRefusal(context, unknownConnector(content, arguments.connector));
    }
    if (context.json) {
        std::cout << runsJson(rows) << "\n";
        return;
    }
    for (const RunRow& row : rows)
        if (const auto run = readRun(row.body)) people() << lineOf(*run, SystemClock().now()) << "\n" << whyOf(*run);
    if (rows.empty()) say("no run yet: caseway sync run CONNECTOR");
}

void show(const SyncArguments& arguments, CommandContext& context) {
    StoredInstallation installation(context.settings());
    std::vector<RunRow> rows;
    if (auto found = installation.reader().run(arguments.run)) rows.push_back(*std::move(found));
    asTheyStand(context, rows);
    const auto run = rows.empty() ? Result<Run>(Refusal{}) : readRun(rows.front().body);
    if (!run)
        return tellRefusal(
            context,
            {"run_unknown", "run", std::to_string(arguments.run), "the number of a run", "caseway sync history", {}});
    if (context.json) {
        std::cout << rows.front().body << "\n";
    } else {
        const RefusedOfRun refused = refusedOf(installation.reader(), *run);
        const auto wait = run->ended_at || !isServed(context.settings()) ? std::nullopt : waitOf(context, *run);
        people() << describe(*run, SystemClock().now())
                 << (wait ? fmt::format("state now     {}\n", waitLine(*wait)) : std::string())
                 << parkedOf(installation.reader(), *run) << refused.text
                 << nextStepOf(*run, refused.first, wait ? shownLine(wait->trouble.next_step) : std::string());
    }
    if (arguments.pages) tellPages(installation.reader(), *run, context.json, context.json ? std::cout : people());
}

/// What is wrong with it, for CLI11; empty: nothing.
std::string sinceMistake(const std::string& text) {
    if (const auto time = parseRfc3339(text); time && *time > SystemClock().now())
        return text + ": a time that has been; without --since it goes on where reading stands";
    if (isSince(text)) return {};
    return text.substr(0, 40) + ": a time in RFC 3339 as 2026-05-04T00:00:00+08:00, or base64:… of a cursor";
}

std::string nameMistake(const std::string& text) {
    return ConnectorName::parse(text) ? "" : text.substr(0, 200) + ": DEPARTMENT/SYSTEM/NAME of a connector";
}

using Action = void (*)(const SyncArguments&, CommandContext&);

CLI::App* addOne(CLI::App& group, CommandContext& context, const std::string& name, const std::string& what,
                 const std::string& examples, const std::shared_ptr<SyncArguments>& arguments, Action action) {
    CLI::App* const command = group.add_subcommand(name, what);
    addCommonOptions(*command, context, examples);
    command->callback([arguments, &context, action] { action(*arguments, context); });
    return command;
}

}  // namespace

std::string runNumberMistake(const std::string& text) {
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_good = read.ec == std::errc{} && read.ptr == text.data() + text.size() && number > 0;
    return is_good ? "" : text.substr(0, 40) + ": the number of a run, from 1";
}

AdminAnswer askSync(const CommandContext& context, const std::string& method, const std::string& target,
                    const std::string& body) {
    const auto socket = connectAdmin(context.settings());
    if (!socket)
        throw Fault(FaultCode::NetworkUnavailable, "no gateway runs on this data folder",
                    "start it: caseway serve --data DIR");
    return askAdmin(*socket, method, target, body);
}

void addSyncRunCommands(CLI::App& group, CommandContext& context) {
    const auto arguments = std::make_shared<SyncArguments>();
    CLI::App* const run = addOne(group, context, "run", "run connectors now, and show what came",
                                 "  caseway sync run housing/permits/outbox\n"
                                 "  caseway sync run housing/permits/outbox --full\n"
                                 "  caseway sync run housing/permits/outbox --since 2026-05-04T00:00:00+08:00 --dry\n"
                                 "  caseway sync run housing/permits/outbox --reconcile --repair none\n"
                                 "exit codes: 0 every run came to its end, 1 not, 2 usage",
                                 arguments, runNow);
    run->add_option("CONNECTOR", arguments->connectors,
                    "DEPARTMENT/SYSTEM/NAME, one or more; none: all that are active")
        ->check(CLI::Validator(nameMistake, ""));
    CLI::Option* const full =
        run->add_flag("--full", arguments->full, "from the beginning, not from where the last run ended");
    CLI::Option* const since =
        run->add_option("--since", arguments->since,
                        "from where reading stood at this time (RFC 3339), or from base64:… of a cursor")
            ->excludes(full)
            ->check(CLI::Validator(sinceMistake, ""));
    CLI::Option* const dry = run->add_flag("--dry", arguments->dry,
                                           "read, map and count what would be; write nothing, tell the source nothing");
    CLI::Option* const reconcile =
        run->add_flag("--reconcile", arguments->reconcile, "the source's whole set beside ours; its cursor stays")
            ->excludes(full)
            ->excludes(since)
            ->excludes(dry);
    run->add_option("--repair", arguments->repair, "what is put right: none, missing, different or both")
        ->needs(reconcile)
        ->check(CLI::IsMember(std::vector<std::string>(kRepairNames.begin(), kRepairNames.end())));
    run->add_option("--vanished-at-most", arguments->vanished_at_most,
                    "of our live cases at most this share may be marked as vanished within 30 days (default: the "
                    "connector's file, else 5%)")
        ->needs(reconcile)
        ->check([](const std::string& text) {
            return Share::parse(text) ? std::string() : text + ": a share from 0% to 100%, as 5% or 0.5%";
        });
    run->add_flag("--no-wait", arguments->no_wait, "begin them, and return");
    CLI::App* const again =
        addOne(group, context, "retry", "map again what a run kept and could not take; the source is not asked",
               "  caseway sync retry 12\n"
               "What is parked is tried again; what was refused, where the mapping has changed since, or for its time.",
               arguments, retry);
    again->add_option("RUN", arguments->run, "its number")->required()->check(CLI::Validator(runNumberMistake, ""));
    again->add_flag("--no-wait", arguments->no_wait, "begin it, and return");
    addOne(group, context, "cancel", "end a connector's run behind the page that it is at",
           "  caseway sync cancel housing/permits/outbox", arguments, cancel)
        ->add_option("CONNECTOR", arguments->connector, "DEPARTMENT/SYSTEM/NAME")
        ->required()
        ->check(CLI::Validator(nameMistake, ""));
    addOne(group, context, "status", "what runs, what waits, and when each connector runs next",
           "  caseway sync status --json", arguments, status);
    CLI::App* const past =
        addOne(group, context, "history", "the last runs, newest first",
               "  caseway sync history\n  caseway sync history housing/permits/outbox --limit 7", arguments, history);
    past->add_option("CONNECTOR", arguments->connector, "only of this one")->check(CLI::Validator(nameMistake, ""));
    past->add_option("--limit", arguments->limit, "so many runs")->capture_default_str()->check(CLI::Range(1, 1000));
    CLI::App* const shown = addOne(
        group, context, "show", "one run: counts that add up, and what to do where it stopped",
        "  caseway sync show 12\n  caseway sync show 12 --pages\n  caseway sync show 12 --json", arguments, show);
    shown->add_option("RUN", arguments->run, "its number")->required()->check(CLI::Validator(runNumberMistake, ""));
    shown->add_flag("--pages", arguments->pages, "and each of its pages: what came of it, which leaves tell it");
}

}  // namespace caseway
