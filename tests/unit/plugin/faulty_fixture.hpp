// tests/unit/plugin/faulty_fixture.hpp - a host with the faulty plug-in, short deadlines, and the fault of a call.
#pragma once

#include <stdexcept>

#include "tests/support/plugin_fixture.hpp"

namespace caseway::fixture {

struct FaultyFixture {
    FaultyFixture() {
        installation.install(PluginInstallation::built("faulty"));
        installation.settings.stop_grace = std::chrono::milliseconds(300);
        installation.settings.back_off = {std::chrono::milliseconds(0), std::chrono::milliseconds(0), {}};
        start();
    }
    void start() { host = std::make_unique<PluginHost>(installation.settings); }
    const ConnectorType& type() const { return *host->types().at(0); }
    std::unique_ptr<Connector> open(const std::string& does, const std::string& more = "") const {
        return type().open(R"({"do":")" + does + "\"" + more + "}", surroundings);
    }
    template <class Call>
    static ConnectorFault faultOf(Call call) {
        try {
            call();
        } catch (const ConnectorFault& fault) {
            return fault;
        }
        throw std::runtime_error("no fault");
    }
    PluginInstallation installation;
    ConnectorSurroundings surroundings;
    std::unique_ptr<PluginHost> host;
};

}  // namespace caseway::fixture
