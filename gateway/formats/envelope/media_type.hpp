// gateway/formats/envelope/media_type.hpp - Content-Type as type and charset. Source: RFC 9110 §8.3.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caseway {

struct MediaType {
    std::string type;     ///< lower case: "application/json"
    std::string charset;  ///< as written, without quotes; empty where none
};

/// Nothing for a text that is no media type, or that names its charset twice.
std::optional<MediaType> parseMediaType(std::string_view text);
/// What it declares its text to be in; empty where it does not, or is no media type.
std::string charsetOf(std::string_view media_type);

}  // namespace caseway
