// gateway/pipeline/comparison.hpp - a department's whole set beside our cases, record by record as it is read: each is
// judged by the rules that would merge it, and the case that it speaks of has been seen. In any order; memory does not
// grow with the set but for a bit and eight bytes a case.
#pragma once

#include <functional>
#include <optional>

#include "gateway/normalize/mapping.hpp"
#include "gateway/pipeline/difference_report.hpp"
#include "gateway/pipeline/seen_cases.hpp"
#include "gateway/pipeline/stated_values.hpp"
#include "gateway/ports/key_set.hpp"
#include "gateway/record/recorder.hpp"

namespace caseway {

class Comparison final : public RecordSink {
public:
    /// `reader` must outlive it. `halted`: asked now and then; a payload that is under way then is not read on.
    Comparison(StoreReader& reader, const RecorderConfig& config, std::unique_ptr<KeySet> missing, ReconcileOrder order,
               std::function<bool()> halted)
        : reader_(reader), judge_(config), missing_(std::move(missing)), order_(order), halted_(std::move(halted)) {}

    /// What the records of the following payloads are judged as: pulled now from `system`, which must outlive them.
    /// `header`: of a signed message, whose time and id order its statements; nullptr: they are of now.
    void source(const RegisteredSystem& system, Instant now, const MessageHeader* header = nullptr) {
        sent_at_ = header == nullptr ? Instant() : header->sent_at;
        context_.emplace(RecordContext{system, header == nullptr ? MessageId() : header->message_id,
                                       header == nullptr ? now : header->sent_at, now, 0, true});
    }
    /// One payload, whose records `read` hands to a sink; true where something of it is to be put right, as far as the
    /// order allows, or where it cannot be read: then it is kept with its reason. Throws Fault{StoreUnavailable} where
    /// `halted` said so.
    using Reading = std::function<Result<PayloadReport>(RecordSink&)>;
    bool compare(const Reading& read, const DifferenceReport::Payload& what);

    /// What a former attempt of the run put right before the process was killed: it is still what was found. `before`:
    /// asked for each case of which nothing differs any more.
    using PutRight = std::function<std::optional<Difference>(CaseId)>;
    void putRightBefore(PutRight before) { put_right_ = std::move(before); }

    ReconcileCounts& counts() { return counts_; }
    DifferenceReport& report() { return report_; }
    const SeenCases& seen() const { return seen_; }
    std::uint64_t found() const { return found_; }  ///< by the mapping, also what it leaves out
    std::uint64_t again() const { return again_; }  ///< of these, whose number had come before; refused ones too

    /// The first number of those that are doubled, masked; empty: none is.
    const std::string& doubledSuch() const { return doubled_such_; }

    bool record(const CasePatch& patch) override;
    bool refused(const Refusal& refusal) override;
    bool refusedOf(const Refusal& refusal, const CasePatch& mapped) override;

private:
    bool goesOn();
    void tellRefused(const Refusal& refusal);
    std::optional<Difference> putRightOf(const Judgement& judgement) const;
    bool isRepeated(const Judgement& judgement, const CasePatch& patch);
    bool contradicts(const Judgement& judgement, const CasePatch& patch, bool is_repeated);
    bool seeOwn(const CasePatch& patch);
    bool see(const CaseRow& row);
    void noteRefused(const CasePatch& patch);

    StoreReader& reader_;
    Recorder judge_;
    std::unique_ptr<KeySet> missing_;  ///< numbers that we do not have: no bit stands for them
    const ReconcileOrder order_;
    const std::function<bool()> halted_;
    std::optional<RecordContext> context_;
    PutRight put_right_;
    ReconcileCounts counts_;
    DifferenceReport report_;
    SeenCases seen_;
    StatedValues stated_;
    Instant sent_at_{};         ///< of the signed message that is read
    std::string doubled_such_;  ///< masked
    std::uint64_t found_ = 0, again_ = 0;
    bool is_wanted_ = false;    ///< of this payload
    std::string_view payload_;  ///< its name
    std::uint64_t before_ = 0;  ///< what was read before it
};

}  // namespace caseway
