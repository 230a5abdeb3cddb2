// gateway/adapters/http/connection.hpp - one connection: handshake, then requests one after the other, then goodbye.
// Lives on the poll loop. What a request needs (parser, buffers) exists only while there is one: an idle connection is
// small.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/adapters/http/body_spool.hpp"
#include "gateway/adapters/http/body_stream.hpp"
#include "gateway/adapters/http/loop_context.hpp"
#include "gateway/adapters/http/response_writer.hpp"
#include "gateway/adapters/http/stream_parser.hpp"
#include "gateway/adapters/http/transport.hpp"

namespace caseway {

class Connection final : private BodyReceiver {
public:
    Connection(LoopContext& loop, ConnectionId id, const ListenerConfig& listener, std::string peer_address,
               Poco::Net::StreamSocket socket, ssl_st* ssl);
    ~Connection() override;

    ConnectionId id() const { return id_; }
    int fd() const { return transport_.fd(); }
    bool isHandshaking() const { return phase_ == Phase::Handshake; }
    /// No whole request is in it: may be closed when places are short or the server stops.
    bool isWaiting() const { return phase_ <= Phase::Head || phase_ == Phase::Linger; }
    bool isClosed() const { return phase_ == Phase::Closed; }
    /// Of its answer, what is in memory: all of it until its peer has taken the last byte. 0 at a listener without
    /// limits.
    std::size_t waitingBytes() const { return counted_out_; }
    /// When the peer must have taken something: the earlier, the longer it has taken nothing.
    LoopContext::Time deadline() const { return deadline_; }
    /// Bytes a second of the body that comes, since its head; none where no body comes, where it has come for less
    /// than HttpLimits::body_grace, and where it waits for its sink.
    std::optional<double> bodyRate() const;
    const std::string& peerAddress() const { return peer_address_; }

    /// An edge of epoll. Does nothing but note it: proceed() follows.
    void noteEdge(bool readable, bool peer_finished, bool broken);
    /// Does whatever can be done now without waiting.
    void proceed();
    void receive(Mail mail);
    /// Compares the deadline with the time of this tick.
    void checkDeadline();
    /// Ends it without a word.
    void close();

private:
    enum class Phase { Handshake, Idle, Head, Body, Handling, Answering, Linger, Closed };
    enum class BodyMode { None, Inline, Spool, Drop };

    /// Everything that belongs to the request in progress.
    struct Exchange {
        explicit Exchange(std::unique_ptr<StreamParser> given) : parser(std::move(given)) {}
        const std::unique_ptr<StreamParser> parser;
        RequestHead head;
        BodyMode mode = BodyMode::None;
        std::string body;
        std::function<std::shared_ptr<void>()> announce;  ///< InlineBody
        std::uint64_t body_limit = 0;
        bool body_left = false;        ///< LeaveBody
        std::size_t inline_bytes = 0;  ///< counted in LoopContext::inline_bytes
        std::shared_ptr<BodySpool> spool;
        std::shared_ptr<BodyStream> stream;
        bool stream_pending = false;  ///< a piece was asked for
        Response refusal;             ///< sent after a dropped body
        HttpRefusal refusal_reason = HttpRefusal::kCount;
        bool in_flight = false;
        ResponseForm form;
    };

    std::unique_ptr<StreamParser> newParser() const;
    void enter(Phase phase, std::chrono::milliseconds time);
    void stepHandshake();
    bool readSome(std::size_t& budget);
    std::size_t parse(std::string_view bytes);
    void parseBuffered();
    bool flush();
    void onPeerEnd();
    void onHead();
    bool admit();
    BodyPlan askHandler();
    void leaveBody();
    void planInline(InlineBody& plan);
    void planSpool(SpoolBody& plan);
    void bodyPiece(std::string_view bytes) override;
    void onBodyComplete();
    void dispatch(std::unique_ptr<BodySink> sink);
    void refuse(HttpRefusal reason, Response response);
    void refuseFraming(const FramingRefusal& refusal);
    void answerAndClose(HttpRefusal reason, const Response& response);
    void send(std::string wire, bool close_after);
    void takeStreamPiece(Mail& mail);
    void holdInline(std::size_t bytes);
    void countOut();
    void endFlight();
    void endExchange();
    void releaseExchange();

    LoopContext& loop_;
    const ConnectionId id_;
    const ListenerConfig& listener_;
    const std::string peer_address_;
    std::optional<std::uint32_t> peer_uid_;
    Transport transport_;
    std::shared_ptr<const std::string> peer_certificate_;
    Phase phase_;
    LoopContext::Time deadline_{};
    std::list<Connection*>::iterator place_;
    AddressShare* const share_;  ///< of its address; none at a listener without limits
    std::list<Connection*>::iterator share_place_;
    bool in_waiting_ = true;
    bool close_after_ = false;
    bool answer_whole_ = false;     ///< nothing more will be appended to out_ for this exchange
    bool paused_ = false;           ///< the sink is behind
    bool starved_ = true;           ///< the parser needs more than input_ holds
    LoopContext::Time body_since_{};
    std::uint64_t body_bytes_ = 0;    ///< of this request's body, frames of chunks not counted
    std::uint64_t window_begin_ = 0;  ///< of these, how many had come when the window began
    std::string input_;             ///< read, not yet parsed, from input_at_ on
    std::size_t input_at_ = 0;
    std::string out_;
    std::size_t out_at_ = 0;
    std::size_t counted_out_ = 0;  ///< of out_, in the sums of answers that wait
    std::unique_ptr<Exchange> exchange_;
};

}  // namespace caseway
