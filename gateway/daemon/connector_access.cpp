// gateway/daemon/connector_access.cpp - guards.
#include "gateway/daemon/connector_access.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/adapters/net/destination_list.hpp"
#include "gateway/daemon/opened_entries.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

/// Whether `inner` is `outer` or lies below it; both canonical.
bool isWithin(const fs::path& inner, const fs::path& outer) {
    const auto [end, rest] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
    return end == outer.end() || (std::next(end) == outer.end() && end->empty());
}

/// Where a path leads, with all links followed; empty where that cannot be told.
fs::path canonicalOf(const fs::path& path) {
    std::error_code error;
    fs::path place = fs::weakly_canonical(fs::absolute(path, error), error);
    if (error) return {};
    return place.filename().empty() ? place.parent_path() : place;
}

/// Of a comma-separated list.
std::vector<fs::path> foldersIn(const Settings& settings, std::string_view rest) {
    std::vector<fs::path> folders;
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        std::string_view item = rest.substr(0, comma);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
        while (item.starts_with(' ')) item.remove_prefix(1);
        while (item.ends_with(' ')) item.remove_suffix(1);
        if (!item.empty()) folders.push_back(canonicalOf(settings.path(std::string(item))));
    }
    return folders;
}

/// Folders that are the gateway's own, wherever the configuration puts them.
std::vector<fs::path> ownFolders(const Settings& settings) {
    std::vector<fs::path> folders = foldersIn(settings, settings.plugins.folders);
    folders.push_back(canonicalOf(settings.data));
    for (const std::string& folder :
         {settings.connectors.secret_files, settings.register_folder, settings.mappings_folder})
        if (!folder.empty()) folders.push_back(canonicalOf(settings.path(folder)));
    for (const std::string& key : {settings.tls_key, settings.log_key})
        if (!key.empty()) folders.push_back(canonicalOf(settings.path(key).parent_path()));
    return folders;
}

/// An entry of the configuration, and whether its place is the one that it names. Whoever may write beside it could
/// make it a link: then it opens nothing, and what the link leads to stays as it was for everybody else.
struct OpenedFolder {
    const OpenedEntry& entry;
    fs::path named;

    /// Looked up where it decides alone: one department's network share that does not answer holds no other's run.
    bool opens() const { return canonicalOf(entry.text) == named; }
};

std::vector<OpenedFolder> openedFolders(const OpenedEntries& entries) {
    std::vector<OpenedFolder> folders;
    for (const OpenedEntry& entry : entries.all) {
        fs::path named = fs::path(entry.text).lexically_normal();
        if (named.filename().empty() && named.has_relative_path()) named = named.parent_path();
        folders.push_back({entry, std::move(named)});
    }
    return folders;
}

/// Whether `place` is open to `department`: the entries nearest above it decide, so that a folder that was opened to
/// one department is not another's because that one has what lies around it. Nor may it hold another's inside.
std::string whyNotOpen(const OpenedEntries& entries, const std::string& department, const fs::path& place) {
    const std::vector<OpenedFolder> folders = openedFolders(entries);
    std::ptrdiff_t nearest = -1;
    bool may = false;
    for (const OpenedFolder& folder : folders) {
        const std::ptrdiff_t depth = std::distance(folder.named.begin(), folder.named.end());
        if (!isWithin(place, folder.named) || depth < nearest) continue;
        may = (folder.entry.isFor(department) && folder.opens()) || (may && depth == nearest);
        nearest = depth;
    }
    if (!may)
        return nearest >= 0      ? "it is not open to the connectors of this department, or leads through a link"
               : folders.empty() ? "no folder is open to connectors yet"
                                 : "it is in no folder that is open to connectors";
    const bool holds_anothers = std::any_of(folders.begin(), folders.end(), [&](const OpenedFolder& folder) {
        const auto is_ours_too = [&](const OpenedFolder& twin) {
            return twin.entry.isFor(department) && twin.named == folder.named && twin.opens();
        };
        return folder.named != place && isWithin(folder.named, place) &&
               std::none_of(folders.begin(), folders.end(), is_ours_too);
    });
    return holds_anothers ? "a folder inside it is not open to the connectors of this department" : "";
}

/// What other departments were given, `all` apart.
DestinationList openedToOthers(const std::string& department, const std::string& list) {
    std::string texts;
    const OpenedEntries entries = openedEntries({}, list);
    for (const OpenedEntry& entry : entries.all)
        if (!entry.isFor(department)) texts += (texts.empty() ? "" : ", ") + entry.text;
    const auto parsed = DestinationList::parse(texts);
    return parsed ? *parsed : DestinationList();
}

