// gateway/adapters/plugin/session.hpp - one process that has said hello and opened its settings: a call goes out, its
// answer comes back, or the process is ended. For this folder only: it shows Thrift's types.
#pragma once

#include <connector_protocol/ConnectorPlugin.h>

#include <memory>

#include "gateway/adapters/plugin/manifest.hpp"
#include "gateway/adapters/plugin/questions.hpp"

namespace caseway {

/// Before the codes of a plug-in's own faults.
constexpr const char* kPluginCodes = "plugin_";
/// What to do about PluginProcess::overLimit().
constexpr const char* kOverLimitStep =
    "its author: it must not print payloads nor start threads without end; or a higher memory_mib in its manifest";

/// For one thread at a time.
class PluginSession {
public:
    PluginSession(std::shared_ptr<PluginProcess> process, const PluginManifest& manifest,
                  const ConnectorSurroundings& surroundings, std::chrono::milliseconds stop_grace);

    PluginProcess& process() { return *process_; }
    /// The calls that follow are done by then, all together.
    void begin(std::chrono::milliseconds deadline);
    /// One exchange. `rpc(client, deadline_ms)`. Throws ConnectorFault: the plug-in's own, after which it goes on; or
    /// System (connector_*), after which the process is killed.
    template <class Rpc>
    auto call(const char* name, Rpc rpc);
    /// Ends the process and says what it did against the contract.
    [[noreturn]] void brokeContract(const char* name, const std::string& what);
    /// True once it was killed for something that it did.
    bool failed() const { return failed_; }
    std::string refusedWith() const { return questions_.refusedWith(); }

private:
    [[noreturn]] void ended(const char* name, ChannelEnd why);
    [[noreturn]] void fail(const char* code, const char* name, const std::string& what, const std::string& next_step);

    std::shared_ptr<PluginProcess> process_;
    const PluginManifest& manifest_;
    const ConnectorSurroundings& surroundings_;
    std::chrono::milliseconds stop_grace_;
    std::shared_ptr<ChannelTransport> transport_;
    plugin::ConnectorPluginClient client_;
    Questions questions_;
    CallBounds bounds_;
    bool failed_ = false;
};

}  // namespace caseway

#include "gateway/adapters/plugin/session_call.hpp"
