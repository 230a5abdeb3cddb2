// gateway/formats/xml/libxml_handles.hpp - libxml2's handles as unique_ptr, and the way from our opaque types to its
// own. For sources inside formats/ only: no header of ours shows libxml2.
#pragma once

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>

#include <memory>

#include "gateway/formats/xml/document.hpp"

namespace caseway {

struct XmlDocDeleter {
    void operator()(xmlDoc* doc) const noexcept { xmlFreeDoc(doc); }
};
struct XmlParserDeleter {
    /// A parser may still own a half-built tree.
    void operator()(xmlParserCtxt* parser) const noexcept {
        if (parser->myDoc != nullptr) xmlFreeDoc(parser->myDoc);
        parser->myDoc = nullptr;
        xmlFreeParserCtxt(parser);
    }
};
struct XPathContextDeleter {
    void operator()(xmlXPathContext* context) const noexcept { xmlXPathFreeContext(context); }
};
struct XPathExpressionDeleter {
    void operator()(xmlXPathCompExpr* expression) const noexcept { xmlXPathFreeCompExpr(expression); }
};
struct XPathObjectDeleter {
    void operator()(xmlXPathObject* object) const noexcept { xmlXPathFreeObject(object); }
};

using XmlDocHandle = std::unique_ptr<xmlDoc, XmlDocDeleter>;
using XmlParserHandle = std::unique_ptr<xmlParserCtxt, XmlParserDeleter>;
using XPathContextHandle = std::unique_ptr<xmlXPathContext, XPathContextDeleter>;
using XPathExpressionHandle = std::unique_ptr<xmlXPathCompExpr, XPathExpressionDeleter>;
using XPathObjectHandle = std::unique_ptr<xmlXPathObject, XPathObjectDeleter>;

struct XmlDocument::Tree {
    XmlDocHandle doc;
    std::string encoding = "UTF-8";
    std::string declared_encoding;
};

/// The document behind a tree; borrowed.
inline xmlDoc* docOf(XmlDocument::Tree& tree) {
    return tree.doc.get();
}
inline xmlDoc* docOf(const XmlDocument& document) {
    return document.tree().doc.get();
}

inline const XmlNode* ourNode(const xmlNode* node) {
    return reinterpret_cast<const XmlNode*>(node);
}
inline xmlNode* libxmlNode(const XmlNode* node) {
    return reinterpret_cast<xmlNode*>(const_cast<XmlNode*>(node));
}

/// libxml2's words about its first error, on one line; never the document's text beyond names.
std::string onOneLine(const char* message);
/// Prepares libxml2 once for all threads; cheap to call again.
void initLibxml();

}  // namespace caseway