/// Where one department's connectors may talk to, beside what the others were given.
struct DestinationAccess {
    std::string department, opened;  ///< its entries, as the configuration has them
    DestinationList list, others;

    /// Empty: it may.
    std::string whyNot(const std::string& host, const std::string& address, std::uint16_t port) const {
        const std::string why = list.whyNot(host, address, port);
        // The narrowest address decides, as the nearest folder does. A name says only who answers for it: it does not
        // lead to what was opened to another by its address.
        if (why.empty() && others.nearness(address, port) > list.nearness(address, port))
            return "an entry that names this address more narrowly opens it to another department alone";
        return why;
    }
    /// The entry that would open it: a name where that is enough, or the address; empty where none would.
    std::string entryFor(const std::string& host, const std::string& address, std::uint16_t port) const {
        for (const std::string& one : {host, address}) {
            const bool is_v6 = one.find(':') != std::string::npos && one.front() != '[';
            std::string entry = fmt::format("{}:{}", is_v6 ? "[" + one + "]" : one, port);
            auto wider = DestinationList::parse(opened.empty() ? entry : opened + ", " + entry);
            if (!wider) continue;
            const DestinationAccess then{department, {}, std::move(*wider), others};
            if (then.whyNot(host, address, port).empty()) return entry;
        }
        return {};
    }
};

/// Nothing that a configuration says would open some forms: then the connector's own settings have to change.
std::string howToReach(const DestinationAccess& access, const std::string& host, const std::string& address,
                       std::uint16_t port) {
    const std::string entry = access.entryFor(host, address, port);
    if (entry.empty())
        return "no entry of connectors.destinations opens it: name the server in the settings by its host name or its "
               "plain numeric address";
    return fmt::format(
        "the center adds {0}={1} to connectors.destinations in DATA/caseway.properties, if {0} may reach it; then "
        "restart the gateway",
        access.department, entry);
}

}  // namespace

/// The next step where whyNotFolder() says no. What is the gateway's own no entry opens: one of the two has to move.
static std::string howToOpen(const Settings& settings, const std::string& department, const std::string& folder) {
    const fs::path place = canonicalOf(folder);
    for (const fs::path& own : ownFolders(settings))
        if (!place.empty() && (isWithin(place, own) || isWithin(own, place)))
            return fmt::format("move one of the two: exchange in a folder apart from {}, such as /srv/exchange/{}",
                               own.string(), department);
    return fmt::format(
        "the center adds {}={} to connectors.folders in DATA/caseway.properties, if {} may use it; then restart the "
        "gateway",
        department, folder, department);
}

std::string whyNotFolder(const Settings& settings, const std::string& department, const std::string& folder) {
    if (folder.empty() || !fs::path(folder).is_absolute()) return "write the whole path, from / on";
    const fs::path place = canonicalOf(folder);
    if (place.empty()) return "where it leads cannot be told";
    for (const fs::path& own : ownFolders(settings))
        if (isWithin(place, own) || isWithin(own, place))
            return "the gateway's own folders (data, keys, secrets, plug-ins) are never open, nor what lies around "
                   "them";
    const auto entries = openedEntries("connectors.folders", settings.connectors.folders);
    return whyNotOpen(entries, department, place);
}

ConnectorSurroundings surroundingsOf(const Settings& settings, const std::string& department,
                                     std::chrono::milliseconds deadline, std::function<bool()> stopping) {
    ConnectorSurroundings surroundings;
    const auto parsed = DestinationList::parse(openedTo(department, settings.connectors.destinations));
    const DestinationAccess access{department, openedTo(department, settings.connectors.destinations),
                                   parsed ? *parsed : DestinationList(),
                                   openedToOthers(department, settings.connectors.destinations)};
    surroundings.allow_destination = [access](const std::string& host, const std::string& address, std::uint16_t port) {
        const std::string why = access.whyNot(host, address, port);
        if (!why.empty())
            throw ConnectorFault(ConnectorFaultKind::Config, {"destination_not_allowed",
                                                              fmt::format("{}:{}", host, port),
                                                              fmt::format("{}: {}", address, why),
                                                              howToReach(access, host, address, port),
                                                              {}});
    };
    surroundings.allow_folder = [settings, department](const std::string& folder) {
        const std::string why = whyNotFolder(settings, department, folder);
        if (!why.empty())
            throw ConnectorFault(ConnectorFaultKind::Config,
                                 {"folder_not_allowed", folder, why, howToOpen(settings, department, folder), {}});
    };
    surroundings.deadline = deadline;
    surroundings.stopping = std::move(stopping);
    return surroundings;
}

}  // namespace caseway
