// gateway/adapters/http/responder.cpp - answers are put into bytes on the thread that gives them, not on the poll loop.
#include "gateway/adapters/http/responder.hpp"

namespace caseway {

bool Responder::answer(Response response) {
    return state_->answer(std::move(response));
}

ConnectionAnswer::~ConnectionAnswer() {
    if (!answered_.load()) ConnectionAnswer::answer(problem(500, "internal_error", "the request was not answered"));
}

bool ConnectionAnswer::answer(Response response) {
    if (answered_.exchange(true)) return false;
    ResponseForm form = form_;
    for (const auto& field : response.fields) {
        if (equalsIgnoringCase(field.name, "Connection") && equalsIgnoringCase(field.value, "close"))
            form.keep_alive = false;
    }
    if (mailbox_->stopping.load(std::memory_order_relaxed)) form.keep_alive = false;
    Mail mail;
    mail.connection = connection_;
    mail.wire = writeResponse(response, form);
    mail.close = !form.keep_alive || (form.framed && mail.wire.empty());
    if (!form.head_only) mail.stream = std::move(response.stream);
    mailbox_->post(std::move(mail));
    return true;
}

}  // namespace caseway
