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

bool sameFile(const FileEntry& a, const FileEntry& b) {
    return a.bytes == b.bytes && a.modified_ns == b.modified_ns && a.inode == b.inode && a.names == b.names &&
           a.foreign == b.foreign && b.regular;
}

ConnectorFault changedFault(const std::string& where) {
    return transientFault("file_changed", where, "it changed while it was read, so nothing of it was taken",
                          "let the department write it under another name and rename it, or set a ready-marker");
}

Instant touchedAt(const FileEntry& entry) {
    return Instant{std::chrono::duration_cast<Instant::duration>(std::chrono::nanoseconds(entry.touched_ns))};
}

/// What a department calls otherwise than it was agreed lies there for ever.
std::string passedOver(const Choice& choice, const ExchangeSettings& settings) {
    std::string names;
    for (const std::string& name : choice.passed_over) names += fmt::format(", `{}`", shownName(name));
    return fmt::format("{} fit none of the patterns {}, such as {}", choice.passed_over_count,
                       fmt::join(settings.patterns, ", "), names.substr(2));
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
    std::string found = fmt::format("{} ready, {} waiting, {} that cannot be taken", choice.ready.size(),
                                    choice.waiting.size(), choice.refused.size());
    if (!choice.waiting.empty()) found += "; " + textOf(choice.waiting, settings_);
    if (choice.passed_over_count != 0) found += "; " + passedOver(choice, settings_);
    steps.push_back({"look for files", true, std::move(found)});
    return steps;
}

std::vector<SourceObject> ExchangeFolder::discover() {
    if (settings_.folder.empty()) return {};
    const CallBudget budget = begin();
    const Choice choice = chooseFiles(listing(budget), settings_, now_());
    const std::string example = choice.ready.empty() ? settings_.patterns.front() : choice.ready.front().name;
    return {{settings_.folder, mediaTypeOf(example), choice.ready.size()}};
}

