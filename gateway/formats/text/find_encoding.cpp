// gateway/formats/text/find_encoding.cpp - the encoding that a payload really has. The whole payload decides, not its
// first bytes: short GBK values often look like UTF-8, and UTF-8 nearly always looks like GBK, so UTF-8 is tried first.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "gateway/formats/text/broken_utf8.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/lower_case.hpp"
#include "gateway/formats/text/utf8.hpp"
#include "gateway/formats/text/wide_form.hpp"

namespace caseway {

namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

struct Mark {
    std::string_view bytes;
    std::string_view label;
};
/// Longest first: a UTF-32LE mark begins with a UTF-16LE one.
constexpr std::array kMarks = {
    Mark{{"\xFF\xFE\x00\x00", 4}, "UTF-32LE"}, Mark{{"\x00\x00\xFE\xFF", 4}, "UTF-32BE"},
    Mark{{"\x84\x31\x95\x33", 4}, "GB18030"},  Mark{{"\xEF\xBB\xBF", 3}, "UTF-8"},
    Mark{{"\xFF\xFE", 2}, "UTF-16LE"},         Mark{{"\xFE\xFF", 2}, "UTF-16BE"},
};

Refusal wrongEncoding(std::size_t at, std::string_view expected) {
    return {.code = "wrong_encoding",
            .where = "byte " + std::to_string(at),
            .value = {},
            .rule = "text that is " + std::string(expected) + " throughout",
            .hint = "send UTF-8, or declare the encoding that the payload really has"};
}

Refusal cutOff(std::size_t at, std::string_view label) {
    return {.code = "wrong_encoding",
            .where = "byte " + std::to_string(at),
            .value = {},
            .rule = "whole characters of " + std::string(label) + ": the text ends inside one",
            .hint = "the payload was cut off: send it again, whole"};
}

Refusal cutCharacter(std::size_t at) {
    return {.code = "wrong_encoding",
            .where = "byte " + std::to_string(at),
            .value = {},
            .rule = "whole characters of UTF-8",
            .hint =
                "a character was cut there, as by a column or a program that limits a text in bytes: cut between "
                "characters, or widen the column"};
}

/// "UTF-16LE" and "UTF-16BE" are both what "UTF-16" declares.
std::string_view familyOf(std::string_view label) {
    if (label.starts_with("UTF-16")) return "UTF-16";
    if (label.starts_with("UTF-32")) return "UTF-32";
    return label;
}

/// Fills `buffer` as far as the source goes.
std::size_t readFully(ByteSource& source, std::span<char> buffer) {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        const std::size_t count = source.read(buffer.subspan(filled));
        if (count == 0) break;
        filled += count;
    }
    return filled;
}

struct Utf8Verdict {
    std::size_t broken_at = kNowhere;
    bool ascii = true;
};

bool isAscii(std::string_view text) {
    std::uint64_t seen = 0;
    std::size_t i = 0;
    for (; i + sizeof seen <= text.size(); i += sizeof seen) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + i, sizeof word);
        seen |= word;
    }
    for (; i < text.size(); ++i) seen |= static_cast<unsigned char>(text[i]);
    return (seen & 0x8080808080808080U) == 0;
}

/// `asks_ascii`: nobody keeps of a source that was looked at before whether it is nothing but ASCII.
Utf8Verdict checkUtf8(ByteSource& source, bool asks_ascii = false) {
    if (source.isKnownUtf8() && !asks_ascii) return {};
    const auto owned = std::make_unique_for_overwrite<char[]>(kChunkBytes);
    const std::span<char> buffer(owned.get(), kChunkBytes);
    Utf8Verdict verdict;
    std::size_t base = 0;
    std::size_t carried = 0;
    source.rewind();
    while (true) {
        const std::size_t read = source.read({buffer.data() + carried, buffer.size() - carried});
        const std::string_view text(buffer.data(), carried + read);
        const Utf8Prefix prefix = utf8Prefix(text);
        if (verdict.ascii) verdict.ascii = isAscii(text);
        if (prefix.broken || (read == 0 && prefix.valid != text.size())) verdict.broken_at = base + prefix.valid;
        if (read == 0 || verdict.broken_at != kNowhere) return verdict;
        carried = text.size() - prefix.valid;
        base += prefix.valid;
        std::copy_n(buffer.data() + prefix.valid, carried, buffer.data());
    }
}

std::size_t brokenAt(ByteSource& source, const FoundEncoding& encoding, bool* cut_off = nullptr) {
    std::vector<char> buffer(kChunkBytes);
    source.rewind();
    const std::unique_ptr<Utf8Source> decoded = decodeToUtf8(source, encoding);
    while (decoded->read(buffer) != 0) {
    }
    if (cut_off != nullptr) *cut_off = decoded->isCutOff();
    return decoded->failedAt();
}

/// Whether a well-formed GB 18030 text has characters of four bytes, which neither GB 2312 nor GBK knows.
bool hasFourBytes(ByteSource& source) {
    const auto owned = std::make_unique_for_overwrite<char[]>(kChunkBytes);
    const std::span<char> buffer(owned.get(), kChunkBytes);
    bool is_second = false;
    source.rewind();
    while (const std::size_t count = source.read(buffer)) {
        for (const char c : buffer.first(count)) {
            if (is_second && c >= '0' && c <= '9') return true;
            is_second = !is_second && static_cast<unsigned char>(c) > 0x80;
        }
    }
    return false;
}

/// Of the labels that mean GB 18030 the one that says so.
bool namesGb18030(std::string_view label) {
    return label.find("18030") != label.npos;
}

