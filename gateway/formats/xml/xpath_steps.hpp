// gateway/formats/xml/xpath_steps.hpp - paths whose steps overlap: behind `a/..`, `.//a/following::b` and the like,
// libxml2 looks for each node that it finds along all that it has found before, and counts none of it. Such a step is
// taken from each node by itself here, and what they find is joined by number. For sources of this folder only.
#pragma once

#include <libxml/xpath.h>

#include <functional>
#include <string>
#include <vector>

#include "gateway/formats/xml/libxml_handles.hpp"

namespace caseway {

/// The steps that withSteps() took out of a set's expressions, by number.
using XPathSteps = std::vector<XPathExpressionHandle>;

/// The same expression; each step that may find one node from several is a call, `each-step(PATH, NUMBER)`.
/// `expression` is valid. `number`: keeps a step, which is an expression relative to one node, and gives its number.
std::string withSteps(const std::string& expression, const std::function<std::size_t(const std::string&)>& number);
/// The function that withSteps() writes. `steps` outlives the context.
void registerSteps(xmlXPathContext* context, const XPathSteps& steps);

}  // namespace caseway
