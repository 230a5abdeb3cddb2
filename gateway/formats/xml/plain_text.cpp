// gateway/formats/xml/plain_text.cpp - the look at character data, in blocks.
#include "gateway/formats/xml/plain_text.hpp"

#include <cstring>

#include "gateway/base/byte_blocks.hpp"

namespace caseway {
namespace {

constexpr unsigned char kLeadOfNoCharacter = 0xEF;  ///< U+FFFE and U+FFFF are no characters of XML

ByteBlock blockAt(std::string_view text, std::size_t at) {
    if (text.size() - at >= sizeof(ByteBlock)) return loadBlock(text.data() + at);
    ByteBlock block{};  // NUL ends what is plain
    std::memcpy(&block, text.data() + at, text.size() - at);
    return block;
}

bool isCharacter(std::string_view three) {
    return three.size() == 3 && (three[1] != '\xBF' || (three[2] != '\xBE' && three[2] != '\xBF'));
}

}  // namespace

std::size_t plainTextBefore(std::string_view ahead) {
    for (std::size_t at = 0; at < ahead.size();) {
        const ByteBlock block = blockAt(ahead, at);
        const std::size_t stop =
            firstByte((block == '<') | (block == '&') | (block == ']') | (block < ' ') | (block == kLeadOfNoCharacter));
        at += stop;
        if (stop == sizeof block) continue;
        if (at >= ahead.size()) break;
        if (ahead[at] == '<') return at;
        if (static_cast<unsigned char>(ahead[at]) != kLeadOfNoCharacter || !isCharacter(ahead.substr(at, 3))) break;
        at += 3;
    }
    return kNotPlain;
}

}  // namespace caseway
