// connectors/sftp/folder_rights.hpp - what a folder's owner and rights, as the server tells them, say of moving files
// in it. A check may change nothing there, so it cannot try; and the server does not tell who we are to it.
#pragma once

#include <cstdint>
#include <string>

#include "connectors/sftp/ssh_handles.hpp"

namespace caseway {

/// Why `user` can hardly move files there, for people; empty where nothing speaks against it. `of_files`: the owner of
/// the folder that files come from.
std::string doubtOf(const sftp_attributes_struct& folder, const std::string& user, std::uint32_t of_files);

}  // namespace caseway
