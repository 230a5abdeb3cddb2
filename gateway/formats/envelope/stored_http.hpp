// gateway/formats/envelope/stored_http.hpp - the head of an HTTP message as it is stored and read again: one line of
// canonical JSON with method, target, the covered and signing field lines, and the signature base; then "\n" and the
// body, if it is kept inline. Format: docs/formats/messages.md, "What is stored". For sources of this folder only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/formats/envelope/http_request.hpp"
#include "gateway/formats/envelope/structured_fields.hpp"

namespace caseway {

std::string storedHttpHead(const HttpRequest& request, const SignatureInput& input, std::string_view signature_base);

struct StoredHttp {
    HttpRequest request;
    std::string signature_base;
    std::string_view body;  ///< what stands behind the first line
};
/// Nothing for any text that storedHttpHead() does not write.
std::optional<StoredHttp> readStoredHttp(std::string_view stored);

}  // namespace caseway
