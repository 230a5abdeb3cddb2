// gateway/pipeline/dry_records.hpp - merges what a mapping finds, slice by slice, into transactions that nobody
// commits: what would become of it, and that it can be taken at all.
#pragma once

#include <vector>

#include "gateway/domain/run.hpp"
#include "gateway/normalize/mapping.hpp"
#include "gateway/pipeline/dry_doubles.hpp"
#include "gateway/pipeline/prepared_message.hpp"
#include "gateway/ports/key_ring.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/record/recorder.hpp"

namespace caseway {

class DryRecords final : public RecordSink {
public:
    /// Counts into `counts`. All references must live as long as it.
    /// `header`: of a signed message, whose time and id order its statements; nullptr: they are of now.
    /// `doubles`: in which doubled numbers are looked for; nullptr: they are not.
    DryRecords(Store& store, Recorder& recorder, const RegisteredSystem& system, Instant now, RunCounts& counts,
               const MessageHeader* header = nullptr, DryDoubles* doubles = nullptr)
        : store_(store),
          recorder_(recorder),
          system_(system),
          id_(header == nullptr ? MessageId() : header->message_id),
          sent_(header == nullptr ? now : header->sent_at),
          now_(now),
          said_at_(header == nullptr ? Instant() : header->sent_at),
          counts_(counts),
          doubles_(doubles) {}
    bool record(const CasePatch& patch) override;
    bool refused(const Refusal& refusal) override;
    /// What was gathered since the last slice. Throws Fault as a Store does.
    void flush();

private:
    void count(RecordOutcome outcome);

    Store& store_;
    Recorder& recorder_;
    const RegisteredSystem& system_;
    const MessageId id_;
    const Instant sent_, now_, said_at_;
    RunCounts& counts_;
    DryDoubles* const doubles_;
    std::vector<PreparedRecord> records_;
};

}  // namespace caseway
