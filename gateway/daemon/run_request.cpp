// gateway/daemon/run_request.cpp - requests against rows.
#include "gateway/daemon/run_request.hpp"

#include <fmt/format.h>

#include "gateway/base/base64.hpp"
#include "gateway/domain/next_steps.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/pipeline/kept_payloads.hpp"

namespace caseway {
namespace {

constexpr std::size_t kRunsAtOnce = 200;
constexpr std::string_view kBase64 = "base64:";

Refusal refusalOf(std::string code, std::string where, std::string value, std::string rule, std::string hint) {
    return {std::move(code), std::move(where), std::move(value), std::move(rule), std::move(hint), {}};
}

Refusal sinceUnknown(const LiveConnector& live, const std::string& since, std::string rule) {
    return refusalOf("since_unknown", "since", since, std::move(rule),
                     namedStep("caseway sync run --full reads everything", live.name.text(), 0));
}

/// Of `base64:…`, where it can be one.
std::optional<Cursor> cursorIn(const std::string& since) {
    const auto cursor =
        since.starts_with(kBase64) ? fromBase64(std::string_view(since).substr(kBase64.size())) : std::nullopt;
    return !cursor || cursor->empty() || cursor->size() > kCursorBytesMax ? std::nullopt : cursor;
}

/// A finished run of this connector whose payloads are to be tried again.
Result<Done> judgeRetry(StoreReader& reader, const BodyOpener& open_body, const LiveConnector& live, RunNo of) {
    const auto row = reader.run(of);
    const std::string number = std::to_string(of);
    if (!row || row->connector != live.name.text() || !row->ended)
        return refusalOf("run_unknown", "run", number, "a run of this connector that has ended",
                         "caseway sync history " + live.name.text());
    const auto mapping = mappingOf(live);
    if (!mapping) return mapping.error();
    if (KeptPayloads(reader, open_body, of, mapping->mapping->spec().version).any()) return Done{};
    return refusalOf(
        "nothing_to_retry", "run", number,
        "nothing of it is parked, and what was refused was refused by the mapping as it is now and not for its time",
        fmt::format("mend the mapping: caseway mapping add DIR; then caseway connector test {0} --run {1}, "
                    "caseway connector activate {0}, and try again",
                    live.name.text(), of));
}

}  // namespace

std::optional<Run> unfinishedRunOf(StoreReader& reader, std::string_view connector) {
    for (const RunRow& row : reader.unfinishedRuns()) {
        if (row.connector != connector) continue;
        if (auto run = readRun(row.body)) return std::move(run).value();
    }
    return std::nullopt;
}

std::vector<Run> lastRunsOf(StoreReader& reader, std::string_view connector, std::size_t limit) {
    std::vector<Run> runs;
    for (const RunRow& row : reader.runs(connector, 0, limit))
        if (auto run = readRun(row.body)) runs.push_back(std::move(run).value());
    return runs;
}

bool isSince(const std::string& text) {
    return parseRfc3339(text) || cursorIn(text);
}

Result<Cursor> cursorSince(StoreReader& reader, const LiveConnector& live, const std::string& since) {
    const auto time = parseRfc3339(since);
    if (!time) {
        const auto cursor = cursorIn(since);
        if (!cursor)
            return sinceUnknown(live, since.substr(0, 40),
                                "a time in RFC 3339, or base64:… of a cursor of at most 64 KiB");
        return *cursor;
    }
    // The first run that began at that time or later says where reading stood then.
    std::optional<Run> first;
    bool is_earlier = false;
    for (RunNo before = 0; !is_earlier;) {
        const auto rows = reader.runs(live.name.text(), before, kRunsAtOnce);
        for (const RunRow& row : rows) {
            auto run = readRun(row.body);
            if (!run) return sinceUnknown(live, since, "the row of a run cannot be read");
            is_earlier = run->started_at < *time;
            if (is_earlier) break;
            if (run->kind != RunKind::Retry && run->kind != RunKind::Reconcile) first = std::move(run).value();
        }
        if (rows.size() < kRunsAtOnce) break;
        before = rows.back().number;
    }
    if (!first) return reader.cursor(live.cursorName()).value_or(Cursor());  // nothing was read since
    if (first->reads != live.cursorName())
        return sinceUnknown(live, since,
                            fmt::format("run {} of that time does not say where reading stood: it read with "
                                        "other settings, or its cursor was too long to keep",
                                        first->number));
    return first->stood;
}

Result<Done> judgeRequest(StoreReader& reader, const BodyOpener& open_body, const LiveConnector& live,
                          const RunRequest& request, Cursor& from) {
    const bool goes_on = request.kind == RunKind::Next && !request.dry;
    if (const auto run = goes_on ? std::nullopt : unfinishedRunOf(reader, live.name.text()))
        return refusalOf(
            "run_unfinished", "connector", live.name.text(),
            fmt::format("its run {} ({}) is unfinished", run->number, nameOf(run->kind)),
            fmt::format("caseway sync run {0} goes on with it; caseway sync cancel {0} ends it", live.name.text()));
    if (request.kind == RunKind::Retry) return judgeRetry(reader, open_body, live, request.of);
    if (request.kind != RunKind::Since) return Done{};
    auto cursor = cursorSince(reader, live, request.since);
    if (!cursor) return cursor.error();
    from = std::move(*cursor);
    return Done{};
}

}  // namespace caseway
