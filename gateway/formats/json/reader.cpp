// gateway/formats/json/reader.cpp - RapidJSON's SAX parser behind our events: limits, duplicate names and places of
// mistakes. Its assertions are off: nothing in the input may end the process. UTF-8 is checked by the stream, chunk by
// chunk; numbers are read as written (number_scan.hpp).
#include "gateway/formats/json/reader.hpp"

#define RAPIDJSON_ASSERT(condition) static_cast<void>(0)
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <utility>

#include "gateway/base/give_back.hpp"
#include "gateway/formats/json/chunk_stream.hpp"
#include "gateway/formats/json/json_utf8.hpp"
#include "gateway/formats/json/number_scan.hpp"
#include "gateway/formats/json/seen_names.hpp"
#include "gateway/formats/text/wide_form.hpp"

namespace caseway {

namespace {

constexpr std::size_t kMostDepth = 1000;  ///< the parser calls itself once a level

/// A string that is copied, as far as its limit goes: what is longer is read to its end and not kept. The parser's
/// output stream concept.
class CopiedText {
public:
    using Ch = char;

    explicit CopiedText(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    void append(std::string_view piece) {
        if (is_cut_) return;
        if (piece.size() > most_bytes_ - text_.size()) return cut();
        text_.append(piece);
    }
    void Put(char c) { append({&c, 1}); }

    std::string_view text() const { return text_; }
    bool isCut() const { return is_cut_; }
    void clear() {
        text_.clear();
        is_cut_ = false;
    }

private:
    void cut() {
        is_cut_ = true;
        giveBack(text_);
    }

    const std::size_t most_bytes_;
    std::string text_;
    bool is_cut_ = false;
};

enum class Stop : std::uint8_t { None, Handler, TooDeep, Twice, TooManyNames, LongText, LongNumber };

/// The parser's events, checked and handed on.
class Events : public rapidjson::BaseReaderHandler<JsonUtf8, Events> {
public:
    Events(const JsonLimits& limits, JsonHandler& handler)
        : limits_(limits),
          handler_(handler),
          names_(limits.string_bytes),
          copied_(limits.string_bytes + 1),  // the parser puts a NUL behind
          depth_left_(std::min(limits.depth, kMostDepth)) {}

    bool Null() { return go(handler_.null()); }
    bool Bool(bool value) { return go(handler_.boolean(value)); }
    bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
        if (size > limits_.number_bytes) return stop(Stop::LongNumber);
        return go(handler_.number({text, size}));
    }
    bool String(const char* bytes, std::size_t size, bool is_copy) {
        if (size > limits_.string_bytes) return longText();
        const std::string_view value(bytes, size);
        if (is_copy) return tellName() && go(handler_.text(value));
        if (again_.note == nullptr) return go(handler_.text(value));
        std::uint32_t& note = *std::exchange(again_.note, nullptr);
        return go(handler_.textAgain(again_.name, note, value));
    }
    /// A string that is longer than may be kept, read to its end.
    bool longText() { return tellName() && (handler_.longText() || stop(Stop::LongText)); }
    bool longName() { return stop(Stop::LongText); }
    /// Where the strings are copied to that do not lie in a chunk as they stand.
    CopiedText& copied() {
        copied_.clear();
        return copied_;
    }
    bool StartObject() {
        if (!enter()) return false;
        if (limits_.refuse_duplicate_names) names_.open();
        return go(handler_.startObject());
    }
    bool Key(const char* bytes, std::size_t size, bool is_copy) {
        const std::string_view name(bytes, size);
        const bool is_plain = !is_copy || plainRun(name) == size;
        if (name.size() > limits_.string_bytes) return stop(Stop::LongText);
        if (limits_.refuse_duplicate_names && !isFresh(names_.add(name, is_plain))) return false;
        return go(handler_.key(name));
    }
    /// Whether the name at the front of `rest` is the one that the object before had at this place: it waits for its
    /// value then. `bytes`: how long it is.
    bool isNameAgain(std::string_view rest, std::size_t& bytes) {
        if (!limits_.refuse_duplicate_names) return false;
        again_ = names_.follow(rest);
        bytes = again_.name.size();
        return again_.note != nullptr;
    }
    /// Before a value that is no text.
    bool tellName() {
        if (again_.note == nullptr) return true;
        return go(handler_.keyAgain(again_.name, *std::exchange(again_.note, nullptr)));
    }
    bool EndObject(rapidjson::SizeType) {
        ++depth_left_;
        if (limits_.refuse_duplicate_names && !isFresh(names_.close())) return false;
        return go(handler_.endObject());
    }
    bool StartArray() { return enter() && go(handler_.startArray()); }
    bool EndArray(rapidjson::SizeType) {
        ++depth_left_;
        return go(handler_.endArray());
    }

