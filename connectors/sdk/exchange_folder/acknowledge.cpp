// connectors/sdk/exchange_folder/acknowledge.cpp - what was read goes to the archive, what cannot be taken to the error
// folder: each by one rename, never over another file, and only if it is still the file that was read.
#include <fmt/format.h>

#include "connectors/sdk/exchange_folder/exchange_folder.hpp"
#include "connectors/sdk/exchange_folder/name_pattern.hpp"
#include "connectors/sdk/faults.hpp"

namespace caseway {
namespace {

constexpr int kNamesTried = 100;
constexpr std::size_t kNamesTold = 5;

ConnectorFault nameFullFault(const std::string& where, const std::string& name) {
    return configFault("archive_full_of_name", where,
                       fmt::format("{} names like `{}` are taken", kNamesTried, shownName(name)),
                       "empty the archive folder");
}

}  // namespace

void ExchangeFolder::acknowledge(const Cursor& durable) {
    const ReadMarks marks = ReadMarks::of(durable);
    const bool archives = !settings_.archive.empty() && !marks.read.empty();
    const bool puts_aside = !settings_.error.empty() && !marks.refused.empty();
    if (settings_.folder.empty() || (!archives && !puts_aside)) return;
    const CallBudget budget = begin();

    std::vector<std::pair<std::string, FileEntry>> found;
    const auto wanted = [&](const std::string& mark) {
        return gone_.count(mark) == 0 &&
               ((archives && marks.read.count(mark) != 0) || (puts_aside && marks.refused.count(mark) != 0));
    };
    std::size_t known = 0;
    for (const auto& [mark, entry] : given_)
        if (wanted(mark)) found.emplace_back(mark, entry), ++known;
    std::size_t all = 0;
    for (const auto* list : {&marks.read, &marks.refused})
        for (const std::string& mark : *list) all += wanted(mark) ? 1 : 0;
    if (known < all) {  // a fresh connector, or files that were put aside: the names must be looked up
        found.clear();
        for (FileEntry& entry : listing(budget)) {
            std::string mark = markOf(entry);
            if (wanted(mark)) found.emplace_back(std::move(mark), std::move(entry));
        }
    }
    for (const auto& [mark, entry] : found) {
        budget.mustGoOn(files_->describe(Place::In));
        const bool bad = marks.refused.count(mark) != 0;
        const auto now = now_();
        const Told told = bad ? tellWhy(entry, now) : Told{};
        setAside(entry.name, mark, bad ? Place::Error : Place::Archive, now, told.number);
        if (bad && ++put_aside_ <= kNamesTold)
            put_aside_names_ +=
                fmt::format("{}`{}`: {}", put_aside_ == 1 ? "" : "; ", shownName(entry.name), told.reason);
        gone_.insert(mark);
    }
}

/// A text beside the file, before it is moved: so that no file lies in the error folder without one. Under the first
/// number that neither a file has nor the reason of another one, which its department may have left there.
ExchangeFolder::Told ExchangeFolder::tellWhy(const FileEntry& entry, std::chrono::system_clock::time_point now) {
    const std::string reason = whyNotTaken(entry, settings_).value_or("it could not be opened");
    const std::string text = fmt::format("{}: not taken by the gateway: {}\n", shownName(entry.name), reason);
    const std::string stem = entry.name.size() <= 200 ? entry.name : markOf(entry);
    for (int number = 0; number < kNamesTried; ++number) {
        if (files_->look(Place::Error, nameNumber(entry.name, number, now))) continue;
        const std::string target = nameNumber(stem + std::string(kReasonEnding), number, now);
        // The same text is of a call that ended before the file was moved: one a night must not come to lie there.
        if (files_->create(Place::Error, target, text) || stands(Place::Error, target, text)) return {reason, number};
    }
    throw nameFullFault(files_->describe(Place::Error), entry.name);
}

bool ExchangeFolder::stands(Place place, const std::string& name, std::string_view text) {
    const std::unique_ptr<FileReader> reader = files_->open(place, name);
    if (reader == nullptr || reader->entry().bytes != text.size()) return false;
    for (std::string_view piece = reader->next(); !piece.empty(); piece = reader->next()) {
        if (!text.starts_with(piece)) return false;
        text.remove_prefix(piece.size());
    }
    return text.empty();
}

/// `tried`: the first number of its name.
void ExchangeFolder::setAside(const std::string& name, const std::string& mark, Place to,
                              std::chrono::system_clock::time_point now, int tried) {
    const auto place = [&](const std::string& what, int number) -> std::string {
        for (; number < kNamesTried; ++number) {
            const std::string target = nameNumber(what, number, now);
            const FileSide::Moved moved = files_->move(Place::In, what, to, target);
            if (moved == FileSide::Moved::Done) return target;
            if (moved == FileSide::Moved::Gone) return "";
        }
        throw nameFullFault(files_->describe(to), what);
    };
    const std::optional<FileEntry> there = files_->look(Place::In, name);
    if (!there || markOf(*there) != mark) return;  // gone, or another document by that name: it will be read
    // The marker goes first: one that stays behind would call the next file of that name ready while it grows.
    if (!settings_.marker.empty()) place(markerOf(name, settings_.marker), 0);
    const std::string target = place(name, tried);
    if (target.empty()) return;
    FileEntry moved = files_->look(to, target).value_or(FileEntry{});
    moved.name = name;
    if (markOf(moved) == mark) return;
    // Another file took the name between the look and the move: back with it, for nobody has read it.
    if (files_->move(to, target, Place::In, name) != FileSide::Moved::Done)
        throw systemFault("unread_file_archived", files_->describe(to) + "/" + shownName(target),
                          "it replaced a file in the moment when that was archived, and was not read",
                          "move it back into the folder by hand");
}

}  // namespace caseway
