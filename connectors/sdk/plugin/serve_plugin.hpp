// connectors/sdk/plugin/serve_plugin.hpp - makes a plug-in of a connector in C++: the program that the gateway starts.
// The same ConnectorType can be compiled in instead; nobody sees the difference.
#pragma once

#include "gateway/ports/connector.hpp"

namespace caseway {

/// Serves `type` on the descriptors that the gateway gave (3: calls, 4: questions) until it closes them; the exit code
/// for main(). Without those descriptors, it says on standard error that the gateway starts such programs, and is 2.
int servePlugin(const ConnectorType& type);

}  // namespace caseway
