// gateway/formats/envelope/xml_canonical.cpp - canonicalizes into a digest; libxml2 asks for each node whether it is to
// be seen.
#include "gateway/formats/envelope/xml_canonical.hpp"

#include <libxml/c14n.h>

#include "gateway/formats/crypto/digest.hpp"

namespace caseway {
namespace {

/// Outside of the body's element an envelope is at most this deep (Signature: 6), so a longer way up begins inside.
constexpr int kDeepestOutside = 8;

int isSeen(void* user_data, xmlNodePtr node, xmlNodePtr parent) {
    const auto* const element = static_cast<const xmlNode*>(user_data);
    const xmlNode* at = node->type == XML_NAMESPACE_DECL || node->type == XML_ATTRIBUTE_NODE ? parent : node;
    for (int steps = 0; at != nullptr; at = at->parent, ++steps)
        if (at == element || steps > kDeepestOutside) return 1;
    return 0;
}

int update(void* context, const char* bytes, int size) {
    static_cast<Sha256Stream*>(context)->update(std::string_view(bytes, static_cast<std::size_t>(size)));
    return size;
}

int done(void*) {
    return 0;
}

}  // namespace

bool exclusiveDigest(xmlDoc* document, const xmlNode* element, Sha256& digest) {
    thread_local Sha256Stream stream;
    stream.reset();
    xmlOutputBuffer* const out = xmlOutputBufferCreateIO(update, done, &stream, nullptr);
    const int result =
        xmlC14NExecute(document, isSeen, const_cast<xmlNode*>(element), XML_C14N_EXCLUSIVE_1_0, nullptr, 0, out);
    if (xmlOutputBufferClose(out) < 0 || result < 0) return false;
    digest = stream.finish();
    return true;
}

}  // namespace caseway
