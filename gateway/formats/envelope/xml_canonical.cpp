// gateway/formats/envelope/xml_canonical.cpp - canonicalizes into a digest; where a part is wanted, libxml2 asks for
// each node whether it is to be seen.
#include "gateway/formats/envelope/xml_canonical.hpp"

#include <libxml/c14n.h>

#include <new>

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

int hash(void* context, const char* bytes, int size) {
    static_cast<Sha256Stream*>(context)->update(std::string_view(bytes, static_cast<std::size_t>(size)));
    return size;
}

int append(void* context, const char* bytes, int size) noexcept {
    try {
        static_cast<std::string*>(context)->append(bytes, static_cast<std::size_t>(size));
        return size;
    } catch (const std::bad_alloc&) {  // not through libxml2's frames
        return -1;
    }
}

int done(void*) {
    return 0;
}

/// `element`: nothing else is seen; nullptr: the whole document.
bool canonicalize(xmlDoc* document, const xmlNode* element, XmlCanonical form, xmlOutputWriteCallback write,
                  void* into) {
    xmlOutputBuffer* const out = xmlOutputBufferCreateIO(write, done, into, nullptr);
    const int result =
        xmlC14NExecute(document, element == nullptr ? nullptr : isSeen, const_cast<xmlNode*>(element),
                       form == XmlCanonical::Exclusive ? XML_C14N_EXCLUSIVE_1_0 : XML_C14N_1_0, nullptr, 0, out);
    return xmlOutputBufferClose(out) >= 0 && result >= 0;
}

bool digestOf(xmlDoc* document, const xmlNode* element, XmlCanonical form, Sha256& digest) {
    thread_local Sha256Stream stream;
    stream.reset();
    if (!canonicalize(document, element, form, hash, &stream)) return false;
    digest = stream.finish();
    return true;
}

/// Takes a node out of its siblings' chain while it lives, so that a walk of the whole document does not meet it:
/// asking for each node whether it lies in the signature would climb to the root each time.
class HiddenNode {
public:
    explicit HiddenNode(xmlNode* node) : node_(node) { link(node->next, node->prev); }
    ~HiddenNode() { link(node_, node_); }
    HiddenNode(const HiddenNode&) = delete;
    HiddenNode& operator=(const HiddenNode&) = delete;

private:
    void link(xmlNode* after_previous, xmlNode* before_next) {
        (node_->prev != nullptr ? node_->prev->next : node_->parent->children) = after_previous;
        (node_->next != nullptr ? node_->next->prev : node_->parent->last) = before_next;
    }
    xmlNode* node_;
};

/// Takes a node's siblings out of the tree while it lives: a walk that looks for one small part meets no large one.
class OnlyChild {
public:
    explicit OnlyChild(xmlNode* node)
        : node_(node),
          previous_(node->prev),
          next_(node->next),
          first_(node->parent->children),
          last_(node->parent->last) {
        node->prev = node->next = nullptr;
        node->parent->children = node->parent->last = node;
    }
    ~OnlyChild() {
        node_->prev = previous_;
        node_->next = next_;
        node_->parent->children = first_;
        node_->parent->last = last_;
    }
    OnlyChild(const OnlyChild&) = delete;
    OnlyChild& operator=(const OnlyChild&) = delete;

private:
    xmlNode* const node_;
    xmlNode* const previous_;
    xmlNode* const next_;
    xmlNode* const first_;
    xmlNode* const last_;
};

}  // namespace

bool exclusiveDigest(xmlDoc* document, const xmlNode* element, Sha256& digest) {
    return digestOf(document, element, XmlCanonical::Exclusive, digest);
}

bool envelopedDigest(xmlDoc* document, xmlNode* signature, XmlCanonical form, Sha256& digest) {
    const HiddenNode hidden(signature);
    return digestOf(document, nullptr, form, digest);
}

std::optional<std::string> canonicalSignedInfo(xmlDoc* document, xmlNode* signature, xmlNode* signed_info,
                                               XmlCanonical form) {
    const OnlyChild alone(signature);
    const OnlyChild first(signed_info);  // what a KeyInfo holds may be deep
    std::string bytes;
    if (!canonicalize(document, signed_info, form, append, &bytes)) return std::nullopt;
    return bytes;
}

}  // namespace caseway
