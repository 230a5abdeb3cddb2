// gateway/daemon/masked_json.hpp - a JSON document whose values bear none of a connector's secrets; its form stays.
#pragma once

#include <string>
#include <string_view>

#include "gateway/formats/settings/secret_mask.hpp"

namespace caseway {

/// `json` well-formed. Names are left: they are the shared record's, or ours. A number that is a secret becomes a text.
std::string maskedJson(std::string_view json, const SecretMask& mask);

}  // namespace caseway
