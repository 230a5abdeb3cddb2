// gateway/formats/json/reader.hpp - JSON as events, streaming, on RapidJSON's SAX parser (which stays behind this
// header). Numbers come as written, so that no amount loses a digit. Source: RFC 8259.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/result.hpp"

namespace caseway {

/// Receives events; each view lives until the call returns. Return false to stop: the pass ends without refusal.
class JsonHandler {
public:
    virtual ~JsonHandler() = default;
    virtual bool startObject() = 0;
    virtual bool key(std::string_view name) = 0;
    /// In the place of key(): the last object of this depth had the name at the same place. `note`: what was written
    /// there when it last came so; 0 at first.
    virtual bool keyAgain(std::string_view name, std::uint32_t& note) {
        static_cast<void>(note);
        return key(name);
    }
    /// In the place of keyAgain() and text(), where the value of such a member is a text written without escapes, as
    /// most are: no quote, backslash or control character stands in it.
    virtual bool textAgain(std::string_view name, std::uint32_t& note, std::string_view value) {
        return keyAgain(name, note) && text(value);
    }
    virtual bool endObject() = 0;
    virtual bool startArray() = 0;
    virtual bool endArray() = 0;
    virtual bool text(std::string_view value) = 0;
    /// A text of more bytes than JsonLimits::string_bytes, which was read to its end and not kept. False, as here: the
    /// document is refused.
    virtual bool longText() { return false; }
    virtual bool number(std::string_view literal) = 0;
    virtual bool boolean(bool value) = 0;
    virtual bool null() = 0;
};

struct JsonLimits {
    std::size_t depth = 200;
    std::size_t number_bytes = 1024;
    bool refuse_duplicate_names = true;
    std::size_t string_bytes = 64 * 1024 * 1024;  ///< one string or name; also all names of the open objects together
};

/// Parses one document, UTF-8 without BOM, to its end; text after it is refused. Memory: constant but for the longest
/// string, twice JsonLimits::string_bytes at most. Refusals: malformed_json (where: "byte 123"), too_deep,
/// duplicate_name, wrong_encoding.
Result<Done> readJson(ByteSource& source, const JsonLimits& limits, JsonHandler& handler);
Result<Done> readJson(std::string_view json, const JsonLimits& limits, JsonHandler& handler);

}  // namespace caseway
