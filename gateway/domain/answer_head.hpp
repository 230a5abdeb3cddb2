// gateway/domain/answer_head.hpp - the head of an HTTP answer that a connector read and that bears a signature over its
// content, as far as it takes to verify that again. Source: RFC 9421 §2.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/domain/http_field.hpp"

namespace caseway {

struct AnswerHead {
    int status = 0;
    std::string method;     ///< of the request that was answered, as are the next four
    std::string scheme;     ///< `https`
    std::string authority;  ///< lower case; with the port where that is not the scheme's own
    std::string path;
    std::optional<std::string> query{};  ///< with its `?`, or empty; nothing where it is not to be kept
    std::vector<HttpField> fields{};     ///< names in lower case, in the order of the lines
};

}  // namespace caseway
