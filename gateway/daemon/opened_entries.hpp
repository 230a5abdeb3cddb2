// gateway/daemon/opened_entries.hpp - the lists of the configuration that open something to connectors: each entry says
// for which department, `housing=/srv/exchange/housing`, or that it is for all of them, `all=10.20.0.0/16`. Written by
// the installation's owner alone; whoever edits the register never widens them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"

namespace caseway {

/// For the connectors of every department. No department can have this name.
inline constexpr std::string_view kAllDepartments = "all";

struct OpenedEntry {
    std::string department;  ///< its short name, or kAllDepartments
    std::string text;        ///< a folder, a destination, a variable

    bool isFor(std::string_view asking) const { return department == asking || department == kAllDepartments; }
};

struct OpenedEntries {
    std::vector<OpenedEntry> all;
    /// opened_entry_bad: those that do not say whose they are, as a former version wrote them. They open nothing.
    std::vector<Refusal> unowned;
};
/// The comma-separated entries of `list`, the value of `key`.
OpenedEntries openedEntries(std::string_view key, std::string_view list);

/// The texts of the entries that are open to `department`, comma-separated.
std::string openedTo(std::string_view department, std::string_view list);

}  // namespace caseway
