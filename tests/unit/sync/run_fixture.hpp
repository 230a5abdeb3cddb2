// tests/unit/sync/run_fixture.hpp - a source in memory that goes wrong as told, and a ledger that keeps what it is
// given.
#pragma once

#include <deque>
#include <map>
#include <set>

#include "gateway/base/fault.hpp"
#include "gateway/sync/sync_run.hpp"

namespace caseway::fixture {

/// What kill -9 does, as far as the run can see.
struct Killed {};

inline ConnectorFault transientFault() {
    return ConnectorFault(ConnectorFaultKind::Transient, {"source_down", "host", "no answer", "wait"});
}

/// Records "0" … as single payloads; the cursor is the number of the next one.
class NumberSource final : public Connector {
public:
    std::size_t records = 0;
    std::size_t page = 3;
    std::uint64_t counts = 1;                       ///< that it tells of each payload
    std::deque<std::function<void()>> before_read;  ///< each called once, in order; may throw
    std::function<void(PageEnd&)> mend = [](PageEnd&) {};
    std::vector<Cursor> reads, acknowledged;
    bool judges_absence = false;  ///< as it was asked last

    std::vector<CheckStep> check() override { return {}; }
    std::vector<SourceObject> discover() override { return {}; }
    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override {
        judges_absence = limits.judges_absence;
        reads.push_back(from);
        std::size_t at = from.empty() ? 0 : std::stoul(from);
        const std::size_t end = std::min(records, at + page);
        PageEnd told;
        for (; at < end; ++at) {
            sink.payload({std::to_string(at), "text/plain", counts});
            sink.bytes(std::to_string(at));
            ++told.records;
            if (told.records == 2) interrupt();
        }
        if (told.records < 2) interrupt();
        told.next = std::to_string(end);
        told.last = end == records;
        told.source_total = records;
        mend(told);
        return told;
    }
    void acknowledge(const Cursor& durable) override { acknowledged.push_back(durable); }
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>&) override { return {}; }

private:
    void interrupt() {
        if (before_read.empty()) return;
        const auto what = before_read.front();
        before_read.pop_front();
        what();
    }
};

/// Keeps the texts of all payloads; every record is new.
class TextLedger final : public RunLedger {
public:
    std::vector<std::string> texts, parked, too_large;
    std::set<std::string> poisoned, refused;  ///< texts that cannot be applied, that no mapping takes
    std::set<std::string> unseen;             ///< texts in which the mapping finds no record
    std::optional<std::uint64_t> passed_over = 0;
    std::set<std::string> killing;  ///< texts that kill the process whenever they are taken
    bool kills_as_a_page = false;   ///< and not when they are tried alone
    std::size_t poisonings = 0;
    std::map<std::string, Cursor> cursors;
    std::map<RunNo, Run> runs;
    int settled = 0;
    RefusalCodes codes;
    std::optional<Instant> newest;
    std::function<void()> before_take = [] {}, before_recount = [] {};

    Cursor cursorOf(const std::string& connector) override { return cursors[connector]; }
    std::optional<Run> unfinished(const std::string& connector) override {
        for (const auto& [number, run] : runs)
            if (run.connector == connector && !run.ended_at) return run;
        return std::nullopt;
    }
    Run begin(Run run) override {
        if (run.number == 0) run.number = runs.size() + 1;
        return runs[run.number] = run;
    }
    std::unique_ptr<PulledBody> newBody() override { return std::make_unique<Text>(); }
    void rehearse(const Run&, const PulledPage& page, std::size_t part) override {
        const auto& payload = page.payloads[part];
        if (!kills_as_a_page && killing.contains(static_cast<Text&>(*payload.body).text)) throw Killed();
    }
    PageTaken take(const Run& run, PulledPage& page) override {
        before_take();
        for (const PulledPayload& payload : page.payloads)
            if (!payload.parked && killing.contains(static_cast<Text&>(*payload.body).text)) throw Killed();
        PageTaken taken;
        for (std::size_t part = 0; part < page.payloads.size(); ++part)
            if (!page.payloads[part].parked && poisoned.contains(static_cast<Text&>(*page.payloads[part].body).text)) {
                ++poisonings;
                throw PayloadFault(Fault(FaultCode::StoreCorrupt, "poisoned"), part);
            }
        for (const PulledPayload& payload : page.payloads) {
            const std::string& text = static_cast<Text&>(*payload.body).text;
            if (payload.too_large_for) {
                too_large.push_back(payload.head.name + " " + std::to_string(payload.body->size()) + text);
                ++taken.counts.payloads_refused;
                ++taken.counts.payloads;
                continue;
            }
            if (payload.parked) {
                parked.push_back(text + " " + payload.parked->code);
                ++taken.counts.parked;
                ++taken.counts.payloads_refused;
                ++taken.counts.payloads;
                continue;
            }
            texts.push_back(text);
            ++taken.counts.payloads;
            if (unseen.contains(text)) continue;
            taken.counts.records.add(refused.contains(text) ? RecordOutcome::Refused : RecordOutcome::New);
            ++taken.counts.read;
        }
        taken.counts.source_says = page.source_says;
        cursors[run.connector] = page.next;
        runs[run.number].pages = page.number;
        runs[run.number].kills = {};
        runs[run.number].gave = run.gave;
        runs[run.number].counts.add(taken.counts);
        return taken;
    }
    std::optional<PageTaken> recount(const Run& run, const std::function<bool()>& stopping) override {
        before_recount();
        if (stopping && stopping()) return std::nullopt;
        return PageTaken{.counts = runs[run.number].counts, .messages = {}, .passed_over = passed_over};
    }
    RefusalCodes refusalCodes(const Run&) override { return codes; }
    std::optional<Instant> newestTime() override { return newest; }
    bool settle(Run&, const Patience& patience) override {
        ++settled;
        return !patience.halted();
    }
    Run end(Run run) override { return runs[run.number] = run; }

private:
    struct Text final : PulledBody {
        std::string text;
        std::uint64_t bytes = 0;
        bool is_dropped = false;
        void write(std::string_view piece) override {
            bytes += piece.size();
            if (!is_dropped) text += piece;
        }
        std::uint64_t size() const override { return bytes; }
        void drop() override { text.clear(), is_dropped = true; }
        std::string identity() override { return "of " + text; }
    };
};

class FixedClock final : public Clock {
public:
    Instant time{std::chrono::hours(500'000)};
    Instant now() const override { return time; }
};

/// Runs that nobody stops, with no wait between attempts.
struct Undisturbed {
    NumberSource source;
    TextLedger ledger;
    FixedClock clock;
    RunOrder order{"housing/permits/outbox", SystemId::parse("housing/permits").value()};

    Run run() {
        SyncRun::Parts parts{source, ledger, clock, [](std::chrono::milliseconds) { return true; }};
        return SyncRun(std::move(parts)).carryOut(order);
    }
};

}  // namespace caseway::fixture
