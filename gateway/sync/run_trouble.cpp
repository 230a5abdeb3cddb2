// gateway/sync/run_trouble.cpp - codes, words and next steps.
#include "gateway/sync/run_trouble.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "gateway/base/counted.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/sync/refusal_verdict.hpp"

namespace caseway {
namespace {

constexpr std::string_view kGoesOn = "the next run goes on at this page";
constexpr std::string_view kWritesEnd = "start the gateway (caseway serve): it writes the run's end";
constexpr std::string_view kSettingsChanged = "settings_changed", kNotActive = "connector_not_active";

}  // namespace

RunTrouble troubleOf(const ConnectorFault& fault) {
    const ConnectorFault::Parts& parts = fault.parts();
    return {std::string(nameOf(fault.kind())), saidText(parts.code),      saidText(parts.where),
            saidText(parts.message),           saidText(parts.next_step), {}};
}

RunTrouble troubleOf(const std::exception& error) {
    return {"system",
            "connector_failed",
            {},
            saidText(error.what()),
            "look at the operating log; tell the connector's author",
            {}};
}

RunTrouble troubleOfOurs(const Fault& fault) {
    return {"store",
            std::string(nameOf(fault.code())),
            {},
            saidText(fault.what()),
            fault.hint().empty() ? "look at the operating log, then run it again" : saidText(fault.hint()),
            {}};
}

RunTrouble givenUp(const ConnectorFault& fault, unsigned attempts) {
    RunTrouble trouble = troubleOf(fault);
    if (fault.kind() != ConnectorFaultKind::Transient) return trouble;
    trouble.cause = std::exchange(trouble.code, "run_given_up");
    trouble.message = fmt::format("{}{} ended with {}{}{}", counted(attempts, "attempt"), attempts == 1 ? "" : ", each",
                                  trouble.cause, trouble.message.empty() ? "" : ": ", trouble.message);
    trouble.next_step += trouble.next_step.empty() ? "" : "; ";
    trouble.next_step += kGoesOn;
    return trouble;
}

void beginsAnew(RunTrouble& trouble) {
    if (!trouble.next_step.ends_with(kGoesOn)) return;
    trouble.next_step.resize(trouble.next_step.size() - kGoesOn.size());
    trouble.next_step += "run it again: it begins anew, and nothing was marked";
}

RunTrouble givenUpAfterKills(std::uint64_t taken_up, std::uint64_t page) {
    return {"system",
            "run_given_up",
            {},
            fmt::format("the gateway was killed each of {} times at page {}", taken_up, page),
            "look at the operating log and the system's journal; tell it to those who maintain the gateway or the "
            "connector",
            {}};
}

RunTrouble overdue(std::string message) {
    return {"transient",
            "run_overdue",
            {},
            std::move(message),
            "the next run goes on from here; give it a longer window, or let it begin earlier",
            {}};
}

RunTrouble tooLong(std::chrono::seconds longest) {
    return {"transient",
            "run_too_long",
            {},
            fmt::format("no run goes on for more than {} hours, and the source had still more",
                        std::chrono::duration_cast<std::chrono::hours>(longest).count()),
            "the next run goes on from here; look whether the source ever ends (caseway connector test) and, where the "
            "gateway was started again meanwhile, whether its clock was set forward (timedatectl), or raise "
            "sync.longest_run_hours",
            {}};
}

RunTrouble settingsChanged() {
    return {"config",
            std::string(kSettingsChanged),
            {},
            "the connector's settings or its mapping were changed before the run had ended",
            "nothing: the next run begins with the new version; caseway sync run begins it now",
            {}};
}

RunTrouble notActive() {
    return {"config",
            std::string(kNotActive),
            {},
            "suspended or removed before its run had ended",
            "caseway connector list; when it is active again its next run goes on",
            {}};
}

Run interrupted(Run run) {
    if (run.ended_at) return run;
    const bool is_compared = run.kind == RunKind::Reconcile;
    const bool reads_on = run.state == RunState::Running || (is_compared && run.state == RunState::Done);
    if (!reads_on && run.trouble) {  // that is what ended it
        run.trouble->message += run.trouble->message.empty() ? "" : "; ";
        run.trouble->message += "its end is not written yet";
        run.trouble->next_step =
            std::string(kWritesEnd) + (run.trouble->next_step.empty() ? "" : "; ") + run.trouble->next_step;
        return run;
    }
    run.trouble = RunTrouble{"system", "run_interrupted", {}, "it has not ended, and no gateway is at work on it", {}};
    if (!reads_on) {
        run.trouble->message = "it reads no further, and its end is not written yet: no gateway is at work on it";
        run.trouble->next_step = kWritesEnd;
    } else if (is_compared) {
        run.trouble->next_step = "start the gateway (caseway serve): it begins anew";
    } else {
        run.trouble->next_step = fmt::format("start the gateway (caseway serve): it goes on at page {}", run.pages + 1);
    }
    // Whether what was read to its end is whole is judged with the end.
    if (run.state == RunState::Running || run.state == RunState::Done) run.state = RunState::Stopped;
    return run;
}

std::string timeText(std::chrono::seconds time) {
    const auto apart = std::chrono::abs(time).count();
    return apart >= 86400  ? fmt::format("{} d {} h", apart / 86400, apart % 86400 / 3600)
           : apart >= 3600 ? fmt::format("{} h {} min", apart / 3600, apart % 3600 / 60)
                           : fmt::format("{} min {} s", apart / 60, apart % 60);
}

std::string clocksText(std::chrono::seconds ahead) {
    return timeText(ahead) + (ahead.count() < 0 ? " behind ours" : " ahead of ours");
}

Refusal parkedBecause(const Fault& fault) {
    return {std::string(kParkedCode),
            "payload",
            {},
            "it could not be applied: " + saidText(fault.what()),
            "caseway sync retry tries it again; tell it to those who maintain the gateway",
            {}};
}

Refusal parkedForKills(std::uint64_t taken_up) {
    return {std::string(kKillsCode),
            "payload",
            {},
            fmt::format("the gateway was killed each of {} times that it was taken", taken_up),
            "tell it to those who maintain the gateway; a mended one takes it by caseway sync retry",
            {}};
}

bool sawTheEnd(const Run& run) {
    return run.state == RunState::Done ||
           (run.state == RunState::Partial && run.trouble && run.trouble->code != kTooManyRefused);
}

bool isReadThrough(const Run& run) {
    return run.state == RunState::Done ||
           (run.state == RunState::Partial && run.trouble && run.trouble->code == kPayloadRefusedCode);
}

bool isOfPeople(const RunTrouble& trouble) {
    return trouble.code == kSettingsChanged || trouble.code == kNotActive;
}

}  // namespace caseway
