// gateway/report/report_csv.cpp - a table of columns, each with its name and what stands in it.
#include "gateway/report/report_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace caseway {
namespace {

/// Also in full width: spreadsheets take these for the same.
bool beginsFormula(std::string_view text) {
    constexpr std::string_view kWide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};  // =+-@
    return (!text.empty() && std::string_view("=+-@\t\r\n|").find(text.front()) != std::string_view::npos) ||
           std::any_of(std::begin(kWide), std::end(kWide),
                       [&](std::string_view sign) { return text.starts_with(sign); });
}

std::string cell(std::string_view text) {
    std::string out = "\"";
    if (beginsFormula(text)) out += '\'';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out + '"';
}

/// What a cell may be made of.
struct Row {
    const MorningReport& report;
    const DepartmentNight& department;
    const ConnectorNight& one;

    const NightVerdict& verdict() const { return one.verdict; }
    const RecordCounts& records() const { return one.counts.records; }
    std::string time(const std::optional<Instant>& at) const {
        return at ? localText(*at, report.zone) : std::string();
    }
    /// Of the last reconciliation, where there was one.
    template <class Figure>
    std::string found(Figure figure) const {
        return one.compared && one.compared->sides ? fmt::format("{}", figure(*one.compared->sides)) : std::string();
    }
    std::string counted(std::uint64_t ReconcileCounts::*count) const {
        return found([count](const BothSides& sides) { return sides.counts.*count; });
    }
};

/// "; " between what `text` gives of each.
template <class List, class Text>
std::string joined(const List& list, Text text) {
    std::string all;
    for (const auto& item : list) all += (all.empty() ? "" : "; ") + text(item);
    return all;
}

std::string yesNo(bool is_so) {
    return is_so ? "yes" : "no";
}

std::string countText(const std::optional<std::uint64_t>& count) {
    return count ? std::to_string(*count) : std::string();
}

/// "retry 12 done"
std::string besideName(const RunBeside& run) {
    return fmt::format("{} {} {}", nameOf(run.kind), run.number, nameOf(run.state));
}

struct Column {
    std::string_view name;
    std::string (*text)(const Row& row);
};

