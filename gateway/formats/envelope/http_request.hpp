// gateway/formats/envelope/http_request.hpp - the parts of an HTTP request that a signature can cover, borrowed from
// whoever parsed it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/http_field.hpp"

namespace caseway {

struct HttpRequest {
    std::string method;             ///< as sent: "POST"
    std::string target;             ///< origin form, as sent: "/v1/messages", "/v1/cases?status=open"
    std::vector<HttpField> fields;  ///< in the order of the lines; a name may come twice

    /// The value of the only line with this lower-case name; nullptr where there is none or more than one.
    const std::string* only(std::string_view lower_name) const;
    /// How many lines bear this lower-case name.
    std::size_t count(std::string_view lower_name) const;
};

}  // namespace caseway
