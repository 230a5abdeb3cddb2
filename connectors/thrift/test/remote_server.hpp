// connectors/thrift/test/remote_server.hpp - remote_server.py as an object of a test, and settings for each of its
// ports.
#pragma once

#include <Poco/Pipe.h>
#include <Poco/PipeStream.h>
#include <Poco/Process.h>

#include <fstream>
#include <stdexcept>
#include <string>

#include "gateway/formats/json/document.hpp"
#include "tests/support/temporary_folder.hpp"

namespace caseway::fixture {

class RemoteServer {
public:
    static RemoteServer& shared() {
        static RemoteServer server;
        return server;
    }
    RemoteServer()
        : process_(Poco::Process::launch(
              "/usr/bin/python3",
              {"-B", CASEWAY_SOURCE_DIR "/connectors/thrift/test/remote_server.py", folder_.path(), CASEWAY_BINARY_DIR},
              &in_, &out_, nullptr)) {
        Poco::PipeInputStream lines(out_);
        std::getline(lines, ports_);
        if (ports_.empty()) throw std::runtime_error("the servers did not start");
    }
    ~RemoteServer() {
        in_.close();  // it ends by itself
        process_.wait();
    }
    RemoteServer(const RemoteServer&) = delete;
    RemoteServer& operator=(const RemoteServer&) = delete;

    std::string port(const std::string& name) const {
        JsonTree tree;
        const auto ports = parseJson(ports_, {}, tree);
        const JsonValue* port = ports ? (*ports)->find(name) : nullptr;
        if (port == nullptr) throw std::runtime_error("no server is called " + name);
        return std::string(port->text);
    }
    std::string path(const std::string& name) const { return folder_.path() + "/" + name; }
    std::string file(const std::string& name) const {
        std::ifstream in(path(name));
        return {std::istreambuf_iterator<char>(in), {}};
    }
    std::string quoted(const std::string& name) const {
        std::string json;
        appendJsonString(file(name), json);
        return json;
    }
    /// Good ones; `more` begins with a comma, `tls` too.
    std::string settings(const std::string& name, const std::string& more = "", const std::string& tls = "") const {
        return R"({"host":"127.0.0.1","port":)" + port(name) + R"(,"tls":{"authorities":)" + quoted("ca.pem") +
               R"(,"certificate":)" + quoted("client.pem") + R"(,"key":)" + quoted("client.key") + tls + "}" + more +
               "}";
    }

private:
    TemporaryFolder folder_;
    Poco::Pipe in_;
    Poco::Pipe out_;
    Poco::ProcessHandle process_;
    std::string ports_;
};

}  // namespace caseway::fixture
