// connectors/sftp/ssh_handles.hpp - libssh's handles, each freed by its own function. For this folder only.
#pragma once

#include <libssh/libssh.h>
#include <libssh/sftp.h>

#include <memory>

namespace caseway {

template <auto Free>
struct SshFree {
    template <class T>
    void operator()(T* handle) const {
        Free(handle);
    }
};
/// Closes the connection politely where it still stands.
inline void endSshSession(ssh_session session) {
    ssh_disconnect(session);
    ssh_free(session);
}
inline void freeSshHash(unsigned char* hash) {
    ssh_clean_pubkey_hash(&hash);
}

using SshSessionHandle = std::unique_ptr<ssh_session_struct, SshFree<endSshSession>>;
using SftpHandle = std::unique_ptr<sftp_session_struct, SshFree<sftp_free>>;
using SshKeyHandle = std::unique_ptr<ssh_key_struct, SshFree<ssh_key_free>>;
using SshHashHandle = std::unique_ptr<unsigned char, SshFree<freeSshHash>>;
using SshTextHandle = std::unique_ptr<char, SshFree<ssh_string_free_char>>;
using SftpAttributesHandle = std::unique_ptr<sftp_attributes_struct, SshFree<sftp_attributes_free>>;

}  // namespace caseway
