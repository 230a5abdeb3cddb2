// gateway/pipeline/known_lane.hpp - where the notes of a connector's last payload are found, so that the records that
// come again are known; one lane for each place of a payload in the connector's run. Why: docs/decisions/0019.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "gateway/base/limits.hpp"
#include "gateway/domain/log_entry.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/normalize/known_records.hpp"
#include "gateway/pipeline/committer.hpp"
#include "gateway/pipeline/slice_job.hpp"
#include "gateway/record/recorder_config.hpp"

namespace caseway {

/// Of all that decides, beside its bytes, what a record says and whether it is taken. Notes of other rules tell
/// nothing.
Sha256 rulesOf(const LogEntry& leaf, const Limits& limits, const RecorderConfig& config);

/// What the store keeps of a lane, under its name in meta: the rules, the message whose notes are the last, and
/// messages whose notes are to go.
class KnownLane {
public:
    /// `key`: of this gateway's notes. Who has only the database can write none that are believed.
    KnownLane(StoreReader& reader, const PulledHead& head, const Sha256& rules, const Sha256& key);

    const std::string& name() const { return name_; }
    /// With which marks are made: the lane's own, as long as there is a lane.
    const Sha256& secret() const { return secret_; }
    /// With which its notes are sealed: they tell nothing under other rules, or of marks that another secret made.
    const Sha256& seal() const { return seal_; }
    /// The notes of the last payload; nothing where the rules were others.
    KnownRecords::NextPiece pieces() const;
    /// The lane once the notes of this message are the last: to be kept with its outcome.
    std::string valueWith(LogIndex index) const;
    /// The lane before its first message, so that a secret outlives the process that made it; nothing where it is kept.
    std::optional<std::string> valueAtFirst() const;
    /// The lane where this message could not be read to its end: its notes go, the last ones stay.
    std::string valueWithout(LogIndex index) const;

private:
    StoreReader& reader_;
    std::string name_;
    std::string rules_;       ///< of now
    std::string kept_rules_;  ///< of the last notes
    Sha256 secret_, seal_;
    bool is_secret_kept_ = false;
    std::vector<LogIndex> messages_{};  ///< the last one first
};

/// Writes a value of meta.
class LaneJob final : public CommitJob {
public:
    LaneJob(std::string lane, std::string value) : lane_(std::move(lane)), value_(std::move(value)) {}
    std::future<SliceResult> result() { return result_.get_future(); }
    bool isSlice() const override { return true; }
    void apply(CommitContext& context) override { context.writer.putMeta(lane_, value_); }
    void committed(MessageLog&, StoreReader&) override { result_.set_value({true, true, {}, {}}); }
    void failed(const Fault& fault) override;

private:
    const std::string lane_, value_;
    std::promise<SliceResult> result_;
};

/// Takes some of the notes that are to go out of a lane.
class ForgetJob final : public CommitJob {
public:
    explicit ForgetJob(std::string lane) : lane_(std::move(lane)) {}
    std::future<SliceResult> result() { return result_.get_future(); }
    bool isSlice() const override { return true; }
    void apply(CommitContext& context) override;
    void committed(MessageLog&, StoreReader&) override { result_.set_value({true, true, {}, {}}); }
    void failed(const Fault& fault) override;

private:
    const std::string lane_;
    std::promise<SliceResult> result_;
};

/// Whether a lane has notes that are to go.
bool hasToForget(StoreReader& reader, const std::string& lane);

}  // namespace caseway
