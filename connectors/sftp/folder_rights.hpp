// connectors/sftp/folder_rights.hpp - what a folder's owner and rights, as the server tells them, say of moving files
// in it. A check tries with a file of its own; those of the department may be another matter.
#pragma once

#include <cstdint>
#include <string>

#include "connectors/sftp/ssh_handles.hpp"

namespace caseway {

/// Why `user` can hardly move files there, for people; empty where nothing speaks against it. `of_files`: the owner of
/// the folder that files come from.
std::string doubtOf(const sftp_attributes_struct& folder, const std::string& user, std::uint32_t of_files);

/// What a file of our own that can be moved out of `folder` does not show: others' files cannot, for people; empty
/// where nothing speaks against it. The owner of `own` is who we are to the server.
std::string doubtOfOthers(const sftp_attributes_struct& folder, const sftp_attributes_struct& own);

}  // namespace caseway
