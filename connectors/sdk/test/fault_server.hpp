// connectors/sdk/test/fault_server.hpp - fault_server.py as an object of a test: a department's web service on
// loopback.
#pragma once

#include <Poco/Pipe.h>
#include <Poco/PipeStream.h>
#include <Poco/Process.h>

#include <fstream>
#include <string>
#include <vector>

#include "connectors/sdk/http_client.hpp"
#include "tests/support/temporary_folder.hpp"

namespace caseway::fixture {

class FaultServer {
public:
    enum class Tls { No, Yes, AsksForClient, TooOld, Expired };
    explicit FaultServer(Tls tls = Tls::No) : tls_(tls), process_(launch(arguments(tls), in_, out_)) {
        Poco::PipeInputStream lines(out_);
        lines >> port_;
        if (port_ == 0) throw std::runtime_error("the fault server did not start");
    }
    ~FaultServer() {
        in_.close();  // it ends by itself
        process_.wait();
    }
    FaultServer(const FaultServer&) = delete;
    FaultServer& operator=(const FaultServer&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(const std::string& path) const {
        return (tls_ == Tls::No ? "http://127.0.0.1:" : "https://localhost:") + std::to_string(port_) + path;
    }
    /// A JSON object, merged into the server's state.
    void control(const std::string& json) const { ask("POST", "/_control", json); }
    void fault(const std::string& name) const { control("{\"fault\":\"" + name + "\"}"); }
    /// What was asked since the last call, as JSON.
    std::string log() const { return ask("GET", "/_log", ""); }
    std::string state() const { return ask("GET", "/_state", ""); }
    /// `ca.pem`, `client.pem`, `client.key` as text.
    std::string file(const std::string& name) const {
        std::ifstream in(folder_ / name);
        return {std::istreambuf_iterator<char>(in), {}};
    }

private:
    std::vector<std::string> arguments(Tls tls) const {
        std::vector<std::string> arguments{"-B", CASEWAY_SOURCE_DIR "/connectors/sdk/test/fault_server.py"};
        if (tls != Tls::No) arguments.insert(arguments.end(), {"--tls", folder_.path()});
        if (tls == Tls::AsksForClient) arguments.push_back("--client-ca");
        if (tls == Tls::TooOld) arguments.insert(arguments.end(), {"--tls-most", "1.1"});
        if (tls == Tls::Expired) arguments.push_back("--expired");
        return arguments;
    }
    static Poco::ProcessHandle launch(const std::vector<std::string>& arguments, Poco::Pipe& in, Poco::Pipe& out) {
        return Poco::Process::launch("/usr/bin/python3", arguments, &in, &out, nullptr);
    }
    std::string ask(const std::string& method, const std::string& path, const std::string& body) const {
        HttpDialing dialing;
        if (tls_ != Tls::No) {
            dialing.authorities = file("ca.pem");
            dialing.certificate = file("client.pem");
            dialing.key = file("client.key");
        }
        HttpClient client(dialing, {});
        WebRequest request{.method = method, .address = *parseWebAddress(url(path))};
        if (method == "POST") request.body = body;
        const HttpAnswer answer = client.exchange(request);
        if (answer.status != 200) throw std::runtime_error("the fault server refused " + path);
        return answer.body;
    }

    Tls tls_;
    TemporaryFolder folder_;
    Poco::Pipe in_;
    Poco::Pipe out_;
    Poco::ProcessHandle process_;
    std::uint16_t port_ = 0;
};

}  // namespace caseway::fixture
