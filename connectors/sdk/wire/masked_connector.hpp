// connectors/sdk/wire/masked_connector.hpp - a connector whose words bear none of the secrets that it was given: a
// server echoes them, in error pages, fields and names. Payloads pass as they are: they are the department's.
#pragma once

#include <memory>

#include "gateway/formats/settings/secret_mask.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

/// `connector` with its faults, steps, objects, payload names and write answers masked.
std::unique_ptr<Connector> makeMasked(std::unique_ptr<Connector> connector, SecretMask mask);

}  // namespace caseway