/// Reasons and markers beside them apart. Where it cannot be listed, check() says so: that holds no run.
std::optional<WaitingFiles> ExchangeFolder::filesAside(const CallBudget& budget) {
    if (settings_.error.empty()) return std::nullopt;
    WaitingFiles found;
    try {
        std::size_t seen = 0;
        files_->list(Place::Error, [&](const FileEntry& entry) {
            if (seen % 256 == 0) budget.mustGoOn(files_->describe(Place::Error));
            if (++seen > kEntriesMost) return false;
            if (entry.folder || entry.name.starts_with('.') || isBesideAnother(entry.name, settings_)) return true;
            const Instant since = touchedAt(entry);
            found.since = found.count == 0 ? since : std::min(found.since, since);
            ++found.count;
            return true;
        });
    } catch (const ConnectorFault& fault) {
        if (fault.kind() != ConnectorFaultKind::Config) throw;
        return std::nullopt;
    }
    return found.count == 0 ? std::nullopt : std::optional(found);
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
    const auto behind = std::stable_partition(queue_.begin(), queue_.end(),
                                              [this](const FileEntry& entry) { return !isBroken(entry); });
    std::stable_sort(behind, queue_.end(), [this](const FileEntry& a, const FileEntry& b) {
        return broken_->times(brokenName(a)) < broken_->times(brokenName(b));  // each has its turn
    });
    for (RefusedFile& file : choice.refused)
        if (!known(file.entry)) refused_.push_back(std::move(file));
    waiting_ = choice.waiting.size();
    new_waiting_.reset();
    waiting_such_ = textOf(choice.waiting, settings_);
    for (const auto& [entry, what] : choice.waiting) {
        if (known(entry)) continue;
        const Instant since = touchedAt(entry);
        if (!new_waiting_) new_waiting_ = WaitingFiles{0, since};
        ++new_waiting_->count;
        new_waiting_->since = std::min(new_waiting_->since, since);
    }
    gone_before_ = 0;
    aside_ = filesAside(budget);
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
    bool is_new = areOnlyBrokenLeft() && markRefused(marks);  // they do not wait for what never comes whole
    while (!is_new && !queue_.empty() && files < limits.records && bytes < limits.bytes) {
        if (files > 0 && (budget.stopping() || marks.full() || isBroken(queue_.front()))) break;
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
    if (!is_new && areOnlyBrokenLeft()) is_new = markRefused(marks);
    if (queue_.empty() && !settings_.error.empty()) {
        if (put_aside_ != 0 && files == 0 && !is_new)  // told behind all others
            throw refusedFault(std::exchange(put_aside_, 0), std::exchange(put_aside_names_, {}),
                               "let the department correct them and give them anew; they lie in the error folder");
    } else if (queue_.empty() && files == 0 && !refused_.empty()) {
        throw refusedFault(refused_.size(), refusedNames(),
                           "let the department correct or remove them, or set an error folder");
    }
    const bool is_told = refused_.empty() || (!settings_.error.empty() && !is_new);
    const bool is_last = queue_.empty() && is_told && put_aside_ == 0;
    PageEnd end{.next = marks.cursor(), .last = is_last};
    end.withheld = withheld();
    end.waiting = new_waiting_;
    end.aside = aside_;
    queue_at_ = end.next;
    return end;
}

/// As what lies there is called for all connectors of the type, whatever becomes of its size and time.
std::string ExchangeFolder::brokenName(const FileEntry& entry) const {
    return files_->describe(Place::In) + "/" + entry.name;
}

/// Those that go to the error folder when `marks` is acknowledged; true where there are such.
bool ExchangeFolder::markRefused(ReadMarks& marks) const {
    bool is_new = false;
    if (settings_.error.empty()) return is_new;
    for (const RefusedFile& file : refused_) {
        const std::string mark = markOf(file.entry);
        if (gone_.count(mark) == 0 && !marks.full() && marks.refused.insert(mark).second) is_new = true;
    }
    return is_new;
}

std::string ExchangeFolder::refusedNames() const {
    std::string names;
    for (std::size_t i = 0; i < std::min(refused_.size(), kFilesNamed); ++i)
        names += fmt::format("{}`{}`: {}", i == 0 ? "" : "; ", shownName(refused_[i].entry.name), refused_[i].reason);
    return names;
}

/// Behind all others one broke off again. The run took what can be taken: it is no failure of the source, which would
/// make the schedule rest, and somebody has to look. Tells all else that cannot be taken, for the run ends with it.
ConnectorFault ExchangeFolder::brokenFault(const FileEntry& entry, const ConnectorFault& fault) {
    std::string names = fmt::format("`{}`: its reading broke off in {} calls, now by {}: {}", shownName(entry.name),
                                    broken_->times(brokenName(entry)), fault.parts().code, fault.parts().message);
    const std::size_t behind = queue_.size() - 1;
    if (behind != 0)
        names += fmt::format("; {} broke off before, and {} turn in the next runs",
                             behind == 1 ? std::string("another one") : fmt::format("{} others", behind),
                             behind == 1 ? "has its" : "have their");
    const bool puts_aside = !settings_.error.empty();
    const std::size_t refused = puts_aside ? std::exchange(put_aside_, 0) : refused_.size();
    const std::string more = puts_aside ? std::exchange(put_aside_names_, {}) : refusedNames();
    if (!more.empty()) names += "; " + more;
    return refusedFault(1 + behind + refused, names, fault.parts().next_step);
}

ConnectorFault ExchangeFolder::refusedFault(std::size_t count, const std::string& names, std::string next_step) const {
    return configFault("file_refused", files_->describe(Place::In),
                       fmt::format("{} cannot be taken (the others were read): {}",
                                   count == 1 ? std::string("1 file") : fmt::format("{} files", count), names),
                       std::move(next_step));
}

std::string ExchangeFolder::withheld() const {
    if (waiting_ + refused_.size() + gone_before_ == 0) return {};
    return fmt::format(
        "{} files wait for their marker or are too young, {} cannot be taken, {} were gone before their "
        "turn{}{}",
        waiting_, refused_.size(), gone_before_, waiting_such_.empty() ? "" : ": ", waiting_such_);
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
    const std::string name = brokenName(entry);
    const bool is_broken = broken_->has(name);
    bool is_at_sink = false;
    broken_->add(name);  // until it is whole
    // Neither the word to stop nor what takes the bytes says anything of the file. A call that was left, because it
    // took longer than it may, is stopped, too.
    const auto isExcused = [&] { return is_at_sink || (budget.stopping() && !budget.passed()); };
    try {
        giveBytes(entry, *reader, budget, sink, is_at_sink);
    } catch (const ConnectorFault& fault) {
        if (isExcused()) {
            broken_->excuse(name);
            throw;
        }
        if (!is_broken) throw;
        throw brokenFault(entry, fault);
    } catch (...) {
        if (isExcused()) broken_->excuse(name);
        throw;
    }
    broken_->remove(name);
    return true;
}

/// `is_at_sink`: where it stands when it throws.
void ExchangeFolder::giveBytes(const FileEntry& entry, FileReader& reader, const CallBudget& budget, PageSink& sink,
                               bool& is_at_sink) {
    const auto toSink = [&](auto give) {
        is_at_sink = true;
        give();
        is_at_sink = false;
    };
    const std::string where = files_->describe(Place::In) + "/" + shownName(entry.name);
    toSink([&] { sink.payload({shownName(entry.name), mediaTypeOf(entry.name), 0}); });
    std::uint64_t given = 0;
    for (std::string_view piece = reader.next(); !piece.empty(); piece = reader.next()) {
        budget.mustGoOn(where);
        given += piece.size();
        if (given > entry.bytes) throw changedFault(where);
        toSink([&] { sink.bytes(piece); });
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
