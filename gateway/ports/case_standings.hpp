// gateway/ports/case_standings.hpp - what cases stand on, many at once: for records that say again what their case
// says. A StoreReader or StoreWriter that has it gives it in a fraction of the time of whole rows; others are asked for
// those.
#pragma once

#include <cstddef>
#include <vector>

#include "gateway/ports/store.hpp"

namespace caseway {

class CaseStandings {
public:
    virtual ~CaseStandings() = default;
    /// Of the cases from this id on, deleted ones and aliases too: id, owner, case_no, state, stated_by and repeated,
    /// ascending by id. `rows` become them and keep their memory; their other members mean nothing. A writer
    /// sees what its transaction has written. Throws Fault{StoreUnavailable, StoreCorrupt}.
    virtual void standings(CaseId from, std::size_t limit, std::vector<CaseRow>& rows) = 0;
};

}  // namespace caseway
