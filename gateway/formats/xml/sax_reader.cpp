// gateway/formats/xml/sax_reader.cpp - libxml2's SAX2 parser, pulling 64 KiB pieces from a ByteSource, behind
// XmlHandler. Pulling costs a tenth less than pushing: the push parser looks ahead for the end of every tag first.
#include <libxml/SAX2.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <optional>

#include "gateway/base/byte_blocks.hpp"
#include "gateway/formats/xml/events.hpp"
#include "gateway/formats/xml/libxml_handles.hpp"
#include "gateway/formats/xml/parse_state.hpp"
#include "gateway/formats/xml/parser_input.hpp"
#include "gateway/formats/xml/plain_text.hpp"

namespace caseway {
namespace {

static_assert(sizeof(XmlAttribute) == 5 * sizeof(XmlChars) && sizeof(XmlNamespace) == 2 * sizeof(XmlChars));

class DictNames final : public XmlNames {
public:
    explicit DictNames(xmlDict* dict) : dict_(dict) {}
    XmlChars find(std::string_view name) override {
        return xmlDictLookup(dict_, reinterpret_cast<XmlChars>(name.data()), static_cast<int>(name.size()));
    }

private:
    xmlDict* dict_;
};

constexpr std::size_t kMostKept = 1024 * 1024;   ///< of one element whose bytes are wanted
constexpr std::size_t kMostWhiteSpace = 4096;    ///< between two elements that are known
constexpr std::ptrdiff_t kMostUsed = 64 * 1024;  ///< that the parser keeps

/// An element that holds one text and nothing else, read ahead of the parser.
struct Leaf {
    std::string_view text;  ///< in the parser's memory
    std::size_t bytes = 0;  ///< from the '>' of the start tag to that of the end tag
};

struct Pass {
    Pass(ByteSource& source, XmlHandler& handler_, XmlElementBytes* bytes_)
        : handler(&handler_), bytes(bytes_), input(source, trouble) {}

    XmlHandler* handler;
    XmlElementBytes* bytes;
    xmlParserCtxt* parser = nullptr;
    std::size_t depth = 0;
    bool stopped = false;
    bool leaf_told = false;  ///< the next end is told already
    XmlTrouble trouble;
    ParserInput input;
    std::size_t wanted_depth = 0;  ///< of the element whose bytes are wanted; 0: none
    std::uint64_t wanted_from = 0;

