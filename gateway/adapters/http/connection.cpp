// gateway/adapters/http/connection.cpp - the driver: edges and mail come in, proceed() goes on until it would have to
// wait. What a request may and gets: connection_request.cpp.
#include "gateway/adapters/http/connection.hpp"

#include <sys/socket.h>

#include <algorithm>

#include "gateway/adapters/http/frame_parser.hpp"
#include "gateway/adapters/http/refusal_hint.hpp"
#include "gateway/adapters/http/request_parser.hpp"
#include "gateway/base/give_back.hpp"

namespace caseway {
namespace {

constexpr std::size_t kTurnBytes = 256 * 1024;        // one connection's share of a tick
constexpr std::size_t kLingerTurnBytes = 256 * 1024;  // what a refused peer may still send at a time
constexpr std::size_t kStreamAheadBytes = 256 * 1024;

/// Who made the connection; nothing where the kernel does not say.
std::optional<std::uint32_t> userBehind(int fd) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || size != sizeof peer) return std::nullopt;
    return peer.uid;
}

}  // namespace

Connection::Connection(LoopContext& loop, ConnectionId id, const ListenerConfig& listener, std::string peer_address,
                       Poco::Net::StreamSocket socket, ssl_st* ssl)
    : loop_(loop),
      id_(id),
      listener_(listener),
      peer_address_(std::move(peer_address)),
      transport_(std::move(socket), ssl),
      phase_(ssl != nullptr ? Phase::Handshake : Phase::Idle),
      place_(loop.waiting.insert(loop.waiting.end(), this)),
      share_(listener.limited ? &loop.addresses.of(peer_address_) : nullptr) {
    if (!listener.unix_path.empty()) peer_uid_ = userBehind(transport_.fd());
    if (share_ != nullptr) share_place_ = share_->waiting.insert(share_->waiting.end(), this);
    enter(phase_, ssl != nullptr ? loop.limits().handshake_time : loop.limits().idle_time);
    loop_.counters.connections_opened.fetch_add(1, std::memory_order_relaxed);
}

Connection::~Connection() {
    releaseExchange();
    out_.clear();
    countOut();
    (in_waiting_ ? loop_.waiting : loop_.busy).erase(place_);
    if (share_ != nullptr) {
        (in_waiting_ ? share_->waiting : share_->busy).erase(share_place_);
        loop_.addresses.leave(peer_address_);
    }
    loop_.counters.connections_closed.fetch_add(1, std::memory_order_relaxed);
}

std::unique_ptr<StreamParser> Connection::newParser() const {
    if (listener_.framing == Framing::Frames) return std::make_unique<FrameParser>();
    return std::make_unique<RequestParser>(loop_.limits());
}

void Connection::enter(Phase phase, std::chrono::milliseconds time) {
    const bool begins_anew = phase == Phase::Idle || phase == Phase::Linger;
    phase_ = phase;
    deadline_ = loop_.now + time;
    const bool waits = isWaiting();
    if (waits == in_waiting_ && !begins_anew) return;
    const auto move = [&](auto& lists, auto place) {
        auto& to = waits ? lists.waiting : lists.busy;
        to.splice(to.end(), in_waiting_ ? lists.waiting : lists.busy, place);
    };
    move(loop_, place_);
    if (share_ != nullptr) move(*share_, share_place_);
    in_waiting_ = waits;
}

void Connection::close() {
    releaseExchange();
    phase_ = Phase::Closed;
}

void Connection::noteEdge(bool readable, bool peer_finished, bool broken) {
    // A request in flight holds its body and its worker whether or not the peer is still there: the place is given back
    // with the answer, or a client that hangs up at once could have any number of them.
    if (broken && exchange_ != nullptr && exchange_->in_flight) return;
    if (broken) return close();
    if (readable || peer_finished) transport_.readable(peer_finished);
}

void Connection::stepHandshake() {
    switch (transport_.handshake()) {
        case Transport::Status::Ok:
            break;
        case Transport::Status::Blocked:
            return;
        default:
            loop_.counters.count(HttpRefusal::HandshakeFailed);
            if (!transport_.isPlainHttp() || listener_.framing == Framing::Frames) return close();
            return answerAndClose(HttpRefusal::kCount, problem(400, "tls_required", "this port speaks TLS",
                                                               "write https:// in the address"));
    }
    loop_.counters.handshakes.fetch_add(1, std::memory_order_relaxed);
    if (transport_.resumed()) loop_.counters.handshakes_resumed.fetch_add(1, std::memory_order_relaxed);
    peer_certificate_ = transport_.peerCertificate();
    enter(Phase::Idle, loop_.limits().idle_time);
}

