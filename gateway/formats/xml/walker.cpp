// gateway/formats/xml/walker.cpp - a libxml2 subtree as events: iterative, adjacent texts and CDATA in order, comments
// skipped.
#include <cstring>
#include <vector>

#include "gateway/formats/xml/events.hpp"
#include "gateway/formats/xml/libxml_handles.hpp"
#include "gateway/formats/xml/xpath.hpp"

namespace caseway {
namespace {

/// Of `xml:lang` and the like: nobody declares it, so that no dictionary need have it.
constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";

class Walk final : public XmlNames {
public:
    Walk(xmlDict* dict, XmlHandler& handler) : dict_(dict), handler_(handler) { CASEWAY_CHECK(dict != nullptr); }

    XmlChars find(std::string_view name) override {
        const auto* found =
            xmlDictExists(dict_, reinterpret_cast<XmlChars>(name.data()), static_cast<int>(name.size()));
        return found == nullptr && name == kXmlNamespace ? xmlNamespace() : found;
    }

    /// False: stopped.
    bool enter(const xmlNode& element) {
        namespaces_.clear();
        attributes_.clear();
        values_.clear();
        for (const xmlNs* ns = element.nsDef; ns != nullptr; ns = ns->next)
            namespaces_.push_back({ns->prefix, ns->href});
        for (const xmlAttr* one = element.properties; one != nullptr; one = one->next) add(*one);
        for (std::size_t i = 0; i < attributes_.size(); ++i) {
            const auto* bytes = reinterpret_cast<XmlChars>(values_.data());
            attributes_[i].begin = bytes + ranges_[i].first;
            attributes_[i].end = bytes + ranges_[i].second;
        }
        ranges_.clear();
        const XmlStart start{element.name,         element.ns != nullptr ? element.ns->prefix : nullptr,
                             interned(element.ns), attributes_,
                             namespaces_,          lineOf(*ourNode(&element)),
                             ourNode(&element),    false};
        return handler_.start(start);
    }

private:
    void add(const xmlAttr& attribute) {
        const std::size_t begin = values_.size();
        for (const xmlNode* text = attribute.children; text != nullptr; text = text->next) {
            if (text->content != nullptr) values_.append(reinterpret_cast<const char*>(text->content));
        }
        ranges_.emplace_back(begin, values_.size());
        attributes_.push_back({attribute.name, attribute.ns != nullptr ? attribute.ns->prefix : nullptr,
                               interned(attribute.ns), nullptr, nullptr});
    }

    XmlChars interned(const xmlNs* ns) {
        if (ns == nullptr) return nullptr;
        if (ns != last_) {
            last_ = ns;
            last_uri_ = xmlDictExists(dict_, ns->href, -1);
            if (last_uri_ == nullptr) last_uri_ = isXmlNamespace(ns->href) ? xmlNamespace() : ns->href;
        }
        return last_uri_;
    }

    static XmlChars xmlNamespace() { return reinterpret_cast<XmlChars>(kXmlNamespace.data()); }
    static bool isXmlNamespace(XmlChars uri) { return reinterpret_cast<const char*>(uri) == kXmlNamespace; }

    xmlDict* dict_;
    XmlHandler& handler_;
    const xmlNs* last_ = nullptr;
    XmlChars last_uri_ = nullptr;
    std::vector<XmlNamespace> namespaces_;
    std::vector<XmlAttribute> attributes_;
    std::vector<std::pair<std::size_t, std::size_t>> ranges_;
    std::string values_;
};

bool isText(const xmlNode& node) {
    return node.type == XML_TEXT_NODE || node.type == XML_CDATA_SECTION_NODE;
}

}  // namespace

void walkXml(const XmlDocument& document, const XmlNode& top, XmlHandler& handler) {
    const xmlNode* const root = libxmlNode(&top);
    Walk walk(docOf(document)->dict, handler);
    handler.begin(walk);
    const xmlNode* node = root;
    while (true) {
        if (node->type == XML_ELEMENT_NODE) {
            if (!walk.enter(*node)) return;
            if (node->children != nullptr) {
                node = node->children;
                continue;
            }
            if (!handler.end()) return;
        } else if (isText(*node) && node->content != nullptr) {
            if (!handler.text(reinterpret_cast<const char*>(node->content))) return;
        }
        while (node != root && node->next == nullptr) {
            node = node->parent;
            if (!handler.end()) return;
        }
        if (node == root) return;
        node = node->next;
    }
}

}  // namespace caseway
