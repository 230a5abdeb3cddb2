// connectors/sftp/test/ssh_server.hpp - a real OpenSSH server on loopback, with keys, configuration and port of its
// own, run by whoever runs the test and stopped by its pid.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "connectors/sdk/descriptor.hpp"
#include "connectors/sdk/test/exchange_department.hpp"
#include "tests/support/temporary_folder.hpp"

namespace caseway::fixture {

/// A loopback socket that listens; 0: any port.
inline Descriptor listenOnLoopback(std::uint16_t& port) {
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(socket.get(), 16) != 0 ||
        ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("no loopback socket");
    port = ntohs(address.sin_port);
    return socket;
}

class SshServer {
public:
    /// One for all tests that change nothing of it.
    static SshServer& shared() {
        static SshServer server;
        return server;
    }
    /// `sftp_options`: of internal-sftp, such as `-P posix-rename`. `subsystem`: what serves SFTP.
    explicit SshServer(const std::string& sftp_options = "", const std::string& subsystem = "internal-sftp") {
        for (const char* type : {"ed25519", "rsa"}) {
            makeKey("host_" + std::string(type), type, "");
            makeKey("user_" + std::string(type), type, "");
        }
        makeKey("user_locked", "ed25519", "a passphrase");
        std::ofstream(folder / "authorized")
            << contentOf(folder / "user_ed25519.pub") << contentOf(folder / "user_rsa.pub")
            << contentOf(folder / "user_locked.pub");
        makeKey("user_stranger", "ed25519", "");
        ::mkdir("/run/sshd", 0755);  // sshd wants it where root runs it
        // Another program may take the port between here and sshd: then with another one.
        for (int tries = 0; tries < 5 && pid_ <= 0; ++tries) start(subsystem + " " + sftp_options);
        if (pid_ <= 0) throw std::runtime_error("sshd does not start (package openssh-server): " + said_);
    }
    ~SshServer() {
        ::kill(-pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
    }
    SshServer(const SshServer&) = delete;
    SshServer& operator=(const SshServer&) = delete;

    std::string key(const std::string& name = "user_ed25519") const {
        std::string text;
        for (const char c : contentOf(folder / name)) text += c == '\n' ? std::string("\\n") : std::string(1, c);
        return text;
    }
    /// `ssh-ed25519 AAAA…`
    std::string hostKeyLine(const std::string& type = "ed25519") const {
        const std::string line = contentOf(folder / ("host_" + type + ".pub"));
        return line.substr(0, line.find(' ', line.find(' ') + 1));
    }
    std::uint16_t port() const { return port_; }
    static std::string user() { return ::getpwuid(::geteuid())->pw_name; }
    /// Settings for `department`; `port` 0: the server's own.
    std::string settings(const ExchangeDepartment& department, std::uint16_t port = 0,
                         const std::string& more = R"(,"min_age_seconds":0)") const {
        return R"({"host":"127.0.0.1","port":)" + std::to_string(port == 0 ? port_ : port) + R"(,"user":")" + user() +
               R"(","key":")" + key() + R"(","host_keys":[")" + hostKeyLine() + R"("],)" + department.members(more) +
               "}";
    }
    TemporaryFolder folder;

private:
    static void run(const std::vector<std::string>& words) {
        const pid_t pid = ::fork();
        if (pid == 0) execute(words);
        int status = 0;
        if (::waitpid(pid, &status, 0) != pid || status != 0) throw std::runtime_error(words.front() + " failed");
    }
    [[noreturn]] static void execute(const std::vector<std::string>& words) {
        std::vector<char*> arguments;
        for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    void makeKey(const std::string& name, const std::string& type, const std::string& passphrase) const {
        run({"ssh-keygen", "-q", "-t", type, "-b", "2048", "-N", passphrase, "-C", "test", "-f", folder / name});
    }
    void start(const std::string& subsystem) {
        listenOnLoopback(port_);
        std::ofstream(folder / "config") << "ListenAddress 127.0.0.1:" << port_ << "\nHostKey "
                                         << folder / "host_ed25519"
                                         << "\nHostKey " << folder / "host_rsa"
                                         << "\nPidFile none\nUsePAM no\nStrictModes no\n"
                                         << "PermitRootLogin yes\nPasswordAuthentication yes\nMaxStartups 100\n"
                                         << "AuthorizedKeysFile " << folder / "authorized"
                                         << "\nSubsystem sftp " << subsystem << "\n";
        int ends[2];
        if (::pipe(ends) != 0) throw std::runtime_error("pipe");
        constexpr int kLogBytes = 1024 * 1024;
        ::fcntl(ends[0], F_SETPIPE_SZ, kLogBytes);  // nobody reads it once the server listens
        const Descriptor reads(ends[0]);
        Descriptor writes(ends[1]);
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::setpgid(0, 0);
            ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // also where the test is killed
            ::dup2(writes.get(), 1);
            ::dup2(writes.get(), 2);
            execute({"/usr/sbin/sshd", "-D", "-e", "-f", folder / "config"});
        }
        ::setpgid(pid, pid);
        writes = Descriptor();
        said_.clear();
        char c = 0;
        while (said_.find("Server listening") == std::string::npos && ::read(reads.get(), &c, 1) == 1) said_ += c;
        if (said_.find("Server listening") != std::string::npos) {
            pid_ = pid;
            log_ = Descriptor(::dup(reads.get()));  // stays open: sshd must be able to write
        } else {
            ::waitpid(pid, nullptr, 0);
        }
    }
    std::uint16_t port_ = 0;
    pid_t pid_ = -1;
    std::string said_;
    Descriptor log_;
};

}  // namespace caseway::fixture
