// tests/fuzz/encoding_fuzz.cpp - a declared label, a line feed, a payload: what is found decodes to strict UTF-8, at
// once and in pieces.
#include <cstdint>
#include <string>

#include "gateway/base/check.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/utf8.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caseway;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t line = std::min(input.find('\n'), input.size());
    const std::string_view payload = input.substr(std::min(line + 1, input.size()));
    (void)declaredInXml(payload);
    const Utf8Prefix prefix = utf8Prefix(payload);
    CASEWAY_CHECK(isUtf8(payload) == (prefix.valid == payload.size()));
    CASEWAY_CHECK(isUtf8(payload.substr(0, prefix.valid)));

    MemorySource source(payload);
    const auto found = findEncoding(source, input.substr(0, line));
    if (!found) {
        CASEWAY_CHECK(found.error().code == "wrong_encoding");
        return 0;
    }
    const auto text = toUtf8(payload, *found);
    CASEWAY_CHECK(text.ok());
    CASEWAY_CHECK(isUtf8(*text));
    const auto stream = decodeToUtf8(source, *found);
    std::string pieces;
    char buffer[7];
    while (const std::size_t count = stream->read(buffer)) pieces.append(buffer, count);
    CASEWAY_CHECK(pieces == *text);
    CASEWAY_CHECK(stream->failedAt() == std::string::npos);
    return 0;
}
