// gateway/pipeline/unauthenticated.cpp - the sample and the count of what nobody authenticated.
#include "gateway/pipeline/unauthenticated.hpp"

#include "gateway/formats/crypto/digest.hpp"

namespace caseway {
namespace {

constexpr std::size_t kSampleBytes =
    64 * 1024;  ///< of one kept envelope: its beginning, and that is what the leaf digests

class SampleJob final : public CommitJob {
public:
    SampleJob(Unauthenticated& owner, Binding binding, const UnauthenticatedNews& message, Instant at,
              std::string envelope)
        : owner_(owner),
          binding_(binding),
          refusal_(message.refusal),
          status_(message.status),
          claimed_(message.claimed),
          at_(at),
          digest_(sha256(envelope)),
          envelope_(std::move(envelope)) {}
    void apply(CommitContext& context) override {
        LogEntry entry;
        entry.type = EntryType::Refusal;
        entry.binding = binding_;
        entry.received_at = at_;
        if (!envelope_.empty()) entry.envelope_digest = digest_;
        entry.outcome = MessageOutcome::Refused;
        entry.refusal_code = refusal_.code;
        MessageRow row;
        row.index = index_ = context.log.append(context.writer, entry);
        row.binding = binding_;
        row.outcome = MessageOutcome::Refused;
        row.refusal_code = refusal_.code;
        row.received_at = at_;
        context.writer.putMessage(row);
        if (!envelope_.empty()) context.writer.putEnvelope(row.index, {envelope_, {}});
    }
    void committed(MessageLog&, StoreReader&) override { owner_.tell({refusal_, status_, claimed_, index_}); }
    void failed(const Fault&) override {
        owner_.countAgain(1);
        owner_.tell({refusal_, status_, claimed_, {}});
    }

private:
    Unauthenticated& owner_;
    Binding binding_;
    Refusal refusal_;
    int status_;
    ClaimedSigner claimed_;
    LogIndex index_ = 0;
    Instant at_;
    Sha256 digest_;
    std::string envelope_;
};

class AggregateJob final : public CommitJob {
public:
    AggregateJob(Unauthenticated& owner, Instant at, std::uint64_t count) : owner_(owner), at_(at), count_(count) {}
    void apply(CommitContext& context) override {
        LogEntry entry;
        entry.type = EntryType::Aggregate;
        entry.received_at = at_;
        entry.aggregate_count = count_;
        context.log.append(context.writer, entry);
    }
    void committed(MessageLog&, StoreReader&) override {}
    void failed(const Fault&) override { owner_.countAgain(count_); }

private:
    Unauthenticated& owner_;
    Instant at_;
    std::uint64_t count_;
};

}  // namespace

void Unauthenticated::note(Binding binding, const UnauthenticatedNews& message, std::string envelope) {
    settle();
    const Instant now = clock_.now();
    {
        const std::lock_guard lock(mutex_);
        if (minute_.began == Instant{}) minute_.began = now;
        if (minute_.kept >= kept_per_minute_) {
            ++minute_.counted;
            return;
        }
        ++minute_.kept;
    }
    if (envelope.size() > kSampleBytes) envelope.resize(kSampleBytes);
    std::unique_ptr<CommitJob> job = std::make_unique<SampleJob>(*this, binding, message, now, std::move(envelope));
    if (!committer_.submit(job)) countAgain(1);
}

void Unauthenticated::tell(const UnauthenticatedNews& message) const {
    if (news_) news_(message);
}

void Unauthenticated::settle(bool at_end) {
    Minute over;
    {
        const std::lock_guard lock(mutex_);
        const bool is_over =
            minute_.began != Instant{} && (at_end || clock_.now() - minute_.began >= std::chrono::minutes(1));
        if (!is_over) return;
        over = std::exchange(minute_, {});
    }
    close(over);
}

void Unauthenticated::close(const Minute& minute) {
    if (minute.counted == 0) return;
    std::unique_ptr<CommitJob> job = std::make_unique<AggregateJob>(*this, minute.began, minute.counted);
    if (!committer_.submit(job)) countAgain(minute.counted);
}

void Unauthenticated::countAgain(std::uint64_t count) {
    const std::lock_guard lock(mutex_);
    if (minute_.began == Instant{}) minute_.began = clock_.now();
    minute_.counted += count;
}

}  // namespace caseway
