// gateway/adapters/sqlite/state_functions.hpp - what a migration reads out of the stored states of cases. For the way
// from schema version 2 to 3 only, hence for state format 1 (docs/formats/case-record.md): the record stage owns the
// format and fills the columns itself.
#pragma once

#include "gateway/adapters/sqlite/connection.hpp"

namespace caseway {

/// Registers on the connection, for SQL:
/// stateDepartment(state): code of the owning department; '' for an alias and for what is no state of format 1;
/// stateByWindow(state, owner): 1 where `owner`, a system's name, is not of that department.
void addStateFunctions(SqliteConnection& connection);

}  // namespace caseway
