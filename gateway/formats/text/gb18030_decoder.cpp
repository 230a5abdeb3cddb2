// gateway/formats/text/gb18030_decoder.cpp - GB 18030 by a table that is filled once from the C library's own, several
// times faster than a call per character. Private-use characters of the 2000 edition become those of the 2005 and 2022
// editions. Source: GB 18030-2022, clause 8 (one, two and four bytes).
#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "gateway/formats/text/decoder.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace caseway {

namespace {

using Byte = unsigned char;

constexpr std::size_t kLeads = 0xFE - 0x81 + 1;
constexpr std::size_t kTrails = 0xFE - 0x40 + 1;
constexpr std::size_t kFourBytesInPlane0 = 39420;          ///< 81308130 .. 8431A439
constexpr std::size_t kFourBytesOfPlane1 = 189000;         ///< 90308130
constexpr std::size_t kPastFourBytes = 189000 + 0x100000;  ///< behind E3329A35

struct Move {
    char16_t from;
    char32_t to;
};
/// Private-use code points that later editions gave a character of their own.
constexpr std::array kMoves = {
    Move{0xE78D, 0xFE10}, Move{0xE78E, 0xFE12},  Move{0xE78F, 0xFE11},  Move{0xE790, 0xFE13},  Move{0xE791, 0xFE14},
    Move{0xE792, 0xFE15}, Move{0xE793, 0xFE16},  Move{0xE794, 0xFE17},  Move{0xE795, 0xFE18},  Move{0xE796, 0xFE19},
    Move{0xE7C7, 0x1E3F}, Move{0xE7C8, 0x01F9},  Move{0xE816, 0x20087}, Move{0xE817, 0x20089}, Move{0xE818, 0x200CC},
    Move{0xE81E, 0x9FB4}, Move{0xE826, 0x9FB5},  Move{0xE82B, 0x9FB6},  Move{0xE82C, 0x9FB7},  Move{0xE831, 0x215D7},
    Move{0xE832, 0x9FB8}, Move{0xE83B, 0x2298F}, Move{0xE843, 0x9FB9},  Move{0xE854, 0x9FBA},  Move{0xE855, 0x241FE},
    Move{0xE864, 0x9FBB},
};

char32_t moved(char32_t code_point) {
    if (code_point < 0xE78D || code_point > 0xE864) return code_point;
    for (const Move& move : kMoves) {
        if (move.from == code_point) return move.to;
    }
    return code_point;
}

/// Writes one character, at most four bytes.
std::size_t put(char32_t code_point, char* out) {
    const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((code_point >> shift) & 0x3F)); };
    if (code_point >= 0x800 && code_point < 0x10000) {
        out[0] = static_cast<char>(0xE0 | (code_point >> 12));
        out[1] = tail(6);
        out[2] = tail(0);
        return 3;
    }
    if (code_point < 0x80) {
        out[0] = static_cast<char>(code_point);
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = static_cast<char>(0xC0 | (code_point >> 6));
        out[1] = tail(0);
        return 2;
    }
    out[0] = static_cast<char>(0xF0 | (code_point >> 18));
    out[1] = tail(12);
    out[2] = tail(6);
    out[3] = tail(0);
    return 4;
}

/// 0 stands for "no character" (U+0000 is a single byte).
struct Table {
    std::array<char32_t, kLeads * kTrails> two{};
    std::vector<char32_t> four = std::vector<char32_t>(kFourBytesInPlane0);
};

char32_t ask(Decoder& library, std::string_view bytes) {
    std::array<char, 32> utf8{};
    library.reset();
    const Decoder::Step step = library.decode(bytes, utf8, false);
    if (step.consumed != bytes.size() || step.written == 0) return 0;
    const auto at = [&](std::size_t i) { return static_cast<char32_t>(static_cast<Byte>(utf8[i])); };
    if (step.written == 1) return at(0);
    if (step.written == 2) return ((at(0) & 0x1F) << 6) | (at(1) & 0x3F);
    if (step.written == 3) return ((at(0) & 0x0F) << 12) | ((at(1) & 0x3F) << 6) | (at(2) & 0x3F);
    return ((at(0) & 0x07) << 18) | ((at(1) & 0x3F) << 12) | ((at(2) & 0x3F) << 6) | (at(3) & 0x3F);
}

/// Four-byte codes of characters that had these codes before they got a two-byte one; encoders of the 2000 edition send
/// them.
void addFormerCodes(Table& table) {
    constexpr std::size_t kHan = 19057;       // 82359037 ..: U+9FB4 .. U+9FBB
    constexpr std::size_t kVertical = 39076;  // 84318236 ..: U+FE10 .. U+FE19
    for (std::size_t i = 0; i < 8; ++i) {
        if (table.four[kHan + i] == 0) table.four[kHan + i] = static_cast<char32_t>(0x9FB4 + i);
    }
    for (std::size_t i = 0; i < 10; ++i) {
        if (table.four[kVertical + i] == 0) table.four[kVertical + i] = static_cast<char32_t>(0xFE10 + i);
    }
}

