// gateway/formats/envelope/structured_fields.hpp - the little of HTTP structured fields (RFC 8941) that the HTTP
// binding uses, strict: one member a dictionary, no parameters on components, no escapes. For sources of this folder
// only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caseway {

/// `label=("@method" "@path");created=1;keyid="…"` as parts.
struct SignatureInput {
    std::string label;
    std::vector<std::string> components;
    std::optional<std::int64_t> created;
    std::optional<std::string> key_id, algorithm, tag;
    std::string parameters;  ///< serialized again: the value of "@signature-params"
};

/// Nothing for any other form, an unknown or repeated parameter, a repeated component, or a second member.
std::optional<SignatureInput> parseSignatureInput(std::string_view value);

struct BytesMember {
    std::string key;
    std::string bytes;
};
/// `key=:base64:`, one member; nothing for any other form.
std::optional<BytesMember> parseBytesMember(std::string_view value);

}  // namespace caseway
