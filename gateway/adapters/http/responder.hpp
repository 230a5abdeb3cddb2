// gateway/adapters/http/responder.hpp - what stands behind a Responder: the way back to one request of one connection.
#pragma once

#include <atomic>
#include <memory>

#include "gateway/adapters/http/mailbox.hpp"
#include "gateway/adapters/http/request_handler.hpp"
#include "gateway/adapters/http/response_writer.hpp"

namespace caseway {

class ConnectionAnswer final : public AnswerState {
public:
    ConnectionAnswer(std::shared_ptr<Mailbox> mailbox, ConnectionId connection, ResponseForm form)
        : mailbox_(std::move(mailbox)), connection_(connection), form_(form) {}
    /// Nobody answered: 500, so that no peer waits for ever.
    ~ConnectionAnswer() override;
    ConnectionAnswer(const ConnectionAnswer&) = delete;
    ConnectionAnswer& operator=(const ConnectionAnswer&) = delete;

    bool answer(Response response) override;

private:
    const std::shared_ptr<Mailbox> mailbox_;
    const ConnectionId connection_;
    const ResponseForm form_;
    std::atomic<bool> answered_{false};
};

}  // namespace caseway
