// gateway/cli/kept_head.hpp - the last head of a gateway's log that a sender saw, beside the log's public key; each
// later head must contain it. So a log that was rewritten is seen by every sender.
#pragma once

#include <filesystem>
#include <optional>

#include "gateway/cli/https_client.hpp"
#include "gateway/log/receipt.hpp"

namespace caseway {

class KeptHead {
public:
    /// The head is kept in FILE.head, as the signed note that the gateway gave: `caseway log verify --against` takes
    /// it.
    explicit KeptHead(const std::filesystem::path& log_key_file);
    /// Proves with tiles of the gateway that the verified head `shown` contains the kept one, under whatever origin,
    /// then keeps `shown`; tells a change of the origin. Throws Fault{StoreCorrupt} where it does not contain it: the
    /// log was rewritten or restored from an older backup; the kept head stays, keep both and tell the center.
    void advance(const HttpTarget& gateway, const HeldHead& shown);

private:
    std::optional<Checkpoint> read() const;
    [[noreturn]] void refuse(const Checkpoint& kept, const Checkpoint& seen) const;
    void write(const std::string& note) const;

    std::filesystem::path file_;
};

}  // namespace caseway
