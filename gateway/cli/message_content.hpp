// gateway/cli/message_content.hpp - what a message says, unmasked: its payload as it was signed or read, for
// `caseway message show --unmask`, which has written into the log who looks and why before it asks for this.
#pragma once

#include <string>

#include "gateway/daemon/stored_installation.hpp"

namespace caseway {

inline constexpr std::size_t kContentBytesShown = 1024 * 1024;

struct MessageContent {
    std::string text;  ///< UTF-8
    bool is_cut = false;
};

/// The XML document, the JSON body, or the payload's bytes decoded; where the stored envelope cannot be opened (it was
/// refused for that), its bytes as they are. At most kContentBytesShown. Throws Fault{StoreCorrupt}: nothing is stored
/// of it, or it is no text.
MessageContent contentOf(StoredInstallation& stored, const MessageRow& row);

}  // namespace caseway
