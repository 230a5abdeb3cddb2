// connectors/sftp/folder_rights.cpp - rights of POSIX. A server that tells none, or no owner, is not doubted.
#include "connectors/sftp/folder_rights.hpp"

#include <fmt/format.h>

namespace caseway {
namespace {
constexpr std::uint32_t kMayWrite = 0222;
constexpr std::uint32_t kOthersMayWrite = 0022;
constexpr std::uint32_t kSticky = 01000;
}  // namespace

std::string doubtOf(const sftp_attributes_struct& folder, const std::string& user, std::uint32_t of_files) {
    const bool is_told = (folder.flags & SSH_FILEXFER_ATTR_PERMISSIONS) != 0;
    if (!is_told || user == "root" || (folder.permissions & kOthersMayWrite) != 0) return {};
    if ((folder.permissions & kMayWrite) == 0) return "nobody may change it";
    if ((folder.flags & SSH_FILEXFER_ATTR_UIDGID) == 0) return {};
    if (folder.uid == 0) return "only root may change it";
    if (folder.uid != of_files)
        return fmt::format("it is user {}'s, the folder that is read is user {}'s", folder.uid, of_files);
    return {};
}

std::string doubtOfOthers(const sftp_attributes_struct& folder, const sftp_attributes_struct& own) {
    constexpr std::uint32_t kTold = SSH_FILEXFER_ATTR_PERMISSIONS | SSH_FILEXFER_ATTR_UIDGID;
    if ((folder.flags & kTold) != kTold || (own.flags & SSH_FILEXFER_ATTR_UIDGID) == 0) return {};
    if ((folder.permissions & kSticky) == 0 || folder.uid == own.uid || own.uid == 0) return {};
    return fmt::format("it is sticky and user {}'s: only files of user {}, who we are, can be moved out of it",
                       folder.uid, own.uid);
}

}  // namespace caseway
