// gateway/formats/xml/xpath_order.cpp - nodes are numbered in xmlNode::_private, which is nobody else's in our trees.
#include "gateway/formats/xml/xpath_order.hpp"

#include <libxml/tree.h>
#include <libxml/xpathInternals.h>

#include <algorithm>
#include <vector>

#include "gateway/base/check.hpp"
#include "gateway/formats/xml/xpath_rewrite.hpp"

namespace caseway {
namespace {

/// What libxml2 orders by the element before it.
bool isTextLike(const xmlNode* node) {
    const xmlElementType type = node->type;
    return type == XML_TEXT_NODE || type == XML_CDATA_SECTION_NODE || type == XML_COMMENT_NODE || type == XML_PI_NODE;
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

/// The nodes of all sets, each once.
std::vector<xmlNode*> joined(xmlXPathObject* const* sets, int count) {
    std::vector<xmlNode*> nodes;
    int filled = 0;
    for (int i = 0; i < count; ++i) {
        const xmlNodeSet* set = sets[i]->nodesetval;
        if (set == nullptr || set->nodeNr == 0) continue;
        ++filled;
        nodes.insert(nodes.end(), set->nodeTab, set->nodeTab + set->nodeNr);
    }
    if (filled < 2) return nodes;
    numberOnce(nodes.front()->doc);
    keepOnce(nodes);
    return nodes;
}

/// Of one set, or of several as the operator `|` joins them.
void order(xmlXPathParserContext* parser, int count) {
    CASEWAY_CHECK(count > 0 && count <= parser->valueNr);
    xmlXPathObject* const* const sets = parser->valueTab + (parser->valueNr - count);
    const bool are_sets = std::all_of(
        sets, sets + count, [](const xmlXPathObject* one) { return one != nullptr && one->type == XPATH_NODESET; });
    if (!are_sets) return failXPath(parser, XPATH_INVALID_TYPE);
    if (count > 1) {
        XPathObjectHandle all = setOf(joined(sets, count));
        if (all == nullptr) return failXPath(parser, XPATH_MEMORY_ERROR);
        for (int i = 0; i < count; ++i) xmlXPathFreeObject(valuePop(parser));
        valuePush(parser, all.release());
    }
    if (parser->value->nodesetval != nullptr) sortNodes(*parser->value->nodesetval);
}

void inDocumentOrder(xmlXPathParserContext* parser, int count) {
    withinMemory(parser, [&] { order(parser, count); });
}

}  // namespace

std::uintptr_t numberOf(const xmlNode* node) {
    return reinterpret_cast<std::uintptr_t>(node->_private);
}

void numberOnce(xmlDoc* doc) {
    const xmlNode* const root = xmlDocGetRootElement(doc);
    if (root != nullptr && numberOf(root) == 0) numberAll(doc);
}

bool isBefore(const xmlNode* a, const xmlNode* b) {
    return numberOf(a) < numberOf(b);
}

void keepOnce(std::vector<xmlNode*>& nodes) {
    std::sort(nodes.begin(), nodes.end(), isBefore);
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
}

XPathObjectHandle setOf(const std::vector<xmlNode*>& nodes) {
    XPathObjectHandle all(xmlXPathNewNodeSet(nullptr));
    if (all != nullptr)
        for (xmlNode* node : nodes) xmlXPathNodeSetAddUnique(all->nodesetval, node);
    return all;
}

void failXPath(xmlXPathParserContext* parser, int code) {
    xmlXPatherror(parser, __FILE__, __LINE__, code);
    parser->error = code;
}

void sortNodes(xmlNodeSet& set) {
    if (set.nodeNr < 2) return;
    if (hasNamespaces(set) || !mixesTexts(set)) return xmlXPathNodeSetSort(&set);
    numberOnce(set.nodeTab[0]->doc);
    std::sort(set.nodeTab, set.nodeTab + set.nodeNr, isBefore);
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
