// gateway/record/case_number.hpp - numbers that the gateway assigns to cases whose department gave none.
// Derived from the internal id, so no index is needed: CW-<gateway short>-000000001.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/ports/store.hpp"

namespace caseway {

class CaseNumbers {
public:
    /// Throws Fault{ConfigurationBad} where the prefix is empty or a number would not fit into the 50 characters of
    /// case_no.
    CaseNumbers(std::string_view reserved_prefix, std::string_view gateway_short);

    std::string assigned(CaseId id) const;
    /// The id behind an assigned number; nothing for any other text, another gateway's numbers included.
    std::optional<CaseId> idOf(std::string_view case_no) const;
    /// True where `case_no` begins with the reserved prefix or with what a reader would take for it: letters of another
    /// case, full-width or of another script, other dashes, invisible characters.
    bool isReserved(std::string_view case_no) const;
    /// The number under which a stored case is known: the given one, else the assigned one.
    std::string of(const CaseRow& row) const { return row.case_no.empty() ? assigned(row.id) : row.case_no; }
    /// The same into a text that keeps its memory.
    void putOf(const CaseRow& row, std::string& out) const {
        if (row.case_no.empty())
            putAssigned(row.id, out);
        else
            out = row.case_no;
    }

private:
    void putAssigned(CaseId id, std::string& out) const;

    std::string reserved_prefix_;
    std::string stem_;  ///< "CW-center-"
};

}  // namespace caseway
