// gateway/pipeline/dry_records.cpp - each slice in a transaction that ends with it.
#include "gateway/pipeline/dry_records.hpp"

namespace caseway {
namespace {

constexpr std::size_t kSlice = 200;  ///< records that hold the writer at once: some milliseconds

}  // namespace

bool DryRecords::record(const CasePatch& patch) {
    PreparedRecord prepared{std::make_unique<CasePatch>(), {}, {}};
    prepared.patch->copyFrom(patch);
    records_.push_back(std::move(prepared));
    if (records_.size() == kSlice) flush();
    return true;
}

bool DryRecords::refused(const Refusal&) {
    count(RecordOutcome::Refused);
    return true;
}

void DryRecords::flush() {
    if (records_.empty()) return;
    const auto writer = store_.beginWrite();
    const auto head = writer->lastCheckpoint();
    const RecordContext origin{system_, id_, sent_, now_, head ? head->tree_size : 0, true};
    for (const PreparedRecord& one : records_) {
        const RecordOutcome outcome = recorder_.apply(*writer, origin, *one.patch).outcome;
        count(outcome);
        if (doubles_ != nullptr && outcome != RecordOutcome::Refused) doubles_->look(*one.patch, said_at_, counts_);
    }
    records_.clear();
}

void DryRecords::count(RecordOutcome outcome) {
    ++counts_.read;
    counts_.records.add(outcome);
}

}  // namespace caseway
