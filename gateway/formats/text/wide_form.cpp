// gateway/formats/text/wide_form.cpp - see wide_form.hpp.
#include "gateway/formats/text/wide_form.hpp"

#include <string>

namespace caseway {

std::string_view wideForm(std::string_view first_bytes) {
    const auto zero = [&](std::size_t i) { return i < first_bytes.size() && first_bytes[i] == '\0'; };
    const auto ascii = [&](std::size_t i) {
        return i < first_bytes.size() && first_bytes[i] != '\0' && static_cast<unsigned char>(first_bytes[i]) < 0x80;
    };
    if (ascii(0) && zero(1)) return zero(2) && zero(3) ? "UTF-32LE" : "UTF-16LE";
    if (zero(0) && ascii(1)) return "UTF-16BE";
    if (zero(0) && zero(1) && zero(2) && ascii(3)) return "UTF-32BE";
    return {};
}

Refusal wideText(std::string_view form) {
    const std::string name(form);
    return {.code = "wrong_encoding",
            .where = "byte 0",
            .value = {},
            .rule = "text in UTF-8: this is " + name + " without a byte order mark, by its zero bytes",
            .hint = "send UTF-8 (`iconv -f " + name + " -t UTF-8`; what .NET and PowerShell call Unicode is UTF-16)"};
}

}  // namespace caseway
