// connectors/thrift/remote_session.cpp - greeting, and the ends of a call as faults with the next step.
#include "connectors/thrift/remote_session.hpp"

#include <connector_protocol/connector_constants.h>
#include <fmt/format.h>

#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/wire/bounded_protocol.hpp"

namespace caseway {
namespace {

ConnectorFault notTheService(const std::string& where, const std::string& what) {
    return configFault("remote_not_the_service", where, what,
                       "check host and port: connector.thrift in TFramedTransport and TBinaryProtocol must be served "
                       "there, over TLS");
}

}  // namespace

RemoteSession::RemoteSession(const RemoteSettings& settings, const ConnectorSurroundings& surroundings,
                             const CallBudget& budget, RequestPace& pace)
    : where_(settings.peer.shown()),
      budget_(&budget),
      pace_(pace),
      stream_(settings.peer, settings.dialing, surroundings, budget),
      client_(boundedProtocol(std::make_shared<StreamTransport>(stream_), kAnswerBytesMax)) {
    greet();
    call("open", [&](auto& client, auto) {
        // the deadline that open() tells is that of the calls to come
        client.open(settings.remote, surroundings.deadline.count());
        return true;
    });
}

void RemoteSession::begin(const CallBudget& budget) {
    budget_ = &budget;
    stream_.bound(budget);
}

std::string RemoteSession::askGreeting(std::int32_t ours, std::int32_t& theirs) {
    try {
        return call("hello", [&](auto& client, auto) {
            plugin::Hello answer;
            client.hello(answer, ours);
            theirs = answer.protocol;
            return greetingOf(answer);
        });
    } catch (const ConnectorFault& fault) {
        if (fault.parts().code != "connection_lost") throw;
        ConnectorFault::Parts parts = fault.parts();
        parts.next_step = "if it lasts: does it speak TFramedTransport and TBinaryProtocol, and what does its log say?";
        throw ConnectorFault(fault.kind(), std::move(parts));
    }
}

void RemoteSession::greet() {
    const std::int32_t ours = plugin::g_connector_constants.PROTOCOL;
    std::int32_t theirs = 0;
    std::string greeting = askGreeting(ours, theirs);
    if (theirs != ours)
        throw configFault("remote_version_differs", where_,
                          fmt::format("it speaks protocol {}, the gateway speaks {}", theirs, ours),
                          theirs > ours ? "install a newer gateway, or let the department serve the older protocol too"
                                        : "ask the department for the newer connector.thrift");
    greeting_ = std::move(greeting);
}

void RemoteSession::brokeContract(const char* name, const std::string& what) {
    broken_ = true;
    if (greeting_.empty()) throw notTheService(where_, what);
    throw systemFault("remote_broke_contract", where_ + ": " + name, what,
                      "tell the department: connector.thrift says what an answer may be");
}

void RemoteSession::didNotAnswer(const char* name,
                                 apache::thrift::TApplicationException::TApplicationExceptionType why) {
    using Exception = apache::thrift::TApplicationException;
    broken_ = true;
    if (why == Exception::INTERNAL_ERROR)  // its text may hold data
        throw transientFault("remote_failed", where_ + ": " + name,
                             "its program failed and gave no fault of the contract",
                             "if it lasts, let the department look at its server's log");
    if (why == Exception::UNKNOWN_METHOD) throw notTheService(where_, fmt::format("it knows no call `{}`", name));
    brokeContract(name, "its answer is none to this call");
}

}  // namespace caseway
