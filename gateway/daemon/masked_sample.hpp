// gateway/daemon/masked_sample.hpp - how a document that nobody gave a reason to see is shown: its form, the names of
// its members or elements, and of its values what can be nobody's name or number.
#pragma once

#include <string>
#include <string_view>

namespace caseway {

/// `text`: the beginning of a document, UTF-8: XML where it begins with '<', else JSON or anything. Values are shown
/// where they are short codes (shownKind); one that is cut off is masked.
std::string maskedSample(std::string_view text);

}  // namespace caseway
