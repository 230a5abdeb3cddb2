// gateway/pipeline/large_messages.cpp - the thread that maps large messages and hands slices to the writer.
#include "gateway/pipeline/large_messages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/formats/envelope/recheck.hpp"
#include "gateway/log/leaf.hpp"
#include "gateway/normalize/mapping_loader.hpp"
#include "gateway/pipeline/exchange.hpp"
#include "gateway/pipeline/slice_job.hpp"

namespace caseway {
namespace {

constexpr std::chrono::microseconds kSliceTime{8000};  ///< aim: a slice holds the writer at most ten milliseconds
constexpr std::size_t kFirstSlice = 64;
constexpr std::size_t kLargestSlice = 2000;
constexpr std::chrono::milliseconds kRetryAfter{500};

/// Thrown inside a pass when the process is to stop or the store fails: the message stays where its last slice left it.
struct Interrupted {};

/// Sleeps for a while or until the process stops; false: it stops.
using Pause = std::function<bool(std::chrono::milliseconds)>;

/// Submits what `make` makes until it is committed, over faults of the store too; its result, or nothing where the
/// process stops.
template <class Make>
std::optional<SliceResult> untilCommitted(Committer& committer, const Pause& pause, Make make) {
    while (true) {
        auto slice = make();
        auto result = slice->result();
        std::unique_ptr<CommitJob> job = std::move(slice);
        if (committer.submit(job)) {
            SliceResult done = result.get();
            if (done.committed) return done;
            if (!done.transient) throw Fault(FaultCode::StoreCorrupt, done.fault);
        }
        if (!pause(kRetryAfter)) return std::nullopt;
    }
}

/// Gathers mapped records and hands them over slice by slice; skips what a former run has applied already.
class SliceSink final : public RecordSink {
public:
    SliceSink(const LargeSource& source, LargeProgress& progress, Committer& committer, Recorder& recorder, Pause pause)
        : source_(source),
          progress_(progress),
          committer_(committer),
          recorder_(recorder),
          pause_(std::move(pause)),
          skip_(progress.next_record - 1) {}

    bool record(const CasePatch& patch) override {
        if (skip()) return true;
        PreparedRecord prepared{std::make_unique<CasePatch>(), {}};
        prepared.patch->copyFrom(patch);
        return add(std::move(prepared));
    }
    bool refused(const Refusal& refusal) override { return skip() || add({nullptr, refusal}); }

    /// Hands over what is gathered; waits until it is committed, over faults of the store too. False: stopping.
    bool flush() {
        if (!records_.empty()) {
            const auto done = untilCommitted(committer_, pause_, [this] {
                return std::make_unique<SliceJob>(source_, progress_, records_, recorder_);
            });
            if (!done) return false;
            adapt(done->held);
            records_.clear();
        }
        return pause_(std::chrono::milliseconds(0));
    }

private:
    bool skip() {
        if (skip_ == 0) return false;
        --skip_;
        return true;
    }
    bool add(PreparedRecord record) {
        records_.push_back(std::move(record));
        return records_.size() < slice_ || flush();
    }
    void adapt(std::chrono::microseconds held) {
        if (held > kSliceTime)
            slice_ = std::max<std::size_t>(1, slice_ / 2);
        else if (held < kSliceTime / 2)
            slice_ = std::min(kLargestSlice, slice_ * 2);
    }

    const LargeSource& source_;
    LargeProgress& progress_;
    Committer& committer_;
    Recorder& recorder_;
    Pause pause_;
    std::uint64_t skip_;
    std::size_t slice_ = kFirstSlice;
    std::vector<PreparedRecord> records_;
};

/// A row that must be there.
template <class Row>
Row present(std::optional<Row> row, std::string_view what) {
    if (!row)
        throw Fault(FaultCode::StoreCorrupt, fmt::format("a large message has no {}", what),
                    "run `caseway log verify`");
    return std::move(*row);
}

/// The mapping in the very version that the received leaf names.
std::shared_ptr<const Mapping> mappingOf(const LogEntry& entry, const std::string& name, const MappingShelf& shelf,
                                         StoreReader& reader) {
    const auto current = shelf.current();
    const auto shelved = current->find(name);
    if (shelved != current->end() && entry.mapping_version == shelved->second.mapping->spec().version)
        return shelved->second.mapping;
    const auto files = entry.mapping_version ? reader.mappingVersion(*entry.mapping_version) : std::nullopt;
    if (!files) throw Fault(FaultCode::StoreCorrupt, "the mapping version of a large message is not stored");
    auto spec = loadMappingSpec(*files, name);
    if (!spec) throw Fault(FaultCode::StoreCorrupt, "the stored version of mapping " + name + " does not load");
    auto mapping = Mapping::compile(std::move(spec).value());
    if (!mapping) throw Fault(FaultCode::StoreCorrupt, "the stored version of mapping " + name + " does not compile");
    return std::move(mapping).value();
}

}  // namespace

LargeMessages::LargeMessages(Parts parts) : parts_(std::move(parts)) {
    for (const LargeRow& row : parts_.store.reader().unfinishedLarge()) queue_.push_back(row.index);
    thread_ = std::thread([this] { work(); });
}

LargeMessages::~LargeMessages() {
    stop();
}

void LargeMessages::enqueue(LogIndex index) {
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back(index);
    }
    wake_.notify_all();
}

