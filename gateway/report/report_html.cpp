// gateway/report/report_html.cpp - the page, from top to bottom.
#include "gateway/report/report_html.hpp"

#include <fmt/format.h>

#include "gateway/report/attention.hpp"
#include "gateway/report/html_text.hpp"
#include "gateway/report/report_pictures.hpp"

namespace caseway {
namespace {

constexpr std::string_view kStyle = R"(
:root{color-scheme:light}
body{font:15px/1.5 "Noto Sans","Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;
  color:#1b2430;background:#fff;margin:1.5rem auto;max-width:80rem;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:1.6rem 0 .4rem;border-bottom:2px solid #d7dde5}
p.when{color:#55606e;margin:.1rem 0 1rem}
table{border-collapse:collapse;width:100%;margin:.3rem 0}
th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;border-bottom:1px solid #e6eaf0}
th{font-weight:600;color:#55606e;font-size:.85rem}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.t{white-space:nowrap}
tr.department td{background:#f3f6fa;font-weight:600;padding-left:.4rem}
.state{display:inline-block;padding:0 .5rem;border-radius:.6rem;white-space:nowrap;border:1px solid #8b96a5;background:#eef1f5}
.on_time{background:#dff3e4;border-color:#3f8f57}.late{background:#fff1d0;border-color:#b98200}
.partial{background:#ffe0cc;border-color:#c05a12}.absent{background:#ffd9d9;border-color:#b3261e}
.running,.waiting{background:#dfeaff;border-color:#3b6fc4}
.tiles{display:flex;flex-wrap:wrap;gap:.6rem;margin:.8rem 0}
.tile{border:1px solid;border-radius:.5rem;padding:.3rem .9rem}.tile b{display:block;font-size:1.5rem;line-height:1.2}
ul.attention{list-style:none;margin:.3rem 0;padding:0}
ul.attention li{border-left:.35rem solid #b98200;padding:.15rem .7rem;margin:.35rem 0}ul.attention li.bad{border-color:#b3261e}
code{font-family:"DejaVu Sans Mono",monospace;font-size:.85em;overflow-wrap:anywhere}small{color:#55606e}
svg text{font-size:12px;fill:#1b2430}svg.counts{width:100%;height:auto;max-width:56rem}
.new{fill:#2f7d4f}.changed{fill:#3b6fc4}.same{fill:#b9c3cf}.stale{fill:#8f7cc3}.refused{fill:#c0392b}
.before{fill:#b9c3cf}.tonight{fill:#3b6fc4}.jumped{fill:#c0392b}.median{stroke:#55606e;stroke-dasharray:2 2}
@media print{body{margin:0;max-width:none;font-size:11px}h2{break-after:avoid}tr,li{break-inside:avoid}
  *{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
)";

class Page {
public:
    Page(const MorningReport& report, ReportLanguage language) : report_(report), words_(wordsOf(language)) {}

    std::string write() {
        head();
        tiles();
        attention();
        table();
        out_ += countsPicture(report_, words_);
        refusals();
        drift();
        return std::move(out_) + "</body>\n</html>\n";
    }

private:
    std::string time(const std::optional<Instant>& at) const { return escapedHtml(shortTime(at, report_, words_)); }
    /// "2026-11-25 12:00"
    std::string minute(Instant at) const { return localText(at, report_.zone).replace(10, 1, " ").substr(0, 16); }
    std::string state(NightState state) const {
        return fmt::format(R"(<span class="state {}">{}</span>)", nameOf(state), words_.of(state));
    }

    void head() {
        const std::string title = fmt::format("{} {}", words_.title, textOf(report_.night.date));
        out_ += fmt::format(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{} · "
            "{}</title>\n<style>{}</style>\n</head>\n"
            "<body>\n<h1>{} <small>{}</small></h1>\n",
            words_.tag, title, escapedHtml(report_.gateway), kStyle, title, escapedHtml(report_.gateway));
        out_ += fmt::format("<p class=\"when\">{} – {} ({}) · {} {}{}</p>\n", minute(report_.night.begin),
                            minute(report_.night.end), escapedHtml(report_.zone.name()), words_.made,
                            minute(report_.made_at), report_.is_over ? "" : fmt::format(" · <b>{}</b>", words_.so_far));
    }

    void tiles() {
        std::array<std::size_t, kNightStateNames.size()> counts{};
        RunCounts all;
        forEachConnector(report_, [&](const auto&, const ConnectorNight& one) {
            ++counts[static_cast<std::size_t>(one.verdict.state)];
            all.add(one.counts);
        });
        out_ += "<div class=\"tiles\">";
        for (std::size_t i = counts.size(); i-- > 0;)
            if (counts[i] != 0)
                out_ += fmt::format(R"(<div class="tile {}"><b>{}</b>{}</div>)", kNightStateNames[i], counts[i],
                                    words_.states[i]);
        out_ += fmt::format(R"(<div class="tile"><b>{}</b>{}</div><div class="tile"><b>{}</b>{}</div></div>)", all.read,
                            words_.read, all.records.refused, words_.refused);
        out_ += '\n';
    }

    void attention() {
        const auto lines = attentionOf(report_, words_);
        out_ += fmt::format("<h2>{}</h2>\n", words_.attention);
        if (lines.empty()) {
            out_ += fmt::format("<p>{}</p>\n", nothingOf(report_, words_));
            return;
        }
        out_ += "<ul class=\"attention\">";
        for (const AttentionLine& line : lines) {
            out_ += fmt::format("<li{}><b>{}</b>: {}", line.is_bad ? " class=\"bad\"" : "", escapedHtml(line.connector),
                                escapedHtml(line.what));
            if (!line.next_step.empty())
                out_ += fmt::format("<br><small>{}: {}</small>", words_.next_step, escapedHtml(line.next_step));
            out_ += "</li>\n";
        }
        out_ += "</ul>\n";
    }

    void table() {
        out_ += fmt::format(
            "<h2>{}</h2>\n<p><small>{}</small></p>\n<table>\n<tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th>",
            words_.counts, words_.sums, words_.connector, words_.state, words_.planned, words_.ran);
        for (const std::string_view name :
             {words_.read, words_.fresh, words_.changed, words_.same, words_.stale, words_.refused, words_.source_says})
            out_ += fmt::format("<th class=\"n\">{}</th>", name);
        for (const std::string_view name :
             {words_.both_sides, words_.volume, words_.newest, words_.last_good, words_.next})
            out_ += fmt::format("<th>{}</th>", name);
        out_ += "</tr>\n";
        for (const DepartmentNight& department : report_.departments) {
            out_ += fmt::format("<tr class=\"department\"><td colspan=\"16\">{} {} {}</td></tr>\n",
                                escapedHtml(department.title), escapedHtml(department.name), state(department.state));
            for (const ConnectorNight& one : department.connectors) row(one);
        }
        out_ += "</table>\n";
    }

    void row(const ConnectorNight& one) {
        const NightVerdict& verdict = one.verdict;
        const RecordCounts& records = one.counts.records;
        std::string beside;
        for (const RunBeside& run : one.beside)
            beside += fmt::format("<br><small>{}</small>", escapedHtml(textOf(run, report_, words_)));
        if (one.waiting)
            beside += fmt::format("<br><small>{}</small>", escapedHtml(textOf(*one.waiting, report_, words_)));
        if (one.aside)
            beside += fmt::format("<br><small>{}</small>", escapedHtml(textOfAside(*one.aside, report_, words_)));
        if (one.failed_since)
            beside += fmt::format("<br><small>{}: {}</small>", words_.failed_since,
                                  escapedHtml(textOf(*one.failed_since, report_, words_)));
        if (one.wait)
            beside += fmt::format("<br><small>{}: {}</small>", escapedHtml(textOf(*one.wait, report_, words_)),
                                  escapedHtml(one.wait->trouble.code));
        out_ += fmt::format(
            "<tr><td class=\"t\"><code>{}</code></td><td>{}{}{}</td><td class=\"t\">{}</td><td class=\"t\">{}{}</td>",
            escapedHtml(one.connector.substr(one.connector.find('/') + 1)), state(verdict.state),
            verdict.by_blackout ? fmt::format("<br><small>{}</small>", words_.blackout) : "", beside,
            time(verdict.planned), time(verdict.started), verdict.ended ? "–" + time(verdict.ended) : "");
        for (const std::uint64_t count :
             {one.counts.read, records.fresh, records.changed, records.same, records.stale, records.refused})
            out_ += fmt::format("<td class=\"n\">{}</td>", count);
        if (one.runs.size() > 1) {
            const std::string_view end = "</td>";
            const std::string times = fmt::format("<br><small>{}</small>", timesOf(one, report_, words_));
            out_.insert(out_.size() - end.size(), times);
        }
        out_ += fmt::format(
            "<td class=\"n\">{}</td><td>{}</td><td>{}</td><td class=\"t\">{}</td><td class=\"t\">{}</td><td "
            "class=\"t\">{}</td></tr>\n",
            verdict.began != 0 ? sourceSays(one, words_) : std::string(),
            one.compared ? sides(*one.compared) : std::string(words_.none), volumePicture(one.volume, words_),
            time(one.newest), one.last_good ? time(one.last_good) : std::string(words_.never), time(one.next));
    }

    std::string sides(const RunBeside& run) const {
        return fmt::format("{}<br><small>{}</small>", words_.of(run.sides->agreement), time(run.ended));
    }

    void refusals() {
        std::string rows;
        forEachConnector(report_, [&](const auto&, const ConnectorNight& one) {
            for (const RuleCount& rule : one.refusals.rules) rows += ruleRow(one, rule);
            if (one.refusals.not_read != 0)
                rows += fmt::format(
                    "<tr><td class=\"t\"><code>{}</code></td><td class=\"n\">{}</td><td colspan=\"2\">{}</td></tr>\n",
                    escapedHtml(one.connector), one.refusals.not_read, words_.not_read);
        });
        if (rows.empty()) return;
        out_ += fmt::format(
            "<h2>{}</h2>\n<table>\n<tr><th>{}</th><th class=\"n\">{}</th><th>{}</th><th>{}</th></tr>\n{}</table>\n",
            words_.refusals, words_.connector, words_.refused, words_.rule, words_.examples, rows);
    }

    std::string advice(const ConnectorNight& one, std::string_view code) const {
        const std::string advice = ruleAdvice(one, code, words_);
        return advice.empty() ? std::string() : escapedHtml(advice) + "<br>";
    }

    std::string ruleRow(const ConnectorNight& one, const RuleCount& rule) {
        std::string row = fmt::format(
            "<tr><td class=\"t\"><code>{}</code></td><td "
            "class=\"n\">{}</td><td><code>{}</code><br><small>{}{}</small></td><td>",
            escapedHtml(one.connector), rule.count, escapedHtml(rule.code), advice(one, rule.code),
            escapedHtml(rule.rule));
        for (const RefusalExample& example : rule.examples) {
            row += fmt::format("<div>{}", escapedHtml(example.payload));
            if (example.record != 0) row += fmt::format(" {} {}", words_.record, example.record);
            row += fmt::format(": {} <code>{}</code>", escapedHtml(example.where), escapedHtml(example.value));
            row += fmt::format(" <small>{} {}", words_.message, escapedHtml(example.message));
            if (!example.hint.empty()) row += " · " + escapedHtml(example.hint);
            row += "</small></div>";
        }
        return row + "</td></tr>\n";
    }

    void drift() {
        std::string rows;
        forEachConnector(report_, [&](const auto&, const ConnectorNight& one) {
            for (const DriftItem& item : one.drift)
                rows += fmt::format(
                    "<tr><td class=\"t\"><code>{}</code></td><td>{}</td><td><code>{}</code></td><td "
                    "class=\"n\">{}</td></tr>\n",
                    escapedHtml(one.connector), item.kind == DriftKind::Field ? words_.field : words_.code,
                    escapedHtml(item.name), item.run);
        });
        if (rows.empty()) return;
        out_ += fmt::format(
            "<h2>{}</h2>\n<table>\n<tr><th>{}</th><th></th><th></th><th class=\"n\">{}</th></tr>\n{}</table>\n",
            words_.drift, words_.connector, words_.first_seen, rows);
    }

    const MorningReport& report_;
    const ReportWords& words_;
    std::string out_;
};

}  // namespace

std::string htmlOf(const MorningReport& report, ReportLanguage language) {
    return Page(report, language).write();
}

}  // namespace caseway
