// gateway/formats/xml/tree_builder.hpp - a document of its own out of events: one record's subtree, or a whole payload,
// for XPath. It has no comments and no processing instructions, and adjacent texts are one node, so that nothing can
// split a text.
#pragma once

#include <memory>

#include "gateway/formats/xml/events.hpp"

namespace caseway {

class XmlTreeBuilder {
public:
    /// `most_bytes`: of names, values and texts, each node counted as 64 more.
    explicit XmlTreeBuilder(std::size_t most_bytes);
    ~XmlTreeBuilder();

    /// Frees the tree of before and begins a new one.
    void clear();
    /// False: over the limit; the tree is then incomplete.
    bool start(const XmlStart& start);
    bool text(std::string_view piece);
    void end();
    /// The tree whose events have all come.
    const XmlDocument& document() const;
    /// The open element (the one just started); for reading after the tree is complete.
    const XmlNode* current() const;

private:
    struct Build;
    std::unique_ptr<Build> build_;
};

}  // namespace caseway
