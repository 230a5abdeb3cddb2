// gateway/cli/connector_report.hpp - a test of a connector, for people.
#pragma once

#include <string>

namespace caseway {

/// `change`: the answer of connector.test. Shows it where `is_shown`; whether the test was good, and why not on stderr.
bool showTest(const std::string& change, bool is_shown);

}  // namespace caseway
