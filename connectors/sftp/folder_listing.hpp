// connectors/sftp/folder_listing.hpp - what a folder on the server holds: READDIR of SFTP 3 and its answers, read here.
// libssh gives a listing up whose long names are no lines of `ls -l` where the server calls itself OpenSSH, though
// nobody needs them: the attributes come beside. Source: draft-ietf-secsh-filexfer-02 §5, §6.7, §7.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/sftp/ssh_session.hpp"

namespace caseway {

struct ListedEntry {
    std::string name;
    sftp_attributes_struct found{};  ///< numbers alone; `type` is 0 where the server tells no permissions
};

/// Nothing else may be asked for on its session before it is over, or was left for good.
class FolderListing {
public:
    /// `folder`: of sftp_opendir().
    FolderListing(SshSession& session, sftp_dir folder) : session_(session), folder_(folder) {}
    /// The next entry; none at the end, or where no more comes: then whyNoMore() tells. Waits for the server.
    std::optional<ListedEntry> next();

    enum class Why { End, Refused, Unreadable, Broken };
    /// Refused: the server gave a status, which sftp_get_error() has. Unreadable: its answer is none of the protocol.
    /// Broken: question or answer broke off, and sftp_get_error() tells of a former one.
    Why whyNoMore() const { return why_; }

private:
    bool ask(std::uint32_t id);
    bool take(std::uint32_t id);
    bool takeNames(std::string_view packet);

    SshSession& session_;
    sftp_dir folder_;
    std::deque<ListedEntry> entries_;
    Why why_ = Why::End;
};

}  // namespace caseway
