// gateway/formats/xml/xpath.cpp - libxml2's XPath behind bounded work: each evaluation may take so many operations, not
// more.
#include "gateway/formats/xml/xpath.hpp"

#include <libxml/xpathInternals.h>

#include "gateway/formats/xml/libxml_handles.hpp"

namespace caseway {
namespace {

constexpr unsigned long kMostOperations = 10'000'000;

void noteFirst(void* message, xmlError* error) {
    auto& text = *static_cast<std::string*>(message);
    if (text.empty()) text = onOneLine(error->message);
}

void appendChars(xmlChar* owned, std::string& out) {
    if (owned == nullptr) return;
    out.append(reinterpret_cast<const char*>(owned));
    xmlFree(owned);
}

void take(xmlXPathObject& object, XPathValue& value) {
    value.nodes.clear();
    value.text.clear();
    value.boolean = xmlXPathCastToBoolean(&object) != 0;
    if (object.type != XPATH_NODESET) {
        value.kind = object.type == XPATH_BOOLEAN ? XPathValue::Kind::Boolean : XPathValue::Kind::Other;
        appendChars(xmlXPathCastToString(&object), value.text);
        return;
    }
    value.kind = XPathValue::Kind::Nodes;
    if (object.nodesetval == nullptr) return;
    xmlXPathNodeSetSort(object.nodesetval);
    for (int i = 0; i < object.nodesetval->nodeNr; ++i) {
        const xmlNode* node = object.nodesetval->nodeTab[i];
        if (node->type != XML_NAMESPACE_DECL) value.nodes.push_back(ourNode(node));
    }
    if (!value.nodes.empty()) appendText(*value.nodes.front(), value.text);
}

}  // namespace

struct XPathSet::Set {
    XPathContextHandle context;
    std::vector<XPathExpressionHandle> expressions;
    std::string message;
};

XPathSet::XPathSet(XmlNamespaceMap namespaces) : set_(std::make_unique<Set>()) {
    initLibxml();
    set_->context.reset(xmlXPathNewContext(nullptr));
    CASEWAY_CHECK(set_->context != nullptr);
    set_->context->error = noteFirst;
    set_->context->userData = &set_->message;
    for (const auto& [prefix, uri] : namespaces) {
        xmlXPathRegisterNs(set_->context.get(), reinterpret_cast<const xmlChar*>(prefix.c_str()),
                           reinterpret_cast<const xmlChar*>(uri.c_str()));
    }
}
XPathSet::~XPathSet() = default;
XPathSet::XPathSet(XPathSet&&) noexcept = default;

Result<std::size_t, XPathError> XPathSet::add(const std::string& expression) {
    set_->message.clear();
    set_->context->opLimit = kMostOperations;
    set_->context->opCount = 0;
    XPathExpressionHandle compiled(
        xmlXPathCtxtCompile(set_->context.get(), reinterpret_cast<const xmlChar*>(expression.c_str())));
    if (compiled == nullptr) {
        return XPathError{"an expression of XPath 1.0", set_->message.empty() ? "invalid expression" : set_->message};
    }
    set_->expressions.push_back(std::move(compiled));
    return set_->expressions.size() - 1;
}

bool XPathSet::evaluate(std::size_t expression, const XmlDocument& document, const XmlNode& node, XPathValue& value) {
    xmlXPathContext& context = *set_->context;
    context.doc = docOf(document);
    context.node = libxmlNode(&node);
    context.contextSize = 1;
    context.proximityPosition = 1;
    context.opLimit = kMostOperations;
    context.opCount = 0;
    set_->message.clear();
    const XPathObjectHandle object(xmlXPathCompiledEval(set_->expressions.at(expression).get(), &context));
    context.doc = nullptr;
    context.node = nullptr;
    if (object == nullptr || !set_->message.empty()) return false;
    take(*object, value);
    return true;
}

bool XPathSet::evaluateFromDocument(std::size_t expression, const XmlDocument& document, XPathValue& value) {
    return evaluate(expression, document, *ourNode(reinterpret_cast<const xmlNode*>(docOf(document))), value);
}

void appendText(const XmlNode& node, std::string& out) {
    const xmlNode* one = libxmlNode(&node);
    if (one->type == XML_TEXT_NODE || one->type == XML_CDATA_SECTION_NODE) {
        if (one->content != nullptr) out.append(reinterpret_cast<const char*>(one->content));
        return;
    }
    appendChars(xmlXPathCastNodeToString(const_cast<xmlNode*>(one)), out);
}

bool isElement(const XmlNode& node) {
    return libxmlNode(&node)->type == XML_ELEMENT_NODE;
}

std::uint64_t lineOf(const XmlNode& node) {
    const long line = xmlGetLineNo(libxmlNode(&node));
    return line > 0 ? static_cast<std::uint64_t>(line) : 0;
}

}  // namespace caseway
