// tests/fuzz/http_request_fuzz.cpp - hostile bytes as a stream of requests. The first byte chooses the size of the
// pieces in which they arrive; whatever the pieces, the same requests must come out.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/adapters/http/request_parser.hpp"
#include "gateway/base/check.hpp"

namespace {

using caseway::RequestParser;

struct Collected final : caseway::BodyReceiver {
    void bodyPiece(std::string_view bytes) override { text.append(bytes); }
    std::string text;
};

caseway::HttpLimits smallLimits() {
    caseway::HttpLimits limits;
    limits.head_bytes = 1024;
    limits.field_bytes = 256;
    limits.field_count = 16;
    limits.target_bytes = 128;
    limits.chunk_overhead_bytes = 256;
    return limits;
}

/// Every complete request of `bytes`, and how it ends.
std::string parseAll(std::string_view bytes, std::size_t piece) {
    static const caseway::HttpLimits limits = smallLimits();
    std::string found;
    std::string pending;
    std::size_t given = 0;
    auto parser = std::make_unique<RequestParser>(limits);
    for (int requests = 0; requests < 20;) {
        Collected body;
        std::string_view state = "more";
        for (;;) {
            const auto step = parser->parse(pending, body);
            CASEWAY_CHECK(step.consumed <= pending.size());
            pending.erase(0, step.consumed);
            if (step.state == RequestParser::State::HeadReady) {
                found += parser->head().method + ' ' + parser->head().target + ' ' +
                         std::to_string(parser->head().fields.size()) + '\n';
                parser->limitBody(2048);
                if (parser->hasBody()) continue;
            } else if (step.state == RequestParser::State::Refused) {
                return found + "refused";
            } else if (step.state == RequestParser::State::NeedsMore) {
                if (given == bytes.size()) return found + std::string(state);
                const auto more = bytes.substr(given, piece);
                given += more.size();
                pending.append(more);
                continue;
            }
            break;
        }
        found += body.text + '\n';
        ++requests;
        parser = std::make_unique<RequestParser>(limits);
    }
    return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto whole = parseAll(bytes, bytes.size() + 1);
    const auto pieces = parseAll(bytes, static_cast<std::size_t>(data[0] % 32) + 1);
    // A refusal may be found earlier or later, but never another request.
    const auto common = std::min(whole.rfind('\n'), pieces.rfind('\n'));
    if (whole.ends_with("more") && pieces.ends_with("more")) CASEWAY_CHECK(whole == pieces);
    if (common != std::string::npos) CASEWAY_CHECK(whole.substr(0, common) == pieces.substr(0, common));
    return 0;
}
