// gateway/pipeline/message_job.hpp - one message in the writer: known already, refused as a whole, received for later,
// or recorded.
#pragma once

#include <vector>

#include "gateway/base/limits.hpp"
#include "gateway/log/outcome_lines.hpp"
#include "gateway/pipeline/answer.hpp"
#include "gateway/pipeline/committer.hpp"
#include "gateway/pipeline/prepared_message.hpp"
#include "gateway/pipeline/refused_before.hpp"
#include "gateway/record/recorder.hpp"

namespace caseway {

/// Told after a commit what became of a message; counts for metrics, the line in the operating log.
struct MessageNews {
    const PreparedMessage& message;
    int status;
    std::string_view code;  ///< of a refusal; else empty
    RecordCounts counts;
    LogIndex index;
    bool duplicate;
    const RefusedByCode& refused_by;
};
using NewsSink = std::function<void(const MessageNews&)>;

class MessageJob final : public CommitJob {
public:
    enum class Mode { Apply, ReceiveForLater };
    /// `received`: called after the commit with the leaf of a message that is to be applied in slices.
    MessageJob(PreparedMessage message, Mode mode, Recorder& recorder, RefusedBefore& refused_before,
               const Limits& limits, AnswerSink answer, NewsSink news,
               std::function<void(LogIndex, const SystemId&)> received = {});

    void apply(CommitContext& context) override;
    void committed(MessageLog& log, StoreReader& reader) override;
    void release() override;
    void failed(const Fault& fault) override;
    /// The first leaf of its page, another one where the page is applied once more.
    void pageBeginsAt(LogIndex first) {
        if (message_.set && message_.set->leaves) message_.set->page_from = first;
    }
    /// As apply() left it.
    const MessageRow& row() const { return row_; }
    /// It was taken before, by this or another way; row() is that of the first time.
    bool isKnown() const { return duplicate_ && !refusal_; }

private:
    void forgetRefusal();
    void refuse(CommitContext& context, const Refusal& refusal, int status, bool claims_id);
    void receive(CommitContext& context);
    void recordAll(CommitContext& context);
    Answer answer(MessageLog& log, StoreReader& reader) const;

    PreparedMessage message_;
    Mode mode_;
    Recorder& recorder_;
    RefusedBefore& refused_before_;
    const Limits& limits_;
    AnswerSink answer_;
    NewsSink news_;
    std::function<void(LogIndex, const SystemId&)> received_;
    MessageRow row_;
    bool duplicate_ = false;
    std::optional<Refusal> refusal_;  ///< of the whole message
    std::string remembered_code_;     ///< in refused_before_, by this apply()
    RefusedByCode refused_by_;
    int status_ = 200;
    Answer made_;  ///< by committed() for release()
};

}  // namespace caseway
