// gateway/formats/xml/parse_state.hpp - what our callbacks note of a parse that goes wrong, and the refusal made of it.
// For sources of this folder only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/base/refusal.hpp"

struct _xmlError;

namespace caseway {

struct XmlTrouble {
    std::size_t depth_limit = 0;
    bool doctype = false;
    bool too_deep = false;
    bool too_wide = false;
    bool long_namespace = false;
    bool many_names = false;
    int line = 0;
    std::string message;

    bool any() const { return doctype || too_deep || too_wide || long_namespace || many_names || !message.empty(); }
    /// Keeps the first error; warnings are ignored.
    void note(const _xmlError* error);
    /// libxml2 takes a NUL for the end of the document; what follows would be signed for but never read. Returns the
    /// bytes before it.
    std::size_t noteNul(std::string_view text);
    Refusal refusal() const;
};

/// Most attributes and namespace declarations of one element, and namespaces in scope: libxml2's checks are quadratic
/// in them.
inline constexpr int kMostAttributes = 512;

/// Most different names (of elements, attributes, prefixes, namespaces) of one document: libxml2's dictionary stops
/// growing at 8,192 chains, so that half a million names in a few megabytes are a quarter of a minute.
inline constexpr int kMostNames = 100'000;

/// Of one namespace's name: canonicalization and cut subtrees repeat it at each element that uses it.
inline constexpr std::size_t kMostNamespaceBytes = 1024;
/// `namespaces`: pairs of prefix and name, as libxml2 hands them over.
bool hasLongNamespace(const unsigned char** namespaces, int count);

/// Finds, in bytes that go to the parser, a start tag so long that its duplicate check alone would hang it. '<' cannot
/// stand in a start tag, so only stretches without it are looked at: next to nothing for an ordinary document.
class WideTagGuard {
public:
    /// The next bytes of the document. False: too wide.
    bool feed(std::string_view piece);

private:
    void count(std::string_view stretch);
    std::size_t assignments_ = 0;
    bool after_equals_ = false;
};

}  // namespace caseway
