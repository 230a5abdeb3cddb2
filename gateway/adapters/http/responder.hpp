// gateway/adapters/http/responder.hpp - what stands behind a Responder: the way back to one request of one connection.
#pragma once

#include <atomic>
#include <memory>

#include "gateway/adapters/http/mailbox.hpp"
#include "gateway/adapters/http/request_handler.hpp"
#include "gateway/adapters/http/response_writer.hpp"

namespace caseway {

class AnswerState {
public:
    AnswerState(std::shared_ptr<Mailbox> mailbox, ConnectionId connection, AnswerForm form)
        : mailbox_(std::move(mailbox)), connection_(connection), form_(form) {}
    /// Nobody answered: 500, so that no peer waits for ever.
    ~AnswerState();
    AnswerState(const AnswerState&) = delete;
    AnswerState& operator=(const AnswerState&) = delete;

    bool answer(Response response);

private:
    const std::shared_ptr<Mailbox> mailbox_;
    const ConnectionId connection_;
    const AnswerForm form_;
    std::atomic<bool> answered_{false};
};

}  // namespace caseway
