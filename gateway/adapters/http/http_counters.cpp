// gateway/adapters/http/http_counters.cpp - the names of the reasons.
#include "gateway/adapters/http/http_counters.hpp"

namespace caseway {

std::string_view nameOf(HttpRefusal reason) {
    static constexpr std::array<std::string_view, static_cast<std::size_t>(HttpRefusal::kCount)> kNames{
        "bad_request",
        "bad_target",
        "bad_host",
        "bad_content_length",
        "bad_transfer_encoding",
        "bad_chunk",
        "incomplete_request",
        "length_required",
        "head_too_large",
        "target_too_long",
        "body_too_large",
        "expectation_failed",
        "version_not_supported",
        "request_timeout",
        "rate_limited",
        "overloaded",
        "address_limit",
        "handshake_failed",
        "evicted"};
    return kNames.at(static_cast<std::size_t>(reason));
}

}  // namespace caseway
