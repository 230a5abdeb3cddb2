// gateway/adapters/http/connection_request.cpp - from a checked head to a worker, or to a refusal: limits, the
// handler's plan, the body's way, the hand-over.
#include <algorithm>

#include "gateway/adapters/http/connection.hpp"
#include "gateway/adapters/http/refusal_hint.hpp"
#include "gateway/adapters/http/responder.hpp"

namespace caseway {
namespace {

constexpr std::size_t kReserveBytes = 64 * 1024;  // a declared length is believed this far before the bytes are there

Response overloaded(std::string_view detail) {
    auto response = problem(503, nameOf(HttpRefusal::Overloaded), detail, "try again after the seconds in Retry-After");
    response.fields.push_back({"Retry-After", "1"});
    return response;
}

Response tooMuchOfAddress(std::string_view detail) {
    auto response = problem(429, nameOf(HttpRefusal::AddressLimit), detail,
                            "send fewer at a time; several clients behind one address need higher limits.*_of_address");
    response.fields.push_back({"Retry-After", "1"});
    return response;
}

Response tooLarge(std::uint64_t limit) {
    return problem(413, nameOf(HttpRefusal::BodyTooLarge), "the body is larger than is taken here",
                   "at most " + std::to_string(limit) + " bytes");
}

}  // namespace

void Connection::onHead() {
    auto& exchange = *exchange_;
    exchange.head = std::move(exchange.parser->head());
    exchange.head.peer_address = peer_address_;
    exchange.head.peer_certificate = peer_certificate_;
    exchange.head.peer_uid = peer_uid_;
    exchange.head.listener = listener_.name;
    exchange.form = {exchange.head.method == "HEAD", exchange.head.http_1_0,
                     exchange.parser->keepAlive() && !loop_.stopping, listener_.framing == Framing::Frames};
    enter(Phase::Body, loop_.limits().body_window);
    body_since_ = loop_.now;
    body_bytes_ = window_begin_ = 0;
    if (!admit()) return;
    BodyPlan plan = askHandler();
    if (auto* refusal = std::get_if<RefuseBody>(&plan))
        return refuse(HttpRefusal::kCount, std::move(refusal->response));
    if (std::holds_alternative<LeaveBody>(plan)) return leaveBody();
    if (auto* to_memory = std::get_if<InlineBody>(&plan)) {
        planInline(*to_memory);
    } else {
        planSpool(std::get<SpoolBody>(plan));
    }
    if (phase_ != Phase::Body || exchange.mode == BodyMode::Drop) return;
    if (!exchange.parser->hasBody()) return onBodyComplete();
    if (exchange.parser->expectsContinue()) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
}

/// The promise not to throw is the handler's; a broken one costs it this request, not the loop.
BodyPlan Connection::askHandler() try {
    return loop_.handler.onHead(exchange_->head);
} catch (const std::exception& error) {
    if (loop_.config.report_fault) loop_.config.report_fault(error.what());
    return RefuseBody{problem(500, "internal_error", "the request could not be handled")};
}

/// Limits of rate and of requests in flight. False: refused.
bool Connection::admit() {
    if (!listener_.limited) return true;
    const bool rated = loop_.limits().requests_per_second > 0;
    if (const auto wait = rated ? loop_.limiter.take(rateKey(peer_address_), loop_.now) : std::nullopt) {
        auto response = problem(429, nameOf(HttpRefusal::RateLimited), "too many requests from this address",
                                "wait for the seconds in Retry-After");
        response.fields.push_back({"Retry-After", std::to_string(wait->count())});
        refuse(HttpRefusal::RateLimited, std::move(response));
        return false;
    }
    if (share_->in_flight >= loop_.limits().in_flight_of_address) {
        refuse(HttpRefusal::AddressLimit, tooMuchOfAddress("too many requests at once from this address"));
        return false;
    }
    if (loop_.in_flight < loop_.limits().in_flight) return true;
    refuse(HttpRefusal::Overloaded, overloaded("too many requests at once"));
    return false;
}

/// Nothing more is read from this peer: its answer comes from a worker, and then the connection ends.
void Connection::leaveBody() {
    auto& exchange = *exchange_;
    exchange.form.keep_alive = false;
    exchange.mode = BodyMode::None;
    exchange.body_left = true;
    dispatch(nullptr);
}

void Connection::planInline(InlineBody& plan) {
    auto& exchange = *exchange_;
    const auto length = exchange.head.content_length.value_or(0);
    if (length > plan.max_bytes) return refuse(HttpRefusal::BodyTooLarge, tooLarge(plan.max_bytes));
    exchange.mode = BodyMode::Inline;
    exchange.announce = std::move(plan.announce);
    exchange.body_limit = plan.max_bytes;
    exchange.parser->limitBody(plan.max_bytes);
    exchange.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(length, kReserveBytes)));
}

