// gateway/daemon/opened_entries.cpp - see the header.
#include "gateway/daemon/opened_entries.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caseway {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool isDepartmentName(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

}  // namespace

OpenedEntries openedEntries(std::string_view key, std::string_view list) {
    OpenedEntries entries;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        const std::string_view item = trimmed(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
        if (item.empty()) continue;
        const std::size_t equals = std::min(item.find('='), item.size());
        const std::string_view department = trimmed(item.substr(0, equals));
        const std::string_view text = trimmed(item.substr(std::min(equals + 1, item.size())));
        if (isDepartmentName(department) && !text.empty() && equals != item.size()) {
            entries.all.push_back({std::string(department), std::string(text)});
            continue;
        }
        const std::string named(department.empty() || isDepartmentName(department) ? text : item);
        entries.unowned.push_back({"opened_entry_bad",
                                   std::string(key),
                                   std::string(item),
                                   "it does not say for which department it is, and opens nothing",
                                   fmt::format("write housing={0} for the connectors of housing, or {1}={0} for those "
                                               "of every department",
                                               equals == item.size() ? std::string(item) : named, kAllDepartments),
                                   {}});
    }
    return entries;
}

std::string openedTo(std::string_view department, std::string_view list) {
    std::string texts;
    const OpenedEntries entries = openedEntries({}, list);
    for (const OpenedEntry& entry : entries.all)
        if (entry.isFor(department)) texts += (texts.empty() ? "" : ", ") + entry.text;
    return texts;
}

}  // namespace caseway