void Connection::proceed() {
    if (phase_ == Phase::Handshake) {
        stepHandshake();
        if (phase_ == Phase::Handshake) return;
    }
    std::size_t budget = kTurnBytes;
    while (phase_ != Phase::Closed && flush()) {
        switch (phase_) {
            case Phase::Idle:
            case Phase::Head:
            case Phase::Body:
                if (paused_) return;
                if (!starved_) {
                    parseBuffered();
                } else if (!readSome(budget)) {
                    return;
                }
                break;
            case Phase::Answering:
                if (!answer_whole_) return;
                endExchange();
                break;
            case Phase::Linger: {
                const auto gone = transport_.discard(loop_.scratch, kLingerTurnBytes);
                if (gone.status == Transport::Status::Ok) return loop_.again.push_back(id_);
                if (gone.status != Transport::Status::Blocked) close();
                return;
            }
            default:
                return;
        }
    }
}

/// True if the driver can go on: there was something, or the phase changed.
bool Connection::readSome(std::size_t& budget) {
    if (budget == 0) {
        loop_.again.push_back(id_);
        return false;
    }
    const auto got = transport_.read(loop_.scratch);
    if (got.status == Transport::Status::Blocked) {
        if (transport_.isCutShort()) loop_.again.push_back(id_);
        return false;
    }
    if (got.status != Transport::Status::Ok) {
        onPeerEnd();
        return phase_ != Phase::Closed;
    }
    budget -= std::min(budget, got.bytes);
    loop_.counters.bytes_read.fetch_add(got.bytes, std::memory_order_relaxed);
    const std::string_view bytes(loop_.scratch.data(), got.bytes);
    if (input_.empty()) {
        const auto rest = bytes.substr(parse(bytes));
        if (!rest.empty()) input_.assign(rest);
    } else {
        input_.erase(0, input_at_);
        input_at_ = 0;
        input_.append(bytes);
        parseBuffered();
    }
    return true;
}

void Connection::parseBuffered() {
    input_at_ += parse(std::string_view(input_).substr(input_at_));
    if (input_at_ != input_.size()) return;
    giveBack(input_);
    input_at_ = 0;
    if (phase_ <= Phase::Body) starved_ = true;
}

/// Parses until the phase is no longer one of reading, or more is needed. Returns what was used up.
std::size_t Connection::parse(std::string_view bytes) {
    std::size_t used = 0;
    starved_ = true;
    while (used < bytes.size() && phase_ <= Phase::Body && !paused_) {
        if (exchange_ == nullptr) {
            exchange_ = std::make_unique<Exchange>(newParser());
            enter(Phase::Head, loop_.limits().head_time);
        }
        const auto step = exchange_->parser->parse(bytes.substr(used), *this);
        used += step.consumed;
        if (phase_ > Phase::Body) break;  // a piece of the body was one too many
        switch (step.state) {
            case StreamParser::State::NeedsMore:
                return used;
            case StreamParser::State::HeadReady:
                onHead();
                break;
            case StreamParser::State::Complete:
                onBodyComplete();
                break;
            case StreamParser::State::Refused:
                refuseFraming(exchange_->parser->refusal());
                break;
        }
    }
    starved_ = used == bytes.size();
    return used;
}

/// True if everything is written.
bool Connection::flush() {
    while (out_at_ < out_.size()) {
        const auto put = transport_.write(std::string_view(out_).substr(out_at_));
        if (put.status == Transport::Status::Blocked) return false;
        if (put.status != Transport::Status::Ok) {
            close();
            return false;
        }
        out_at_ += put.bytes;
        loop_.counters.bytes_written.fetch_add(put.bytes, std::memory_order_relaxed);
        if (phase_ == Phase::Answering) deadline_ = loop_.now + loop_.limits().write_time;
    }
    if (!out_.empty()) {
        giveBack(out_);
        out_at_ = 0;
        countOut();
    }
    auto* const exchange = exchange_.get();
    if (phase_ == Phase::Answering && !answer_whole_ && exchange != nullptr && exchange->stream &&
        !exchange->stream_pending) {
        exchange->stream_pending = true;
        exchange->stream->pull();
    }
    return true;
}

void Connection::onPeerEnd() {
    if (phase_ == Phase::Idle) return close();
    // The request broke off. A peer that only closed its half can still read why.
    answerAndClose(HttpRefusal::IncompleteRequest,
                   problem(400, nameOf(HttpRefusal::IncompleteRequest), "the connection ended before the request did",
                           hintFor(HttpRefusal::IncompleteRequest, loop_.limits())));
}

void Connection::send(std::string wire, bool close_after) {
    if (out_.empty()) {
        out_ = std::move(wire);
    } else {
        out_ += wire;
    }
    countOut();
    close_after_ = close_after_ || close_after;
    answer_whole_ = true;
    loop_.counters.responses.fetch_add(1, std::memory_order_relaxed);
    enter(Phase::Answering, loop_.limits().write_time);
}

