// gateway/formats/register/issuer_standing.hpp - what became of the authorities above registered certificates: until
// when they last, and which were revoked by one above them. Who says what follows: docs/decisions/0018.
#pragma once

#include <map>
#include <string>

#include "gateway/domain/register.hpp"
#include "gateway/formats/crypto/revocation_list.hpp"

namespace caseway {

/// Sets `revoked_at` of each authority that the list of a registered one names, or that stands below such a one, and
/// `issuer` of each certificate that a registered authority signed. `lists`: by the authority's name here.
void markIssuers(RegisterContent& content, const std::map<std::string, RevocationList>& lists);

}  // namespace caseway
