// gateway/pipeline/reconcile_pages.hpp - the ledger of a reconciliation: each page is compared before anything of it is
// taken; payloads that put something right are taken as any pulled payload is, the others only have their digest in the
// report. At the end one pass over our cases finds what the source did not show.
#pragma once

#include <map>
#include <unordered_map>
#include <unordered_set>

#include "gateway/pipeline/comparison.hpp"
#include "gateway/pipeline/mark_job.hpp"
#include "gateway/pipeline/pulled_pages.hpp"

namespace caseway {

class ReconcilePages final : public RunLedger {
public:
    struct Parts {
        PulledPages::Parts pages;
        KeySetMaker make_keys;
        std::function<bool()> halted;  ///< the process stops, or the run was cancelled
    };
    ReconcilePages(Parts parts, std::string name, ShelvedMapping mapping, ReconcileOrder order);

    Cursor cursorOf(const std::string&) override { return {}; }
    std::optional<Run> unfinished(const std::string& connector) override { return taken_.unfinished(connector); }
    Run begin(Run run) override { return taken_.begin(std::move(run)); }
    std::unique_ptr<PulledBody> newBody() override { return taken_.newBody(); }
    PageTaken take(const Run& run, PulledPage& page) override;
    std::optional<PageTaken> recount(const Run& run, const std::function<bool()>& stopping) override {
        return taken_.recount(run, stopping);
    }
    bool settle(Run& run, const Patience& patience) override;
    Run end(Run run) override { return taken_.keep(std::move(run), report_); }

private:
    void lookBack(const Run& run);
    std::optional<Difference> putRightIn(CaseId id) const;
    void tellProgress(const Run& run, std::uint64_t page, const PageTaken& taken);
    void compareOnce(const Run& run, PulledPage& page);
    void comparePage(const Run& run, PulledPage& page);
    bool findMissing(const Run& run, const std::function<bool()>& halted);
    void lookFor(const Run& run, const CaseKey& key, bool shares_number);
    void findOthers(const Run& run);
    bool isTold(const Run& run, const CaseRow& row);
    bool isTelling(const Run& run, LogIndex index);
    std::vector<CaseId> freshOf(Instant now);
    bool isAllowedMore(RunNo run);
    std::optional<RunTrouble> doubts(const Run& run, const ReconcileCounts& counts, std::uint64_t new_marks) const;
    std::optional<RunTrouble> repeated(const Run& run, std::uint64_t new_marks) const;
    std::optional<RunTrouble> tooMany(const Run& run, const ReconcileCounts& counts, std::uint64_t new_marks) const;
    bool mark(const Run& run, Instant at, const std::vector<CaseId>& fresh, const Patience& patience);
    MarkJob::Result marked(const MarkJob::Marks& marks, const Patience& patience);
    void tellMissing();

    BorneVerdict verdictOf(const BorneJudge& judge, KeptBody& body, const PayloadHead& head,
                           const SystemId& system) const;

    Parts parts_;
    const std::string name_;  ///< of the mapping
    PulledPages taken_;
    ShelvedMapping mapping_;
    ReconcileOrder order_;
    Comparison comparison_;
    std::uint64_t compared_ = 0;  ///< number of the page that was compared last
    bool is_halfway_ = false;     ///< in that of a page: what it counted cannot be taken back
    std::uint64_t source_says_ = 0;
    std::string withheld_;  ///< what the source said last of what it does not give
    ReconcileBegan began_{};
    bool has_looked_back_ = false;
    std::unordered_set<LogIndex> taken_before_;  ///< messages of this run, by a process that was killed
    Instant told_at_{};
    std::shared_ptr<const KeyRing> ring_;     ///< keeps the system that the comparison names
    std::vector<VanishedRow> marked_before_;  ///< ascending
    std::vector<CaseId> returned_;            ///< ascending
    std::uint64_t marked_lately_ = 0;         ///< of those that are missing still
    std::map<RunNo, bool> is_allowed_more_;
    std::vector<CaseId> missing_;                    ///< in the order of their numbers
    std::vector<CaseId> passed_over_;                ///< of those that were to be marked: ascending
    bool has_others_ = false;                        ///< another connector of this system ever ran
    std::unordered_map<LogIndex, bool> is_telling_;  ///< messages that were looked at: this connector's?
    std::string report_;
};

}  // namespace caseway
