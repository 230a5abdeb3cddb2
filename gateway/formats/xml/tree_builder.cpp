// gateway/formats/xml/tree_builder.cpp - libxml2 nodes made from events; names share one dictionary from tree to tree.
#include "gateway/formats/xml/tree_builder.hpp"

#include <optional>

#include "gateway/formats/xml/libxml_handles.hpp"

namespace caseway {
namespace {

struct DictDeleter {
    void operator()(xmlDict* dict) const noexcept { xmlDictFree(dict); }
};

std::size_t lengthOf(XmlChars text) {
    return text == nullptr ? 0 : std::char_traits<char>::length(reinterpret_cast<const char*>(text));
}

}  // namespace

struct XmlTreeBuilder::Build {
    std::size_t most_bytes = 0;
    std::size_t bytes = 0;
    std::unique_ptr<xmlDict, DictDeleter> dict{xmlDictCreate()};
    std::optional<XmlDocument> document;
    xmlDoc* doc = nullptr;
    xmlNode* open = nullptr;
    std::string value;
    std::string pending;  ///< the text so far of the open element's last text node: pieces would make libxml2 quadratic

    void flush() {
        if (pending.empty()) return;
        xmlAddChild(
            open, xmlNewDocTextLen(doc, reinterpret_cast<XmlChars>(pending.data()), static_cast<int>(pending.size())));
        pending.clear();
    }
    bool spend(std::size_t count) {
        bytes += count + 64;
        return bytes <= most_bytes;
    }
    const xmlChar* intern(XmlChars text) { return text == nullptr ? nullptr : xmlDictLookup(dict.get(), text, -1); }

    /// The namespace in scope with this prefix and name; declared here where there is none (a subtree cut from its
    /// ancestors).
    xmlNs* namespaceFor(xmlNode* element, XmlChars prefix, XmlChars uri) {
        if (uri == nullptr) return nullptr;
        xmlNs* found = xmlSearchNs(doc, element, prefix);
        if (found != nullptr && xmlStrEqual(found->href, uri) != 0) return found;
        intern(uri);
        return xmlNewNs(element, uri, prefix);
    }
    void addAttribute(xmlNode* element, const XmlStart& from, const XmlAttribute& attribute) {
        value.clear();
        appendValue(from, attribute, value);
        xmlNs* ns = namespaceFor(element, attribute.prefix, attribute.uri);
        xmlNewNsPropEatName(element, ns, const_cast<xmlChar*>(intern(attribute.local)),
                            reinterpret_cast<const xmlChar*>(value.c_str()));
    }
};

XmlTreeBuilder::XmlTreeBuilder(std::size_t most_bytes) : build_(std::make_unique<Build>()) {
    initLibxml();
    build_->most_bytes = most_bytes;
    clear();
}
XmlTreeBuilder::~XmlTreeBuilder() {
    build_->document.reset();
}

void XmlTreeBuilder::clear() {
    Build& build = *build_;
    build.document.reset();
    auto tree = std::make_unique<XmlDocument::Tree>();
    tree->doc.reset(xmlNewDoc(reinterpret_cast<XmlChars>("1.0")));
    CASEWAY_CHECK(tree->doc != nullptr);
    build.doc = tree->doc.get();
    build.doc->dict = build.dict.get();
    xmlDictReference(build.doc->dict);
    build.document.emplace(std::move(tree));
    build.open = nullptr;
    build.pending.clear();
    build.bytes = 0;
}

bool XmlTreeBuilder::start(const XmlStart& start) {
    Build& build = *build_;
    std::size_t cost = lengthOf(start.local);
    for (const XmlAttribute& one : start.attributes) cost += static_cast<std::size_t>(one.end - one.begin) + 96;
    for (const XmlNamespace& one : start.namespaces) cost += lengthOf(one.uri) + 64;
    if (!build.spend(cost)) return false;
    build.flush();
    xmlNode* element =
        xmlNewDocNodeEatName(build.doc, nullptr, const_cast<xmlChar*>(build.intern(start.local)), nullptr);
    CASEWAY_CHECK(element != nullptr);
    element->psvi = reinterpret_cast<void*>(static_cast<std::uintptr_t>(start.line));  // NOLINT: see lineOf()
    if (build.open == nullptr) {
        xmlDocSetRootElement(build.doc, element);
    } else {
        xmlAddChild(build.open, element);
    }
    for (const XmlNamespace& one : start.namespaces) {
        build.intern(one.uri);
        xmlNewNs(element, one.uri, one.prefix);
    }
    element->ns = build.namespaceFor(element, start.prefix, start.uri);
    for (const XmlAttribute& one : start.attributes) build.addAttribute(element, start, one);
    build.open = element;
    return true;
}

bool XmlTreeBuilder::text(std::string_view piece) {
    Build& build = *build_;
    if (build.open == nullptr) return true;
    if (build.pending.empty() && !build.spend(0)) return false;
    build.bytes += piece.size();
    if (build.bytes > build.most_bytes) return false;
    build.pending.append(piece);
    return true;
}

void XmlTreeBuilder::end() {
    Build& build = *build_;
    if (build.open == nullptr) return;
    build.flush();
    xmlNode* parent = build.open->parent;
    build.open = parent != nullptr && parent->type == XML_ELEMENT_NODE ? parent : nullptr;
}

const XmlDocument& XmlTreeBuilder::document() const {
    return *build_->document;
}
const XmlNode* XmlTreeBuilder::current() const {
    return ourNode(build_->open);
}

}  // namespace caseway