void Connection::planSpool(SpoolBody& plan) {
    auto& exchange = *exchange_;
    if (exchange.head.content_length.value_or(0) > plan.max_bytes) {
        return refuse(HttpRefusal::BodyTooLarge, tooLarge(plan.max_bytes));
    }
    exchange.mode = BodyMode::Spool;
    exchange.body_limit = plan.max_bytes;
    exchange.parser->limitBody(plan.max_bytes);
    exchange.spool = std::make_shared<BodySpool>(loop_.mailbox, loop_.spool_pool, loop_.config.report_fault, id_,
                                                 std::move(plan.open), loop_.limits().unspooled_bytes);
}

void Connection::bodyPiece(std::string_view bytes) {
    auto& exchange = *exchange_;
    if (phase_ != Phase::Body) return;
    body_bytes_ += bytes.size();
    if (exchange.mode == BodyMode::Spool) {
        paused_ = exchange.spool->append(bytes);
        return;
    }
    if (exchange.mode != BodyMode::Inline) return;
    if (loop_.inline_bytes + bytes.size() > loop_.limits().inline_total_bytes) {
        return answerAndClose(HttpRefusal::Overloaded, overloaded("no memory for another body now"));
    }
    if (share_ != nullptr && share_->inline_bytes + bytes.size() > loop_.limits().inline_bytes_of_address) {
        return answerAndClose(HttpRefusal::AddressLimit, tooMuchOfAddress("too many bodies at once from this address"));
    }
    holdInline(bytes.size());
    exchange.body.append(bytes);
}

void Connection::holdInline(std::size_t bytes) {
    loop_.inline_bytes += bytes;
    if (share_ != nullptr) share_->inline_bytes += bytes;
    exchange_->inline_bytes += bytes;
}

void Connection::onBodyComplete() {
    auto& exchange = *exchange_;
    switch (exchange.mode) {
        case BodyMode::Drop:
            return send(writeResponse(exchange.refusal, exchange.form), !exchange.form.keep_alive);
        case BodyMode::Spool:
            enter(Phase::Handling, {});
            return exchange.spool->end();
        default:
            return dispatch(nullptr);
    }
}

void Connection::dispatch(std::unique_ptr<BodySink> sink) {
    auto& exchange = *exchange_;
    exchange.spool.reset();
    exchange.in_flight = true;
    ++loop_.in_flight;
    if (share_ != nullptr) ++share_->in_flight;
    loop_.counters.requests.fetch_add(1, std::memory_order_relaxed);
    Request request{std::move(exchange.head), std::move(exchange.body), std::move(sink), exchange.body_left};
    if (exchange.announce) request.announced = exchange.announce();
    loop_.ready.push_back(
        {share_, std::move(request), Responder(std::make_shared<ConnectionAnswer>(loop_.mailbox, id_, exchange.form))});
    enter(Phase::Handling, {});
}

/// Answers without taking the body; a small one is read off first, so that the connection can stay.
void Connection::refuse(HttpRefusal reason, Response response) {
    auto& exchange = *exchange_;
    if (!exchange.parser->hasBody()) {
        if (reason != HttpRefusal::kCount) loop_.counters.count(reason);
        return send(writeResponse(response, exchange.form), !exchange.form.keep_alive);
    }
    const bool small = exchange.head.content_length.value_or(0) <= loop_.limits().drain_bytes;
    if (!small || exchange.parser->expectsContinue() || !exchange.form.keep_alive || exchange.form.framed)
        return answerAndClose(reason, response);
    if (reason != HttpRefusal::kCount) loop_.counters.count(reason);
    exchange.mode = BodyMode::Drop;
    exchange.body_limit = loop_.limits().drain_bytes;
    exchange.parser->limitBody(exchange.body_limit);
    exchange.refusal = std::move(response);
}

void Connection::refuseFraming(const FramingRefusal& refusal) {
    if (refusal.status == 0) {
        loop_.counters.count(refusal.reason);
        return close();
    }
    if (exchange_->mode == BodyMode::Drop) return answerAndClose(refusal.reason, exchange_->refusal);
    if (refusal.reason == HttpRefusal::BodyTooLarge)
        return answerAndClose(refusal.reason, tooLarge(exchange_->body_limit));
    answerAndClose(refusal.reason, problem(refusal.status, nameOf(refusal.reason), refusal.detail,
                                           hintFor(refusal.reason, loop_.limits())));
}

/// After this nothing that the peer sends is read as a request.
void Connection::answerAndClose(HttpRefusal reason, const Response& response) {
    if (reason != HttpRefusal::kCount) loop_.counters.count(reason);
    ResponseForm form;
    form.keep_alive = false;
    form.framed = listener_.framing == Framing::Frames;
    if (exchange_ != nullptr) {
        form.head_only = exchange_->form.head_only;
        if (exchange_->spool != nullptr) exchange_->spool->abandon();
        exchange_->spool.reset();
    }
    send(writeResponse(response, form), true);
}

}  // namespace caseway
