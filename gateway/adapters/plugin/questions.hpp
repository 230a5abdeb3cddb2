// gateway/adapters/plugin/questions.hpp - what a plug-in may ask while it answers a call: may I go there, may I open
// this, shall I end. For this folder only: it shows Thrift's types.
#pragma once

#include <connector_protocol/Gateway.h>
#include <thrift/protocol/TBinaryProtocol.h>

#include <memory>
#include <string>

#include "gateway/adapters/plugin/channel.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

class Questions {
public:
    /// `surroundings` must outlive this.
    Questions(const PluginProcess& process, const ConnectorSurroundings& surroundings);
    /// For the next call; forgets what the last one was refused.
    void bound(const CallBounds& bounds);
    /// Reads one question and answers it. Throws ChannelEnded, Thrift's exceptions for rubbish, AnswerOutOfBounds
    /// where it asks without end.
    void answer();
    /// The code of the last refusal, empty where there was none.
    const std::string& refusedWith() const;

private:
    class Handler;
    std::shared_ptr<ChannelTransport> transport_;
    std::shared_ptr<apache::thrift::protocol::TBinaryProtocol> protocol_;
    std::shared_ptr<Handler> handler_;
    plugin::GatewayProcessor processor_;
    std::uint32_t asked_ = 0;
};

}  // namespace caseway
