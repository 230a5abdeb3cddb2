// gateway/cli/sync_watch.cpp - looks at the store, or asks the gateway, a few times a second.
#include "gateway/cli/sync_watch.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <iostream>
#include <mutex>

#include "gateway/base/fault.hpp"
#include "gateway/base/peoples_time.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/cli/run_text.hpp"
#include "gateway/cli/sync_runs.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/formats/run/wait_document.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/sync/run_trouble.hpp"

namespace caseway {
namespace {

constexpr int kQuietLooks = 5;
constexpr int kSettleLooks = 500;
constexpr std::chrono::milliseconds kSettle{10};                    ///< a look: most are free again at the second one
constexpr std::chrono::milliseconds kLookSoon{20}, kLookAgain{50};  ///< into the store: at first, and later on
constexpr std::chrono::milliseconds kAskAgain{200};                 ///< the gateway
constexpr int kLooksSoon = 250;
constexpr int kLooksForOneQuestion = 50;
constexpr int kQuestionsForItsEnd = 8;  ///< of a connector that is gone: its run ends behind the page that it is at
constexpr std::size_t kBarWidth = 10;
constexpr std::size_t kNameWidth = 26;

/// Several lines that are written over themselves; nothing where stderr is not a terminal.
class LiveLines {
public:
    explicit LiveLines(bool may_show) : shows_(may_show && ::isatty(STDERR_FILENO) != 0) {}
    ~LiveLines() { show({}); }
    void show(const std::vector<std::string>& lines) {
        if (!shows_) return;
        std::string text;
        if (height_ != 0) text = fmt::format("\033[{}A", height_);
        text += "\r\033[J";
        const std::vector<std::string> fitting = fittingLines(lines, sizeOfTerminal());
        for (const std::string& line : fitting) text += line + "\n";
        height_ = fitting.size();
        std::cerr << text << std::flush;
    }

private:
    static TerminalSize sizeOfTerminal() {
        winsize size{};
        if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
        return {size.ws_col, size.ws_row};
    }
    const bool shows_;
    std::size_t height_ = 0;
};

/// Records of the run's large payloads that are applied so far: a run counts a payload when all of it is.
std::uint64_t appliedOfLarge(StoreReader& reader, const Run& run) {
    std::uint64_t applied = 0;
    for (const LargeRow& row : reader.unfinishedLarge()) {
        const auto envelope = reader.envelope(row.index);
        const auto pull = envelope ? readStoredPull(envelope->head) : Result<StoredPull>(Refusal{});
        if (pull && pull->head.run == run.number) applied += row.counts.total();
    }
    return applied;
}

void rest(std::chrono::milliseconds time) {
    std::mutex mutex;
    std::condition_variable pause;
    std::unique_lock lock(mutex);
    pause.wait_for(lock, time);
}

struct GatewayLine {
    std::string state;
    std::optional<Run> running, dry;
    std::optional<RunWait> wait;
};

/// What the gateway says of each connector that is live.
std::map<std::string, GatewayLine> askStatus(const CommandContext& context) {
    const AdminAnswer answer = askSync(context, "GET", "/admin/v1/sync");
    JsonTree tree;
    const auto list = parseJson(answer.body, JsonLimits{}, tree);
    std::map<std::string, GatewayLine> lines;
    for (std::uint32_t i = 0; list && i < (*list)->count; ++i) {
        const JsonValue& one = (*list)->items[i];
        const auto runIn = [&](std::string_view member) -> std::optional<Run> {
            const JsonValue* const value = one.find(member);
            std::string json;
            if (value != nullptr) appendCanonical(*value, json);
            auto run = readRun(json);
            return run ? std::optional(*run) : std::nullopt;
        };
        const JsonValue* const wait = one.find("wait");
        lines[textIn(one, "connector")] = {textIn(one, "state"), runIn("run"), runIn("dry"),
                                           wait == nullptr ? std::nullopt : readRunWait(*wait)};
    }
    return lines;
}

void tellEnd(CommandContext& context, const Run& run) {
    if (context.json)
        std::cout << jsonOf(run) << "\n";
    else
        people() << describe(run, SystemClock().now()) << "\n";
    if (run.state != RunState::Done || tookNothing(run)) context.exit_code = kRefused;
}

/// What comes behind the end of a run (drift is noted, its thread becomes free) is waited for, a little: whoever asks
/// next sees it. The runs ended, whatever the gateway says now.
void letSettle(const CommandContext& context, const std::map<std::string, Run>& ended) {
    try {
        for (int looks = 0; looks < kSettleLooks; ++looks) {
            const auto lines = askStatus(context);
            const bool is_busy = std::any_of(ended.begin(), ended.end(), [&](const auto& one) {
                const auto line = lines.find(one.first);
                return line != lines.end() && line->second.state == "running";
            });
            if (!is_busy) return;
            rest(kSettle);
        }
    } catch (const Fault&) {
    }
}

constexpr std::string_view kGatewayStopped = "the gateway stopped";
constexpr std::string_view kNoMoreActive = "the connector is not active any more";
constexpr std::string_view kCannotGoOn = "the gateway cannot go on with it now, its log says why";

/// Of a run that nobody carries out any more: as far as it is known, why, and what to do about that.
struct Left {
    std::optional<Run> run;
    std::string why, next{};
    bool is_gone = false;  ///< the connector: suspended or taken out meanwhile, which ends its run
};

Left goneLeft(const std::string& connector) {
    return {{}, std::string(kNoMoreActive), "caseway connector show " + connector, true};
}

/// Nobody is at work on it before the store takes something again: whoever watches need not wait for that.
bool isKeptOut(const GatewayLine& line) {
    return line.state == "waiting" && line.wait && line.wait->trouble.kind == "store";
}

/// Why nothing happens for this connector; nothing while something does, or soon will.
std::optional<Left> standstillOf(const CommandContext& context, const std::string& connector) {
    try {
        const auto status = askStatus(context);
        const auto line = status.find(connector);
        if (line == status.end()) return goneLeft(connector);
        if (line->second.state == "idle") return Left{{}, std::string(kCannotGoOn)};
        if (!isKeptOut(line->second)) return std::nullopt;
        return Left{{}, waitLine(*line->second.wait), line->second.wait->trouble.next_step};
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::NetworkUnavailable) throw;
        return Left{{}, std::string(kGatewayStopped)};
    }
}

/// It was ended for another that begins with the new settings.
bool mayBeFollowed(const Run& run) {
    return run.trouble && run.trouble->code == settingsChanged().code;
}

std::string nextOfNotBegun(const std::string& connector, const std::string& code) {
    if (code == "run_under_way") return "caseway sync status";
    return code == "connector_unknown" ? "caseway connector list" : "caseway connector show " + connector;
}

/// The last lines: what became of each.
void tellResults(CommandContext& context, const std::map<std::string, Run>& ended,
                 const std::map<std::string, Left>& left, const std::map<std::string, std::string>& refused) {
    if (!left.empty() || !refused.empty()) context.exit_code = kRefused;
    std::map<std::string, std::string> lines;
    for (const auto& [connector, run] : ended) lines[connector] = resultOf(connector, run);
    for (const auto& [connector, one] : left) {
        lines[connector] = resultOf(connector, one.run, one.why, one.next);
        if (context.json && one.run) std::cout << jsonOf(*one.run) << "\n";
    }
    // The whole refusal is told above.
    for (const auto& [connector, code] : refused)
        lines[connector] =
            fmt::format("{}: not begun: {}; next step: {}", connector, code, nextOfNotBegun(connector, code));
    if (context.json) return;
    for (const auto& [connector, line] : lines) people() << line << "\n";
}

}  // namespace

