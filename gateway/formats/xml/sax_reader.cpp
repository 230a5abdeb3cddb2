// gateway/formats/xml/sax_reader.cpp - libxml2's SAX2 parser, pulling 64 KiB pieces from a ByteSource, behind
// XmlHandler. Pulling costs a tenth less than pushing: the push parser looks ahead for the end of every tag first.
#include <libxml/SAX2.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>

#include "gateway/formats/xml/events.hpp"
#include "gateway/formats/xml/libxml_handles.hpp"
#include "gateway/formats/xml/parse_state.hpp"

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

constexpr std::size_t kPieceBytes = 64 * 1024;

struct Pass {
    ByteSource* source = nullptr;
    XmlHandler* handler = nullptr;
    xmlParserCtxt* parser = nullptr;
    std::size_t depth = 0;
    bool stopped = false;
    XmlTrouble trouble;
    WideTagGuard guard;
    std::unique_ptr<char[]> piece = std::make_unique_for_overwrite<char[]>(kPieceBytes);
    std::size_t at = 0;
    std::size_t filled = 0;
    std::exception_ptr failure;  ///< a Fault of the source: carried around the C parser

    void stop() {
        stopped = true;
        xmlStopParser(parser);
    }
};

Pass& passOf(void* pass) {
    return *static_cast<Pass*>(pass);
}

int onRead(void* context, char* buffer, int room) noexcept {
    Pass& pass = passOf(context);
    if (pass.at == pass.filled) {
        try {
            pass.filled = pass.source->read({pass.piece.get(), kPieceBytes});
        } catch (...) {
            pass.failure = std::current_exception();
            pass.filled = 0;
        }
        pass.at = 0;
        if (pass.trouble.any()) pass.filled = 0;
        pass.filled = pass.trouble.noteNul({pass.piece.get(), pass.filled});
        if (!pass.guard.feed({pass.piece.get(), pass.filled})) {
            pass.trouble.too_wide = true;
            pass.filled = 0;
        }
    }
    const std::size_t count = std::min(static_cast<std::size_t>(room), pass.filled - pass.at);
    if (count != 0) std::memcpy(buffer, pass.piece.get() + pass.at, count);
    pass.at += count;
    return static_cast<int>(count);
}

void onStart(void* context, const xmlChar* local, const xmlChar* prefix, const xmlChar* uri, int namespace_count,
             const xmlChar** namespaces, int attribute_count, int /*defaulted*/, const xmlChar** attributes) {
    Pass& pass = passOf(context);
    if (pass.stopped) return;
    const auto line = static_cast<std::uint64_t>(pass.parser->input->line);
    if (++pass.depth > pass.trouble.depth_limit) {
        pass.trouble.too_deep = true;
        pass.trouble.line = static_cast<int>(line);
        pass.stop();
        return;
    }
    if (attribute_count > kMostAttributes || pass.parser->nsNr > 2 * kMostAttributes) {
        pass.trouble.too_wide = true;
        pass.trouble.line = static_cast<int>(line);
        pass.stop();
        return;
    }
    const XmlStart start{local,
                         prefix,
                         uri,
                         {reinterpret_cast<const XmlAttribute*>(attributes), static_cast<std::size_t>(attribute_count)},
                         {reinterpret_cast<const XmlNamespace*>(namespaces), static_cast<std::size_t>(namespace_count)},
                         line,
                         nullptr,
                         true};
    if (!pass.handler->start(start)) pass.stop();
}

void onEnd(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    Pass& pass = passOf(context);
    if (pass.stopped) return;
    --pass.depth;
    if (!pass.handler->end()) pass.stop();
}

void onText(void* context, const xmlChar* text, int length) {
    Pass& pass = passOf(context);
    if (pass.stopped) return;
    if (!pass.handler->text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)})) pass.stop();
}

void onDoctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    Pass& pass = passOf(context);
    pass.trouble.doctype = true;
    pass.trouble.line = pass.parser->input->line;
    pass.stop();
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

Result<Done> readXml(ByteSource& utf8, std::size_t depth_limit, XmlHandler& handler) {
    initLibxml();
    Pass pass;
    pass.source = &utf8;
    pass.handler = &handler;
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
    if (pass.failure) std::rethrow_exception(pass.failure);
    if (pass.trouble.any()) {
        if (pass.trouble.line == 0 && parser->input != nullptr) pass.trouble.line = parser->input->line;
        return pass.trouble.refusal();
    }
    if (pass.stopped) return Done{};
    if (failed != 0 || parser->wellFormed == 0) return pass.trouble.refusal();
    return Done{};
}

}  // namespace caseway
