// gateway/pipeline/mark_job.hpp - marks of a reconciliation in the writer's transaction, where nothing can come between
// the last look and the mark; and their end where a case is seen again, by whatever message.
#pragma once

#include <future>
#include <optional>
#include <vector>

#include "gateway/domain/reconciliation.hpp"
#include "gateway/pipeline/committer.hpp"
#include "gateway/record/recorder.hpp"

namespace caseway {

/// Whether a message spoke of the case since then, if only to say the same; also where its history is too long to tell.
bool isSpokenOfSince(StoreReader& reader, const CaseRow& row, const ReconcileBegan& began);
/// All marks of one run.
void takeBackMarks(StoreWriter& writer, std::uint64_t run);

class MarkJob final : public CommitJob {
public:
    struct Marks {
        std::vector<VanishedRow> vanished;
        std::vector<CaseId> returned;
        ReconcileBegan began{};
    };
    struct Result {
        std::vector<CaseId> passed_over{};  ///< not marked: spoken of meanwhile, or deleted
        std::optional<Fault> fault{};       ///< that kept it from the store
    };
    explicit MarkJob(Marks marks) : marks_(std::move(marks)) {}
    std::future<Result> result() { return result_.get_future(); }

    void apply(CommitContext& context) override;
    void committed(MessageLog&, StoreReader&) override { result_.set_value({passed_over_, std::nullopt}); }
    void failed(const Fault& fault) override { result_.set_value({{}, fault}); }
    bool isSlice() const override { return true; }

private:
    const Marks marks_;
    std::vector<CaseId> passed_over_;
    std::promise<Result> result_;
};

/// Takes the marks from cases of which a message speaks. Asks the store once whether there is any mark at all.
class SeenAgain {
public:
    explicit SeenAgain(StoreWriter& writer) : writer_(writer), has_marks_(!writer.vanishedAfter(0, 1).empty()) {}
    void of(const RecordResult& result) {
        if (result.case_id != 0 && result.outcome != RecordOutcome::Refused) of(result.case_id);
    }
    void of(CaseId id) {
        if (has_marks_) writer_.removeVanished(id);
    }

private:
    StoreWriter& writer_;
    const bool has_marks_;
};

}  // namespace caseway
