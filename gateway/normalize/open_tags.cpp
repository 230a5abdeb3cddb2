// gateway/normalize/open_tags.cpp - each part with its length, so that no two chains have one text.
#include "gateway/normalize/open_tags.hpp"

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/crypto/keyed_hash.hpp"

namespace caseway {
namespace {

void add(std::string_view part, std::string& out) {
    out += std::to_string(part.size());
    out += ':';
    out += part;
}

void add(XmlChars part, std::string& out) {
    if (part == nullptr)
        out += '-';
    else
        add(std::string_view(reinterpret_cast<const char*>(part)), out);
}

}  // namespace

void OpenTags::open(const XmlStart& start, std::uint32_t level) {
    places_.emplace_back(level, text_.size());
    has_key_ = false;
    add(std::to_string(level), text_);
    add(start.local, text_);
    add(start.prefix, text_);
    add(start.uri, text_);
    for (const XmlNamespace& one : start.namespaces) {
        text_ += 'n';
        add(one.prefix, text_);
        add(one.uri, text_);
    }
    std::string value;
    for (const XmlAttribute& one : start.attributes) {
        text_ += 'a';
        add(one.local, text_);
        add(one.prefix, text_);
        add(one.uri, text_);
        value.clear();
        appendValue(start, one, value);
        add(std::string_view(value), text_);
    }
}

std::array<std::uint8_t, 16> OpenTags::digestOf(const Sha256& secret, std::string_view bytes) {
    if (!has_key_) key_ = sha256(std::string(textOf(ByteView(secret))) + text_);
    has_key_ = true;
    return keyedHash(key_, bytes);
}

}  // namespace caseway
