// gateway/formats/envelope/xml_nodes.cpp - strict reading of libxml2 nodes.
#include "gateway/formats/envelope/xml_nodes.hpp"

#include <algorithm>

namespace caseway {

bool isElement(const xmlNode* node, std::string_view name, std::string_view name_space) {
    return node != nullptr && node->type == XML_ELEMENT_NODE && viewOf(node->name) == name &&
           hasNamespace(node, name_space);
}

bool isXmlSpace(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::optional<std::vector<xmlNode*>> childElements(const xmlNode* node, Comments comments) {
    std::vector<xmlNode*> elements;
    for (xmlNode* child = node->children; child != nullptr; child = child->next) {
        if (child->type == XML_ELEMENT_NODE) {
            elements.push_back(child);
        } else if (child->type == XML_TEXT_NODE) {
            if (!isXmlSpace(viewOf(child->content))) return std::nullopt;
        } else if (child->type != XML_COMMENT_NODE || comments == Comments::Refused) {
            return std::nullopt;
        }
    }
    return elements;
}

bool isTextOnly(const xmlNode* node, Comments comments) {
    for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
        if (child->type == XML_TEXT_NODE) continue;
        const bool allowed = child->type == XML_CDATA_SECTION_NODE || child->type == XML_COMMENT_NODE;
        if (!allowed || comments == Comments::Refused) return false;
    }
    return true;
}

const xmlNode* nextNode(const xmlNode* node, bool descends, std::size_t& depth) {
    if (descends && node->children != nullptr) {
        ++depth;
        return node->children;
    }
    while (node != nullptr && node->next == nullptr) {
        node = node->parent;
        --depth;
    }
    return node == nullptr || node->type == XML_DOCUMENT_NODE ? nullptr : node->next;
}

bool hasExactlyAttributes(const xmlNode* node, std::initializer_list<std::string_view> names) {
    std::size_t count = 0;
    for (const xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next, ++count) {
        if (attribute->ns != nullptr) return false;
        if (std::find(names.begin(), names.end(), viewOf(attribute->name)) == names.end()) return false;
    }
    return count == names.size();
}

std::optional<std::string> attributeOf(const xmlNode* node, std::string_view name) {
    for (const xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next) {
        if (attribute->ns != nullptr || viewOf(attribute->name) != name) continue;
        std::string value;
        for (const xmlNode* part = attribute->children; part != nullptr; part = part->next) {
            if (part->type != XML_TEXT_NODE) return std::nullopt;
            value += viewOf(part->content);
        }
        return value;
    }
    return std::nullopt;
}

}  // namespace caseway
