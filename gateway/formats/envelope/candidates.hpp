// gateway/formats/envelope/candidates.hpp - whose keys may have signed an envelope: its sender's; where it names none, or
// one that does not own the key, the key's owner. What he signed is evidence of him, whatever its header says.
// For sources of this folder only.
#pragma once

#include <optional>
#include <vector>

#include "gateway/formats/envelope/header_fields.hpp"
#include "gateway/formats/envelope/signed_content.hpp"

namespace caseway {

struct Candidates {
    std::vector<SigningKey> keys;
    std::optional<Refusal> wrong;  ///< what the header is refused for, whoever of them signed
};

/// Refusals: malformed_header, and those of `keys`.
Result<Candidates> candidatesFor(const HeaderFields& fields, const std::optional<KeyId>& named, const KeyLookup& keys);

}  // namespace caseway
