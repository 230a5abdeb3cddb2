// gateway/formats/envelope/answer_fields.hpp - the structured fields (RFC 8941) in which a department's server signs an
// answer: dictionaries of several members, as any implementation of RFC 9421 writes them. What our own messages write
// is read by structured_fields.hpp, which is stricter. For sources of this folder only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/formats/envelope/structured_fields.hpp"

namespace caseway {

/// `"@method";req`: a covered component.
struct AnswerComponent {
    std::string name;
    bool of_request = false;
    bool is_known = true;  ///< it bears no parameter but `req`
    std::string written;   ///< serialized again

    bool operator==(const AnswerComponent&) const = default;
};

/// One signature of Signature-Input.
struct AnswerInput {
    std::string label;
    std::vector<AnswerComponent> components;
    std::optional<std::int64_t> created, expires;
    std::optional<std::string> key_id, algorithm;
    std::string parameters;  ///< serialized again: the value of "@signature-params"

    bool covers(std::string_view name) const;
};

/// Nothing for any other form, a repeated label, component or parameter, or more than a few of them.
std::optional<std::vector<AnswerInput>> parseAnswerInputs(std::string_view value);
/// `a=:base64:, b=:base64:`, each member once.
std::optional<std::vector<BytesMember>> parseBytesMembers(std::string_view value);

}  // namespace caseway
