// gateway/adapters/plugin/session.cpp - the ends of a call, as faults with the next step.
#include "gateway/adapters/plugin/session.hpp"

#include <fmt/format.h>

#include "connectors/sdk/wire/bounded_protocol.hpp"

namespace caseway {
namespace {

constexpr std::chrono::milliseconds kEndWait{2'000};  ///< for the word how a process ended

}  // namespace

PluginSession::PluginSession(std::shared_ptr<PluginProcess> process, const PluginManifest& manifest,
                             const ConnectorSurroundings& surroundings, std::chrono::milliseconds stop_grace)
    : process_(std::move(process)),
      manifest_(manifest),
      surroundings_(surroundings),
      stop_grace_(stop_grace),
      transport_(std::make_shared<ChannelTransport>(*process_, process_->calls())),
      client_(boundedProtocol(transport_, kAnswerBytesMax)),
      questions_(*process_, surroundings_) {}

void PluginSession::begin(std::chrono::milliseconds deadline) {
    bounds_ = {std::chrono::steady_clock::now() + deadline,
               process_->cpu() + std::chrono::seconds(manifest_.limits.cpu_seconds), stop_grace_,
               surroundings_.stopping};
    transport_->bound(bounds_, process_->questions(), [this] { questions_.answer(); });
    questions_.bound(bounds_);
}

void PluginSession::fail(const char* code, const char* name, const std::string& what, const std::string& next_step) {
    process_->kill();
    failed_ = true;
    throw ConnectorFault(ConnectorFaultKind::System, {code, manifest_.spec.type + ": " + name, what, next_step});
}

void PluginSession::brokeContract(const char* name, const std::string& what) {
    fail("connector_broke_contract", name, what, "its author: `caseway connector verify DIR`");
}

void PluginSession::ended(const char* name, ChannelEnd why) {
    switch (why) {
        case ChannelEnd::TimedOut:
            fail("connector_timed_out", name, "no answer before the deadline",
                 "is the other side slow? then a longer deadline; else its author");
        case ChannelEnd::CpuSpent:
            fail("connector_limit_reached", name,
                 fmt::format("more than {} s of processor time", manifest_.limits.cpu_seconds),
                 "its author; or a higher cpu_seconds in its manifest");
        case ChannelEnd::Cancelled:
            process_->kill();
            throw ConnectorFault(ConnectorFaultKind::Transient, {"connector_stopped", manifest_.spec.type + ": " + name,
                                                                 "the run was cancelled or the gateway stops",
                                                                 "nothing: the next run goes on from here"});
        case ChannelEnd::Closed:
            break;
    }
    const std::string how = process_->waitForEnd(kEndWait);
    if (const std::string over = process_->overLimit(); !over.empty())
        fail("connector_limit_reached", name, over, kOverLimitStep);
    fail("connector_crashed", name, "it ended in mid-call: " + how,
         "its last words stand in the operating log; too little memory_mib in its manifest also ends it");
}

}  // namespace caseway
