// gateway/formats/settings/scalar_form.cpp - see the header.
#include "gateway/formats/settings/scalar_form.hpp"

#include <re2/re2.h>

namespace caseway {

bool isWholeNumber(std::string_view text) {
    static const re2::RE2 kForm("-?(0|[1-9][0-9]{0,17})");
    return re2::RE2::FullMatch(text, kForm);
}

bool isJsonNumber(std::string_view text) {
    static const re2::RE2 kForm(R"(-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?)");
    return text.size() <= 40 && re2::RE2::FullMatch(text, kForm);
}

}  // namespace caseway
