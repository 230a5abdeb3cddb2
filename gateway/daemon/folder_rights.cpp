// gateway/daemon/folder_rights.cpp - modes and owners, looked at.
#include "gateway/daemon/folder_rights.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

constexpr ::mode_t kOfOthers = S_IRWXG | S_IRWXO;
constexpr ::mode_t kOthersWrite = S_IWGRP | S_IWOTH;
constexpr std::size_t kFilesLookedAt = 50'000;

std::optional<struct stat> factsOf(const fs::path& path) {
    struct stat facts {};
    return ::lstat(path.c_str(), &facts) == 0 ? std::optional(facts) : std::nullopt;
}

std::string nameOf(::uid_t user) {
    const passwd* const entry = ::getpwuid(user);
    return entry != nullptr ? entry->pw_name : std::to_string(user);
}

/// The first of its kind, and how many.
struct Found {
    std::string first;
    std::size_t count = 0;
    void add(const fs::path& path) {
        if (count++ == 0) first = path.string();
    }
    std::string text(const char* what) const {
        return count > 1 ? fmt::format("{} and {} more: {}", first, count - 1, what)
                         : fmt::format("{}: {}", first, what);
    }
};

class Look {
public:
    Look(const Settings& settings, ::uid_t owner) : settings_(settings), owner_(owner) {}

    void all() {
        for (const char* name : {"keys", "tls", "authorities"}) walk(settings_.data / name);
        walk(settings_.path(settings_.register_folder));
        walk(settings_.path(settings_.mappings_folder));
        for (const char* name : {"caseway.db", "caseway.db-wal", "caseway.db-shm", "lock", "payloads"})
            owned(settings_.data / name);
        for (const fs::path& key : {settings_.path(settings_.log_key), settings_.path(settings_.tls_key),
                                    settings_.data / "keys" / "ca.key", settings_.data / "keys" / "secrets.key"})
            if (const auto facts = factsOf(key); facts && (facts->st_mode & kOfOthers) != 0) keys_.add(key);
    }

    std::vector<RightsFinding> findings() const {
        std::vector<RightsFinding> all;
        const std::string data = settings_.data.string(), user = nameOf(owner_);
        if (keys_.count > 0)
            all.push_back(
                {keys_.text("others can read this key"), "chmod 600 it; if somebody may have: a new key", true});
        if (writable_.count > 0)
            all.push_back({writable_.text("others can write there"), "chmod -R go-w " + data, true});
        if (foreign_.count > 0)
            all.push_back(
                {foreign_.text(("is not " + user + "'s, whose the data folder is").c_str()),
                 fmt::format("chown -R {} {}; run commands as that user: sudo -u {} caseway …", user, data, user),
                 true});
        return all;
    }

private:
    std::optional<struct stat> owned(const fs::path& path) {
        const auto facts = factsOf(path);
        if (facts && facts->st_uid != owner_) foreign_.add(path);
        return facts;
    }
    void one(const fs::path& path) {
        const auto facts = owned(path);
        if (facts && !S_ISLNK(facts->st_mode) && (facts->st_mode & kOthersWrite) != 0) writable_.add(path);
    }
    void walk(const fs::path& folder) {
        std::error_code error;
        if (!fs::is_directory(folder, error)) return;
        one(folder);
        for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end && seen_ < kFilesLookedAt;
             at.increment(error), ++seen_)
            one(at->path());
    }

    const Settings& settings_;
    const ::uid_t owner_;
    Found keys_, writable_, foreign_;
    std::size_t seen_ = 0;
};

}  // namespace

std::vector<RightsFinding> rightsFindings(const Settings& settings) {
    const auto facts = factsOf(settings.data / "");
    if (!facts) return {};
    std::vector<RightsFinding> all;
    if ((facts->st_mode & (kOthersWrite | S_IRWXO)) != 0)
        all.push_back({settings.data.string() + ": others can enter it", "chmod 700 " + settings.data.string(),
                       (facts->st_mode & kOthersWrite) != 0});
    Look look(settings, facts->st_uid);
    look.all();
    for (RightsFinding& one : look.findings()) all.push_back(std::move(one));
    return all;
}

void requireOwnFolder(const Settings& settings) {
    const auto facts = factsOf(settings.data / "");
    if (!facts || facts->st_uid == ::geteuid()) return;
    const std::string user = nameOf(facts->st_uid);
    throw Fault(FaultCode::ConfigurationBad,
                fmt::format("the data folder {} is {}'s, and this runs as {}: what it wrote there, the gateway could "
                            "not read",
                            settings.data.string(), user, nameOf(::geteuid())),
                fmt::format("sudo -u {} caseway …", user));
}

}  // namespace caseway
