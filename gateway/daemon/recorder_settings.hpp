// gateway/daemon/recorder_settings.hpp - what the configuration says about records, for the gateway and for the
// commands that read cases.
#pragma once

#include <vector>

#include "gateway/daemon/router.hpp"
#include "gateway/daemon/settings.hpp"
#include "gateway/record/recorder_config.hpp"

namespace caseway {

RecorderConfig recorderConfig(const Settings& settings);
/// GET /openapi.json.
std::vector<Endpoint> descriptionEndpoints();

}  // namespace caseway
