// gateway/formats/xml/events.hpp - XML as events, the same whether they come from a streaming parse or from a walk over
// a tree. Names are interned: within one pass, equal names have equal pointers, so a handler compares pointers, never
// texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/result.hpp"
#include "gateway/formats/xml/document.hpp"

namespace caseway {

using XmlChars = const unsigned char*;

/// One attribute; laid out as libxml2's SAX2 hands it over. `local` and `uri` are interned, `uri` null where there is
/// none.
struct XmlAttribute {
    XmlChars local;
    XmlChars prefix;
    XmlChars uri;
    XmlChars begin;
    XmlChars end;
};

/// A namespace declared on an element; `prefix` null for the default namespace.
struct XmlNamespace {
    XmlChars prefix;
    XmlChars uri;
};

struct XmlStart {
    XmlChars local;
    XmlChars prefix;
    XmlChars uri;
    std::span<const XmlAttribute> attributes;
    std::span<const XmlNamespace> namespaces;
    std::uint64_t line;
    const XmlNode* node;  ///< the element in its tree; nullptr while streaming
    bool amp_escaped;     ///< '&' in attribute values stands as "&#38;" (libxml2's SAX2 does so)
};

/// Appends the value of an attribute of `start`.
void appendValue(const XmlStart& start, const XmlAttribute& attribute, std::string& out);

/// Finds interned names of the pass.
class XmlNames {
public:
    virtual ~XmlNames() = default;
    /// nullptr: this name cannot occur in the pass.
    virtual XmlChars find(std::string_view name) = 0;
};

/// Receives events; views live until the call returns. Return false to stop: the pass ends without refusal.
/// Comments and processing instructions are not reported; CDATA is text; one text may come in several pieces.
class XmlHandler {
public:
    virtual ~XmlHandler() = default;
    virtual void begin(XmlNames& names) = 0;
    virtual bool start(const XmlStart& start) = 0;
    virtual bool text(std::string_view piece) = 0;
    virtual bool end() = 0;
    /// In the place of start(), text() and end(): an element that holds one text (which may be empty) and nothing else.
    /// Those that a parser reports in one or in three are its own choice.
    virtual bool leaf(const XmlStart& element, std::string_view whole) {
        return start(element) && (whole.empty() || text(whole)) && end();
    }
};

/// Looks at the bytes of elements beside the events that they make, and may pass over whole elements by their bytes.
class XmlElementBytes {
public:
    virtual ~XmlElementBytes() = default;
    /// Asked after each start(), but inside of an element whose bytes are wanted.
    virtual bool wants() = 0;
    /// After the end() of such an element: its bytes from '<' to '>'; empty where it was too large to be kept.
    virtual void ended(std::string_view bytes) = 0;
    /// Then: how many bytes of what follows known() must see; 0: none.
    virtual std::size_t looksAhead() = 0;
    struct Known {
        std::size_t bytes = 0;  ///< of the complete element that `ahead` begins with; 0: it is to be parsed
        bool goes_on = true;
    };
    /// `ahead`: what follows, white space left out, perhaps less than was asked for. What is known makes no events; it
    /// must be one element that is well-formed where it stands. Asked again until something is to be parsed. `line`: as
    /// XmlStart tells it.
    virtual Known known(std::string_view ahead, std::uint64_t line) = 0;
};

/// Parses a document that is UTF-8 already (whatever its declaration says), piece by piece, in constant memory.
/// Refusals: malformed_xml (with line), doctype_forbidden, too_deep.
/// `bytes`: may be nullptr.
Result<Done> readXml(ByteSource& utf8, std::size_t depth_limit, XmlHandler& handler, XmlElementBytes* bytes = nullptr);

/// Reports the subtree of `top`, itself first. `document` owns it.
void walkXml(const XmlDocument& document, const XmlNode& top, XmlHandler& handler);

}  // namespace caseway
