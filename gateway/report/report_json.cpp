// gateway/report/report_json.cpp - members in sorted order.
#include "gateway/report/report_json.hpp"

#include <fmt/format.h>

#include <algorithm>

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
    members.time("ended", run.ended, zone);
    members.text("kind", nameOf(run.kind));
    if (run.sides) {
        members.number("left", run.sides->left);
        members.number("put_right", run.sides->put_right);
    }
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

/// "retry 12 done; reconcile 13 partial"
std::string besideText(const ConnectorNight& connector) {
    std::string text;
    for (const RunBeside& run : connector.beside)
        text += fmt::format("{}{} {} {}", text.empty() ? "" : "; ", nameOf(run.kind), run.number, nameOf(run.state));
    return text;
}

void appendConnector(const ConnectorNight& connector, const TimeZone& zone, std::string& out) {
    const NightVerdict& verdict = connector.verdict;
    Members members(out);
    members.number("began", verdict.began);
    appendList(connector.beside, members.value("beside"),
               [&](const RunBeside& run, std::string& to) { appendBeside(run, zone, to); });
    members.truth("blackout", verdict.by_blackout);
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
    members.number("due", verdict.due);
    members.time("ended", verdict.ended, zone);
    if (connector.failed_since) appendBeside(*connector.failed_since, zone, members.value("failed_since"));
    members.time("last_good", connector.last_good, zone);
    members.time("newest", connector.newest, zone);
    members.time("next", connector.next, zone);
    members.time("planned", verdict.planned, zone);
    appendList(connector.refusals.rules, members.value("refusals"), appendRule);
    members.number("refusals_not_read", connector.refusals.not_read);
    appendList(connector.runs, members.value("runs"), [](RunNo run, std::string& to) { to += std::to_string(run); });
    members.time("started", verdict.started, zone);
    members.text("state", nameOf(verdict.state));
    if (verdict.trouble) appendTrouble(*verdict.trouble, members.value("trouble"));
    appendVolume(connector.volume, members.value("volume"));
    if (connector.wait) appendWait(*connector.wait, zone, members.value("wait"));
    if (connector.waiting) appendWaiting(connector, zone, members.value("waiting"));
}

/// Also in full width: spreadsheets take these for the same.
bool beginsFormula(std::string_view text) {
    constexpr std::string_view kWide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};  // =+-@
    return (!text.empty() && std::string_view("=+-@\t\r\n|").find(text.front()) != std::string_view::npos) ||
           std::any_of(std::begin(kWide), std::end(kWide),
                       [&](std::string_view sign) { return text.starts_with(sign); });
}

/// A cell that a spreadsheet would take for a formula begins with an apostrophe.
std::string cell(std::string_view text) {
    std::string out = "\"";
    if (beginsFormula(text)) out += '\'';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out + '"';
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

std::string csvOf(const MorningReport& report) {
    std::string csv =
        "\xEF\xBB\xBF"
        "night,department,title,connector,state,planned,started,ended,read,new,changed,same,stale,refused,payloads,"
        "payloads_refused,source_says,volume_jumped,volume_median,drift,newest,last_good,next,trouble,next_step,"
        "beside,compared,agreement,different,missing_here,missing_there,put_right,marked,left,"
        "failed_since,failed_since_trouble,waits_for,waits_since,waits_next_step,files_waiting,files_waiting_since\r\n";
    const auto time = [&](const std::optional<Instant>& at) {
        return at ? localText(*at, report.zone) : std::string();
    };
    forEachConnector(report, [&](const DepartmentNight& department, const ConnectorNight& one) {
        const RunCounts& counts = one.counts;
        const RecordCounts& records = counts.records;
        const NightVerdict& verdict = one.verdict;
        const bool is_compared = one.compared && one.compared->sides;
        const auto& failed = one.failed_since;
        const BothSides sides = is_compared ? *one.compared->sides : BothSides();
        const auto found = [&](std::uint64_t count) { return is_compared ? std::to_string(count) : std::string(); };
        const std::string cells[] = {
            textOf(report.night.date),
            department.name,
            department.title,
            one.connector,
            std::string(nameOf(verdict.state)),
            time(verdict.planned),
            time(verdict.started),
            time(verdict.ended),
            std::to_string(counts.read),
            std::to_string(records.fresh),
            std::to_string(records.changed),
            std::to_string(records.same),
            std::to_string(records.stale),
            std::to_string(records.refused),
            std::to_string(counts.payloads),
            std::to_string(counts.payloads_refused),
            counts.source_says ? std::to_string(*counts.source_says) : "",
            one.volume.jumped ? "yes" : "no",
            one.volume.median ? fmt::format("{:g}", *one.volume.median) : "",
            std::to_string(one.drift.size()),
            time(one.newest),
            time(one.last_good),
            time(one.next),
            verdict.trouble ? verdict.trouble->code : "",
            verdict.trouble ? verdict.trouble->next_step : "",
            besideText(one),
            is_compared ? time(one.compared->ended) : "",
            std::string(is_compared ? nameOf(sides.agreement) : ""),
            found(sides.counts.different),
            found(sides.counts.missing_here),
            found(sides.counts.missing_there),
            found(sides.put_right),
            found(sides.counts.marked),
            found(sides.left),
            failed ? fmt::format("{} {} {}", nameOf(failed->kind), failed->number, nameOf(failed->state)) : "",
            failed && failed->trouble ? failed->trouble->code : "",
            one.wait ? one.wait->trouble.code : "",
            one.wait ? time(one.wait->since) : "",
            one.wait ? one.wait->trouble.next_step : "",
            one.waiting ? std::to_string(one.waiting->count) : "",
            one.waiting ? time(one.waiting->since) : ""};
        std::string line;
        for (const std::string& text : cells) line += (line.empty() ? "" : ",") + cell(text);
        csv += line + "\r\n";
    });
    return csv;
}

}  // namespace caseway
