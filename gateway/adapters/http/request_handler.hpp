// gateway/adapters/http/request_handler.hpp - the door between the HTTP server and what answers: handler and responder.
#pragma once

#include <memory>

#include "gateway/adapters/http/http_message.hpp"

namespace caseway {

/// What stands behind a Responder: the way back to one request.
class AnswerState {
public:
    virtual ~AnswerState() = default;
    /// Sends it, once, from any thread; false if it was answered before.
    virtual bool answer(Response response) = 0;
};

/// Answers one request, once, from any thread, now or later (after a group commit). Cheap to copy; all copies are one.
/// If the last copy goes without an answer, the peer gets a 500. Outlives the server harmlessly.
class Responder {
public:
    explicit Responder(std::shared_ptr<AnswerState> state) : state_(std::move(state)) {}
    /// Sends `response`. False if it was answered before: nothing happens then.
    bool answer(Response response);

private:
    std::shared_ptr<AnswerState> state_;
};

class RequestHandler {
public:
    virtual ~RequestHandler() = default;
    /// What to do with the body. Called on the poll loop with a well-formed head, before any of the body is read: no
    /// I/O, no lock that is held for long, must not throw. Called for requests without a body too.
    virtual BodyPlan onHead(const RequestHead& head) = 0;
    /// Answers a complete request. Called on a worker, several at a time. A thrown Fault becomes 503 or 500.
    virtual void handle(Request request, Responder responder) = 0;
};

}  // namespace caseway
