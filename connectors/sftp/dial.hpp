// connectors/sftp/dial.hpp - a TCP connection to an address that is allowed. The socket is made here and not by libssh,
// so that no other address than one that was asked for is ever dialled.
#pragma once

#include <chrono>
#include <string>

#include "connectors/sdk/call_budget.hpp"
#include "connectors/sdk/descriptor.hpp"

namespace caseway {

/// Tries each address of `host` in turn, for `longest` altogether. Faults: destination_not_allowed, host_not_found,
/// not_reachable.
Descriptor dial(const std::string& host, std::uint16_t port, std::chrono::milliseconds longest,
                const CallBudget& budget, const ConnectorSurroundings& surroundings);

}  // namespace caseway
