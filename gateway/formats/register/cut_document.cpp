// gateway/formats/register/cut_document.cpp - a comparison with what was written.
#include "gateway/formats/register/cut_document.hpp"

#include <fmt/format.h>

namespace caseway {

FileTree::const_iterator documentIn(const FileTree& tree, const std::string& where) {
    constexpr std::string_view kEnding = ".yaml";
    const std::size_t end = where.find(kEnding);
    return end == std::string::npos ? tree.end() : tree.find(where.substr(0, end + kEnding.size()));
}

std::string toldOfCut(const FileTree& tree, const std::string& where, const FileTree& remembered) {
    const auto document = documentIn(tree, where);
    if (document == tree.end()) return {};
    const auto former = remembered.find(document->first);
    const bool is_cut = former != remembered.end() && former->second.size() > document->second.size() &&
                        former->second.starts_with(document->second);
    if (!is_cut) return {};
    return fmt::format("the file breaks off: it has the first {} of the {} bytes that the last change wrote",
                       document->second.size(), former->second.size());
}

}  // namespace caseway
