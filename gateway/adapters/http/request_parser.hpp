// gateway/adapters/http/request_parser.hpp - strict framing of HTTP/1.1 requests: Boost.Beast parses, rules of ours
// refuse what it lets pass (head_rules.hpp, and the lines marked "Beast" in the source). No I/O. Source: RFC 9112.
#pragma once

#include <memory>

#include "gateway/adapters/http/http_config.hpp"
#include "gateway/adapters/http/stream_parser.hpp"

namespace caseway {

class RequestParser final : public StreamParser {
public:
    /// `limits` must outlive the parser.
    explicit RequestParser(const HttpLimits& limits);
    ~RequestParser() override;

    Step parse(std::string_view bytes, BodyReceiver& receiver) override;
    RequestHead& head() override;
    bool hasBody() const override;
    bool expectsContinue() const override;
    bool keepAlive() const override;
    void limitBody(std::uint64_t bytes) override;
    const FramingRefusal& refusal() const override;

private:
    class Machine;
    std::unique_ptr<Machine> machine_;
};

}  // namespace caseway
