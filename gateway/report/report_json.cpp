// gateway/report/report_json.cpp - members in sorted order.
#include "gateway/report/report_json.hpp"

#include <fmt/format.h>

#include "gateway/formats/json/document.hpp"
#include "gateway/formats/run/reconciliation_document.hpp"
#include "gateway/formats/run/run_document.hpp"

namespace caseway {
namespace {

/// Members of one object, in the order in which they are given.
class Members {
public:
    explicit Members(std::string& out) : out_(out) { out_ += '{'; }
    ~Members() { out_ += '}'; }
    Members(const Members&) = delete;
    Members& operator=(const Members&) = delete;

    std::string& value(std::string_view name) {
        if (out_.back() != '{') out_ += ',';
        appendJsonString(name, out_);
        return out_ += ':';
    }
    void text(std::string_view name, std::string_view text) { appendJsonString(text, value(name)); }
    void textIfAny(std::string_view name, std::string_view text) {
        if (!text.empty()) this->text(name, text);
    }
    void number(std::string_view name, std::uint64_t number) { value(name) += std::to_string(number); }
    void truth(std::string_view name, bool is_true) { value(name) += is_true ? "true" : "false"; }
    void time(std::string_view name, const std::optional<Instant>& at, const TimeZone& zone) {
        if (at) text(name, localText(*at, zone));
    }

private:
    std::string& out_;
};

template <class List, class Each>
void appendList(const List& list, std::string& out, Each each) {
    out += '[';
    for (const auto& item : list) {
        if (out.back() != '[') out += ',';
        each(item, out);
    }
    out += ']';
}

void appendExample(const RefusalExample& example, std::string& out) {
    Members members(out);
    members.textIfAny("hint", example.hint);
    members.textIfAny("message", example.message);
    members.textIfAny("payload", example.payload);
    if (example.record != 0) members.number("record", example.record);
    members.textIfAny("value", example.value);
    members.textIfAny("where", example.where);
}

void appendRule(const RuleCount& rule, std::string& out) {
    Members members(out);
    members.text("code", rule.code);
    members.number("count", rule.count);
    appendList(rule.examples, members.value("examples"), appendExample);
    members.textIfAny("rule", rule.rule);
}

void appendVolume(const NightVolume& volume, std::string& out) {
    Members members(out);
    appendList(volume.before, members.value("before"),
               [](std::uint64_t count, std::string& to) { to += std::to_string(count); });
    members.truth("jumped", volume.jumped);
    if (volume.median) members.value("median") += fmt::format("{:g}", *volume.median);
    members.number("read", volume.read);
}

void appendTrouble(const RunTrouble& trouble, std::string& out) {
    Members members(out);
    members.textIfAny("cause", trouble.cause);
    members.text("code", trouble.code);
    members.text("kind", trouble.kind);
    members.textIfAny("message", trouble.message);
    members.textIfAny("next_step", trouble.next_step);
    members.textIfAny("where", trouble.where);
}

void appendBeside(const RunBeside& run, const TimeZone& zone, std::string& out) {
    Members members(out);
    if (run.sides) {
        members.text("agreement", nameOf(run.sides->agreement));
        appendReconcileCounts(run.sides->counts, members.value("compared"));
    }
    if (run.sides) members.textIfAny("doubled_such", run.sides->doubled_such);
    members.time("ended", run.ended, zone);
    members.text("kind", nameOf(run.kind));
    if (run.sides) {
        members.number("left", run.sides->left);
        members.number("marked_before", run.sides->marked_before);
    }
    members.number("payloads_refused", run.payloads_refused);
    if (run.sides) members.number("put_right", run.sides->put_right);
    members.number("read", run.read);
    members.number("refused", run.refused);
    members.number("run", run.number);
    members.time("started", run.started, zone);
    members.text("state", nameOf(run.state));
    if (run.trouble) appendTrouble(*run.trouble, members.value("trouble"));
}

void appendWait(const RunWait& wait, const TimeZone& zone, std::string& out) {
    Members members(out);
    members.time("since", wait.since, zone);
    appendTrouble(wait.trouble, members.value("trouble"));
    members.time("until", wait.until, zone);
}

void appendWaiting(const ConnectorNight& connector, const TimeZone& zone, std::string& out) {
    Members members(out);
    members.number("count", connector.waiting->count);
    members.truth("long", connector.waits_long);
    members.time("since", connector.waiting->since, zone);
}

void appendConnector(const ConnectorNight& connector, const TimeZone& zone, std::string& out) {
    const NightVerdict& verdict = connector.verdict;
    Members members(out);
    if (connector.aside) {
        Members aside(members.value("aside"));
        aside.number("count", connector.aside->count);
        aside.time("since", connector.aside->since, zone);
    }
    members.number("began", verdict.began);
    appendList(connector.beside, members.value("beside"),
               [&](const RunBeside& run, std::string& to) { appendBeside(run, zone, to); });
    members.truth("blackout", verdict.by_blackout);
    if (connector.circuit) {
        Members circuit(members.value("circuit"));
        circuit.text("code", connector.circuit->code);
        circuit.number("failed", connector.circuit->failed);
        circuit.time("until", connector.circuit->until, zone);
    }
    if (connector.compared) appendBeside(*connector.compared, zone, members.value("compared"));
    members.text("connector", connector.connector);
    appendRunCounts(connector.counts, members.value("counts"));
    members.number("done", verdict.done);
    appendList(connector.drift, members.value("drift"), [](const DriftItem& item, std::string& to) {
        Members inner(to);
        inner.text("kind", nameOf(item.kind));
        inner.text("name", item.name);
        inner.number("run", item.run);
    });
    members.textIfAny("doubled_such", connector.counts.doubled_such);
    members.number("due", verdict.due);
    members.time("ended", verdict.ended, zone);
    if (connector.failed_since) appendBeside(*connector.failed_since, zone, members.value("failed_since"));
    members.time("first_began", connector.first_began, zone);
    members.time("last_ended", connector.last_ended, zone);
    members.time("last_good", connector.last_good, zone);
    members.number("never_whole", connector.never_whole);
    members.time("newest", connector.newest, zone);
    members.time("next", connector.next, zone);
    members.number("payloads_tried_again", connector.payloads_tried_again);
    members.time("planned", verdict.planned, zone);
    members.number("records_tried_again", connector.records_tried_again);
    appendList(connector.refusals.rules, members.value("refusals"), appendRule);
    members.number("refusals_not_read", connector.refusals.not_read);
    appendList(connector.runs, members.value("runs"), [](RunNo run, std::string& to) { to += std::to_string(run); });
    if (connector.clock_ahead)
        members.value("source_clock_ahead_seconds") += std::to_string(connector.clock_ahead->count());
    members.time("started", verdict.started, zone);
    members.text("state", nameOf(verdict.state));
    if (verdict.trouble) appendTrouble(*verdict.trouble, members.value("trouble"));
    if (verdict.under_way != 0) members.number("under_way", verdict.under_way);
    appendVolume(connector.volume, members.value("volume"));
    if (connector.wait) appendWait(*connector.wait, zone, members.value("wait"));
    if (connector.waiting) appendWaiting(connector, zone, members.value("waiting"));
}

}  // namespace

std::string jsonOf(const MorningReport& report) {
    std::string json;
    {
        Members members(json);
        members.time("begins", report.night.begin, report.zone);
        appendList(report.departments, members.value("departments"), [&](const auto& department, std::string& out) {
            Members inner(out);
            appendList(department.connectors, inner.value("connectors"),
                       [&](const ConnectorNight& one, std::string& to) { appendConnector(one, report.zone, to); });
            inner.text("department", department.name);
            inner.text("state", nameOf(department.state));
            inner.textIfAny("title", department.title);
        });
        members.time("ends", report.night.end, report.zone);
        members.text("gateway", report.gateway);
        members.truth("is_over", report.is_over);
        members.time("made_at", report.made_at, report.zone);
        members.text("night", textOf(report.night.date));
        appendList(report.unsent, members.value("unsent"), [](const UnsentReport& one, std::string& out) {
            Members inner(out);
            inner.number("attempts", one.attempts);
            inner.text("night", one.night);
            inner.text("way", one.way);
            inner.text("why", one.why);
        });
        members.text("zone", report.zone.name());
    }
    return json;
}

}  // namespace caseway