std::unique_ptr<const Table> makeTable() {
    auto table = std::make_unique<Table>();
    const std::unique_ptr<Decoder> library = makeIconvDecoder("GB18030");
    for (std::size_t lead = 0; lead < kLeads; ++lead) {
        for (std::size_t trail = 0; trail < kTrails; ++trail) {
            const char code[2] = {static_cast<char>(0x81 + lead), static_cast<char>(0x40 + trail)};
            if (code[1] == 0x7F) continue;
            table->two[lead * kTrails + trail] = moved(ask(*library, {code, 2}));
        }
    }
    for (std::size_t i = 0; i < kFourBytesInPlane0; ++i) {
        const char code[4] = {static_cast<char>(0x81 + i / 12600), static_cast<char>(0x30 + i / 1260 % 10),
                              static_cast<char>(0x81 + i / 10 % 126), static_cast<char>(0x30 + i % 10)};
        table->four[i] = moved(ask(*library, {code, 4}));
    }
    addFormerCodes(*table);
    return table;
}

const Table& theTable() {
    static const std::unique_ptr<const Table> table = makeTable();
    return *table;
}

/// Copies ASCII from the front; returns how much of it. Both spans have at least one byte.
std::size_t copyAscii(const Byte* in, std::size_t in_left, char* out, std::size_t out_left) {
    const std::size_t most = in_left < out_left ? in_left : out_left;
    std::size_t i = 0;
#if defined(__SSE2__)
    for (; i + 16 <= most; i += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + i));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), bytes);
        const int high = _mm_movemask_epi8(bytes);
        if (high != 0) return i + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(high)));
    }
#endif
    for (; i < most && in[i] < 0x80; ++i) out[i] = static_cast<char>(in[i]);
    return i;
}

class Gb18030Decoder final : public Decoder {
public:
    Gb18030Decoder() : table_(theTable()) {}

    Step decode(std::string_view text, std::span<char> out, bool) override {
        const Byte* in = reinterpret_cast<const Byte*>(text.data());
        const Byte* const end = in + text.size();
        char* to = out.data();
        char* const to_end = to + out.size();
        Step step;
        while (in != end && to_end - to >= 4) {
            const std::size_t ascii =
                copyAscii(in, static_cast<std::size_t>(end - in), to, static_cast<std::size_t>(to_end - to));
            in += ascii;
            to += ascii;
            bool more = true;
            while (more && in != end && *in >= 0x80 && to_end - to >= 4) more = decodeOne(in, end, to, step.broken);
            if (!more) break;
        }
        step.consumed = static_cast<std::size_t>(in - reinterpret_cast<const Byte*>(text.data()));
        step.written = static_cast<std::size_t>(to - out.data());
        return step;
    }
    void reset() override {}

private:
    /// False where no whole character stands at `in`.
    bool decodeOne(const Byte*& in, const Byte* end, char*& to, bool& broken) const {
        if (*in == 0x80 || *in == 0xFF) {
            broken = true;
            return false;
        }
        if (end - in < 2) return false;
        char32_t code_point = 0;
        std::size_t length = 2;
        if (in[1] >= 0x40 && in[1] <= 0xFE) {
            code_point = table_.two[(in[0] - 0x81U) * kTrails + (in[1] - 0x40U)];
        } else if (in[1] >= 0x30 && in[1] <= 0x39) {
            length = 4;
            if (!isFourByteStart(in, end)) {
                broken = true;
                return false;
            }
            if (end - in < 4) return false;
            code_point = fourBytes(in);
        }
        broken = code_point == 0;
        if (broken) return false;
        in += length;
        to += put(code_point, to);
        return true;
    }

    static bool isFourByteStart(const Byte* in, const Byte* end) {
        return (end - in < 3 || (in[2] >= 0x81 && in[2] <= 0xFE)) && (end - in < 4 || (in[3] >= 0x30 && in[3] <= 0x39));
    }

    char32_t fourBytes(const Byte* in) const {
        const std::size_t linear =
            (((in[0] - 0x81U) * 10U + (in[1] - 0x30U)) * 126U + (in[2] - 0x81U)) * 10U + (in[3] - 0x30U);
        if (linear < kFourBytesInPlane0) return table_.four[linear];
        if (linear < kFourBytesOfPlane1 || linear >= kPastFourBytes) return 0;
        return static_cast<char32_t>(0x10000 + (linear - kFourBytesOfPlane1));
    }

    const Table& table_;
};

}  // namespace

std::unique_ptr<Decoder> makeGb18030Decoder() {
    return std::make_unique<Gb18030Decoder>();
}

}  // namespace caseway
