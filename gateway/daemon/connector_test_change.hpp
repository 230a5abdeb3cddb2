// gateway/daemon/connector_test_change.hpp - the operation connector.test: a test, and the leaf that says what was seen
// to work. The same for the running gateway and for a command beside a stopped one.
#pragma once

#include "gateway/daemon/connector_trial.hpp"
#include "gateway/daemon/registrar.hpp"

namespace caseway {

/// The report of the change with the member `test`, masked where the operation does not say `unmask` and why; nothing
/// is changed where the test is not good, or `dry`. Takes as long as the connector. Refusals: of ConnectorTrial and of
/// Registrar::change.
Result<ChangeReport> testConnector(Registrar& registrar, const ConnectorTrial& trial, const Operation& operation,
                                   const Person& by, bool dry);

/// A draft as it may be shown: not where a secret may stand in it.
std::string shownDraft(const ConnectorTypes& types, const std::string& yaml);

}  // namespace caseway
