// connectors/sftp/sftp_files.cpp - version 3 of SFTP, with OpenSSH's fsync where the server has it.
#include "connectors/sftp/sftp_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <chrono>

#include "connectors/sdk/exchange_folder/name_pattern.hpp"
#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/turn_wait.hpp"
#include "connectors/sftp/folder_listing.hpp"
#include "connectors/sftp/folder_rights.hpp"
#include "connectors/sftp/sftp_reader.hpp"

namespace caseway {
namespace {
constexpr std::size_t kWriteBytes = 32 * 1024;
constexpr mode_t kFileMode = 0640;
}  // namespace

SftpFiles::SftpFiles(SshSettings ssh, ConnectorSurroundings surroundings, Paths paths)
    : ssh_(std::move(ssh)),
      surroundings_(std::move(surroundings)),
      paths_{std::move(paths.in), std::move(paths.archive), std::move(paths.error), std::move(paths.out)},
      files_pace_(static_cast<double>(ssh_.files_per_second)),
      bytes_pace_(std::make_shared<RequestPace>(static_cast<double>(ssh_.bytes_per_second))) {}

void SftpFiles::begin(const CallBudget& budget) {
    budget_.emplace(budget);
    if (session_ && (!session_->isUsable() || session_->isStale())) session_.reset();
}

std::string SftpFiles::describe(Place place) const {
    return "sftp://" + ssh_.where() + paths_[static_cast<std::size_t>(place)];
}

std::string SftpFiles::path(Place place, const std::string& name) const {
    return paths_[static_cast<std::size_t>(place)] + "/" + name;
}

SshSession& SftpFiles::session() {
    if (!session_) session_ = std::make_shared<SshSession>(ssh_, surroundings_, *budget_);
    return *session_;
}

void SftpFiles::fail(Place place, const std::string& what) {
    // The broken session stays until the next call begins: handles of the caller still belong to it.
    if (!session_->isUsable()) throw session_->lost(*budget_);
    const std::string reason = what + ": " + session_->lastError();
    switch (sftp_get_error(session_->sftp())) {
        case SSH_FX_NO_SUCH_FILE:
        case SSH_FX_NO_SUCH_PATH:
            throw configFault("folder_not_usable", describe(place), reason, "let the department make the folder");
        case SSH_FX_PERMISSION_DENIED:
        case SSH_FX_WRITE_PROTECT:
            throw configFault("folder_not_usable", describe(place), reason,
                              fmt::format("let the department give {} the right to it", ssh_.user));
        default:
            throw transientFault("files_failed", describe(place), reason,
                                 "ask the department to look at the server's disk");
    }
}

/// The same of a file that was begun and goes again; its reason is the server's last word before it went.
void SftpFiles::failWithout(const std::string& part, Place place, const std::string& what) {
    try {
        fail(place, what);
    } catch (const ConnectorFault&) {
        if (session_->isUsable()) remove(part);
        throw;
    }
}

void SftpFiles::list(Place place, const std::function<bool(FileEntry)>& each) {
    SshSession& ssh = session();
    SftpFolderHandle folder(nullptr, {&ssh, *budget_});
    {
        const Awaiting awaiting = ssh.await(*budget_);
        folder.reset(sftp_opendir(ssh.sftp(), paths_[static_cast<std::size_t>(place)].c_str()));
    }
    if (!folder) fail(place, "cannot be opened");
    FolderListing listing(ssh, folder.get());
    while (true) {
        budget_->mustGoOn(describe(place));  // what is passed over below counts nowhere, and may never end
        std::optional<ListedEntry> found;
        {
            const Awaiting awaiting = ssh.await(*budget_);
            found = listing.next();
        }
        if (!found && listing.whyNoMore() == FolderListing::Why::End) return;
        if (!found && listing.whyNoMore() == FolderListing::Why::Unreadable) {
            ssh.cut();  // where the next answer begins nobody knows
            throw transientFault("files_failed", describe(place), "its listing is none of SFTP 3",
                                 "ask the department what serves SFTP there");
        }
        if (!found && listing.whyNoMore() == FolderListing::Why::Broken) {
            ssh.cut();  // the connection may stand where SFTP on it has ended: nothing more comes on it
            throw ssh.lost(*budget_);
        }
        if (!found) fail(place, "cannot be listed");
        if (!isEntryName(found->name)) continue;  // `.`, `..`, and what a server should not list
        if (found->found.type == SSH_FILEXFER_TYPE_UNKNOWN || found->found.type == 0) {
            if (std::optional<FileEntry> entry = look(place, found->name); entry && !each(std::move(*entry))) return;
        } else if (!each(entryOf(std::move(found->name), found->found))) {
            return;
        }
    }
}

std::optional<FileEntry> SftpFiles::look(Place place, const std::string& name) {
    SshSession& ssh = session();
    const Awaiting awaiting = ssh.await(*budget_);
    const SftpAttributesHandle found(sftp_lstat(ssh.sftp(), path(place, name).c_str()));
    if (found) return entryOf(name, *found);
    if (ssh.isUsable() && sftp_get_error(ssh.sftp()) == SSH_FX_NO_SUCH_FILE) return std::nullopt;
    fail(place, "`" + shownName(name) + "` cannot be looked at");
}

std::unique_ptr<FileReader> SftpFiles::open(Place place, const std::string& name) {
    waitForTurn(files_pace_, *budget_, ssh_.where());
    const std::optional<FileEntry> there = look(place, name);
    if (!there || !there->regular) return nullptr;
    SshSession& ssh = session();
    SftpFileHandle file(nullptr, {&ssh, *budget_});
    {
        const Awaiting awaiting = ssh.await(*budget_);
        file.reset(sftp_open(ssh.sftp(), path(place, name).c_str(), O_RDONLY, 0));
    }
    if (file) return std::make_unique<SftpReader>(session_, *budget_, std::move(file), name, bytes_pace_);
    if (ssh.isUsable() && sftp_get_error(ssh.sftp()) == SSH_FX_NO_SUCH_FILE) return nullptr;
    fail(place, "`" + shownName(name) + "` cannot be opened");
}

void SftpFiles::remove(const std::string& full) {
    const Awaiting awaiting = session().await(*budget_);
    sftp_unlink(session_->sftp(), full.c_str());
}

bool SftpFiles::rename(const std::string& from, const std::string& to) {
    const Awaiting awaiting = session().await(*budget_);
    return sftp_rename(session_->sftp(), from.c_str(), to.c_str()) == SSH_OK;
}

/// The rename of SFTP 3, which is an error where the new name is taken (OpenSSH: a link, then an unlink). Not its
/// extension posix-rename, which overwrites. The look before is for servers that do not keep to that.
FileSide::Moved SftpFiles::move(Place from, const std::string& name, Place to, const std::string& new_name) {
    if (look(to, new_name)) return Moved::TargetExists;
    if (rename(path(from, name), path(to, new_name))) return Moved::Done;
    if (!session_->isUsable()) fail(to, "`" + shownName(name) + "` cannot be moved there");
    const std::string reason = session_->lastError();
    if (!look(from, name)) return Moved::Gone;
    if (look(to, new_name)) return Moved::TargetExists;
    throw configFault("folder_not_usable", describe(to), "`" + shownName(name) + "` cannot be moved there: " + reason,
                      "both folders must be on one file system, and the user needs the right to change both");
}

/// False where it cannot be made; sftp_get_error says why, though often not that it exists.
bool SftpFiles::createNew(const std::string& full, std::string_view bytes) {
    SshSession& ssh = session();
    SftpFileHandle file(nullptr, {&ssh, *budget_});
    {
        const Awaiting awaiting = ssh.await(*budget_);
        file.reset(sftp_open(ssh.sftp(), full.c_str(), O_WRONLY | O_CREAT | O_EXCL, kFileMode));
    }
    if (!file) return false;
    while (!bytes.empty()) {
        budget_->mustGoOn(ssh_.where());
        const Awaiting awaiting = ssh.await(*budget_);
        const ssize_t written = sftp_write(file.get(), bytes.data(), std::min(bytes.size(), kWriteBytes));
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    const Awaiting awaiting = ssh.await(*budget_);
    const bool can_sync = sftp_extension_supported(ssh.sftp(), "fsync@openssh.com", "1") != 0;
    if (can_sync && sftp_fsync(file.get()) != SSH_OK) return false;
    return sftp_close(file.release()) == SSH_OK;
}

bool SftpFiles::create(Place place, const std::string& name, std::string_view bytes) {
    waitForTurn(files_pace_, *budget_, ssh_.where());
    if (look(place, name)) return false;
    const std::string part = path(place, "." + name + ".part");  // no pattern reads it; one that a crash left goes
    remove(part);
    if (!createNew(part, bytes)) failWithout(part, place, "`" + shownName(name) + "` cannot be written");
    if (look(place, name)) return remove(part), false;
    if (!rename(part, path(place, name)))
        failWithout(part, place, "`" + shownName(name) + "` cannot be given its name");
    return true;
}

/// `of_files`: the owner of the folder that is read, set by that folder's step. `doubts`: what rights say against
/// moving files there, where a try will tell; told by the step itself where nobody will try.
CheckStep SftpFiles::checkPlace(Place place, std::optional<std::uint32_t>& of_files, Doubts& doubts) {
    SshSession& ssh = session();
    const std::string& folder = paths_[static_cast<std::size_t>(place)];
    const Awaiting awaiting = ssh.await(*budget_);
    // stat, not lstat: where a folder really lies is the server's affair.
    const SftpAttributesHandle found(sftp_stat(ssh.sftp(), folder.c_str()));
    if (!found) fail(place, "cannot be looked at");
    if (found->type != SSH_FILEXFER_TYPE_DIRECTORY)
        throw configFault("folder_not_usable", describe(place), "is no folder", "correct the path");
    if (place == Place::In) of_files = found->uid;
    const auto has = [&](Place other) { return !paths_[static_cast<std::size_t>(other)].empty(); };
    const bool moves = has(Place::Archive) || has(Place::Error);
    std::string doubt;
    if (place != Place::In || moves) doubt = doubtOf(*found, ssh_.user, of_files.value_or(found->uid));
    CheckStep step{"look at " + folder, true,
                   fmt::format("a folder with the rights {:03o}", found->permissions & 0777U)};
    if (place != Place::Out)
        doubts[static_cast<std::size_t>(place)] = std::move(doubt);
    else if (!doubt.empty())
        step.detail +=
            fmt::format("; FILES CAN HARDLY BE MOVED HERE: {}: let the department give it to {}", doubt, ssh_.user);
    return step;
}

std::string SftpFiles::doubtOfForeign(const std::string& own) {
    SshSession& ssh = session();
    const Awaiting awaiting = ssh.await(*budget_);
    const SftpAttributesHandle folder(sftp_stat(ssh.sftp(), paths_[static_cast<std::size_t>(Place::In)].c_str()));
    const SftpAttributesHandle file(sftp_lstat(ssh.sftp(), own.c_str()));
    return folder && file ? doubtOfOthers(*folder, *file) : "";
}

/// Rights that a server tells are not all: users, groups, quotas and file systems are its own affair, so it is tried.
/// The name begins with a dot: no pattern reads it, and one that a broken connection left goes with the next try. Where
/// it stays, because files can be made there and not removed, another name is taken. `doubt`: what rights say against
/// it; a move that worked says more.
CheckStep SftpFiles::tryMoveTo(Place place, const std::string& doubt) {
    const std::string& folder = paths_[static_cast<std::size_t>(place)];
    std::string name = ".caseway-test.part";
    remove(path(Place::In, name));
    remove(path(place, name));
    if (look(place, name))
        name = fmt::format(".caseway-test-{}.part", std::chrono::system_clock::now().time_since_epoch().count());
    const std::string from = path(Place::In, name), to = path(place, name);
    const std::string rights = doubt.empty() ? "" : "; its rights say so: " + doubt;
    if (!createNew(from, ""))
        failWithout(from, Place::In, "no file can be made there, so none can be moved out of it" + rights);
    const std::string foreign = doubtOfForeign(from);
    if (!rename(from, to)) {
        const std::string reason = session().lastError();
        remove(from);
        throw configFault("folder_not_usable", describe(place), "no file can be moved there: " + reason + rights,
                          "both folders must be on one file system, and the user needs the right to change both");
    }
    remove(to);
    const bool is_left = look(place, name).has_value();
    return {"move into " + folder, true,
            std::string("an empty file was made, moved there and ") +
                (is_left ? "could not be removed: " + name + " is left" : "removed") +
                (foreign.empty() ? "" : "; BUT FILES OF THE DEPARTMENT CANNOT: " + foreign)};
}

std::vector<CheckStep> SftpFiles::check(const std::vector<Place>& places) {
    std::vector<CheckStep> steps;
    std::string doing = "connect to " + ssh_.where();
    try {
        session_ = std::make_shared<SshSession>(ssh_, surroundings_, *budget_, &steps);
        std::optional<std::uint32_t> of_files;
        Doubts doubts;
        for (const Place place : places) {
            doing = "look at " + paths_[static_cast<std::size_t>(place)];
            steps.push_back(checkPlace(place, of_files, doubts));
        }
        for (const Place place : places) {
            if (place != Place::Archive && place != Place::Error) continue;
            doing = "move into " + paths_[static_cast<std::size_t>(place)];
            const std::string& of_source = doubts[static_cast<std::size_t>(Place::In)];
            const std::string& of_target = doubts[static_cast<std::size_t>(place)];
            steps.push_back(tryMoveTo(place, of_target.empty() ? of_source : of_target));
        }
    } catch (const ConnectorFault& fault) {
        const ConnectorFault::Parts& parts = fault.parts();
        steps.push_back(
            {doing, false, fmt::format("{}, {}: {}", parts.code, parts.where, parts.message), parts.next_step});
    }
    return steps;
}

}  // namespace caseway
