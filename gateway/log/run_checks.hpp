// gateway/log/run_checks.hpp - the rows of runs against the leaves that tell their ends, and a run's pages against the
// messages that they name; the marks of reconciliations: what people see of a night is what the log says.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "gateway/log/verifier.hpp"

namespace caseway {

class RunChecks {
public:
    /// Both must outlive it.
    RunChecks(StoreSnapshot& store, Findings& findings) : store_(store), findings_(findings) {}
    /// In order; others than those of type run are passed over.
    void entry(LogIndex index, const LogEntry& entry);
    void finish();

private:
    void row(const RunRow& row);
    void marks();
    const std::vector<CaseId>& markedBy(std::uint64_t run);
    /// Of the pages' messages as they stood at the leaf of the run's end.
    struct Counted {
        RecordCounts records;
        std::uint64_t payloads = 0;
        std::uint64_t refused = 0;  ///< payloads of which nothing was taken
        std::uint64_t broken = 0;   ///< payloads that broke off behind records that were taken
    };
    Counted countedOfPages(std::uint64_t run, LogIndex at);

    StoreSnapshot& store_;
    Findings& findings_;
    std::map<LogIndex, std::string> told_;                 ///< leaf to what it says
    std::map<std::uint64_t, LogIndex> reconciled_;         ///< by run: the leaf beside which its report stands
    std::map<std::uint64_t, std::vector<CaseId>> marked_;  ///< by run: the cases that its report names, ascending
    std::set<std::uint64_t> unfinished_;
    std::set<LogIndex> broken_;  ///< leaves of payloads whose outcome tells records and a refusal of its own
};

}  // namespace caseway
