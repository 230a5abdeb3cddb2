// gateway/audit/vouched.hpp - the rows that outcome lines vouch for: what history_audit.hpp gathers in the order of the
// log and case_audit.hpp and the feed are held against. Only rows that are there, whatever the lines say: the memory
// follows the size of the tables, at most about 120 bytes a row (id_set.hpp) and 16 a case that was absorbed.
#pragma once

#include <utility>
#include <vector>

#include "gateway/audit/id_set.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

struct Vouched {
    IdSet cases;    ///< that a record created
    IdSet aliases;  ///< rows that only lead to a case
    IdSet changes;
    IdSet repeats;                                    ///< packed keys of records whose newest repetition is there
    std::vector<std::pair<CaseId, CaseId>> absorbed;  ///< (the case that remained, the one that it took in)
};

}  // namespace caseway
