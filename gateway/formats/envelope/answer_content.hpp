// gateway/formats/envelope/answer_content.hpp - the content of an HTTP answer as it came, against which what signs the
// answer is held: mostly by its digest, which was taken while it came.
#pragma once

#include <optional>
#include <string>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/bytes.hpp"

namespace caseway {

struct AnswerContent {
    Sha256 digest;
    ByteSource& source;  ///< read again for SHA-512 and for a detached JWS only; must outlive this
    std::optional<std::string> wide_digest{};  ///< SHA-512, where it was taken with the other
};

}  // namespace caseway
