// gateway/intake/classify.hpp - which binding a request is in, and whether its body is held in memory or spooled.
// Source: the protocol's rule for POST /v1/messages (docs/formats/messages.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/base/limits.hpp"
#include "gateway/base/result.hpp"
#include "gateway/domain/message.hpp"

namespace caseway {

/// What the head of a request tells.
struct RequestFacts {
    bool has_signature_field = false;
    std::string_view content_type;
    std::optional<std::uint64_t> content_length;  ///< none: chunked
    std::string_view content_encoding = {};       ///< none: as it is
};

struct IntakePlan {
    Binding binding = Binding::Http;
    bool flattened_jws = false;    ///< application/jose+json
    bool spool = false;            ///< into a file; else into memory
    std::uint64_t most_bytes = 0;  ///< 413 beyond
};

/// A request with a Signature field is the HTTP binding; else the media type decides.
/// Refusals: unknown_type, content_encoding_unknown (415), too_large (413). In the HTTP binding the coding is signed: it is
/// refused behind the signature, with evidence.
Result<IntakePlan> planIntake(const RequestFacts& facts, const Limits& limits);

}  // namespace caseway
