// gateway/formats/xml/document.cpp - the one place where a whole XML document is parsed: libxml2 with everything
// dangerous off. Our own callbacks stand before libxml2's tree builder, so a DOCTYPE or too deep nesting ends the parse
// where it begins.
#include "gateway/formats/xml/document.hpp"

#include <fmt/format.h>
#include <algorithm>

#include <mutex>

#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/xml/libxml_handles.hpp"
#include "gateway/formats/xml/parse_state.hpp"

namespace caseway {
namespace {

/// The parser's _private points here while it runs.
struct ParseState : XmlTrouble {
    startElementNsSAX2Func build_element = nullptr;
};

ParseState& stateOf(void* context) {
    return *static_cast<ParseState*>(static_cast<xmlParserCtxt*>(context)->_private);
}

void stopFor(xmlParserCtxt* parser, bool XmlTrouble::*met) {
    ParseState& state = stateOf(parser);
    state.*met = true;
    state.line = parser->input != nullptr ? parser->input->line : 0;
    xmlStopParser(parser);
}

void onDoctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    stopFor(static_cast<xmlParserCtxt*>(context), &XmlTrouble::doctype);
}

void onElement(void* context, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri, int namespace_count,
               const xmlChar** namespaces, int attribute_count, int defaulted_count, const xmlChar** attributes) {
    auto* parser = static_cast<xmlParserCtxt*>(context);
    ParseState& state = stateOf(context);
    if (state.too_deep || state.too_wide || state.long_namespace || state.many_names) return;
    if (static_cast<std::size_t>(parser->nodeNr) >= state.depth_limit) return stopFor(parser, &XmlTrouble::too_deep);
    if (attribute_count > kMostAttributes || parser->nsNr > 2 * kMostAttributes)
        return stopFor(parser, &XmlTrouble::too_wide);
    if (hasLongNamespace(namespaces, namespace_count)) return stopFor(parser, &XmlTrouble::long_namespace);
    if (xmlDictSize(parser->dict) > kMostNames) return stopFor(parser, &XmlTrouble::many_names);
    state.build_element(context, name, prefix, uri, namespace_count, namespaces, attribute_count, defaulted_count,
                        attributes);
}

void onError(void* context, xmlError* error) {
    if (context != nullptr) stateOf(context).note(error);
}

/// The encoding by byte order mark and declaration; what is declared decides. A mark that contradicts it is refused.
Result<FoundEncoding> encodingOf(std::string_view text) {
    FoundEncoding found;
    std::string by_mark;
    if (text.starts_with("\xEF\xBB\xBF")) by_mark = "UTF-8", found.bom_bytes = 3;
    if (text.starts_with("\x84\x31\x95\x33")) by_mark = "GB18030", found.bom_bytes = 4;
    if (text.starts_with("\xFF\xFE")) by_mark = "UTF-16LE", found.bom_bytes = 2;
    if (text.starts_with("\xFE\xFF")) by_mark = "UTF-16BE", found.bom_bytes = 2;
    const std::string_view declared = declaredInXml(text.substr(found.bom_bytes, 256));
    found.declared = std::string(declared);
    if (declared.empty()) {
        found.label = by_mark.empty() ? "UTF-8" : by_mark;
        return found;
    }
    found.label = canonicalEncoding(declared);
    if (found.label == "UTF-16" && by_mark.starts_with("UTF-16")) found.label = by_mark;
    if (found.label.empty() || (!by_mark.empty() && by_mark != found.label)) {
        return Refusal{"wrong_encoding",
                       "line 1",
                       {},
                       found.label.empty() ? "a known encoding" : "byte order mark and declaration agree",
                       "declare the encoding in which the document is written"};
    }
    return found;
}

/// Whether the document says of itself, once it can be read, that it is written so. Nobody signs its declaration, and
/// other tools read the document by it.
bool isDeclaredSo(std::string_view utf8, const std::string& label) {
    constexpr std::size_t kLooked = 256;
    const std::string_view first = utf8.substr(0, kLooked);
    if (!first.starts_with("<?xml")) return true;
    if (first.find("?>") == first.npos) return false;
    const std::string_view declared = declaredInXml(first);
    if (declared.empty()) return true;
    if (namesAscii(declared)) return std::all_of(utf8.begin(), utf8.end(), [](char c) { return (c & 0x80) == 0; });
    const std::string canonical = canonicalEncoding(declared);
    return canonical == label || (canonical == "UTF-16" && label.starts_with(canonical));
}

/// Nothing where the parse failed: `state` then says why.
XmlDocHandle parseUtf8(std::string_view text, ParseState& state) {
    initLibxml();
    const XmlParserHandle parser(xmlNewParserCtxt());
    CASEWAY_CHECK(parser != nullptr);
    parser->_private = &state;
    state.build_element = parser->sax->startElementNs;
    parser->sax->startElementNs = onElement;
    parser->sax->internalSubset = onDoctype;
    parser->sax->serror = onError;
    constexpr int kOptions = XML_PARSE_NONET | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC | XML_PARSE_BIG_LINES;
    XmlDocHandle doc(
        xmlCtxtReadMemory(parser.get(), text.data(), static_cast<int>(text.size()), nullptr, "UTF-8", kOptions));
    parser->_private = nullptr;
    if (state.any()) return nullptr;
    return doc != nullptr && xmlDocGetRootElement(doc.get()) != nullptr ? std::move(doc) : nullptr;
}

}  // namespace

