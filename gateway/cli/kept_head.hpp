// gateway/cli/kept_head.hpp - the last head of a gateway's log that a sender saw, beside the log's public key; each
// later head must contain it. So a log that was rewritten is seen by every sender.
#pragma once

#include <filesystem>

#include "gateway/cli/https_client.hpp"
#include "gateway/formats/merkle/note.hpp"

namespace caseway {

class KeptHead {
public:
    /// The head is kept in FILE.head.
    explicit KeptHead(const std::filesystem::path& log_key_file);
    /// Proves with tiles of the gateway that `seen` contains the kept head, then keeps `seen`. Throws
    /// Fault{StoreCorrupt} where it does not: the log was rewritten; keep both heads and tell the center.
    void advance(const HttpTarget& gateway, const Checkpoint& seen, const NoteKey& key);

private:
    std::filesystem::path file_;
};

}  // namespace caseway
