// gateway/formats/xml/xpath_charges.hpp - libxml2 counts the nodes that an expression touches, not the text that its
// functions read. Here every function that turns nodes into text is charged for that text, by the same counter, and
// those that read it over and over for each time. For sources of this folder only.
#pragma once

#include <libxml/xpath.h>

#include <cstddef>

namespace caseway {

constexpr unsigned long kTextBytesPerOperation = 64;

/// Puts charged functions in the place of the built-in ones of the same names. They end the evaluation where the
/// context's limit of operations is passed.
void registerChargedFunctions(xmlXPathContext* context);
/// The operations that comparing two sets of nodes may have cost beside those that were counted while they were made.
unsigned long comparingCharge(unsigned long operations);

}  // namespace caseway
