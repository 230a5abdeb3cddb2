// connectors/thrift/remote_session.hpp - one connection to a department's server of connector.thrift, which has said
// hello and taken its settings. For this folder only: it shows Thrift's types.
#pragma once

#include <connector_protocol/ConnectorPlugin.h>
#include <thrift/TApplicationException.h>

#include "connectors/sdk/turn_wait.hpp"
#include "connectors/sdk/wire/answers.hpp"
#include "connectors/thrift/remote_settings.hpp"
#include "connectors/thrift/stream_transport.hpp"

namespace caseway {

/// For one thread at a time.
class RemoteSession {
public:
    /// Connects, greets, hands over the settings. The references must outlive this. Throws ConnectorFault.
    RemoteSession(const RemoteSettings& settings, const ConnectorSurroundings& surroundings, const CallBudget& budget,
                  RequestPace& pace);

    /// For the calls until the next.
    void begin(const CallBudget& budget);
    /// One exchange. `rpc(client, deadline_ms)`. Throws ConnectorFault: the other side's own, after which the
    /// connection goes on, or one after which it isBroken().
    template <class Rpc>
    auto call(const char* name, Rpc rpc);
    /// Says what the other side did against the contract; the connection is of no use any more.
    [[noreturn]] void brokeContract(const char* name, const std::string& what);
    bool isBroken() const { return broken_; }
    bool isStale() { return stream_.isStale(); }
    /// As what it introduced itself: `permits 1.2.0`.
    const std::string& greeting() const { return greeting_; }

private:
    void greet();
    std::string askGreeting(std::int32_t ours, std::int32_t& theirs);
    [[noreturn]] void didNotAnswer(const char* name,
                                   apache::thrift::TApplicationException::TApplicationExceptionType why);

    std::string where_;
    const CallBudget* budget_;
    RequestPace& pace_;
    TlsStream stream_;
    plugin::ConnectorPluginClient client_;
    std::string greeting_;
    bool broken_ = false;
};

/// Before the codes of the other side's own faults.
inline constexpr const char* kRemoteCodes = "remote_";

template <class Rpc>
auto RemoteSession::call(const char* name, Rpc rpc) {
    budget_->mustGoOn(where_);
    waitForTurn(pace_, *budget_, where_);
    try {
        return rpc(client_, budget_->left().count());
    } catch (const plugin::Fault& fault) {
        try {
            throw fromWire(fault, kRemoteCodes);
        } catch (const AnswerOutOfBounds& error) {
            brokeContract(name, error.what());
        }
    } catch (const AnswerOutOfBounds& error) {
        brokeContract(name, error.what());
    } catch (const ConnectorFault&) {  // of the connection
        broken_ = true;
        throw;
    } catch (const apache::thrift::TApplicationException& error) {
        didNotAnswer(name, error.getType());
    } catch (const std::exception&) {  // Thrift's, and what its code throws on rubbish
        brokeContract(name, "its answer cannot be read: it is no frame of at most 16 MB, or none of this contract");
    }
}

}  // namespace caseway
