// gateway/log/mark_checks.hpp - the marks of vanished cases against the reports of the reconciliations that made them:
// one that was added, moved or made older tells a department what nobody found.
#pragma once

#include <map>
#include <vector>

#include "gateway/domain/run.hpp"
#include "gateway/formats/run/marked_cases.hpp"
#include "gateway/log/verifier.hpp"

namespace caseway {

class MarkChecks {
public:
    /// Both must outlive it.
    MarkChecks(StoreSnapshot& store, Findings& findings) : store_(store), findings_(findings) {}
    /// Each run whose row may be believed; what does not reconcile marks nothing and is passed over.
    void run(const Run& run);
    /// No mark that its reconciliation's report does not name, at another time than that says, of a case that is not
    /// there or that a message spoke of since. One that is gone is not missed: whatever message speaks of a case takes
    /// its mark away.
    void finish();

private:
    struct Marker {
        std::optional<LogIndex> leaf;  ///< of its end; none: it may be marking now
        bool has_report = false;       ///< beside the leaf; without one it leaves no marks
        std::optional<LogIndex> began;
    };
    void mark(const VanishedRow& row);
    bool isSpokenOfSince(CaseId id, LogIndex leaf);
    void compare(const VanishedRow& row, LogIndex leaf);
    const std::optional<ReportedMarks>& reportOf(std::uint64_t run, LogIndex leaf);
    void added(const VanishedRow& row, std::string_view hint);

    StoreSnapshot& store_;
    Findings& findings_;
    std::map<std::uint64_t, Marker> markers_;                        ///< by run
    std::map<std::uint64_t, std::optional<ReportedMarks>> reports_;  ///< of those whose marks were met
};

}  // namespace caseway
