// gateway/adapters/sqlite/first_numbers.hpp - from where changes and cases are numbered behind a restore: numbers that
// were given after the backup was made are given to nobody else.
#pragma once

#include <string_view>

namespace caseway {

constexpr std::string_view kFirstChangeMeta = "first_change", kFirstCaseMeta = "first_case";

/// The last number that was given, or that counts as given; 0: none.
constexpr const char* kLastChangeSql =
    "SELECT max(coalesce((SELECT number + more FROM change ORDER BY number DESC LIMIT 1), 0),"
    " coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'first_change'), 1) - 1)";
constexpr const char* kLastCaseSql =
    "SELECT max(coalesce((SELECT max(id) FROM case_record), 0),"
    " coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'first_case'), 1) - 1)";

}  // namespace caseway