XmlDocument::XmlDocument(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument& XmlDocument::operator=(XmlDocument&&) noexcept = default;
XmlDocument::~XmlDocument() = default;

const XmlNode* XmlDocument::root() const {
    return ourNode(xmlDocGetRootElement(tree_->doc.get()));
}

const std::string& XmlDocument::encoding() const {
    return tree_->encoding;
}
const std::string& XmlDocument::declaredEncoding() const {
    return tree_->declared_encoding;
}

Result<XmlDocument> parseXml(ByteView bytes, const XmlParseLimits& limits) {
    if (bytes.size() > limits.document_bytes || bytes.size() > 0x7fffffffU) {
        return Refusal{"too_large", {}, {}, fmt::format("at most {} bytes", limits.document_bytes), {}};
    }
    const std::string_view text = textOf(bytes);
    const auto encoding = encodingOf(text);
    if (!encoding) return encoding.error();
    std::string decoded;
    std::string_view utf8 = text.substr(encoding->bom_bytes);
    if (encoding->label != "UTF-8") {
        auto converted = toUtf8(text, *encoding);
        if (!converted) return converted.error();
        decoded = std::move(*converted);
        utf8 = decoded;
    } else if (!isUtf8(utf8)) {
        return Refusal{"wrong_encoding",
                       {},
                       {},
                       "strict UTF-8 (declared or implied)",
                       "declare the encoding in which the document is written, e.g. encoding=\"GB18030\""};
    }
    if (limits.checks_declaration && !isDeclaredSo(utf8, encoding->label))
        return Refusal{"wrong_encoding",
                       "line 1",
                       {},
                       "a declaration of at most 256 bytes that says how the document is written",
                       "declare the encoding in which the document is written, or leave the declaration out of UTF-8"};
    ParseState state;
    state.depth_limit = limits.depth;
    // libxml2 passes over a mark at the beginning, and one has been passed over.
    if (utf8.starts_with("\xEF\xBB\xBF")) state.message = "a second byte order mark";
    const std::string_view before_nul = utf8.substr(0, state.noteNul(utf8));
    if (state.any()) {
        state.line = static_cast<int>(std::count(before_nul.begin(), before_nul.end(), '\n')) + 1;
        return state.refusal();
    }
    WideTagGuard guard;
    for (std::size_t at = 0; at < utf8.size() && !state.too_wide; at += 64 * 1024) {
        state.too_wide = !guard.feed(utf8.substr(at, 64 * 1024));
    }
    if (state.too_wide) return state.refusal();
    XmlDocHandle doc = parseUtf8(utf8, state);
    if (doc == nullptr) return state.refusal();
    auto tree = std::make_unique<XmlDocument::Tree>();
    tree->doc = std::move(doc);
    tree->encoding = encoding->label;
    tree->declared_encoding = encoding->declared;
    return XmlDocument(std::move(tree));
}

}  // namespace caseway
