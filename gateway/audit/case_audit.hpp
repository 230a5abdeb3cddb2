// gateway/audit/case_audit.hpp - every case row against its history: state, owner, numbers, status, last change. The
// history and the feed were held against the log before (history_audit.hpp).
#pragma once

#include <functional>

#include "gateway/audit/joined_case.hpp"
#include "gateway/audit/row_reading.hpp"
#include "gateway/audit/vouched.hpp"
#include "gateway/log/verifier.hpp"
#include "gateway/record/resolve.hpp"

namespace caseway {

class CaseAudit {
public:
    /// `vouched` is complete. All must outlive it.
    CaseAudit(StoreSnapshot& store, MessageFactsReader& facts, Vouched& vouched, Findings& findings);
    /// `progress`: called now and then with the number of rows; may be empty.
    void run(const std::function<void(std::uint64_t rows)>& progress);
    /// Cases that are not merely aliases.
    std::uint64_t cases() const { return cases_; }

private:
    void check(CaseId id);
    void checkAbsorbed(const CaseRow& row, CaseId target);
    void checkCase(const CaseRow& row, const JoinedCase& joined);
    void checkSoleRecord(const CaseRow& row, RowComparison& compare);
    void checkRepeatedStamp(const PatchRow& record, const Stamp& stamp, const Repeat& repeat, RowComparison& compare);
    std::string withRepeat(const CaseRow& row);
    void checkIdentity(const CaseRow& row, const JoinedCase& joined);
    void checkLastChange(const CaseRow& row);

    StoreSnapshot& store_;
    MessageFactsReader& facts_;
    Vouched& vouched_;
    Findings& findings_;
    CaseJoiner joiner_;
    std::vector<std::pair<CaseId, CaseId>> absorbers_;  ///< (absorbed, the case that remained), ascending
    std::uint64_t cases_ = 0;
    CaseState state_;
    ResolvedCase resolved_;
};

}  // namespace caseway
