// tests/unit/jsonpath/query_suite.hpp - runs a file of queries in the form of the public compliance suite: tests with
// name, selector and document, and result, results (any of them) or invalid_selector. A document may be named ("on")
// instead of given.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace caseway {

struct SuiteOutcome {
    std::size_t ran = 0;
    std::vector<std::string> failures;  ///< name, query, what was expected and what came
};

/// A file that holds no such tests runs none.
SuiteOutcome runQuerySuite(const std::filesystem::path& file);

}  // namespace caseway