void LargeMessages::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

std::size_t LargeMessages::waiting() const {
    const std::lock_guard lock(mutex_);
    return queue_.size() + (busy_ ? 1 : 0);
}

void LargeMessages::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        busy_ = false;
        wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        const LogIndex index = queue_.front();
        queue_.pop_front();
        busy_ = true;
        lock.unlock();
        bool again = false;
        try {
            for (const LargeRow& row : parts_.store.reader().unfinishedLarge())
                if (row.index == index) apply(row);
        } catch (const Interrupted&) {
        } catch (const Fault& fault) {
            again = fault.isTransient() || fault.code() == FaultCode::FileUnavailable;
            parts_.say(fmt::format("large message at leaf {} waits{}: {}", index, again ? "" : " for the next start",
                                   fault.what()));
        } catch (const std::exception& error) {
            parts_.say(fmt::format("large message at leaf {} waits for the next start: {}", index, error.what()));
        }
        lock.lock();
        if (!again) continue;
        queue_.push_back(index);
        wake_.wait_for(lock, kRetryAfter, [this] { return stopping_; });
    }
}

void LargeMessages::apply(const LargeRow& row) {
    StoreReader& reader = parts_.store.reader();
    LargeSource source;
    source.message = present(reader.message(row.index), "message");
    source.refusals_kept = parts_.limits.refusals_kept;
    const auto leaf = parseLeaf(present(reader.leaf(row.index), "leaf"));
    if (!leaf) throw Fault(FaultCode::StoreCorrupt, "the leaf of a large message cannot be read");
    const EnvelopeRow envelope = present(reader.envelope(row.index), "envelope");
    const auto body = envelope.body_file.empty() ? nullptr : parts_.open_body(envelope.body_file);
    auto content =
        recheck(source.message.binding, envelope.head,
                present(reader.certificate(present(leaf->certificate, "certificate id")), "certificate"), body.get());
    if (!content)
        throw Fault(FaultCode::StoreCorrupt,
                    "the envelope of a large message no longer verifies: " + content.error().code);
    source.header = content->header;
    source.key_ring = parts_.known.current();
    source.system = source.key_ring->system(source.header.sender);
    LargeProgress progress = LargeProgress::from(row);
    if (progress.counts.refused != 0)
        progress.refusals = refusalsIn(reader.outcomeLines(row.index).value_or(""), source.refusals_kept);
    const Pause pause = [this](std::chrono::milliseconds time) {
        std::unique_lock lock(mutex_);
        return !wake_.wait_for(lock, time, [this] { return stopping_; });
    };
    std::optional<Refusal> refusal;
    if (source.system == nullptr) {
        refusal = Refusal{"unknown_sender",
                          "sender",
                          {},
                          "the system is no longer registered",
                          "register it again and send a new message",
                          {}};
    } else {
        const auto mapping = mappingOf(*leaf, source.message.mapping, parts_.mappings, reader);
        SliceSink sink(source, progress, parts_.committer, parts_.recorder, pause);
        if (body) body->rewind();
        auto report = body ? mapping->run(*body, parts_.limits, sink)
                           : mapPayload(*mapping, content->payload, parts_.limits, sink);
        if (!sink.flush()) throw Interrupted{};
        if (!report)
            refusal = report.error();
        else if (report->stopped)
            throw Interrupted{};
    }
    const auto done = untilCommitted(parts_.committer, pause,
                                     [&] { return std::make_unique<OutcomeJob>(source, progress, refusal); });
    if (!done) throw Interrupted{};
}

}  // namespace caseway
