// gateway/adapters/http/request_parser.cpp - the only file that sees Boost.Beast (1.74). What Beast accepts and we do
// not is refused here where the raw bytes are still at hand: folded lines, long extensions, trailers without end.
#define BOOST_DISABLE_ASSERTS  // Beast asserts n >= 5 in a final chunk; a peer who sends "0\r\n" and then one byte
                               // breaks it harmlessly
#include "gateway/adapters/http/request_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <limits>

#include "gateway/adapters/http/head_rules.hpp"

namespace caseway {
namespace {

namespace beast_http = boost::beast::http;
using BeastError = boost::system::error_code;
using BeastText = boost::beast::string_view;

constexpr std::size_t kExtensionBytes = 128;

std::string_view view(BeastText text) {
    return {text.data(), text.size()};
}

/// 505 for a version that we know by its form, 400 for noise. HTTP/2's preface looks like a request for this very end
/// (RFC 9113 §3.4): who sent it sees an answer that is none of HTTP/2, and a person who looks reads why.
FramingRefusal versionRefusal(std::string_view bytes) {
    const auto line = bytes.substr(0, bytes.find("\r\n"));
    const auto at = line.rfind(' ');
    const auto version = at == std::string_view::npos ? std::string_view{} : line.substr(at + 1);
    const bool is_version = version.size() == 8 && version.starts_with("HTTP/") && version[5] >= '0' &&
                            version[5] <= '9' && version[6] == '.' && version[7] >= '0' && version[7] <= '9';
    const bool is_ours = version == "HTTP/1.0" || version == "HTTP/1.1";
    if (is_version && !is_ours)
        return {HttpRefusal::VersionNotSupported, 505, "only HTTP/1.0 and HTTP/1.1 are spoken here"};
    return {HttpRefusal::BadRequest, 400, "the request line is not well-formed"};
}

FramingRefusal refusalFor(const BeastError& error, std::string_view bytes) {
    switch (static_cast<beast_http::error>(error.value())) {
        case beast_http::error::header_limit:
            return {HttpRefusal::HeadTooLarge, 431, "the header section is too large"};
        case beast_http::error::body_limit:
            return {HttpRefusal::BodyTooLarge, 413, "the body is too large"};
        case beast_http::error::bad_version:
            return versionRefusal(bytes);
        case beast_http::error::bad_target:
            return {HttpRefusal::BadTarget, 400, "the request target is not well-formed"};
        case beast_http::error::bad_content_length:
            return {HttpRefusal::BadContentLength, 400, "Content-Length is wrong or not alone"};
        case beast_http::error::bad_transfer_encoding:
            return {HttpRefusal::BadTransferEncoding, 400, "Transfer-Encoding is wrong or not alone"};
        case beast_http::error::bad_chunk:
        case beast_http::error::bad_chunk_extension:
            return {HttpRefusal::BadChunk, 400, "a chunk is not well-formed"};
        default:
            return {HttpRefusal::BadRequest, 400, "the header section is not well-formed"};
    }
}

/// A line end without its CR: Beast sees it only when it happens to parse that far, and waits for CRLF CRLF otherwise.
bool hasBareLineFeed(std::string_view head) {
    for (auto at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at + 1))
        if (at == 0 || head[at - 1] != '\r') return true;
    return false;
}

/// A chunk's line that ends inside a quoted text. Beast looks for the closing quote in what follows, and waits for it.
bool hasOpenQuote(std::string_view chunks) {
    if (chunks.starts_with("\r\n")) chunks.remove_prefix(2);  // behind the bytes of the chunk before
    const auto end = chunks.find("\r\n");
    bool is_open = false;
    for (std::size_t at = 0; end != std::string_view::npos && at < end; ++at) {
        if (is_open && chunks[at] == '\\')
            ++at;
        else if (chunks[at] == '"')
            is_open = !is_open;
    }
    return is_open;
}

}  // namespace

class RequestParser::Machine final : public beast_http::basic_parser<true> {
public:
    explicit Machine(const HttpLimits& limits) : limits_(limits) {
        header_limit(static_cast<std::uint32_t>(limits.head_bytes));
        body_limit(std::numeric_limits<std::uint64_t>::max());  // counted here: Beast judges before the head is seen
        eager(false);
        head_.fields.reserve(12);
    }