std::string waitLine(const RunWait& wait) {
    const RunTrouble& why = wait.trouble;
    return fmt::format("waits since {}, tries again at {}: {}{}{}{}{}", peoplesTime(wait.since),
                       peoplesTime(wait.until), why.code, why.where.empty() ? "" : ", ", shownLine(why.where),
                       why.message.empty() ? "" : ": ", shownLine(why.message));
}

std::optional<Run> lastRunOf(StoreReader& reader, const std::string& connector) {
    const auto rows = reader.runs(connector, 0, 1);
    const auto run = rows.empty() ? Result<Run>(Refusal{}) : readRun(rows.front().body);
    return run ? std::optional(*run) : std::nullopt;
}

std::vector<std::string> fittingLines(const std::vector<std::string>& lines, const TerminalSize& size) {
    std::vector<std::string> fitting;
    const bool fits = lines.size() < size.rows;
    const std::size_t shown = fits ? lines.size() : std::max<std::size_t>(size.rows, 3) - 2;
    for (std::size_t i = 0; i < shown; ++i) fitting.push_back(lines[i].substr(0, size.columns - 1));
    if (!fits) fitting.push_back(fmt::format("… {} more", lines.size() - shown));
    return fitting;
}

std::string progressOf(const std::string& connector, const Run& run, std::uint64_t applied, Instant now) {
    const double seconds = std::max(std::chrono::duration<double>(now - run.started_at).count(), 0.1);
    const std::uint64_t read = run.reconciliation ? run.reconciliation->counts.read : run.counts.read + applied;
    const double rate = static_cast<double>(read) / seconds;
    std::string text = fmt::format("{:<{}} ", connector, kNameWidth);
    // Only of one that reads the whole set does the source's count of it say how far it is.
    const bool is_whole =
        run.kind == RunKind::Full || run.kind == RunKind::Reconcile || (run.kind == RunKind::Next && run.stood.empty());
    const std::uint64_t all = is_whole ? run.counts.source_says.value_or(0) : 0;
    if (all == 0) return text + fmt::format("page {}  {} records  {:.0f}/s", run.pages, read, rate);
    const double part = std::min(1.0, static_cast<double>(read) / static_cast<double>(all));
    const auto full = static_cast<std::size_t>(part * kBarWidth);
    text += fmt::format("[{}{}] {:>3.0f} %  {:.0f}/s", std::string(full, '#'), std::string(kBarWidth - full, '-'),
                        part * 100, rate);
    const double left = rate > 0 && all > read ? static_cast<double>(all - read) / rate : 0;
    if (left > 0) text += fmt::format("  {:.0f} s left", left);
    return text + fmt::format("  {} of {} records", read, all);  // last: where the terminal is narrow it may go
}

