// connectors/soap/element_cut.hpp - one element cut out of a document with the very characters in which it was written,
// and the namespaces that it took from around it. Pure; for documents that are known to be well-formed, without
// DOCTYPE.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caseway {

/// Prefix (empty: the default namespace) and name.
using NamespacesInScope = std::vector<std::pair<std::string, std::string>>;

/// The `ordinal`-th element in document order, 0-based; `declare` is added to its start tag. Empty where there are not
/// so many.
std::string cutElement(std::string_view xml, std::uint64_t ordinal, const NamespacesInScope& declare);

}  // namespace caseway
