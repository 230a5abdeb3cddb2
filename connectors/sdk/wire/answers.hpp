// connectors/sdk/wire/answers.hpp - what the other side of connector.thrift answered, a plug-in or a department's
// server, held against the contract's bounds and turned into the port's values. Nothing that it says goes further
// unchecked. For those who speak the contract only: it shows generated types.
#pragma once

#include <connector_protocol/connector_types.h>

#include <stdexcept>
#include <vector>

#include "gateway/ports/connector.hpp"

namespace caseway {

/// The answer is not one that the contract allows; what() says which and why.
class AnswerOutOfBounds : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// As what it introduces itself, type and version.
std::string greetingOf(const plugin::Hello& hello);
std::vector<CheckStep> fromWire(std::vector<plugin::CheckStep> steps);
std::vector<SourceObject> fromWire(std::vector<plugin::SourceObject> objects);
/// `asked`: how many items were to be written.
std::vector<WriteAnswer> fromWire(std::vector<plugin::WriteAnswer> answers, std::size_t asked);
PayloadHead headOf(const plugin::Payload& payload);
PageEnd fromWire(const plugin::PageEnd& end);
/// `prefix` (`plugin_`) stands before its codes, where they do not begin so. `passed_on`: a code that the gateway
/// itself gave while it answered a question, else empty: kept as it is.
ConnectorFault fromWire(const plugin::Fault& fault, const std::string& prefix, const std::string& passed_on = {});
/// A fault on its way to the plug-in.
plugin::Fault toWire(const ConnectorFault& fault);

}  // namespace caseway
