// gateway/formats/xml/xpath_order.hpp - document order (XPath 1.0 §5) where libxml2 loses it: in a tree whose elements
// are numbered it takes a text for earlier than what stands inside the element before it. For sources of this folder
// only.
#pragma once

#include <libxml/xpath.h>

#include <cstdint>
#include <new>
#include <vector>

#include "gateway/formats/xml/libxml_handles.hpp"

namespace caseway {

/// Sorts in document order, where need be by a number that every node of the document gets then. Takes n log n.
void sortNodes(xmlNodeSet& set);
/// Leaves the first in document order, which is all that a conversion to a text or a number looks at.
void keepFirst(xmlNodeSet& set);
/// Numbers every node of a document by its place, where that is not done yet; the document itself has number 0.
void numberOnce(xmlDoc* doc);
/// Not of namespaces, which have none.
std::uintptr_t numberOf(const xmlNode* node);
/// By number.
bool isBefore(const xmlNode* a, const xmlNode* b);
/// In their order, each once. They are numbered.
void keepOnce(std::vector<xmlNode*>& nodes);
/// The set of these, which are distinct. Null: there is no memory.
XPathObjectHandle setOf(const std::vector<xmlNode*>& nodes);
/// Ends an evaluation with an error of libxml2's.
void failXPath(xmlXPathParserContext* parser, int code);
/// For functions that libxml2 calls: it is C, nothing may be thrown through it.
template <class Work>
void withinMemory(xmlXPathParserContext* parser, Work work) {
    try {
        work();
    } catch (const std::bad_alloc&) {
        failXPath(parser, XPATH_MEMORY_ERROR);
    }
}
/// The function that withOrder() of xpath_rewrite.hpp writes.
void registerOrder(xmlXPathContext* context);

}  // namespace caseway
