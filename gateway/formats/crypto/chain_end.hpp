// gateway/formats/crypto/chain_end.hpp - whether the chain that a server shows leads to an authority that its clients
// may know. What is wrong with a chain's links: chain_check.hpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caseway {

struct OpenChainEnd {
    std::size_t certificates = 0;  ///< in the file
    std::string issuer;            ///< of the last of them; RFC 2253
};

/// Nothing where the last certificate of `pem` is its own issuer's, or one of `authorities` (DER) or of those that this
/// machine trusts issued it; also where there is none to read. Else it may be that a root issued it which every client
/// was given; or the certificates between are missing, as of a file that was caught while it was copied.
std::optional<OpenChainEnd> openChainEnd(std::string_view pem, const std::vector<std::string>& authorities);

}  // namespace caseway
