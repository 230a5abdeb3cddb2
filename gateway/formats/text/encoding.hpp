// gateway/formats/text/encoding.hpp - which encoding a payload really has, and its text as UTF-8, whole or streaming.
// Order: BOM, strict UTF-8 over the whole payload, strict GB 18030; another declared encoding is taken at its word.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/result.hpp"

namespace caseway {

/// Found encoding. `label` is the canonical iconv name: "UTF-8", "GB18030", "UTF-16LE", "ISO-8859-1", "BIG5", …
struct FoundEncoding {
    std::string label;
    std::size_t bom_bytes = 0;
    std::string declared;  ///< as the payload (or the Content-Type) declares it; empty where nothing does
    bool differs =
        false;  ///< declared and found are not the same (gb2312, gbk, cp936 count as GB18030 up to its two bytes)
};

/// "gb2312", "GBK", "cp936", "x-gbk" → "GB18030"; "utf8" → "UTF-8"; upper-cased name otherwise. Empty for an unsafe or
/// unknown label.
std::string canonicalEncoding(std::string_view label);

/// Of the labels that mean UTF-8 those that allow nothing but ASCII.
bool namesAscii(std::string_view label);

/// True for strict UTF-8 (no surrogates, no overlong forms, at most U+10FFFF). SIMD where the machine has it.
bool isUtf8(std::string_view bytes);

/// Reads `source` to its end, then rewinds it. `declared`: from the XML declaration or the media type; empty where
/// unknown. Refusal: wrong_encoding (where: "byte N").
Result<FoundEncoding> findEncoding(ByteSource& source, std::string_view declared);

/// The encoding that an XML declaration or the first bytes of a JSON text claim: looks at the first 256 bytes only.
/// Empty: none.
std::string_view declaredInXml(std::string_view first_bytes);

/// The payload as UTF-8 without BOM. For UTF-8 it passes bytes through unchecked (findEncoding has checked them).
/// Strict: a byte sequence that the encoding does not know throws nothing but ends the stream and sets failedAt().
class Utf8Source : public ByteSource {
public:
    /// Byte offset (of the source) of the first bad sequence; npos where none was met.
    virtual std::size_t failedAt() const = 0;
    /// What failed is a character that the end of the source cuts off.
    virtual bool isCutOff() const = 0;
};
std::unique_ptr<Utf8Source> decodeToUtf8(ByteSource& source, const FoundEncoding& encoding);

/// A small text at once. Refusal: wrong_encoding.
Result<std::string> toUtf8(std::string_view bytes, const FoundEncoding& encoding);

}  // namespace caseway
