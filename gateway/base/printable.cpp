// gateway/base/printable.cpp - control characters replaced, the other bytes as they are.
#include "gateway/base/printable.hpp"

namespace caseway {
namespace {

bool isContinuation(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

std::string replaced(std::string_view text, std::string_view kept) {
    std::string out;
    out.reserve(text.size());
    std::size_t continues = 0;  // bytes that the character begun still has
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (continues > 0 && isContinuation(byte)) {
            --continues;
            out += text[i];
            continue;
        }
        continues = 0;
        const bool is_c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0 &&
                           isContinuation(static_cast<unsigned char>(text[i + 1]));
        if (is_c1) ++i;
        const bool is_control = is_c1 || byte < 0x20 || byte == 0x7F || isContinuation(byte);
        out += is_control && kept.find(text[i]) == std::string_view::npos ? '?' : text[i];
        if (!is_control && byte >= 0xC0) continues = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
    }
    return out;
}

}  // namespace

std::string printable(std::string_view text) {
    return replaced(text, "\n\t");
}

std::string printableLine(std::string_view text) {
    return replaced(text, {});
}

}  // namespace caseway
