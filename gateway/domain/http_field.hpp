// gateway/domain/http_field.hpp - one HTTP field line as a value: what the server parsed is what a signature covers.
#pragma once

#include <string>

namespace caseway {

/// The name as it was sent, in any case; the value without the white space around it.
struct HttpField {
    std::string name;
    std::string value;
};

}  // namespace caseway
