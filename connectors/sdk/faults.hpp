// connectors/sdk/faults.hpp - faults of connectors in one line each, and those that every connector has. The first
// argument is the code: tests/tidy looks for it here and in docs/errors.md.
#pragma once

#include <string>
#include <utility>

#include "gateway/ports/connector.hpp"

namespace caseway {

/// The settings, the credentials or the rights are wrong: somebody must act.
inline ConnectorFault configFault(std::string code, std::string where, std::string message, std::string next_step) {
    return {ConnectorFaultKind::Config,
            {std::move(code), std::move(where), std::move(message), std::move(next_step), {}}};
}
/// The other side or the network: the same call may succeed later.
inline ConnectorFault transientFault(std::string code, std::string where, std::string message, std::string next_step) {
    return {ConnectorFaultKind::Transient,
            {std::move(code), std::move(where), std::move(message), std::move(next_step), {}}};
}
/// The connector, or what the gateway keeps for it.
inline ConnectorFault systemFault(std::string code, std::string where, std::string message, std::string next_step) {
    return {ConnectorFaultKind::System,
            {std::move(code), std::move(where), std::move(message), std::move(next_step), {}}};
}

/// read() was given a cursor that this type of connector never made.
inline ConnectorFault badCursor(std::string found) {
    return systemFault("bad_cursor", "", "the kept cursor is none of this connector's: " + std::move(found),
                       "start this connector from the beginning: nothing is lost, what is known already is recognised");
}
/// read() or write() of a type, or with settings, that does not do it.
inline ConnectorFault notDone(std::string what, std::string next_step) {
    return configFault("direction_not_set", "", std::move(what), std::move(next_step));
}

}  // namespace caseway
