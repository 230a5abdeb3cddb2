// gateway/report/tried_again.cpp - a run's refused messages against the mappings of its retries.
#include "gateway/report/tried_again.hpp"

#include <algorithm>
#include <vector>

#include "gateway/formats/run/run_document.hpp"
#include "gateway/log/leaf.hpp"
#include "gateway/log/outcome_lines.hpp"
#include "gateway/log/payload_refusal.hpp"
#include "gateway/sync/run_trouble.hpp"

namespace caseway {
namespace {

constexpr std::size_t kRunsAtOnce = 200, kMostRunsSearched = 5'000;
constexpr std::size_t kPagesAtOnce = 500, kMostMessages = 20'000, kMostRefusals = 10'000;

/// Calls `visit` with each message, until it wants no more.
template <class Visit>
void eachMessage(StoreReader& reader, RunNo run, Visit visit) {
    std::size_t left = kMostMessages;
    for (std::uint64_t after = 0;;) {
        const auto pages = reader.runPages(run, after, kPagesAtOnce);
        if (pages.empty()) return;
        after = pages.back().page;
        for (const RunPageRow& row : pages) {
            const auto page = readRunPage(row.body);
            for (std::size_t i = 0; page && i < page->messages.size(); ++i)
                if (left-- == 0 || !visit(page->messages[i])) return;
        }
    }
}

std::optional<Sha256> versionOf(StoreReader& reader, LogIndex index) {
    const auto text = reader.leaf(index);
    const auto leaf = text ? parseLeaf(*text) : Result<LogEntry>(Refusal{});
    return leaf ? leaf->mapping_version : std::nullopt;
}

/// Whether a record was refused for its time: a retry judges that by its own clock.
bool isForItsTime(StoreReader& reader, LogIndex index) {
    std::uint64_t part = 0;
    while (const auto lines = reader.nextOutcomePart(index, part)) {
        MemorySource source(*lines);
        const auto refusals = refusalsIn(source, kMostRefusals);
        if (std::any_of(refusals.begin(), refusals.end(),
                        [](const Refusal& refusal) { return refusal.code == "time_out_of_bounds"; }))
            return true;
    }
    return false;
}

std::vector<Run> retriesOf(StoreReader& reader, const Run& run) {
    std::vector<Run> retries;
    std::uint64_t before = 0;
    for (std::size_t searched = 0; searched < kMostRunsSearched; searched += kRunsAtOnce) {
        const auto rows = reader.runs(run.connector, before, kRunsAtOnce);
        for (const RunRow& row : rows) {
            if (row.number <= run.number) return retries;
            auto later = readRun(row.body);
            if (later && later->kind == RunKind::Retry && later->of == run.number && isReadThrough(*later))
                retries.push_back(std::move(*later));
        }
        if (rows.size() < kRunsAtOnce) break;
        before = rows.back().number;
    }
    return retries;
}

}  // namespace

TriedAgain triedAgain(StoreReader& reader, const Run& run) {
    TriedAgain tried;
    if (run.counts.records.refused + run.counts.payloads_refused == 0) return tried;
    for (const Run& retry : retriesOf(reader, run)) {
        std::optional<Sha256> version;
        bool has_read = false;
        eachMessage(reader, retry.number, [&](LogIndex index) {
            has_read = true;
            version = versionOf(reader, index);
            return !version;
        });
        if (!has_read) continue;
        eachMessage(reader, run.number, [&](LogIndex index) {
            const auto message = reader.message(index);
            if (!message) return true;
            const std::string code = payloadRefusal(reader, *message);
            if (code.empty() && message->counts.refused == 0) return true;
            const bool is_chosen = isParkedCode(code) || (version && versionOf(reader, index) != version) ||
                                   (message->counts.refused != 0 && isForItsTime(reader, index));
            if (!is_chosen || !tried.messages.insert(index).second) return true;
            tried.records += message->counts.refused;
            tried.payloads += code.empty() ? 0 : 1;
            return true;
        });
    }
    return tried;
}

}  // namespace caseway
