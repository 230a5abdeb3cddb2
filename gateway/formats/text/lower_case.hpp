// gateway/formats/text/lower_case.hpp - names that are compared without case: ASCII only, whatever the locale.
#pragma once

#include <string>
#include <string_view>

namespace caseway {

/// A to Z as a to z; every other byte as it is.
std::string lowerCase(std::string_view text);

}  // namespace caseway
