// gateway/daemon/run_findings.hpp - what somebody should look at in the runs that were: circuits that are not closed,
// runs that do not end, payloads that are parked. `caseway doctor` tells them.
#pragma once

#include <string>
#include <vector>

#include "gateway/daemon/live_connectors.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sync/circuit.hpp"

namespace caseway {

struct RunFinding {
    std::string what, next_step;
};

/// Parked payloads are looked for in a connector's last kRunsOfCircuit runs. Throws Fault as a StoreReader does.
std::vector<RunFinding> runFindings(StoreReader& reader, const LiveConnectors& live, const CircuitPolicy& policy,
                                    std::chrono::seconds files_wait, Instant now);

}  // namespace caseway
