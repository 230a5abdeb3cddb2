// gateway/formats/settings/secret_signs.hpp - by what a secret is known that stands in clear where only its name may:
// by the name of its setting, or amid a text. Judged before anything is kept; in doubt it is one.
#pragma once

#include <string_view>

namespace caseway {

/// Whether a setting, a field or a parameter of this name holds a secret: `X-Api-Key`, `pass-word`, `Pwd`,
/// `access_token`, `Authorization`, `口令`.
bool namesSecret(std::string_view name);

/// A text that bears a secret in its midst: user and password before the host of an address, a parameter that
/// namesSecret(), `Pwd=…` in a connection string, `Bearer …`, `<password>…`, a private key beside its certificate.
bool bearsSecret(std::string_view text);

}  // namespace caseway
