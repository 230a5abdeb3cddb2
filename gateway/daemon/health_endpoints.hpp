// gateway/daemon/health_endpoints.hpp - what the health listener answers to who watches the gateway: that it lives,
// whether it would take a message, its figures.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/daemon/router.hpp"

namespace caseway {

/// `address`: of the listener (health_host.hpp). `not_ready`: why no message would be taken now; empty where one would.
/// `figures`: in the text format of Prometheus; empty while there are none yet. Both are called on any worker, and must
/// outlive the endpoints.
std::vector<Endpoint> healthEndpoints(std::string address, std::function<std::string()> not_ready,
                                      std::function<std::string()> figures);

}  // namespace caseway
