// gateway/register/shared_keys.hpp - keys and certificates that stand in the register in two parts: an authority's that
// is a system's too, and an authority that is registered twice.
#pragma once

#include <vector>

#include "gateway/base/refusal.hpp"
#include "gateway/domain/register.hpp"

namespace caseway {

/// key_taken where a system has the key of an authority: it could certify others and revoke them. certificate_taken
/// where one certificate is registered as two authorities; key_taken where the key of our own is another's.
std::vector<Refusal> sharedKeys(const RegisterContent& content);

}  // namespace caseway