std::optional<RunWait> waitOf(const CommandContext& context, const Run& run) {
    try {
        const auto status = askStatus(context);
        const auto line = status.find(run.connector);
        if (line == status.end() || (line->second.running && line->second.running->number != run.number)) return {};
        return line->second.wait;
    } catch (const Fault&) {  // the run is told all the same
        return {};
    }
}

void watchRuns(CommandContext& context, const std::map<std::string, RunNo>& before,
               const std::map<std::string, std::string>& refused) {
    StoredInstallation installation(context.settings());
    LiveLines shown(!context.json);
    std::map<std::string, Run> ended;
    std::map<std::string, Left> left;
    std::map<std::string, int> quiet, gone;  ///< looks since the start; questions since it is gone
    int looks = 0;
    const auto newRunOf = [&](const std::string& connector) {
        const auto run = lastRunOf(installation.reader(), connector);
        return run && run->number > before.at(connector) ? run : std::nullopt;
    };
    while (ended.size() + left.size() < before.size()) {
        std::vector<std::string> lines;
        for (const auto& [connector, last] : before) {
            const auto run = newRunOf(connector);
            if (run && run->ended_at && !mayBeFollowed(*run)) ended.emplace(connector, *run);
            lines.push_back(run ? progressOf(connector, *run,
                                             run->ended_at ? 0 : appliedOfLarge(installation.reader(), *run),
                                             run->ended_at.value_or(SystemClock().now()))
                                : fmt::format("{:<{}} waits", connector, kNameWidth));
        }
        shown.show(lines);
        for (const auto& [connector, last] : before) {
            if (ended.contains(connector) || left.contains(connector)) continue;
            if (++quiet[connector] % kLooksForOneQuestion != 0) continue;
            auto standstill = standstillOf(context, connector);
            if (!standstill) continue;
            const auto run = newRunOf(connector);
            if (run && run->ended_at) {
                ended.emplace(connector, *run);
                continue;
            }
            if (standstill->is_gone && ++gone[connector] < kQuestionsForItsEnd) continue;
            standstill->run = run;
            left.emplace(connector, *std::move(standstill));
        }
        if (ended.size() + left.size() < before.size()) rest(++looks < kLooksSoon ? kLookSoon : kLookAgain);
    }
    letSettle(context, ended);
    shown.show({});
    for (const auto& [connector, run] : ended) tellEnd(context, run);
    tellResults(context, ended, left, refused);
}

void watchDryRuns(CommandContext& context, const std::vector<std::string>& connectors,
                  const std::map<std::string, std::string>& refused) {
    LiveLines shown(!context.json);
    std::map<std::string, Run> ended, seen;
    std::map<std::string, Left> left;
    std::map<std::string, int> quiet;
    const auto leave = [&](const std::string& connector, std::string_view why) {
        const auto run = seen.find(connector);
        left.emplace(connector, Left{run == seen.end() ? std::nullopt : std::optional(run->second), std::string(why)});
    };
    const auto isOver = [&](const std::string& connector) {
        return ended.contains(connector) || left.contains(connector);
    };
    while (ended.size() + left.size() < connectors.size()) {
        std::vector<std::string> lines;
        try {
            const auto status = askStatus(context);
            for (const std::string& connector : connectors) {
                if (isOver(connector)) continue;
                const auto line = status.find(connector);
                if (line == status.end()) {
                    leave(connector, kNoMoreActive);
                } else if (line->second.dry) {
                    ended.emplace(connector, *line->second.dry);
                } else if (line->second.running) {
                    seen[connector] = *line->second.running;
                    lines.push_back(progressOf(connector, seen[connector], 0, SystemClock().now()));
                } else if ((line->second.state == "idle" || isKeptOut(line->second)) &&
                           ++quiet[connector] >= kQuietLooks) {
                    leave(connector, kCannotGoOn);
                }
            }
        } catch (const Fault& fault) {
            if (fault.code() != FaultCode::NetworkUnavailable) throw;
            for (const std::string& connector : connectors)
                if (!isOver(connector)) leave(connector, kGatewayStopped);
        }
        shown.show(lines);
        if (ended.size() + left.size() < connectors.size()) rest(kAskAgain);
    }
    shown.show({});
    if (!context.json) people() << "nothing was written; this is what would be:\n";
    for (const auto& [connector, run] : ended) {
        tellEnd(context, run);
        if (!context.json) people() << partialOf(run);
    }
    for (const auto& [connector, one] : left)
        if (!context.json && one.run) people() << describe(*one.run, SystemClock().now()) << partialOf(*one.run);
    tellResults(context, ended, left, refused);
}

}  // namespace caseway
