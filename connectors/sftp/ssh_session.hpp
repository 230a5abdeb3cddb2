// connectors/sftp/ssh_session.hpp - one SSH connection with SFTP on it: dialled to an allowed address, to a server
// whose key is pinned, as the user whom the settings name. Nothing of the machine's own SSH configuration is read.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "connectors/sdk/call_budget.hpp"
#include "connectors/sdk/proxy_dial.hpp"
#include "connectors/sftp/lent_socket.hpp"
#include "connectors/sftp/socket_watch.hpp"
#include "connectors/sftp/ssh_handles.hpp"

namespace caseway {

struct SshSettings {
    std::string host;
    std::uint16_t port = 22;
    std::string user;
    std::string password;                ///< secret; empty: none
    std::string key;                     ///< secret: the private key's text; empty: none
    std::string key_passphrase;          ///< secret
    std::vector<std::string> host_keys;  ///< `SHA256:…` or `ssh-ed25519 AAAA…`
    ProxyWay proxy;
    std::uint64_t files_per_second = 0;  ///< opened or written; 0: as fast as it goes
    std::uint64_t bytes_per_second = 0;  ///< read
    std::chrono::milliseconds connect_timeout{};
    std::chrono::milliseconds silence_timeout{};
    std::string where() const;  ///< `sftp.example:22`
};

class SshSession {
public:
    /// Connects, checks the server's key, logs in, starts SFTP. Faults: of dial() and dialByProxy(), host_key_unknown,
    /// key_unreadable, access_refused, ssh_failed, timed_out. `steps`, where given: what was done.
    SshSession(const SshSettings& settings, const ConnectorSurroundings& surroundings, const CallBudget& budget,
               std::vector<CheckStep>* steps = nullptr);

    /// Ends it politely; a server that does not listen is cut off.
    ~SshSession();
    SshSession(const SshSession&) = delete;
    SshSession& operator=(const SshSession&) = delete;

    sftp_session sftp() const { return sftp_.get(); }
    /// While the result lives, the other side may be silent for so long; then the connection is cut.
    Awaiting await(const CallBudget& budget);
    /// What libssh says, made one short line. It may quote the server: never believed, never with control characters.
    std::string lastError() const;
    /// A connection that broke, timed out or was closed is not used again.
    bool isUsable() const;
    bool isStale() const { return watch_.isStale(); }
    void cut() { watch_.cut(); }
    /// Of the connection as a whole: timed_out, deadline_passed or connection_lost.
    ConnectorFault lost(const CallBudget& budget);

private:
    void handShake(const CallBudget& budget);
    std::string checkHostKey();
    void logIn(const CallBudget& budget);
    void tryKey(std::string& tried, int& outcome);
    void tryPassword(std::string& tried, int& outcome);
    int answerPrompts();

    SshSettings settings_;
    bool call_ends_first_ = false;  ///< before the longest silence: of what is awaited now
    LentSocket socket_;
    mutable SocketWatch watch_;
    SshSessionHandle session_;  // and what follows is freed before its socket is closed
    SftpHandle sftp_;
};

/// Closes what is open on the server: that has an answer too, which may not come.
template <auto Close>
struct AwaitedClose {
    SshSession* session;
    CallBudget budget;
    template <class T>
    void operator()(T* handle) const {
        const Awaiting awaiting = session->await(budget);
        Close(handle);
    }
};
using SftpFileHandle = std::unique_ptr<sftp_file_struct, AwaitedClose<sftp_close>>;
using SftpFolderHandle = std::unique_ptr<sftp_dir_struct, AwaitedClose<sftp_closedir>>;

}  // namespace caseway