/// Strict UTF-8, else strict GB 18030, but for UTF-8 in which a character was cut.
Result<FoundEncoding> guess(ByteSource& source, const std::string& wanted, FoundEncoding found) {
    const bool is_ascii_enough = wanted == "GB18030" || namesAscii(found.declared);
    const Utf8Verdict utf8 = checkUtf8(source, is_ascii_enough);
    found.label = "UTF-8";
    if (utf8.broken_at == kNowhere) {
        if (is_ascii_enough)
            found.differs = !utf8.ascii;
        else
            found.differs = !found.declared.empty() && wanted != "UTF-8";
        return found;
    }
    if (wanted != "GB18030" && isBrokenUtf8(source, utf8.broken_at)) return cutCharacter(utf8.broken_at);
    found.label = "GB18030";
    found.differs = !found.declared.empty() && wanted != "GB18030";
    bool cut_off = false;
    const std::size_t broken = brokenAt(source, found, &cut_off);
    if (broken == kNowhere) {
        if (wanted == "GB18030" && !namesGb18030(found.declared)) found.differs = hasFourBytes(source);
        return found;
    }
    if (cut_off && wanted != "UTF-8") return cutOff(broken, "GB 18030");
    if (wanted == "GB18030") return wrongEncoding(broken, "GB 18030");
    if (wanted == "UTF-8") return wrongEncoding(utf8.broken_at, "UTF-8");
    return wrongEncoding(std::max(broken, utf8.broken_at), "UTF-8 or GB 18030");
}

Result<FoundEncoding> find(ByteSource& source, std::string_view first, std::string_view declared) {
    FoundEncoding found;
    found.declared = declared;
    if (first.empty()) {
        found.label = "UTF-8";
        return found;
    }
    const std::string wanted = canonicalEncoding(declared);
    const auto mark =
        std::find_if(kMarks.begin(), kMarks.end(), [&](const Mark& m) { return first.starts_with(m.bytes); });
    if (mark != kMarks.end()) {
        found.label = mark->label;
        found.bom_bytes = mark->bytes.size();
        found.differs = !declared.empty() && wanted != found.label && familyOf(found.label) != wanted;
        if (namesAscii(declared)) found.differs = true;  // a mark is no ASCII
        const std::size_t broken = found.label == "UTF-8" ? checkUtf8(source).broken_at : brokenAt(source, found);
        if (broken != kNowhere) return wrongEncoding(broken, found.label);
        return found;
    }
    const std::string_view shape = wideForm(first);
    if (wanted.empty() || wanted == "UTF-8" || wanted == "GB18030") {
        if (!shape.empty()) return wideText(shape);
        return guess(source, wanted, std::move(found));
    }
    found.label = wanted;
    if (familyOf(wanted) != wanted || wanted == "UTF-16" || wanted == "UTF-32") {
        if (shape != wanted && (shape.empty() || familyOf(shape) != wanted)) return wrongEncoding(0, wanted);
        found.label = shape;
    }
    const std::size_t broken = brokenAt(source, found);
    if (broken != kNowhere) return wrongEncoding(broken, found.label);
    return found;
}

}  // namespace

bool namesAscii(std::string_view label) {
    const std::string name = lowerCase(label);
    return name.find("ascii") != name.npos || name.find("x3.4") != name.npos;
}

Result<FoundEncoding> findEncoding(ByteSource& source, std::string_view declared) {
    std::array<char, 4> first{};
    source.rewind();
    const std::size_t count = readFully(source, first);
    Result<FoundEncoding> found = find(source, {first.data(), count}, declared);
    source.rewind();
    return found;
}

std::string_view declaredInXml(std::string_view first_bytes) {
    constexpr std::size_t kLooked = 256;
    constexpr std::string_view kSpace = " \t\r\n";
    first_bytes = first_bytes.substr(0, kLooked);
    if (first_bytes.starts_with("\xEF\xBB\xBF")) first_bytes.remove_prefix(3);
    for (const Mark& mark : {kMarks[0], kMarks[1]})  // UTF-32
        if (first_bytes.starts_with(mark.bytes)) return mark.label;
    if (first_bytes.starts_with("\xFF\xFE")) return "UTF-16LE";
    if (first_bytes.starts_with("\xFE\xFF")) return "UTF-16BE";
    if (const std::string_view shape = wideForm(first_bytes); !shape.empty()) return shape;
    if (!first_bytes.starts_with("<?xml")) return {};
    std::string_view rest = first_bytes.substr(0, first_bytes.find("?>"));
    const std::size_t name = rest.find("encoding");
    if (name == rest.npos || kSpace.find(rest[name - 1]) == kSpace.npos) return {};
    rest.remove_prefix(name + std::string_view("encoding").size());
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
    if (!rest.starts_with('=')) return {};
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
    if (!rest.starts_with('"') && !rest.starts_with('\'')) return {};
    const std::size_t end = rest.find(rest.front(), 1);
    return end == rest.npos ? std::string_view{} : rest.substr(1, end - 1);
}

Result<std::string> toUtf8(std::string_view bytes, const FoundEncoding& encoding) {
    if (encoding.label == "UTF-8") {
        const Utf8Prefix prefix = utf8Prefix(bytes);
        if (prefix.valid != bytes.size()) return wrongEncoding(prefix.valid, "UTF-8");
        return std::string(bytes.substr(std::min(encoding.bom_bytes, bytes.size())));
    }
    MemorySource source(bytes);
    const std::unique_ptr<Utf8Source> decoded = decodeToUtf8(source, encoding);
    std::string text;
    text.reserve(bytes.size() + bytes.size() / 2);
    std::vector<char> buffer(std::min(kChunkBytes, bytes.size() + 64));
    while (const std::size_t count = decoded->read(buffer)) text.append(buffer.data(), count);
    if (decoded->failedAt() != kNowhere) return wrongEncoding(decoded->failedAt(), encoding.label);
    return text;
}

}  // namespace caseway
