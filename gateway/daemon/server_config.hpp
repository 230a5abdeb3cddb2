// gateway/daemon/server_config.hpp - which doors the server opens, and with what limits, as the settings say:
// departments, health, Thrift where an address is set, the admin socket.
#pragma once

#include <functional>
#include <string_view>

#include "gateway/adapters/http/http_config.hpp"
#include "gateway/daemon/settings.hpp"

namespace caseway {

/// `report_fault`: HttpServerConfig::report_fault. Throws Fault{ConfigurationBad} where the path of the admin socket is
/// longer than the system takes.
HttpServerConfig serverConfigOf(const Settings& settings, std::function<void(std::string_view)> report_fault);

}  // namespace caseway
