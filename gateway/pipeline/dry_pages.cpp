// gateway/pipeline/dry_pages.cpp - records into transactions that nobody commits.
#include "gateway/pipeline/dry_pages.hpp"

#include "gateway/pipeline/patch_collector.hpp"
#include "gateway/pipeline/pulled_pages.hpp"

namespace caseway {
namespace {

constexpr std::size_t kSlice = 200;  ///< records that hold the writer at once: some milliseconds

/// Merges what a mapping finds, slice by slice, each into a transaction that ends with it.
class DryRecords final : public RecordSink {
public:
    DryRecords(Store& store, Recorder& recorder, const RegisteredSystem& system, Instant now, RunCounts& counts)
        : store_(store), recorder_(recorder), system_(system), now_(now), counts_(counts) {}
    bool record(const CasePatch& patch) override {
        PreparedRecord prepared{std::make_unique<CasePatch>(), {}, {}};
        prepared.patch->copyFrom(patch);
        records_.push_back(std::move(prepared));
        if (records_.size() == kSlice) flush();
        return true;
    }
    bool refused(const Refusal&) override {
        count(RecordOutcome::Refused);
        return true;
    }
    void flush() {
        if (records_.empty()) return;
        const auto writer = store_.beginWrite();
        const auto head = writer->lastCheckpoint();
        const RecordContext origin{system_, MessageId(), now_, now_, head ? head->tree_size : 0, true};
        for (const PreparedRecord& one : records_) count(recorder_.apply(*writer, origin, *one.patch).outcome);
        records_.clear();
    }

private:
    void count(RecordOutcome outcome) {
        ++counts_.read;
        counts_.records.add(outcome);
    }

    Store& store_;
    Recorder& recorder_;
    const RegisteredSystem& system_;
    const Instant now_;
    RunCounts& counts_;
    std::vector<PreparedRecord> records_;
};

}  // namespace

Cursor DryPages::cursorOf(const std::string&) {
    return parts_.store.reader().cursor(cursor_name_).value_or(Cursor());
}

std::unique_ptr<PulledBody> DryPages::newBody() {
    return std::make_unique<KeptBody>(parts_.make_spool, parts_.limits.spool_above_bytes);
}

PageTaken DryPages::take(const Run& run, PulledPage& page) {
    const auto ring = parts_.known.current();
    const RegisteredSystem* const system = PulledPages::systemOf(run, *ring);
    PageTaken taken;
    for (const PulledPayload& payload : page.payloads) {
        ++taken.counts.payloads;
        const auto bytes = static_cast<const KeptBody&>(*payload.body).source();
        DryRecords records(parts_.store, recorder_, *system, parts_.clock.now(), taken.counts);
        if (payload.too_large_for || !mapping_.mapping->run(*bytes, parts_.limits, records))
            ++taken.counts.payloads_refused;
        records.flush();
    }
    taken.counts.source_says = page.source_says;
    all_.counts.add(taken.counts);
    return taken;
}

}  // namespace caseway
