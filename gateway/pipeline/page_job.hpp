// gateway/pipeline/page_job.hpp - one page of a run in the writer: its payloads as messages, where reading goes on, and
// the page itself, in one transaction.
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <vector>

#include "gateway/domain/run.hpp"
#include "gateway/pipeline/message_job.hpp"

namespace caseway {

/// What somebody waits for: the rows of the page's messages, or the fault that kept them from the store.
struct PageResult {
    std::vector<MessageRow> messages;
    RunCounts counts{};
    std::optional<Fault> fault{};
    std::optional<std::size_t> at{};  ///< the message that was being applied when it came
};

struct CursorRow {
    std::string name;
    std::string cursor;
};

class PageJob final : public CommitJob {
public:
    /// `run`: as it stands behind this page, but for its counts. `cursor`: without a name nothing is kept of it.
    /// `page`: what its row says besides the messages.
    PageJob(std::vector<std::unique_ptr<MessageJob>> messages, Run run, CursorRow cursor, RunPage page)
        : messages_(std::move(messages)), run_(std::move(run)), cursor_(std::move(cursor)), page_(std::move(page)) {}
    std::future<PageResult> result() { return result_.get_future(); }

    void apply(CommitContext& context) override;
    void committed(MessageLog& log, StoreReader& reader) override;
    void release() override;
    void failed(const Fault& fault) override;
    bool isSlice() const override { return true; }

private:
    std::vector<std::unique_ptr<MessageJob>> messages_;
    Run run_;
    CursorRow cursor_;
    const RunPage page_;
    std::optional<std::size_t> at_;
    RunCounts counts_;  ///< of this page
    std::promise<PageResult> result_;
};

/// A run's row as it begins or ends; with its end the leaf that tells it.
class RunJob final : public CommitJob {
public:
    /// `beside`: a document that the leaf of its end stands for, kept as a message's envelope is; empty for none.
    /// `counts_anew`: large payloads were left out of its counts, and may be applied by now: its leaf tells how it
    /// stands.
    explicit RunJob(Run run, std::string beside = {}, bool counts_anew = false)
        : run_(std::move(run)), beside_(std::move(beside)), counts_anew_(counts_anew) {}
    /// The run with its number and the index of its leaf, or the fault.
    std::future<std::pair<Run, std::optional<Fault>>> result() { return result_.get_future(); }

    void apply(CommitContext& context) override;
    void committed(MessageLog& log, StoreReader& reader) override;
    void failed(const Fault& fault) override;

private:
    bool keepsItsEnd(StoreReader& reader);
    void countAnew(StoreReader& reader);
    void keepOrder(CommitContext& context);

    const Run run_;
    const std::string beside_;
    const bool counts_anew_;
    Run told_;
    std::promise<std::pair<Run, std::optional<Fault>>> result_;
};

}  // namespace caseway
