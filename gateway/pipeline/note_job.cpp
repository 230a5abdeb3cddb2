// gateway/pipeline/note_job.cpp - one row.
#include "gateway/pipeline/note_job.hpp"

#include <future>

namespace caseway {
namespace {

class NoteJob final : public CommitJob {
public:
    NoteJob(std::string name, std::string body) : name_(std::move(name)), body_(std::move(body)) {}
    std::future<void> result() { return result_.get_future(); }
    void apply(CommitContext& context) override { context.writer.putReportNote(name_, body_); }
    void committed(MessageLog&, StoreReader&) override {}
    void release() override { result_.set_value(); }
    void failed(const Fault& fault) override { result_.set_exception(std::make_exception_ptr(fault)); }

private:
    std::string name_, body_;
    std::promise<void> result_;
};

}  // namespace

void keepReportNote(Committer& committer, const std::string& name, const std::string& body) {
    auto job = std::make_unique<NoteJob>(name, body);
    std::future<void> result = job->result();
    std::unique_ptr<CommitJob> submitted = std::move(job);
    if (!committer.submit(submitted))
        throw Fault(FaultCode::StoreUnavailable, "too many messages wait for the writer", "try again");
    result.get();
}

}  // namespace caseway