void Connection::takeStreamPiece(Mail& mail) {
    auto& exchange = *exchange_;
    exchange.stream_pending = false;
    out_ += mail.wire;
    countOut();
    answer_whole_ = mail.last;
    if (!mail.last && out_.size() - out_at_ < kStreamAheadBytes) {
        exchange.stream_pending = true;
        exchange.stream->pull();
    }
}

void Connection::receive(Mail mail) {
    if (phase_ == Phase::Closed || exchange_ == nullptr) return;
    switch (mail.kind) {
        case Mail::Kind::Answer:
            if (phase_ != Phase::Handling) return;
            endFlight();
            send(std::move(mail.wire), mail.close || exchange_->form.http_1_0);
            if (mail.stream == nullptr) break;
            answer_whole_ = false;
            exchange_->stream = std::make_shared<BodyStream>(loop_.mailbox, loop_.spool_pool, loop_.config.report_fault,
                                                             id_, std::move(mail.stream), !exchange_->form.http_1_0);
            break;
        case Mail::Kind::StreamPiece:
            if (phase_ == Phase::Answering && exchange_->stream != nullptr) takeStreamPiece(mail);
            break;
        case Mail::Kind::StreamFailed:
            return close();
        case Mail::Kind::SpoolMoved:
            paused_ = false;
            break;
        case Mail::Kind::SpoolDone:
            if (exchange_->spool == nullptr) return;
            dispatch(std::move(mail.sink));
            break;
        case Mail::Kind::SpoolFailed:
            if (exchange_->spool == nullptr) return;  // answered already: the body came too slowly
            paused_ = false;
            answerAndClose(HttpRefusal::Overloaded, mail.response);
            break;
        case Mail::Kind::Stop:
            break;
    }
    proceed();
}

std::optional<double> Connection::bodyRate() const {
    const auto since = loop_.now - body_since_;
    if (phase_ != Phase::Body || paused_ || since < loop_.limits().body_grace) return std::nullopt;
    constexpr std::chrono::duration<double> kTick{0.001};
    return static_cast<double>(body_bytes_) / std::max<std::chrono::duration<double>>(since, kTick).count();
}

void Connection::checkDeadline() {
    if (phase_ == Phase::Closed || loop_.now < deadline_) return;
    switch (phase_) {
        case Phase::Handshake:
            loop_.counters.count(HttpRefusal::HandshakeFailed);
            return close();
        case Phase::Head:
            break;
        case Phase::Body: {
            const auto window = loop_.limits().body_window;
            const auto needed = static_cast<double>(loop_.limits().body_bytes_per_second) *
                                std::chrono::duration<double>(window).count();
            const bool fast_enough = paused_ || static_cast<double>(body_bytes_ - window_begin_) >= needed;
            window_begin_ = body_bytes_;
            if (fast_enough) return enter(Phase::Body, window);
            break;
        }
        case Phase::Handling:
            return;
        case Phase::Answering:
            if (out_at_ < out_.size()) return close();
            return enter(Phase::Answering, loop_.limits().write_time);
        default:
            return close();
    }
    answerAndClose(HttpRefusal::RequestTimeout,
                   problem(408, nameOf(HttpRefusal::RequestTimeout), "the request came too slowly",
                           hintFor(HttpRefusal::RequestTimeout, loop_.limits())));
    proceed();
}

void Connection::countOut() {
    if (share_ == nullptr) return;
    for (std::size_t* const sum : {&loop_.answer_bytes, &share_->answer_bytes}) *sum += out_.size() - counted_out_;
    counted_out_ = out_.size();
}

void Connection::endFlight() {
    if (!exchange_->in_flight) return;
    exchange_->in_flight = false;
    --loop_.in_flight;
    if (share_ != nullptr) --share_->in_flight;
}

void Connection::endExchange() {
    releaseExchange();
    answer_whole_ = false;
    starved_ = input_.empty();
    if (!close_after_ && !loop_.stopping) return enter(Phase::Idle, loop_.limits().idle_time);
    transport_.finishWriting();
    giveBack(input_);
    input_at_ = 0;
    enter(Phase::Linger, loop_.limits().linger_time);
}

void Connection::releaseExchange() {
    if (exchange_ == nullptr) return;
    endFlight();
    loop_.inline_bytes -= exchange_->inline_bytes;
    if (share_ != nullptr) share_->inline_bytes -= exchange_->inline_bytes;
    if (exchange_->spool != nullptr) exchange_->spool->abandon();
    exchange_.reset();
    paused_ = false;
}

}  // namespace caseway