    Step parse(std::string_view bytes, BodyReceiver& receiver);
    RequestHead head_;
    FramingRefusal refusal_;
    std::uint64_t body_limit_left_ = 0;
    bool expects_continue_ = false;
    bool keep_alive_ = false;

protected:
    void on_request_impl(beast_http::verb, BeastText method, BeastText target, int version, BeastError& ec) override;
    void on_field_impl(beast_http::field, BeastText name, BeastText value, BeastError& ec) override;
    void on_header_impl(BeastError& ec) override;
    void on_response_impl(int, BeastText, int, BeastError&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, BeastError&) override {}
    std::size_t on_body_impl(BeastText body, BeastError& ec) override { return take(body, ec); }
    void on_chunk_header_impl(std::uint64_t size, BeastText extensions, BeastError& ec) override;
    std::size_t on_chunk_body_impl(std::uint64_t, BeastText body, BeastError& ec) override { return take(body, ec); }
    void on_finish_impl(BeastError&) override {}

private:
    void refuse(FramingRefusal refusal, BeastError& ec) {
        refusal_ = refusal;
        refused_ = true;
        ec = beast_http::error::bad_value;
    }
    std::size_t take(BeastText body, BeastError& ec);
    bool isFolded(std::string_view name, std::string_view value) const;
    Step refused(const BeastError& error, std::string_view bytes);

    const HttpLimits& limits_;
    BodyReceiver* receiver_ = nullptr;
    std::string_view input_;
    std::size_t head_taken_ = 0;
    std::size_t trailer_taken_ = 0;
    bool head_ready_ = false;
    bool refused_ = false;
};

void RequestParser::Machine::on_request_impl(beast_http::verb, BeastText method, BeastText target, int version,
                                             BeastError& ec) {
    if (target.size() > limits_.target_bytes) {
        return refuse({HttpRefusal::TargetTooLong, 414, "the request target is too long"}, ec);
    }
    head_.method.assign(method.data(), method.size());
    head_.target.assign(target.data(), target.size());
    head_.http_1_0 = version == 10;
}

// Beast joins a folded value in a buffer of its own, or skips the line break before it: either shows in where the value
// lies.
bool RequestParser::Machine::isFolded(std::string_view name, std::string_view value) const {
    const auto* const end = input_.data() + input_.size();
    if (value.data() < name.data() || value.data() > end) return true;
    const std::string_view between(name.data() + name.size(),
                                   static_cast<std::size_t>(value.data() - name.data()) - name.size());
    return between.find('\r') != std::string_view::npos;
}

void RequestParser::Machine::on_field_impl(beast_http::field, BeastText beast_name, BeastText beast_value,
                                           BeastError& ec) {
    const auto name = view(beast_name);
    const auto value = view(beast_value);
    if (isFolded(name, value)) return refuse({HttpRefusal::BadRequest, 400, "a folded header line"}, ec);
    if (name.size() + value.size() > limits_.field_bytes) {
        return refuse({HttpRefusal::HeadTooLarge, 431, "a header field is too long"}, ec);
    }
    if (head_ready_) {  // Beast: trailers have no limit of their own. They mean nothing here and are dropped.
        trailer_taken_ += name.size() + value.size();
        if (trailer_taken_ > limits_.chunk_overhead_bytes) {
            refuse({HttpRefusal::HeadTooLarge, 431, "the trailer section is too large"}, ec);
        }
        return;
    }
    if (head_.fields.size() >= limits_.field_count) {
        return refuse({HttpRefusal::HeadTooLarge, 431, "too many header fields"}, ec);
    }
    head_.fields.push_back({std::string(name), std::string(value)});
}

void RequestParser::Machine::on_header_impl(BeastError& ec) {
    if (auto bad = checkHead(head_)) return refuse(*bad, ec);
    head_ready_ = true;
    keep_alive_ = keep_alive() && !head_.http_1_0;
    expects_continue_ = !head_.http_1_0 && head_.count("Expect") == 1;
}

void RequestParser::Machine::on_chunk_header_impl(std::uint64_t size, BeastText extensions, BeastError& ec) {
    const auto text = view(extensions);
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            return refuse({HttpRefusal::BadChunk, 400, "a control character in a chunk extension"}, ec);
        }
    }
    if (text.size() > kExtensionBytes) return refuse({HttpRefusal::BadChunk, 400, "a chunk extension is too long"}, ec);
    if (size > body_limit_left_) refuse({HttpRefusal::BodyTooLarge, 413, "the body is too large"}, ec);
}

