// gateway/pipeline/doubled_numbers.cpp - counting, and the note.
#include "gateway/pipeline/doubled_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/mask.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/pipeline/answer_notes.hpp"

namespace caseway {
namespace {

constexpr std::string_view kSuch = ", such as ";
constexpr std::string_view kCarried = "doubled ";
constexpr std::size_t kLeavesKept = 1000, kPagesAtOnce = 100;

/// "3 records, such as H***1 (9)"
Doubled readNote(std::string_view value) {
    Doubled doubled;
    doubled.count = countAtFrontOf(value);
    if (const auto at = value.find(kSuch); at != std::string_view::npos) doubled.such = value.substr(at + kSuch.size());
    return doubled;
}

}  // namespace

std::optional<LogIndex> DoubledNumbers::since() const {
    if (!set_) return std::nullopt;
    return set_->run == 0 ? index_ : std::min(set_->since, index_);
}

void DoubledNumbers::of(const RecordResult& result, Doubled& doubled) {
    if (!result.contradicts || !isOfSet(result.contradicts->leaf)) return;
    if (doubled.count++ == 0) doubled.such = masked(result.contradicts->number);
}

/// Another connector of the system, or the system itself, may have spoken meanwhile.
bool DoubledNumbers::isOfSet(LogIndex leaf) {
    if (leaf == index_) return true;
    if (looked_.size() >= kLeavesKept) looked_.clear();
    const auto [at, is_new] = looked_.try_emplace(leaf, false);
    if (!is_new) return at->second;
    const auto message = reader_.message(leaf);
    if (!message || message->origin != Origin::Pulled) return false;
    const auto envelope = reader_.envelope(leaf);
    const auto pull = envelope ? readStoredPull(envelope->head) : Result<StoredPull>(Refusal{});
    return at->second = pull && pull->head.run == set_->run;
}

std::optional<PulledSet> setOf(StoreReader& reader, RunNo number) {
    const auto row = reader.run(number);
    const auto run = row ? readRun(row->body) : Result<Run>(Refusal{});
    if (!run || run->kind == RunKind::Reconcile) return std::nullopt;
    if (run->kind == RunKind::Retry) return PulledSet{};  // of several nights: each payload by itself
    std::uint64_t after = 0;
    for (auto pages = reader.runPages(number, after, kPagesAtOnce); !pages.empty();
         pages = reader.runPages(number, after, kPagesAtOnce)) {
        for (const RunPageRow& one : pages) {
            const auto page = readRunPage(one.body);
            if (page && !page->messages.empty()) return PulledSet{number, page->messages.front()};
        }
        after = pages.back().page;
    }
    return PulledSet{number, UINT64_MAX};  // from this message on
}

void addNoteOf(const Doubled& doubled, std::vector<Refusal>& notes) {
    if (doubled.count == 0) return;
    notes.push_back({std::string(kNumberDoubled),
                     "payload",
                     fmt::format("{} records{}{}", doubled.count, kSuch, doubled.such),
                     "another record of their number says otherwise, and neither is newer: the last one stands",
                     "ask the department which is right, and for one record of a number",
                     {}});
}

Doubled doubledIn(std::string_view answer) {
    const auto note = noteIn(answer, kNumberDoubled);
    return note ? readNote(*note) : Doubled();
}

std::string carriedOf(const Doubled& doubled) {
    return doubled.count == 0 ? std::string() : fmt::format("{}{}{}{}\n", kCarried, doubled.count, kSuch, doubled.such);
}

Doubled takeCarried(std::string_view& carried) {
    if (!carried.starts_with(kCarried)) return {};
    const std::string_view line = carried.substr(0, carried.find('\n'));
    carried.remove_prefix(std::min(carried.size(), line.size() + 1));
    return readNote(line.substr(kCarried.size()));
}

}  // namespace caseway
