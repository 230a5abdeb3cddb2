// gateway/formats/xml/document.hpp - a parsed XML document as an opaque value: verified as this tree, mapped as this
// tree. libxml2 stays behind it; formats that need its handles include libxml_handles.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

namespace caseway {

struct XmlNode;  // a libxml2 node, never dereferenced outside formats/

struct XmlParseLimits {
    std::size_t document_bytes = 10 * 1024 * 1024;
    std::size_t depth = 200;
    bool checks_declaration = true;  ///< off for what was taken when the rule was another one
};

class XmlDocument {
public:
    struct Tree;  // holds the xmlDoc
    explicit XmlDocument(std::unique_ptr<Tree> tree);
    XmlDocument(XmlDocument&&) noexcept;
    XmlDocument& operator=(XmlDocument&&) noexcept;
    ~XmlDocument();

    Tree& tree() const { return *tree_; }
    const XmlNode* root() const;
    /// As the document declares it; empty where it does not. And the one it was read in: "UTF-8", "GB18030", …
    const std::string& declaredEncoding() const;
    const std::string& encoding() const;

private:
    std::unique_ptr<Tree> tree_;
};

/// Parses one document. The declared encoding decides; every gb* label means GB 18030. No network, no entity but the
/// five of XML, no DTD. Refusals: malformed_xml (with line), doctype_forbidden, too_deep, too_large, wrong_encoding.
Result<XmlDocument> parseXml(ByteView bytes, const XmlParseLimits& limits);

}  // namespace caseway
