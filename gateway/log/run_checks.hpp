// gateway/log/run_checks.hpp - the rows of runs against the leaves that tell their ends, and a run's pages against the
// messages that they name: what people see of a night is what the log says. The marks of reconciliations:
// mark_checks.hpp.
#pragma once

#include <map>
#include <set>

#include "gateway/log/mark_checks.hpp"

namespace caseway {

class RunChecks {
public:
    /// Both must outlive it.
    RunChecks(StoreSnapshot& store, Findings& findings) : store_(store), findings_(findings), marks_(store, findings) {}
    /// In order; others than those of type run are passed over.
    void entry(LogIndex index, const LogEntry& entry);
    void finish();

private:
    /// What the leaf of a run's end says.
    struct Told {
        std::string detail;
        std::string system;
        Instant at;
    };
    void rows();
    void row(const RunRow& row);
    void unfinished(const RunRow& row);
    void compare(const Run& run, const Told& told);
    void comparePages(const Run& run);
    /// Of the pages' messages as they stood at the leaf of the run's end.
    struct Counted {
        RecordCounts records;
        std::uint64_t payloads = 0;
        std::uint64_t refused = 0;  ///< payloads of which nothing was taken
        std::uint64_t broken = 0;   ///< payloads that broke off behind records that were taken
    };
    Counted countedOfPages(const Run& run);
    void count(LogIndex index, LogIndex at, bool is_known, Counted& counted);
    void differs(std::uint64_t run, const std::string& expected, const std::string& found, std::string_view hint);
    void added(const std::string& where, std::string_view hint);

    StoreSnapshot& store_;
    Findings& findings_;
    MarkChecks marks_;
    std::map<LogIndex, Told> told_;             ///< by leaf
    std::set<std::string, std::less<>> later_;  ///< connectors of which a row was seen: rows come from the last one on
    std::optional<std::uint64_t> last_unfinished_;  ///< the row behind it must be that of the number before
    std::set<LogIndex> broken_;  ///< leaves of payloads whose outcome tells records and a refusal of its own
};

}  // namespace caseway
