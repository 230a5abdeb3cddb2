// gateway/formats/envelope/canonical_work.hpp - what a tree costs to canonicalize, told before libxml2 begins: anybody
// can send one, since a signature is judged behind it. For sources of this folder only.
#pragma once

#include <libxml/tree.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gateway/formats/envelope/xml_nodes.hpp"

namespace caseway {

/// Exclusive C14N writes a namespace anew at each element that uses it and walks over all that are in scope to find the
/// one of an element or attribute, or that it has none; inclusive looks up each of them at each element. Both compare
/// the attributes of an element with each other, by the whole names of their namespaces.
class CanonicalWork {
public:
    enum class Scope : std::uint8_t { Passed, LookedUp };

    explicit CanonicalWork(Scope scope) : scope_(scope) {}

    /// Every element in the order of the document, `depth` as nextNode() counts it. False: too much for any usual tree.
    bool add(const xmlNode* element, std::size_t depth) {
        std::uint64_t count = 0, names = 0;
        for (const xmlAttr* attribute = element->properties; attribute != nullptr; attribute = attribute->next, ++count)
            names += lengthOf(attribute->ns);
        work_ += kWritten * (names + lengthOf(element->ns)) + count * (names + kCompared * count);
        const std::uint64_t declared = declaredAt(element, depth);
        work_ += scope_ == Scope::LookedUp ? kLookedUp * declared * declared : kWalked * declared * (1 + count);
        return work_ <= kMost;
    }

private:
    // In half nanoseconds, roughly: two seconds at most. 10 MiB of usual records come to a twentieth of it.
    static constexpr std::uint64_t kWritten = 8, kCompared = 8, kLookedUp = 8, kWalked = 9, kMost = 4'000'000'000;

    std::uint64_t lengthOf(const xmlNs* ns) {
        if (ns == nullptr) return 0;
        if (ns != last_) {
            last_ = ns;
            last_length_ = viewOf(ns->href).size();
        }
        return last_length_;
    }
    /// So many namespaces are declared at the element and above it.
    std::uint64_t declaredAt(const xmlNode* element, std::size_t depth) {
        declared_.resize(depth + 1);
        declared_[depth] = declared_[depth - 1];
        for (const xmlNs* ns = element->nsDef; ns != nullptr; ns = ns->next) ++declared_[depth];
        return declared_[depth];
    }

    const Scope scope_;
    std::uint64_t work_ = 0;
    std::vector<std::uint64_t> declared_;  ///< by depth
    const xmlNs* last_ = nullptr;
    std::uint64_t last_length_ = 0;
};

}  // namespace caseway
