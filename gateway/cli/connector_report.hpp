// gateway/cli/connector_report.hpp - a test of a connector, for people.
#pragma once

#include <string>

namespace caseway {

/// `change`: the answer of connector.test. Shows it where `is_shown`; whether the test was good, and on stderr why not,
/// with `next`, the step to take then.
bool showTest(const std::string& change, bool is_shown, const std::string& next);
/// That step, of a connector that has its draft.
std::string nextAfterTest(const std::string& name);

}  // namespace caseway
