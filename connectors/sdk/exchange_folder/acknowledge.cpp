// connectors/sdk/exchange_folder/acknowledge.cpp - what was read goes to the archive, what cannot be taken to the error
// folder: each by one rename, never over another file, and only if it is still the file that was read.
#include <fmt/format.h>

#include <ctime>

#include "connectors/sdk/exchange_folder/exchange_folder.hpp"
#include "connectors/sdk/exchange_folder/name_pattern.hpp"
#include "connectors/sdk/faults.hpp"

namespace caseway {
namespace {

constexpr int kNamesTried = 100;
constexpr std::size_t kNamesTold = 5;
constexpr std::size_t kNameBytesMost = 255;

/// `x.xml`, then `x.xml.20261125T210000Z`, then `x.xml.20261125T210000Z-2` …
std::string nameNumber(const std::string& name, int tried, std::chrono::system_clock::time_point now) {
    if (tried == 0) return name;
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::string ending = fmt::format(".{:04}{:02}{:02}T{:02}{:02}{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
    if (tried > 1) ending += fmt::format("-{}", tried);
    return name.substr(0, kNameBytesMost - ending.size()) + ending;
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
        const std::string reason = bad ? tellWhy(entry) : std::string();
        setAside(entry.name, mark, bad ? Place::Error : Place::Archive);
        if (bad && ++put_aside_ <= kNamesTold)
            put_aside_names_ += fmt::format("{}`{}`: {}", put_aside_ == 1 ? "" : "; ", shownName(entry.name), reason);
        gone_.insert(mark);
    }
}

/// A text beside the file, before it is moved: so that no file lies in the error folder without one. The reason.
std::string ExchangeFolder::tellWhy(const FileEntry& entry) {
    const std::string reason = whyNotTaken(entry, settings_).value_or("it could not be opened");
    const std::string text = fmt::format("{}: not taken by the gateway: {}\n", shownName(entry.name), reason);
    const std::string stem = entry.name.size() <= 200 ? entry.name : markOf(entry);
    const int another = files_->look(Place::Error, entry.name) ? 1 : 0;  // its name gets the time behind it, too
    files_->create(Place::Error, nameNumber(stem + ".reason.txt", another, now_()), text);
    return reason;
}

void ExchangeFolder::setAside(const std::string& name, const std::string& mark, Place to) {
    const auto place = [&](const std::string& what) -> std::string {
        for (int tried = 0; tried < kNamesTried; ++tried) {
            const std::string target = nameNumber(what, tried, now_());
            const FileSide::Moved moved = files_->move(Place::In, what, to, target);
            if (moved == FileSide::Moved::Done) return target;
            if (moved == FileSide::Moved::Gone) return "";
        }
        throw configFault("archive_full_of_name", files_->describe(to),
                          fmt::format("{} names like `{}` are taken", kNamesTried, shownName(what)),
                          "empty the archive folder");
    };
    const std::optional<FileEntry> there = files_->look(Place::In, name);
    if (!there || markOf(*there) != mark) return;  // gone, or another document by that name: it will be read
    // The marker goes first: one that stays behind would call the next file of that name ready while it grows.
    if (!settings_.marker.empty()) place(markerOf(name, settings_.marker));
    const std::string target = place(name);
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