const Column kColumns[] = {
    {"night", [](const Row& row) { return textOf(row.report.night.date); }},
    {"department", [](const Row& row) { return row.department.name; }},
    {"title", [](const Row& row) { return row.department.title; }},
    {"connector", [](const Row& row) { return row.one.connector; }},
    {"state", [](const Row& row) { return std::string(nameOf(row.verdict().state)); }},
    {"planned", [](const Row& row) { return row.time(row.verdict().planned); }},
    {"started", [](const Row& row) { return row.time(row.verdict().started); }},
    {"ended", [](const Row& row) { return row.time(row.verdict().ended); }},
    {"read", [](const Row& row) { return std::to_string(row.one.counts.read); }},
    {"new", [](const Row& row) { return std::to_string(row.records().fresh); }},
    {"changed", [](const Row& row) { return std::to_string(row.records().changed); }},
    {"same", [](const Row& row) { return std::to_string(row.records().same); }},
    {"stale", [](const Row& row) { return std::to_string(row.records().stale); }},
    {"refused", [](const Row& row) { return std::to_string(row.records().refused); }},
    {"payloads", [](const Row& row) { return std::to_string(row.one.counts.payloads); }},
    {"payloads_refused", [](const Row& row) { return std::to_string(row.one.counts.payloads_refused); }},
    {"source_says", [](const Row& row) { return countText(row.one.counts.source_says); }},
    {"volume_jumped", [](const Row& row) { return yesNo(row.one.volume.jumped); }},
    {"volume_median",
     [](const Row& row) {
         return row.one.volume.median ? fmt::format("{:g}", *row.one.volume.median) : std::string();
     }},
    {"drift", [](const Row& row) { return std::to_string(row.one.drift.size()); }},
    {"newest", [](const Row& row) { return row.time(row.one.newest); }},
    {"last_good", [](const Row& row) { return row.time(row.one.last_good); }},
    {"next", [](const Row& row) { return row.time(row.one.next); }},
    {"trouble", [](const Row& row) { return row.verdict().trouble ? row.verdict().trouble->code : std::string(); }},
    {"next_step",
     [](const Row& row) { return row.verdict().trouble ? row.verdict().trouble->next_step : std::string(); }},
    {"beside",
     [](const Row& row) { return joined(row.one.beside, [](const RunBeside& run) { return besideName(run); }); }},
    {"compared", [](const Row& row) { return row.one.compared ? row.time(row.one.compared->ended) : std::string(); }},
    {"agreement", [](const Row& row) { return row.found([](const BothSides& of) { return nameOf(of.agreement); }); }},
    {"different", [](const Row& row) { return row.counted(&ReconcileCounts::different); }},
    {"missing_here", [](const Row& row) { return row.counted(&ReconcileCounts::missing_here); }},
    {"missing_there", [](const Row& row) { return row.counted(&ReconcileCounts::missing_there); }},
    {"put_right", [](const Row& row) { return row.found([](const BothSides& of) { return of.put_right; }); }},
    {"marked", [](const Row& row) { return row.counted(&ReconcileCounts::marked); }},
    {"left", [](const Row& row) { return row.found([](const BothSides& of) { return of.left; }); }},
    {"failed_since",
     [](const Row& row) { return row.one.failed_since ? besideName(*row.one.failed_since) : std::string(); }},
    {"failed_since_trouble",
     [](const Row& row) {
         const auto& failed = row.one.failed_since;
         return failed && failed->trouble ? failed->trouble->code : std::string();
     }},
    {"waits_for", [](const Row& row) { return row.one.wait ? row.one.wait->trouble.code : std::string(); }},
    {"waits_since", [](const Row& row) { return row.one.wait ? row.time(row.one.wait->since) : std::string(); }},
    {"waits_next_step", [](const Row& row) { return row.one.wait ? row.one.wait->trouble.next_step : std::string(); }},
    {"files_waiting",
     [](const Row& row) { return row.one.waiting ? std::to_string(row.one.waiting->count) : std::string(); }},
    {"files_waiting_since",
     [](const Row& row) { return row.one.waiting ? row.time(row.one.waiting->since) : std::string(); }},
    {"newer_here", [](const Row& row) { return row.counted(&ReconcileCounts::newer_here); }},
    {"deleted_here", [](const Row& row) { return row.counted(&ReconcileCounts::deleted_here); }},
    {"repeated", [](const Row& row) { return row.counted(&ReconcileCounts::repeated); }},
    {"doubled", [](const Row& row) { return row.counted(&ReconcileCounts::doubled); }},
    {"doubled_such", [](const Row& row) { return row.found([](const BothSides& of) { return of.doubled_such; }); }},
    {"not_compared", [](const Row& row) { return row.counted(&ReconcileCounts::not_compared); }},
    {"marked_before", [](const Row& row) { return row.found([](const BothSides& of) { return of.marked_before; }); }},
    {"source_read", [](const Row& row) { return row.counted(&ReconcileCounts::read); }},
    {"ours", [](const Row& row) { return row.counted(&ReconcileCounts::ours); }},
    {"compared_by_run",
     [](const Row& row) { return row.one.compared ? std::to_string(row.one.compared->number) : std::string(); }},
    {"payloads_tried_again", [](const Row& row) { return std::to_string(row.one.payloads_tried_again); }},
    {"records_tried_again", [](const Row& row) { return std::to_string(row.one.records_tried_again); }},
    {"source_clock_ahead_seconds",
     [](const Row& row) { return row.one.clock_ahead ? std::to_string(row.one.clock_ahead->count()) : std::string(); }},
    {"never_whole", [](const Row& row) { return std::to_string(row.one.never_whole); }},
    {"due", [](const Row& row) { return std::to_string(row.verdict().due); }},
    {"began", [](const Row& row) { return std::to_string(row.verdict().began); }},
    {"done", [](const Row& row) { return std::to_string(row.verdict().done); }},
    {"blackout", [](const Row& row) { return yesNo(row.verdict().by_blackout); }},
    {"runs", [](const Row& row) { return joined(row.one.runs, [](RunNo run) { return std::to_string(run); }); }},
    {"first_began", [](const Row& row) { return row.time(row.one.first_began); }},
    {"last_ended", [](const Row& row) { return row.time(row.one.last_ended); }},
    {"volume", [](const Row& row) { return std::to_string(row.one.volume.read); }},
    {"volume_before",
     [](const Row& row) {
         return joined(row.one.volume.before, [](std::uint64_t count) { return std::to_string(count); });
     }},
    {"beside_read",
     [](const Row& row) {
         return joined(row.one.beside,
                       [](const RunBeside& run) { return fmt::format("{}: {}", run.number, run.read); });
     }},
    {"beside_refused",
     [](const Row& row) {
         return joined(row.one.beside,
                       [](const RunBeside& run) { return fmt::format("{}: {}", run.number, run.refused); });
     }},
    {"failed_since_read",
     [](const Row& row) { return row.one.failed_since ? std::to_string(row.one.failed_since->read) : std::string(); }},
    {"failed_since_refused",
     [](const Row& row) {
         return row.one.failed_since ? std::to_string(row.one.failed_since->refused) : std::string();
     }},
    {"waits_until", [](const Row& row) { return row.one.wait ? row.time(row.one.wait->until) : std::string(); }},
    {"files_waiting_long", [](const Row& row) { return yesNo(row.one.waits_long); }},
    {"files_aside",
     [](const Row& row) { return row.one.aside ? std::to_string(row.one.aside->count) : std::string(); }},
    {"files_aside_since",
     [](const Row& row) { return row.one.aside ? row.time(row.one.aside->since) : std::string(); }},
    {"refusals",
     [](const Row& row) {
         return joined(row.one.refusals.rules,
                       [](const RuleCount& rule) { return fmt::format("{} {}", rule.count, rule.code); });
     }},
    {"refusals_not_read", [](const Row& row) { return std::to_string(row.one.refusals.not_read); }},
    {"drift_names",
     [](const Row& row) {
         return joined(row.one.drift,
                       [](const DriftItem& item) { return fmt::format("{} (run {})", item.name, item.run); });
     }},
    {"records_doubled", [](const Row& row) { return std::to_string(row.one.counts.doubled); }},
    {"records_doubled_such", [](const Row& row) { return row.one.counts.doubled_such; }},
    {"department_state", [](const Row& row) { return std::string(nameOf(row.department.state)); }},
    {"beside_payloads_refused",
     [](const Row& row) {
         return joined(row.one.beside,
                       [](const RunBeside& run) { return fmt::format("{}: {}", run.number, run.payloads_refused); });
     }},
    {"failed_since_payloads_refused",
     [](const Row& row) {
         return row.one.failed_since ? std::to_string(row.one.failed_since->payloads_refused) : std::string();
     }},
    {"circuit", [](const Row& row) { return row.one.circuit ? row.one.circuit->code : std::string(); }},
    {"circuit_failed",
     [](const Row& row) { return row.one.circuit ? std::to_string(row.one.circuit->failed) : std::string(); }},
    {"circuit_until", [](const Row& row) { return row.one.circuit ? row.time(row.one.circuit->until) : std::string(); }},
};

}  // namespace

std::string csvOf(const MorningReport& report) {
    std::string csv = "\xEF\xBB\xBF";
    for (const Column& column : kColumns) csv += (&column == kColumns ? "" : ",") + std::string(column.name);
    csv += "\r\n";
    forEachConnector(report, [&](const DepartmentNight& department, const ConnectorNight& one) {
        const Row row{report, department, one};
        for (const Column& column : kColumns) csv += (&column == kColumns ? "" : ",") + cell(column.text(row));
        csv += "\r\n";
    });
    return csv;
}

}  // namespace caseway
