// gateway/formats/json/json_utf8.hpp - how the SAX parser copies text: the stream has checked it as UTF-8 already, so
// whole runs go at once, and an escaped lone surrogate, which RapidJSON lets through, stops the parse. For sources
// of this folder only.
#pragma once

#include <rapidjson/encodings.h>

#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "gateway/formats/json/chunk_stream.hpp"

namespace caseway {

/// Thrown by the encoder below and caught in reader.cpp.
struct LoneSurrogate {};

/// UTF-8 for GenericReader, in and out.
struct JsonUtf8 : rapidjson::UTF8<char> {
    template <class Out>
    static void Encode(Out& out, unsigned code_point) {
        if (code_point >= 0xD800 && code_point <= 0xDFFF) throw LoneSurrogate{};
        rapidjson::UTF8<char>::Encode(out, code_point);
    }
};

/// Number of bytes before the first quote, backslash or control character.
inline std::size_t plainRun(std::string_view text) {
    std::size_t i = 0;
#if defined(__SSE2__)
    // The quote, alone of all that are no control characters, comes to stand at 0x20 or below with one bit turned.
    const __m128i turned = _mm_set1_epi8('"' ^ 0x20);
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i last = _mm_set1_epi8(0x20);
    for (; i + 16 <= text.size(); i += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i));
        const __m128i low = _mm_cmpeq_epi8(_mm_max_epu8(_mm_xor_si128(bytes, turned), last), last);
        const int found = _mm_movemask_epi8(_mm_or_si128(low, _mm_cmpeq_epi8(bytes, backslash)));
        if (found != 0) return i + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(found)));
    }
#endif
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20) break;
    }
    return i;
}

[[gnu::noinline]] inline void skipWhiteSpaceRun(ChunkStream& in) {
    for (char c = in.Peek(); c == ' ' || c == '\n' || c == '\r' || c == '\t'; c = in.Peek()) in.Take();
}

/// White space runs, found by the parser through the stream's type. In most places there is none.
inline void SkipWhitespace(ChunkStream& in) {
    if (static_cast<unsigned char>(in.Peek()) <= ' ') [[unlikely]]
        skipWhiteSpaceRun(in);
}

}  // namespace caseway

namespace rapidjson {

template <>
struct Transcoder<caseway::JsonUtf8, caseway::JsonUtf8> {
    template <class Out>
    static RAPIDJSON_FORCEINLINE bool Transcode(caseway::ChunkStream& in, Out& out) {
        // Called at a byte that is text; inside a run the chunk's end just ends the run.
        const std::string_view rest = in.rest();
        const std::size_t run = caseway::plainRun(rest);
        out.append(rest.substr(0, run));
        in.skip(run);
        return true;
    }
    template <class Out>
    static bool Validate(caseway::ChunkStream& in, Out& out) {
        return Transcode(in, out);
    }
};

}  // namespace rapidjson