    Stop why() const { return why_; }
    std::size_t longestNumber() const { return limits_.number_bytes; }

private:
    bool stop(Stop why) {
        why_ = why;
        return false;
    }
    bool go(bool on) {
        if (!on) why_ = Stop::Handler;
        return on;
    }
    bool enter() {
        if (depth_left_ == 0) return stop(Stop::TooDeep);
        --depth_left_;
        return true;
    }
    bool isFresh(SeenNames::Verdict verdict) {
        if (verdict == SeenNames::Verdict::Fresh) return true;
        return stop(verdict == SeenNames::Verdict::Twice ? Stop::Twice : Stop::TooManyNames);
    }

    const JsonLimits limits_;
    JsonHandler& handler_;
    SeenNames names_;
    CopiedText copied_;
    SeenNames::Again again_;  ///< the name that waits for its value
    std::size_t depth_left_;
    Stop why_ = Stop::None;
};

Refusal refusal(std::string code, std::size_t at, std::string rule, std::string hint) {
    return {.code = std::move(code),
            .where = "byte " + std::to_string(at),
            .value = {},
            .rule = std::move(rule),
            .hint = std::move(hint)};
}

Refusal malformed(std::size_t at, std::string rule) {
    return refusal("malformed_json", at, std::move(rule), "send one JSON document as RFC 8259 defines it");
}

/// `next`: the byte where it breaks.
Refusal malformed(const rapidjson::ParseResult& parsed, char next) {
    const bool begins = next == '{' || next == '[';
    if (parsed.Code() == rapidjson::kParseErrorDocumentRootNotSingular && begins)
        return refusal("malformed_json", parsed.Offset(), "one JSON document",
                       "several stand one behind the other (as JSON lines do): send them as one list, [{...}, {...}]");
    return malformed(parsed.Offset(), rapidjson::GetParseError_En(parsed.Code()));
}

Refusal brokenEncoding(std::size_t at) {
    return refusal("wrong_encoding", at, "text that is UTF-8 throughout",
                   "send UTF-8, or declare the encoding of the payload");
}

Refusal stopped(Stop why, std::size_t at, const JsonLimits& limits) {
    switch (why) {
        case Stop::TooDeep:
            return refusal(
                "too_deep", at - 1,
                "objects and arrays nested at most " + std::to_string(std::min(limits.depth, kMostDepth)) + " deep",
                "flatten the document");
        case Stop::Twice:
            return refusal("duplicate_name", at, "each member name once in an object",
                           "the object that is read here names a member twice; remove one");
        case Stop::LongNumber:
            return malformed(at, "a number of at most " + std::to_string(limits.number_bytes) + " characters");
        case Stop::TooManyNames:
            return malformed(at, "member names of at most " + std::to_string(limits.string_bytes) + " bytes in all");
        default:
            return malformed(at, "a string or number of at most " + std::to_string(limits.string_bytes) + " bytes");
    }
}

/// A number that the chunk's end cuts, or one that is none: the rest of it, at most one byte more than a number may
/// have.
std::string restOfNumber(ChunkStream& in, NumberScan& scan, std::size_t most) {
    std::string number;
    while (number.size() <= most && !in.atEnd() && scan.take(in.Peek())) number += in.Take();
    return number;
}

constexpr unsigned kFlags = rapidjson::kParseNumbersAsStringsFlag;
using Parser = rapidjson::GenericReader<JsonUtf8, JsonUtf8>;

}  // namespace

}  // namespace caseway

