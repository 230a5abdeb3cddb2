// connectors/sql/test/postgres_server.hpp - a real PostgreSQL for a test: own folder, own port on loopback, a user of
// the department and one of ours; as another user than root, because it refuses to run as root.
#pragma once

#include <Poco/PipeStream.h>
#include <Poco/Process.h>
#include <Poco/StreamCopier.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"

namespace caseway::fixture {

class PostgresServer {
public:
    PostgresServer() : programs_(newestPrograms()), port_(freePort()) {
        if (::geteuid() == 0) {
            const passwd* nobody = ::getpwnam("nobody");
            if (nobody == nullptr || ::chown(folder_.path().c_str(), nobody->pw_uid, nobody->pw_gid) != 0)
                throw std::runtime_error("no user nobody");
        }
        std::ofstream(folder_ / "password") << "owner-hush\n";
        std::filesystem::permissions(folder_ / "password", std::filesystem::perms::others_read,
                                     std::filesystem::perm_options::add);
        const std::string data = folder_ / "data";
        run({programs_ + "/initdb", "-D", data, "-U", "owner", "-A", "scram-sha-256",
             "--pwfile=" + (folder_ / "password"), "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"});
        makeCertificates(data);
        for (int attempt = 1; !is_running_; ++attempt) {  // another process may take the port before it does
            try {
                run({programs_ + "/pg_ctl", "-D", data, "-w", "-l", folder_ / "log", "-o",
                     "-c listen_addresses=127.0.0.1,::1 -c ssl=on -c ssl_ca_file= -c port=" + std::to_string(port_) +
                         " -c fsync=off -c unix_socket_directories=" + folder_.path(),
                     "start"});
                is_running_ = true;
            } catch (const std::runtime_error&) {
                if (attempt == kAttempts) throw;
                port_ = freePort();
            }
        }
    }
    ~PostgresServer() {
        try {
            if (is_running_) run({programs_ + "/pg_ctl", "-D", folder_ / "data", "-w", "-m", "immediate", "stop"});
        } catch (const std::exception&) {  // it is gone already
        }
    }
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    std::uint16_t port() const { return port_; }
    std::string socketFolder() const { return folder_.path(); }
    /// The authority of the server's certificate, which names 127.0.0.1 alone; and one that issued nothing.
    std::string authority() const { return folder_ / "ca.pem"; }
    std::string otherAuthority() const { return folder_ / "other.pem"; }
    void stop() {
        run({programs_ + "/pg_ctl", "-D", folder_ / "data", "-w", "-m", "immediate", "stop"});
        is_running_ = false;
    }

private:
    void makeCertificates(const std::string& data) const {
        for (const char* name : {"ca", "other"})
            run({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-days", "2", "-subj", std::string("/CN=") + name, "-keyout", folder_ / (std::string(name) + ".key"),
                 "-out", folder_ / (std::string(name) + ".pem")});
        run({"/usr/bin/openssl",
             "req",
             "-x509",
             "-newkey",
             "ec",
             "-pkeyopt",
             "ec_paramgen_curve:P-256",
             "-nodes",
             "-days",
             "2",
             "-subj",
             "/CN=127.0.0.1",
             "-addext",
             "subjectAltName=IP:127.0.0.1",
             "-CA",
             folder_ / "ca.pem",
             "-CAkey",
             folder_ / "ca.key",
             "-keyout",
             data + "/server.key",
             "-out",
             data + "/server.crt"});
    }
    static constexpr int kAttempts = 3;
    static std::string newestPrograms() {
        std::string newest;
        for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql"))
            newest = std::max(newest, (entry.path() / "bin").string());
        return newest;
    }
    static std::uint16_t freePort() {
        const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                           ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
        ::close(socket);
        if (!bound) throw std::runtime_error("no free port");
        return ntohs(address.sin_port);
    }
    /// As nobody where we are root.
    void run(std::vector<std::string> command) const {
        if (::geteuid() == 0) command.insert(command.begin(), {"/usr/sbin/runuser", "-u", "nobody", "--"});
        const std::string program = command.front();
        command.erase(command.begin());
        Poco::Pipe out;
        const auto process = Poco::Process::launch(program, command, "/", nullptr, &out, &out);
        Poco::PipeInputStream stream(out);
        std::string said;
        // pg_ctl's server keeps nothing of ours open: its output goes to the log.
        Poco::StreamCopier::copyToString(stream, said);
        if (process.wait() != 0) throw std::runtime_error(program + ": " + said);
    }

    TemporaryFolder folder_;
    std::string programs_;
    std::uint16_t port_;
    bool is_running_ = false;
};

}  // namespace caseway::fixture