std::size_t RequestParser::Machine::take(BeastText body, BeastError& ec) {
    if (body.size() > body_limit_left_) {
        refuse({HttpRefusal::BodyTooLarge, 413, "the body is too large"}, ec);
        return 0;
    }
    body_limit_left_ -= body.size();
    receiver_->bodyPiece(view(body));
    return body.size();
}

RequestParser::Step RequestParser::Machine::refused(const BeastError& error, std::string_view bytes) {
    if (!refused_) refusal_ = refusalFor(error, bytes);
    refused_ = true;
    return {0, State::Refused};
}

RequestParser::Step RequestParser::Machine::parse(std::string_view bytes, BodyReceiver& receiver) {
    if (refused_) return {0, State::Refused};
    receiver_ = &receiver;
    std::size_t consumed = 0;
    const bool had_head = head_ready_;
    // RFC 9112, 2.2: an empty line before the request line is passed over. One: more is no client that we know.
    if (!had_head && head_taken_ == 0 && bytes.starts_with('\r')) {
        if (bytes.size() == 1) return {0, State::NeedsMore};
        if (bytes[1] == '\n') head_taken_ = consumed = 2;
    }
    while (!is_done() && consumed < bytes.size()) {
        input_ = bytes.substr(consumed);
        BeastError error;
        const auto count = put(boost::asio::const_buffer(input_.data(), input_.size()), error);
        consumed += count;
        if (!had_head) head_taken_ += count;
        // Beast: its header limit holds for each call alone, so the sum is kept here.
        if (!had_head && !refused_ && head_taken_ + (head_ready_ ? 0 : bytes.size() - consumed) > limits_.head_bytes) {
            refuse({HttpRefusal::HeadTooLarge, 431, "the header section is too large"}, error);
        }
        // Beast judges a version by its first digit; what it is can be told only when its line is whole.
        const bool is_cut = error == beast_http::error::bad_version && !refused_ && input_.find("\r\n") == input_.npos;
        if (is_cut && input_.find('\n') == input_.npos && input_.size() <= limits_.target_bytes) break;
        if (error && error != beast_http::error::need_more) return refused(error, input_);
        if (head_ready_ && !had_head) return {consumed, State::HeadReady};
        if (!error) continue;
        if (head_ready_ && hasOpenQuote(bytes.substr(consumed))) {
            refuse({HttpRefusal::BadChunk, 400, "a chunk extension without its closing quote"}, error);
            return refused(error, bytes);
        }
        if (hasBareLineFeed(bytes.substr(consumed))) {  // of the head, a chunk's line, the trailers
            refuse({HttpRefusal::BadRequest, 400, "a line ends without CR"}, error);
            return refused(error, bytes);
        }
        if (head_ready_ && bytes.size() - consumed > limits_.chunk_overhead_bytes) {
            // A whole line is there and Beast still waits: the last chunk's, with trailers behind it.
            const bool is_trailer = bytes.find("\r\n", consumed + 2) != std::string_view::npos;
            refuse(is_trailer ? FramingRefusal{HttpRefusal::HeadTooLarge, 431, "the trailer section is too large"}
                              : FramingRefusal{HttpRefusal::BadChunk, 400, "a chunk header without end"},
                   error);
            return refused(error, bytes);
        }
        break;
    }
    return {consumed, is_done() ? State::Complete : State::NeedsMore};
}

RequestParser::RequestParser(const HttpLimits& limits) : machine_(std::make_unique<Machine>(limits)) {}
RequestParser::~RequestParser() = default;

RequestParser::Step RequestParser::parse(std::string_view bytes, BodyReceiver& receiver) {
    return machine_->parse(bytes, receiver);
}
RequestHead& RequestParser::head() {
    return machine_->head_;
}
bool RequestParser::hasBody() const {
    return !machine_->is_done();
}
bool RequestParser::expectsContinue() const {
    return machine_->expects_continue_;
}
bool RequestParser::keepAlive() const {
    return machine_->keep_alive_;
}
void RequestParser::limitBody(std::uint64_t bytes) {
    machine_->body_limit_left_ = bytes;
}
const FramingRefusal& RequestParser::refusal() const {
    return machine_->refusal_;
}

}  // namespace caseway