namespace rapidjson {

/// In place of the parser's own, which copies: a string without escapes that lies in the chunk whole, its closing quote
/// not the chunk's last byte, is the event's text as it stands. All others are copied, as far as they may be long.
template <>
template <>
[[gnu::always_inline]] inline void caseway::Parser::ParseString<caseway::kFlags>(caseway::ChunkStream& in,
                                                                                 caseway::Events& handler,
                                                                                 bool is_key) {
    const std::string_view rest = in.rest();
    const char* const text = rest.data() + 1;
    std::size_t run = 0;
    if (is_key && handler.isNameAgain(rest.substr(1), run)) return in.skip(run + 2);
    run = caseway::plainRun(rest.substr(1));
    if (run + 2 >= rest.size() || text[run] != '"') [[unlikely]] {
        const auto copy = [](caseway::Parser & parser, caseway::ChunkStream & cut, caseway::Events & events, bool key)
            __attribute__((noinline)) {
            cut.Take();  // the quote
            caseway::CopiedText& copied = events.copied();
            parser.ParseStringToStream<caseway::kFlags, caseway::JsonUtf8, caseway::JsonUtf8>(cut, copied);
            if (parser.HasParseError()) return;
            bool goes_on = true;
            if (copied.isCut()) {
                goes_on = key ? events.longName() : events.longText();
            } else {
                const std::string_view whole = copied.text().substr(0, copied.text().size() - 1);
                goes_on = key ? events.Key(whole.data(), whole.size(), true)
                              : events.String(whole.data(), whole.size(), true);
            }
            if (!goes_on) parser.SetParseError(kParseErrorTermination, cut.Tell());
        };
        return copy(*this, in, handler, is_key);
    }
    in.skip(run + 2);
    if (!(is_key ? handler.Key(text, run, false) : handler.String(text, run, false))) [[unlikely]] {
        RAPIDJSON_PARSE_ERROR(kParseErrorTermination, in.Tell());
    }
}

/// In place of the parser's own, which refuses numbers that a double cannot hold.
template <>
template <>
[[gnu::noinline]] inline void caseway::Parser::ParseNumber<caseway::kFlags>(caseway::ChunkStream& in,
                                                                            caseway::Events& handler) {
    using End = caseway::NumberScan::End;
    const std::size_t start = in.Tell();
    caseway::NumberScan scan;
    const std::string_view rest = in.rest();
    const std::size_t run = scan.run(rest);
    bool goes_on = true;
    if (run < rest.size()) {
        in.skip(run);
        if (scan.end() == End::Number) goes_on = handler.RawNumber(rest.data(), static_cast<SizeType>(run), false);
    } else {
        scan = {};
        const std::string number = caseway::restOfNumber(in, scan, handler.longestNumber());
        if (scan.end() == End::Number)
            goes_on = handler.RawNumber(number.data(), static_cast<SizeType>(number.size()), true);
    }
    if (!goes_on) {
        RAPIDJSON_PARSE_ERROR(kParseErrorTermination, start);
    }
    switch (scan.end()) {
        case End::Number:
            return;
        case End::NoDigits:
            RAPIDJSON_PARSE_ERROR(kParseErrorValueInvalid, in.Tell());
        case End::NoFraction:
            RAPIDJSON_PARSE_ERROR(kParseErrorNumberMissFraction, in.Tell());
        case End::NoExponent:
            RAPIDJSON_PARSE_ERROR(kParseErrorNumberMissExponent, in.Tell());
    }
}

/// As the parser's own, but the value that comes most is no call.
template <>
template <>
[[gnu::always_inline]] inline void caseway::Parser::ParseValue<caseway::kFlags>(caseway::ChunkStream& in,
                                                                                caseway::Events& handler) {
    if (in.Peek() == '"') [[likely]]
        return ParseString<caseway::kFlags>(in, handler, false);
    const auto other =
        [](caseway::Parser & parser, caseway::ChunkStream & rest, caseway::Events & events) __attribute__((noinline)) {
        if (!events.tellName()) return parser.SetParseError(kParseErrorTermination, rest.Tell());
        switch (rest.Peek()) {
            case '{':
                return parser.ParseObject<caseway::kFlags>(rest, events);
            case '[':
                return parser.ParseArray<caseway::kFlags>(rest, events);
            case 'n':
                return parser.ParseNull<caseway::kFlags>(rest, events);
            case 't':
                return parser.ParseTrue<caseway::kFlags>(rest, events);
            case 'f':
                return parser.ParseFalse<caseway::kFlags>(rest, events);
            default:
                return parser.ParseNumber<caseway::kFlags>(rest, events);
        }
    };
    other(*this, in, handler);
}

}  // namespace rapidjson

namespace caseway {
namespace {

Result<Done> readStream(ChunkStream& stream, const JsonLimits& limits, JsonHandler& handler) {
    const std::string_view wide = wideForm(stream.rest());
    Parser reader;
    Events events(limits, handler);
    try {
        const rapidjson::ParseResult parsed = reader.Parse<kFlags>(stream, events);
        if (events.why() == Stop::Handler) return Done{};
        if (events.why() != Stop::None) return stopped(events.why(), stream.Tell(), limits);
        if (!wide.empty() && (parsed.IsError() || !stream.atEnd())) return wideText(wide);
        if (stream.brokenAt() && stream.atEnd()) return brokenEncoding(*stream.brokenAt());
        if (parsed.IsError()) return malformed(parsed, stream.Peek());
    } catch (const LoneSurrogate&) {
        return malformed(stream.Tell(), "an escaped surrogate only as half of a pair");
    }
    if (!stream.atEnd()) return malformed(stream.Tell(), "nothing after the document");
    return Done{};
}

}  // namespace

Result<Done> readJson(ByteSource& source, const JsonLimits& limits, JsonHandler& handler) {
    ChunkStream stream(source);
    return readStream(stream, limits, handler);
}

Result<Done> readJson(std::string_view json, const JsonLimits& limits, JsonHandler& handler) {
    ChunkStream stream(json);
    return readStream(stream, limits, handler);
}

}  // namespace caseway
