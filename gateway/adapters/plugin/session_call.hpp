// gateway/adapters/plugin/session_call.hpp - PluginSession::call: every way in which a call can end, in one place. For
// this folder only: it shows Thrift's types.
#pragma once

#include "connectors/sdk/wire/answers.hpp"
#include "gateway/adapters/plugin/session.hpp"

namespace caseway {

template <class Rpc>
auto PluginSession::call(const char* name, Rpc rpc) {
    if (transport_->hasUnread()) brokeContract(name, "it answered before it was asked");
    try {
        return rpc(client_, bounds_.left().count());
    } catch (const plugin::Fault& fault) {
        try {
            throw fromWire(fault, kPluginCodes, questions_.refusedWith());
        } catch (const AnswerOutOfBounds& error) {
            brokeContract(name, error.what());
        }
    } catch (const ChannelEnded& end) {
        ended(name, end.why());
    } catch (const AnswerOutOfBounds& error) {
        brokeContract(name, error.what());
    } catch (const ConnectorFault&) {
        throw;
    } catch (const std::exception& error) {  // Thrift's, and what its code throws on rubbish
        brokeContract(name, "its answer cannot be read");
    }
}

}  // namespace caseway
