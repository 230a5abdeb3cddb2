// gateway/pipeline/comparison.cpp - judgement, bit, count.
#include "gateway/pipeline/comparison.hpp"

#include "gateway/base/fault.hpp"
#include "gateway/base/mask.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/record/case_lookup.hpp"
#include "gateway/record/record_fields.hpp"

namespace caseway {
namespace {

constexpr std::uint64_t kLookEvery = 512;

bool statesDeletion(const CasePatch& patch) {
    return statedText(patch, recordFields().operation) == "D";
}

/// Of one that was refused: in the same set, and never one that is taken.
Sha256 keyOfRefused(const CasePatch& patch) {
    std::string both(statedText(patch, recordFields().case_no));
    both += '\0';
    both += statedText(patch, recordFields().source_case_no);
    both += '\0';
    return sha256(both);
}

}  // namespace

bool Comparison::compare(const Reading& read, const DifferenceReport::Payload& what) {
    is_wanted_ = false;
    payload_ = what.name;
    before_ = counts_.read;
    const auto report = [&]() -> Result<PayloadReport> {
        try {
            return read(*this);
        } catch (const Fault&) {
            throw;
        } catch (const std::exception&) {  // the taking meets it again, and parks the payload
            return Refusal{};
        }
    }();
    if (report && report->stopped)
        throw Fault(FaultCode::StoreUnavailable, "the comparison was stopped", "it begins anew");
    if (report)
        found_ += report->found;
    else
        ++counts_.payloads_refused;
    DifferenceReport::Payload told = what;
    told.records = counts_.read - before_;
    report_.add(told);
    return is_wanted_ || !report;
}

bool Comparison::goesOn() {
    return counts_.read % kLookEvery != 0 || !halted_();
}

/// Of a case that was just put right no bit was set when its number came first: the number tells.
bool Comparison::isRepeated(const Judgement& judgement, const CasePatch& patch) {
    const bool is_ours = judgement.case_id != 0 && judgement.owner == context_->sender.id;
    if (is_ours) {
        if (!seen_.insert(judgement.case_id)) return true;
        ++counts_.both;
        return counts_.missing_here != 0 && missing_->contains(StatedValues::keyOfNumbers(patch));
    }
    return judgement.case_id == 0 && judgement.outcome == RecordOutcome::New &&
           !missing_->insert(StatedValues::keyOfNumbers(patch));
}

/// A set with two records of one number that say otherwise: whichever comes last stands, and changes the case back each
/// time that the set is taken, so that neither tells what the department has.
bool Comparison::contradicts(const Judgement& judgement, const CasePatch& patch, bool is_repeated) {
    if (judgement.outcome == RecordOutcome::Refused) return false;
    const StatedValues::Said said = StatedValues::of(patch, sent_at_);
    const bool is_known = judgement.case_id != 0;
    if (is_repeated) {
        if (is_known && stated_.contradicts(judgement.case_id, said)) return true;
        // It may have been taken since its number came first.
        return counts_.missing_here != 0 &&
               StatedValues::contradicts(StatedValues::keyOfNumbers(patch), said, *missing_);
    }
    if (is_known)
        stated_.keep(judgement.case_id, said);
    else
        StatedValues::keep(StatedValues::keyOfNumbers(patch), said, *missing_);
    return false;
}

std::optional<Difference> Comparison::putRightOf(const Judgement& judgement) const {
    const bool is_settled = judgement.outcome == RecordOutcome::Same || judgement.outcome == RecordOutcome::Stale;
    return put_right_ && is_settled ? put_right_(judgement.case_id) : std::nullopt;
}

bool Comparison::record(const CasePatch& patch) {
    ++counts_.read;
    const Judgement judgement = judge_.judge(reader_, *context_, patch);
    const std::string_view source_case_no = statedText(patch, recordFields().source_case_no);
    const auto tell = [&](Difference kind, const std::vector<std::string>& fields = {}) {
        const std::string_view stated = statedText(patch, recordFields().case_no);
        report_.add(kind, judgement.case_id == 0 ? stated : std::string_view(judgement.case_no), source_case_no,
                    fields);
    };
    is_wanted_ = is_wanted_ || (judgement.outcome == RecordOutcome::New && repairsMissing(order_.repair)) ||
                 (judgement.outcome == RecordOutcome::Changed && repairsDifferent(order_.repair));
    const bool is_repeated = isRepeated(judgement, patch);
    const bool is_doubled = contradicts(judgement, patch, is_repeated);
    if (!statedText(patch, recordFields().case_no).empty()) seeOwn(patch);
    if (is_repeated) {
        ++counts_.repeated;
        ++again_;
        tell(is_doubled ? Difference::Doubled : Difference::Repeated);
        if (is_doubled && counts_.doubled++ == 0)
            doubled_such_ = masked(source_case_no.empty() ? judgement.case_no : source_case_no);
        return goesOn();
    }
    if (const auto before = putRightOf(judgement)) {
        ++(*before == Difference::MissingHere ? counts_.missing_here : counts_.different);
        tell(*before);
        return goesOn();
    }
    const bool is_dead = judgement.deleted && !statesDeletion(patch);
    switch (judgement.outcome) {
        case RecordOutcome::New:
            ++counts_.missing_here;
            tell(Difference::MissingHere);
            break;
        case RecordOutcome::Changed:
            ++counts_.different;
            tell(Difference::Different, judgement.changed);
            break;
        case RecordOutcome::Same:
        case RecordOutcome::Stale:
            if (is_dead) {
                ++counts_.deleted_here;
                tell(Difference::DeletedHere);
            } else if (judgement.outcome == RecordOutcome::Stale) {
                ++counts_.newer_here;
                tell(Difference::NewerHere);
            } else {
                ++counts_.same;
            }
            break;
        case RecordOutcome::Refused:
            ++counts_.refused;
            if (judgement.refusal) tellRefused(*judgement.refusal);
            noteRefused(patch);
            if (source_case_no.empty() && (judgement.case_id == 0 || judgement.owner != context_->sender.id))
                ++counts_.unreadable;
            break;
    }
    return goesOn();
}

void Comparison::tellRefused(const Refusal& refusal) {
    report_.add(DifferenceReport::Refused{payload_, counts_.read - before_, refusal.code, refusal.where});
}

/// What came twice stands for another record that did not come, whether it can be taken or not.
void Comparison::noteRefused(const CasePatch& patch) {
    const bool has_number =
        !statedText(patch, recordFields().case_no).empty() || !statedText(patch, recordFields().source_case_no).empty();
    if (has_number && !missing_->insert(keyOfRefused(patch))) ++again_;
}

bool Comparison::refused(const Refusal& refusal) {
    return refusedOf(refusal, {});
}

/// The department has the case, whatever is wrong with the record: it must not look as if it had vanished.
bool Comparison::refusedOf(const Refusal& refusal, const CasePatch& mapped) {
    ++counts_.read;
    ++counts_.refused;
    tellRefused(refusal);
    noteRefused(mapped);
    const std::string_view case_no = statedText(mapped, recordFields().case_no);
    const auto by_number = case_no.empty() ? std::nullopt : reader_.caseByNo(case_no);
    const bool is_known = by_number && see(*by_number);
    if (!seeOwn(mapped) && !is_known) ++counts_.unreadable;
    return goesOn();
}

/// A record may name its case by case_no: the sender's own number may mean another one, which is there as well. False:
/// it gives no number of its own.
bool Comparison::seeOwn(const CasePatch& patch) {
    const std::string_view source_case_no = statedText(patch, recordFields().source_case_no);
    if (source_case_no.empty()) return false;
    if (const auto row = caseOfSource(reader_, context_->sender.id, source_case_no)) see(*row);
    return true;
}

/// False: it is not the sender's.
bool Comparison::see(const CaseRow& row) {
    if (row.owner != context_->sender.id) return false;
    if (seen_.insert(row.id)) ++counts_.both;
    return true;
}

}  // namespace caseway
