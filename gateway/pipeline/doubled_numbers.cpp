// gateway/pipeline/doubled_numbers.cpp - counting, and the note.
#include "gateway/pipeline/doubled_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "gateway/base/mask.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/pipeline/answer_notes.hpp"

namespace caseway {
namespace {

constexpr std::string_view kSuch = ", such as ";
constexpr std::string_view kCarried = "doubled ";

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
    const auto first = set_->leaves ? set_->leaves->first() : std::nullopt;
    return std::min({first.value_or(index_), set_->page_from.value_or(index_), index_});
}

void DoubledNumbers::of(const RecordResult& result, Doubled& doubled) {
    if (!result.contradicts || !isOfSet(result.contradicts->leaf)) return;
    if (doubled.count++ == 0) doubled.such = masked(result.contradicts->number);
}

/// Another connector of the system, or the system itself, may have spoken meanwhile.
bool DoubledNumbers::isOfSet(LogIndex leaf) {
    if (leaf == index_) return true;
    if (!set_->leaves) return false;
    if (set_->page_from) return (leaf >= *set_->page_from && leaf < index_) || set_->leaves->contains(leaf);
    // Of a large payload the run may be pages further than it was as the payload was begun.
    if (leaf >= set_->leaves->end()) set_->leaves->readOn(reader_);
    return set_->leaves->contains(leaf);
}

std::optional<PulledSet> setOf(const Run& run, std::shared_ptr<SetLeaves> leaves) {
    if (run.kind == RunKind::Reconcile) return std::nullopt;
    if (run.kind == RunKind::Retry) return PulledSet{};  // of several nights: each payload by itself
    return PulledSet{std::move(leaves), {}};
}

std::optional<PulledSet> setOf(StoreReader& reader, RunNo number, std::uint64_t page) {
    const auto row = reader.run(number);
    const auto run = row ? readRun(row->body) : Result<Run>(Refusal{});
    if (!run) return std::nullopt;
    auto leaves = std::make_shared<SetLeaves>(number, page);
    if (takesFromSource(run->kind)) leaves->readOn(reader);
    return setOf(*run, std::move(leaves));
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
