// gateway/formats/xml/xpath_order.cpp - nodes are numbered in xmlNode::_private, which is nobody else's in our trees.
#include "gateway/formats/xml/xpath_order.hpp"

#include <libxml/tree.h>
#include <libxml/xpathInternals.h>

#include <algorithm>
#include <cstdint>

#include "gateway/base/check.hpp"
#include "gateway/formats/xml/xpath_rewrite.hpp"

namespace caseway {
namespace {

/// What libxml2 orders by the element before it.
bool isTextLike(const xmlNode* node) {
    const xmlElementType type = node->type;
    return type == XML_TEXT_NODE || type == XML_CDATA_SECTION_NODE || type == XML_COMMENT_NODE || type == XML_PI_NODE;
}

std::uintptr_t numberOf(const xmlNode* node) {
    return reinterpret_cast<std::uintptr_t>(node->_private);
}

void number(xmlNode* node, std::uintptr_t& last) {
    node->_private = reinterpret_cast<void*>(++last);  // NOLINT(performance-no-int-to-ptr): a number, never followed
    if (node->type != XML_ELEMENT_NODE) return;
    for (xmlAttr* one = node->properties; one != nullptr; one = one->next)
        number(reinterpret_cast<xmlNode*>(one), last);
}

/// The document itself stays at 0. Walks without recursion.
void numberAll(xmlDoc* doc) {
    std::uintptr_t last = 0;
    xmlNode* at = doc->children;
    while (at != nullptr) {
        number(at, last);
        if (at->type == XML_ELEMENT_NODE && at->children != nullptr) {
            at = at->children;
            continue;
        }
        while (at->next == nullptr && at->parent != nullptr && at->parent != reinterpret_cast<xmlNode*>(doc))
            at = at->parent;
        at = at->next;
    }
}

bool hasNamespaces(const xmlNodeSet& set) {
    return std::any_of(set.nodeTab, set.nodeTab + set.nodeNr,
                       [](const xmlNode* one) { return one->type == XML_NAMESPACE_DECL; });
}

/// Texts among others: of such alone, or of others alone, libxml2 knows the order.
bool mixesTexts(const xmlNodeSet& set) {
    const bool first = isTextLike(set.nodeTab[0]);
    return std::any_of(set.nodeTab, set.nodeTab + set.nodeNr,
                       [first](const xmlNode* one) { return isTextLike(one) != first; });
}

void inDocumentOrder(xmlXPathParserContext* parser, int count) {
    CASEWAY_CHECK(count == 1);
    const xmlXPathObject* value = parser->value;
    if (value != nullptr && value->type == XPATH_NODESET && value->nodesetval != nullptr) sortNodes(*value->nodesetval);
}

}  // namespace

void sortNodes(xmlNodeSet& set) {
    if (set.nodeNr < 2) return;
    if (hasNamespaces(set) || !mixesTexts(set)) return xmlXPathNodeSetSort(&set);
    xmlDoc* const doc = set.nodeTab[0]->doc;
    const xmlNode* const root = xmlDocGetRootElement(doc);
    if (root != nullptr && numberOf(root) == 0) numberAll(doc);
    std::sort(set.nodeTab, set.nodeTab + set.nodeNr,
              [](const xmlNode* a, const xmlNode* b) { return numberOf(a) < numberOf(b); });
}

void keepFirst(xmlNodeSet& set) {
    if (set.nodeNr < 2) return;
    sortNodes(set);
    if (!hasNamespaces(set)) set.nodeNr = 1;  // those are owned by the set
}

void registerOrder(xmlXPathContext* context) {
    const auto* const name = reinterpret_cast<const xmlChar*>(kOrderFunction);
    CASEWAY_CHECK(xmlXPathRegisterFunc(context, name, inDocumentOrder) == 0);
}

}  // namespace caseway