    /// For a trouble that was met at this line.
    void stopFor(bool XmlTrouble::*met, std::uint64_t line) {
        trouble.*met = true;
        trouble.line = static_cast<int>(line);
        stop();
    }
    void stop() {
        stopped = true;
        xmlStopParser(parser);
    }
    /// What the parser has been given and has not used.
    std::size_t unused() const {
        const xmlParserInput* in = parser != nullptr ? parser->input : nullptr;
        return in != nullptr ? static_cast<std::size_t>(in->end - in->cur) : 0;
    }
    std::uint64_t offset() const { return input.given() - std::min<std::uint64_t>(unused(), input.given()); }
    bool mayWantBytes() const { return bytes != nullptr && wanted_depth == 0; }
    std::optional<Leaf> leafAhead(const xmlChar* local, const xmlChar* prefix) const;
    void passLeaf(const Leaf& leaf);
    void wantElement();
    void endElement();
    void passKnown();
};

Pass& passOf(void* pass) {
    return *static_cast<Pass*>(pass);
}

int onRead(void* context, char* buffer, int room) noexcept {
    Pass& pass = passOf(context);
    const std::uint64_t keep = pass.wanted_depth != 0 ? std::min(pass.wanted_from, pass.offset()) : pass.offset();
    return static_cast<int>(pass.input.give(buffer, static_cast<std::size_t>(room), keep));
}

/// Removes `name` from the front of `text`; false: something else stands there.
bool skipName(std::string_view& text, const xmlChar* name) {
    const std::string_view wanted(reinterpret_cast<const char*>(name));
    if (!sameText(text.substr(0, wanted.size()), wanted)) return false;
    text.remove_prefix(wanted.size());
    return true;
}
bool skipByte(std::string_view& text, char byte) {
    if (text.empty() || text.front() != byte) return false;
    text.remove_prefix(1);
    return true;
}

/// The parser stands before the '>' of a start tag. What stands from there to the end of the element, where that is one
/// plain text and the end tag, whole in the parser's memory.
std::optional<Leaf> Pass::leafAhead(const xmlChar* local, const xmlChar* prefix) const {
    const xmlParserInput& in = *parser->input;
    if (parser->inputNr != 1 || *in.cur != '>' || !input.isUtf8()) return std::nullopt;
    std::string_view rest(reinterpret_cast<const char*>(in.cur + 1), static_cast<std::size_t>(in.end - in.cur - 1));
    const std::size_t size = plainTextBefore(rest);
    if (size == kNotPlain) return std::nullopt;
    const std::string_view text = rest.substr(0, size);
    rest.remove_prefix(size + 1);
    const bool ends = skipByte(rest, '/') && (prefix == nullptr || (skipName(rest, prefix) && skipByte(rest, ':'))) &&
                      skipName(rest, local) && skipByte(rest, '>');
    if (!ends) return std::nullopt;
    return Leaf{text, static_cast<std::size_t>(in.end - in.cur) - rest.size()};
}

/// To the parser it is an empty element: "/>" stands in its memory where the end tag ended.
void Pass::passLeaf(const Leaf& leaf) {
    constexpr std::string_view kEmpty = "/>";
    xmlParserInput& in = *parser->input;
    in.cur += leaf.bytes - kEmpty.size();
    std::memcpy(const_cast<xmlChar*>(in.cur), kEmpty.data(), kEmpty.size());
    leaf_told = true;
}

/// The parser stands in the start tag that it has read: no '<' can stand between that and the tag's own.
void Pass::wantElement() {
    const xmlParserInput& in = *parser->input;
    const xmlChar* at = in.cur;
    while (at > in.base && *at != '<') --at;
    if (*at != '<' || parser->inputNr != 1) return;
    wanted_depth = depth;
    wanted_from = input.given() - static_cast<std::uint64_t>(in.end - at);
}

/// The parser stands behind the end tag.
void Pass::endElement() {
    const std::uint64_t end = offset();
    const std::size_t size = end - wanted_from;
    const std::string_view found = size <= kMostKept ? input.peek(wanted_from, size) : std::string_view();
    const bool is_whole = found.size() == size && size > 2 && found.front() == '<' && found.back() == '>';
    wanted_depth = 0;
    bytes->ended(is_whole ? found : std::string_view());
    if (is_whole) passKnown();
}

void Pass::passKnown() {
    std::uint64_t from = offset(), lines = 0;
    xmlParserInput& in = *parser->input;
    bool goes_on = true;
    for (std::size_t most = 0; goes_on && (most = bytes->looksAhead()) != 0;) {
        constexpr std::string_view kWhite = " \t\r\n";
        std::string_view ahead = input.peek(from, most + kMostWhiteSpace);
        const std::size_t white = std::min(ahead.find_first_not_of(kWhite), ahead.size());
        if (white == ahead.size() || white > kMostWhiteSpace || ahead[white] != '<') break;
        const std::string_view tag = ahead.substr(0, ahead.find('>', white));
        const auto known =
            bytes->known(ahead.substr(white, most), static_cast<std::uint64_t>(in.line) + lines + countByte(tag, '\n'));
        if (known.bytes == 0) break;
        goes_on = known.goes_on;
        ahead = ahead.substr(0, white + known.bytes);
        lines += countByte(ahead, '\n');
        from += ahead.size();
        in.cur += std::min<std::size_t>(unused(), ahead.size());  // what it holds of it is used, the rest never given
        if (from > input.given()) input.passTo(from);
    }
    in.line += static_cast<int>(lines);
    // libxml2 forgets what it has used while it uses more: it would keep all of what is handed to it in small parts.
    if (in.cur - in.base > kMostUsed) xmlParserInputShrink(&in);
    if (!goes_on) stop();
}

void onStart(void* context, const xmlChar* local, const xmlChar* prefix, const xmlChar* uri, int namespace_count,
             const xmlChar** namespaces, int attribute_count, int /*defaulted*/, const xmlChar** attributes) {
    Pass& pass = passOf(context);
    if (pass.stopped) return;
    const auto line = static_cast<std::uint64_t>(pass.parser->input->line);
    if (++pass.depth > pass.trouble.depth_limit) return pass.stopFor(&XmlTrouble::too_deep, line);
    if (attribute_count > kMostAttributes || pass.parser->nsNr > 2 * kMostAttributes)
        return pass.stopFor(&XmlTrouble::too_wide, line);
    if (hasLongNamespace(namespaces, namespace_count)) return pass.stopFor(&XmlTrouble::long_namespace, line);
    if (xmlDictSize(pass.parser->dict) > kMostNames) return pass.stopFor(&XmlTrouble::many_names, line);
    const XmlStart start{local,
                         prefix,
                         uri,
                         {reinterpret_cast<const XmlAttribute*>(attributes), static_cast<std::size_t>(attribute_count)},
                         {reinterpret_cast<const XmlNamespace*>(namespaces), static_cast<std::size_t>(namespace_count)},
                         line,
                         nullptr,
                         true};
    if (!pass.mayWantBytes()) {
        if (const auto leaf = pass.leafAhead(local, prefix)) {
            if (!pass.handler->leaf(start, leaf->text)) return pass.stop();
            return pass.passLeaf(*leaf);
        }
    }
    if (!pass.handler->start(start)) return pass.stop();
    if (pass.mayWantBytes() && pass.bytes->wants()) pass.wantElement();
}

void onEnd(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    Pass& pass = passOf(context);
    if (pass.stopped) return;
    const bool is_wanted = pass.wanted_depth != 0 && pass.wanted_depth == pass.depth;
    --pass.depth;
    if (pass.leaf_told) {
        pass.leaf_told = false;
        return;
    }
    if (!pass.handler->end()) return pass.stop();
    if (is_wanted) pass.endElement();
}

void onText(void* context, const xmlChar* text, int length) {
    Pass& pass = passOf(context);
    if (pass.stopped) return;
    if (!pass.handler->text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)})) pass.stop();
}

void onDoctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    Pass& pass = passOf(context);
    pass.stopFor(&XmlTrouble::doctype, static_cast<std::uint64_t>(pass.parser->input->line));
}

void onError(void* context, xmlError* error) {
    if (context != nullptr && !passOf(context).stopped) passOf(context).trouble.note(error);
}

xmlSAXHandler callbacks() {
    xmlSAXHandler sax{};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = onStart;
    sax.endElementNs = onEnd;
    sax.characters = onText;
    sax.ignorableWhitespace = onText;
    sax.cdataBlock = onText;
    sax.internalSubset = onDoctype;
    sax.serror = onError;
    return sax;
}

}  // namespace

void appendValue(const XmlStart& start, const XmlAttribute& attribute, std::string& out) {
    std::string_view value(reinterpret_cast<const char*>(attribute.begin),
                           static_cast<std::size_t>(attribute.end - attribute.begin));
    if (start.amp_escaped) {
        constexpr std::string_view kAmp = "&#38;";
        for (std::size_t at = value.find(kAmp); at != std::string_view::npos; at = value.find(kAmp)) {
            out.append(value.substr(0, at + 1));
            value.remove_prefix(at + kAmp.size());
        }
    }
    out.append(value);
}

Result<Done> readXml(ByteSource& utf8, std::size_t depth_limit, XmlHandler& handler, XmlElementBytes* bytes) {
    initLibxml();
    Pass pass(utf8, handler, bytes);
    pass.trouble.depth_limit = depth_limit;
    xmlSAXHandler sax = callbacks();
    const XmlParserHandle parser(xmlCreateIOParserCtxt(&sax, &pass, onRead, nullptr, &pass, XML_CHAR_ENCODING_UTF8));
    CASEWAY_CHECK(parser != nullptr);
    pass.parser = parser.get();
    xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_NOWARNING);
    if (parser->encoding == nullptr) parser->encoding = xmlStrdup(reinterpret_cast<XmlChars>("UTF-8"));
    DictNames names(parser->dict);
    handler.begin(names);
    const int failed = xmlParseDocument(parser.get());
    if (pass.input.failure()) std::rethrow_exception(pass.input.failure());
    if (pass.trouble.any()) {
        if (pass.trouble.line == 0 && parser->input != nullptr) pass.trouble.line = parser->input->line;
        return pass.trouble.refusal();
    }
    if (pass.stopped) return Done{};
    if (failed != 0 || parser->wellFormed == 0) return pass.trouble.refusal();
    return Done{};
}

}  // namespace caseway
