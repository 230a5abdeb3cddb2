// gateway/pipeline/patch_collector.cpp - owned copies of what a mapping makes.
#include "gateway/pipeline/patch_collector.hpp"

#include "gateway/pipeline/refused_numbers.hpp"

namespace caseway {

bool PatchCollector::record(const CasePatch& patch) {
    PreparedRecord record;
    record.patch = std::make_unique<CasePatch>();
    record.patch->copyFrom(patch);
    textOf(patch, record.text);
    records_.push_back(std::move(record));
    return records_.size() <= most_;
}

bool PatchCollector::refused(const Refusal& refusal) {
    records_.push_back({nullptr, {}, refusal});
    return records_.size() <= most_;
}

bool PatchCollector::refusedOf(const Refusal& refusal, const CasePatch& mapped) {
    const bool goes_on = refused(refusal);
    numbersOf(mapped, records_.back().text);
    return goes_on;
}

}  // namespace caseway
