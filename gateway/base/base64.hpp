// gateway/base/base64.hpp - strict base64 and base64url (RFC 4648 §4, §5): one byte string has one text, everything
// else is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/bytes.hpp"

namespace caseway {

/// RFC 4648 §5 without padding, as JOSE wants it.
std::string toBase64Url(ByteView bytes);
/// Strict: no padding, no white space, no spare bits set; nothing for any other text. The bytes come as a string.
std::optional<std::string> fromBase64Url(std::string_view text);

/// RFC 4648 §4 with padding.
std::string toBase64(ByteView bytes);
/// Strict: padded, no white space, no spare bits set; nothing for any other text.
std::optional<std::string> fromBase64(std::string_view text);

}  // namespace caseway
