// connectors/sdk/exchange_folder/exchange_folder.cpp - check, discover and read.
#include "connectors/sdk/exchange_folder/exchange_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connectors/sdk/exchange_folder/name_pattern.hpp"
#include "connectors/sdk/faults.hpp"

namespace caseway {
namespace {

constexpr std::size_t kEntriesMost = 200'000;  ///< of one listing, which is held in memory
constexpr std::size_t kRefusedShown = 5;

bool sameFile(const FileEntry& a, const FileEntry& b) {
    return a.bytes == b.bytes && a.modified_ns == b.modified_ns && a.inode == b.inode && a.names == b.names &&
           a.foreign == b.foreign && b.regular;
}

ConnectorFault changedFault(const std::string& where) {
    return transientFault("file_changed", where, "it changed while it was read, so nothing of it was taken",
                          "let the department write it under another name and rename it, or set a ready-marker");
}

}  // namespace

ExchangeFolder::ExchangeFolder(ExchangeSettings settings, ConnectorSurroundings surroundings,
                               std::unique_ptr<FileSide> files, WallClock now, std::shared_ptr<BrokenReads> broken)
    : settings_(std::move(settings)),
      surroundings_(std::move(surroundings)),
      files_(std::move(files)),
      now_(std::move(now)),
      broken_(std::move(broken)) {}

CallBudget ExchangeFolder::begin() {
    CallBudget budget(surroundings_);
    files_->begin(budget);
    return budget;
}

std::vector<FileEntry> ExchangeFolder::listing(const CallBudget& budget) {
    std::vector<FileEntry> entries;
    files_->list(Place::In, [&](FileEntry entry) {
        if (entries.size() % 256 == 0) budget.mustGoOn(files_->describe(Place::In));
        if (entries.size() >= kEntriesMost)
            throw configFault("folder_too_full", files_->describe(Place::In),
                              fmt::format("more than {} entries", kEntriesMost),
                              "let old files be removed, or split the exchange into several folders");
        if (isEntryName(entry.name)) entries.push_back(std::move(entry));
        return true;
    });
    return entries;
}

std::vector<CheckStep> ExchangeFolder::check() {
    const CallBudget budget = begin();
    std::vector<Place> places;
    if (!settings_.folder.empty()) places.push_back(Place::In);
    if (!settings_.archive.empty()) places.push_back(Place::Archive);
    if (!settings_.error.empty()) places.push_back(Place::Error);
    if (!settings_.out.empty()) places.push_back(Place::Out);
    std::vector<CheckStep> steps = files_->check(places);
    if (settings_.folder.empty() || (!steps.empty() && !steps.back().good)) return steps;
    const Choice choice = chooseFiles(listing(budget), settings_, now_());
    steps.push_back({"look for files", true,
                     fmt::format("{} ready, {} waiting, {} that cannot be taken", choice.ready.size(),
                                 choice.waiting.size(), choice.refused.size())});
    return steps;
}

std::vector<SourceObject> ExchangeFolder::discover() {
    if (settings_.folder.empty()) return {};
    const CallBudget budget = begin();
    const Choice choice = chooseFiles(listing(budget), settings_, now_());
    const std::string example = choice.ready.empty() ? settings_.patterns.front() : choice.ready.front().name;
    return {{settings_.folder, mediaTypeOf(example), choice.ready.size()}};
}

/// Fills queue_ and refused_ with what `marks` does not know; takes out of `marks` what no longer lies there.
void ExchangeFolder::lookAround(const CallBudget& budget, ReadMarks& marks) {
    queue_.clear();
    refused_.clear();
    given_.clear();
    gone_.clear();
    Choice choice = chooseFiles(listing(budget), settings_, now_());
    ReadMarks there;
    const auto known = [&](const FileEntry& entry) {
        const std::string mark = markOf(entry);
        if (marks.read.count(mark) != 0) there.read.insert(mark);
        if (marks.refused.count(mark) != 0) there.refused.insert(mark);
        return marks.knows(mark);
    };
    for (FileEntry& entry : choice.ready)
        if (!known(entry)) queue_.push_back(std::move(entry));
    std::stable_partition(queue_.begin(), queue_.end(),
                          [&](const FileEntry& entry) { return !broken_->has(markOf(entry)); });
    for (RefusedFile& file : choice.refused)
        if (!known(file.entry)) refused_.push_back(std::move(file));
    waiting_ = choice.waiting.size();
    new_waiting_.reset();
    for (const FileEntry& entry : choice.waiting) {
        if (known(entry)) continue;
        const Instant since{std::chrono::duration_cast<Instant::duration>(std::chrono::nanoseconds(entry.touched_ns))};
        if (!new_waiting_) new_waiting_ = WaitingFiles{0, since};
        ++new_waiting_->count;
        new_waiting_->since = std::min(new_waiting_->since, since);
    }
    gone_before_ = 0;
    marks = std::move(there);
}

PageEnd ExchangeFolder::read(const Cursor& from, const PageLimits& limits, PageSink& sink) {
    if (settings_.folder.empty()) throw notDone("no folder to read is set", "set folder");
    ReadMarks marks = ReadMarks::of(from);
    const CallBudget budget = begin();
    for (const std::string& mark : gone_) marks.read.erase(mark), marks.refused.erase(mark);
    if (from.empty() || from != queue_at_ || marks.full()) lookAround(budget, marks);
    queue_at_.clear();  // until this page is whole

    std::uint64_t bytes = 0;
    std::uint32_t files = 0;
    while (!queue_.empty() && files < limits.records && bytes < limits.bytes) {
        if (files > 0 && (budget.stopping() || marks.full() || broken_->has(markOf(queue_.front())))) break;
        if (files > 0 && budget.left() < surroundings_.deadline / 2) break;  // over a slow line a page has fewer files
        budget.mustGoOn(files_->describe(Place::In));
        if (marks.full())
            throw configFault("too_many_files_kept", files_->describe(Place::In),
                              fmt::format("{} files that were read still lie there", ReadMarks::kMost),
                              "set an archive folder, or let the department take away what is older");
        const FileEntry entry = queue_.front();
        if (give(entry, budget, sink)) {
            const std::string mark = markOf(entry);
            marks.read.insert(mark);
            given_.emplace(mark, entry);
            bytes += entry.bytes;
            ++files;
        }
        queue_.pop_front();
    }
    bool is_new = false;
    if (queue_.empty() && !settings_.error.empty()) {
        for (const RefusedFile& file : refused_) {
            const std::string mark = markOf(file.entry);
            if (gone_.count(mark) == 0 && !marks.full() && marks.refused.insert(mark).second) is_new = true;
        }
        if (put_aside_ != 0 && files == 0 && !is_new)  // told behind all others
            throw refusedFault(std::exchange(put_aside_, 0), std::exchange(put_aside_names_, {}),
                               "let the department correct them and give them anew; they lie in the error folder");
    } else if (queue_.empty() && files == 0 && !refused_.empty()) {
        std::string names;
        for (std::size_t i = 0; i < std::min(refused_.size(), kRefusedShown); ++i)
            names +=
                fmt::format("{}`{}`: {}", i == 0 ? "" : "; ", shownName(refused_[i].entry.name), refused_[i].reason);
        throw refusedFault(refused_.size(), names, "let the department correct or remove them, or set an error folder");
    }
    const bool is_told = refused_.empty() || (!settings_.error.empty() && !is_new);
    const bool is_last = queue_.empty() && is_told && put_aside_ == 0;
    PageEnd end{.next = marks.cursor(), .last = is_last};
    end.withheld = withheld();
    end.waiting = new_waiting_;
    queue_at_ = end.next;
    return end;
}

ConnectorFault ExchangeFolder::refusedFault(std::size_t count, const std::string& names, std::string next_step) const {
    return configFault("file_refused", files_->describe(Place::In),
                       fmt::format("{} files cannot be taken, all others were: {}", count, names),
                       std::move(next_step));
}

std::string ExchangeFolder::withheld() const {
    if (waiting_ + refused_.size() + gone_before_ == 0) return {};
    return fmt::format(
        "{} files wait for their marker or are too young, {} cannot be taken, {} were gone before their "
        "turn",
        waiting_, refused_.size(), gone_before_);
}

/// False where the file is not there any more, is another by now, or may not be read.
bool ExchangeFolder::give(const FileEntry& entry, const CallBudget& budget, PageSink& sink) {
    std::unique_ptr<FileReader> reader;
    try {
        reader = files_->open(Place::In, entry.name);
    } catch (const ConnectorFault& fault) {
        if (fault.kind() != ConnectorFaultKind::Config) throw;
        refused_.push_back({entry, fault.parts().message});  // one file's rights do not hold the rest
        return false;
    }
    if (reader == nullptr || !sameFile(entry, reader->entry())) {
        ++gone_before_;
        return false;
    }
    const std::string mark = markOf(entry);
    broken_->add(mark);  // until it is whole
    giveBytes(entry, *reader, budget, sink);
    broken_->remove(mark);
    return true;
}

void ExchangeFolder::giveBytes(const FileEntry& entry, FileReader& reader, const CallBudget& budget, PageSink& sink) {
    const std::string where = files_->describe(Place::In) + "/" + shownName(entry.name);
    sink.payload({shownName(entry.name), mediaTypeOf(entry.name), 0});
    std::uint64_t given = 0;
    for (std::string_view piece = reader.next(); !piece.empty(); piece = reader.next()) {
        budget.mustGoOn(where);
        given += piece.size();
        if (given > entry.bytes) throw changedFault(where);
        sink.bytes(piece);
    }
    if (given != entry.bytes || !sameFile(entry, reader.entry())) throw changedFault(where);
}

std::string ExchangeFolder::mediaTypeOf(const std::string& name) const {
    if (!settings_.media_type.empty()) return settings_.media_type;
    if (name.ends_with(".json") || name.ends_with(".JSON")) return "application/json";
    if (name.ends_with(".xml") || name.ends_with(".XML")) return "application/xml";
    return "application/octet-stream";
}

}  // namespace caseway
