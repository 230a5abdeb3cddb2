// gateway/pipeline/large_messages.cpp - the threads that map large messages and hand slices to the writer.
#include "gateway/pipeline/large_messages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/domain/next_steps.hpp"
#include "gateway/domain/run.hpp"
#include "gateway/formats/envelope/recheck.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/log/leaf.hpp"
#include "gateway/log/outcome_parts.hpp"
#include "gateway/normalize/known_records.hpp"
#include "gateway/normalize/mapping_loader.hpp"
#include "gateway/pipeline/counted.hpp"
#include "gateway/pipeline/exchange.hpp"
#include "gateway/pipeline/known_lane.hpp"
#include "gateway/pipeline/slice_job.hpp"
#include "gateway/pipeline/slice_sink.hpp"

namespace caseway {
namespace {

constexpr int kAtOnce = 2;  ///< a short one does not wait for another sender's long one

/// Thrown inside a pass when the process is to stop or the store fails: the message stays where its last slice left it.
struct Interrupted {};

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

/// Header and payload as they were verified; of what was pulled, as they were read. A file that was pulled is not
/// hashed here: nobody signed it, it was hashed while it came, and whoever verifies the log hashes it again.
SignedContent contentOf(const LogEntry& leaf, Binding binding, const EnvelopeRow& envelope, ByteSource* body,
                        StoreReader& reader) {
    const auto der = [&] { return present(reader.certificate(present(leaf.certificate, "key id")), "certificate"); };
    auto content = leaf.origin == Origin::Signed ? recheck(binding, envelope.head, der(), body)
                   : leaf.certificate            ? recheckPulled(envelope.head, body, der())
                                                 : recheckPulled(envelope.head);
    if (!content)
        throw Fault(FaultCode::StoreCorrupt,
                    "the envelope of a large message no longer verifies: " + content.error().code);
    return std::move(content).value();
}

/// That pulled it; 0 where what is stored of it cannot be read, which may be why it is parked.
RunNo runOf(StoreReader& reader, LogIndex index) {
    try {
        const auto envelope = reader.envelope(index);
        const auto pull = envelope ? readStoredPull(envelope->head) : Result<StoredPull>(Refusal{});
        return pull ? pull->head.run : 0;
    } catch (const Fault&) {
        return 0;
    }
}

}  // namespace

LargeMessages::LargeMessages(Parts parts) : parts_(std::move(parts)) {
    for (const LargeRow& row : parts_.store.reader().unfinishedLarge()) {
        const auto message = parts_.store.reader().message(row.index);
        queue_.push_back({row.index, message && message->sender ? *message->sender : SystemId()});
    }
    for (int i = 0; i < kAtOnce; ++i) threads_.emplace_back([this] { work(); });
}

LargeMessages::~LargeMessages() {
    stop();
}

void LargeMessages::enqueue(LogIndex index, const SystemId& sender) {
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back({index, sender});
    }
    wake_.notify_all();
}

void LargeMessages::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

std::size_t LargeMessages::waiting() const {
    const std::lock_guard lock(mutex_);
    return queue_.size() + at_work_.size();
}

/// The first whose sender has none at work.
std::deque<LargeMessages::Waiting>::iterator LargeMessages::next() {
    return std::find_if(queue_.begin(), queue_.end(), [this](const Waiting& one) {
        return std::find(at_work_.begin(), at_work_.end(), one.sender) == at_work_.end();
    });
}

void LargeMessages::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return stopping_ || next() != queue_.end(); });
        if (stopping_) return;
        const auto chosen = next();
        Waiting taken = *chosen;
        const LogIndex index = taken.index;
        queue_.erase(chosen);
        at_work_.push_back(taken.sender);
        lock.unlock();
        bool again = false;
        std::string why;
        try {
            for (const LargeRow& row : parts_.store.reader().unfinishedLarge())
                if (row.index == index) applyOrPark(row, taken.failed == 0);
        } catch (const Interrupted&) {
        } catch (const Fault& fault) {
            // Of a commit of which nothing is known the payload is not to blame.
            const bool is_stores = fault.isTransient() || fault.code() == FaultCode::StoreCommitUnknown;
            again = is_stores || fault.code() == FaultCode::FileUnavailable;
            if (!is_stores) ++taken.failed;
            why = fault.what();
        } catch (const std::exception& error) {
            ++taken.failed;
            why = error.what();
        }
        if (!why.empty()) {
            const bool is_pulled = isPulled(index);  // a run waits for it, and nobody sends it again
            const bool is_parked = is_pulled && taken.failed >= parts_.attempts_of_pulled && park(index, why);
            again = (again || is_pulled) && !is_parked;
            parts_.say(fmt::format("large message at leaf {} {}: {}", index,
                                   is_parked ? "is parked"
                                   : again   ? "waits"
                                             : "waits for the next start",
                                   why));
        }
        lock.lock();
        if (again) {
            wake_.wait_for(lock, kRetryAfter, [this] { return stopping_; });
            queue_.push_back(taken);
        }
        at_work_.erase(std::find(at_work_.begin(), at_work_.end(), taken.sender));
        wake_.notify_all();  // this sender's next may begin
    }
}

void LargeMessages::applyOrPark(const LargeRow& row, bool passes_over) {
    if (!isPulled(row.index)) return apply(row, passes_over);
    const bool is_killer = kills_.kills(row);
    const LargeTaken taken(kills_, row.index);
    if (!is_killer) return apply(row, passes_over);
    park(row.index, "the gateway was killed each time that it was taken here");
}

bool LargeMessages::isPulled(LogIndex index) {
    try {
        const auto message = parts_.store.reader().message(index);
        return message && message->origin == Origin::Pulled;
    } catch (const Fault&) {
        return false;
    }
}

/// Ends it with what was applied of it so far; its bytes stay. False: not now.
bool LargeMessages::park(LogIndex index, const std::string& why) {
    try {
        StoreReader& reader = parts_.store.reader();
        const auto rows = reader.unfinishedLarge();
        const auto row =
            std::find_if(rows.begin(), rows.end(), [&](const LargeRow& one) { return one.index == index; });
        if (row == rows.end()) return true;
        LargeSource source;
        source.message = present(reader.message(index), "message");
        source.header.message_id = source.message.message_id.value_or(MessageId());
        source.header.sender = source.message.sender.value_or(SystemId());
        source.refusals_kept = parts_.limits.refusals_kept;
        source.news = parts_.news;
        LargeProgress progress = LargeProgress::from(*row);
        if (progress.counts.refused != 0) {
            OutcomeParts lines(reader, index);
            progress.refusals = refusalsIn(lines, source.refusals_kept);
        }
        const Refusal refusal{std::string(kParkedCode),
                              "payload",
                              {},
                              "it could not be applied: " + why,
                              namedStep("caseway sync retry tries it again; tell it to those who maintain the gateway",
                                        {}, runOf(reader, index)),
                              {}};
        return untilCommitted(parts_.committer, pausing(),
                              [&] { return std::make_unique<OutcomeJob>(source, progress, refusal); })
            .has_value();
    } catch (const Fault& fault) {
        parts_.say(fmt::format("large message at leaf {} cannot be parked now: {}", index, fault.what()));
        return false;
    }
}

std::function<bool(std::chrono::milliseconds)> LargeMessages::pausing() {
    return [this](std::chrono::milliseconds time) {
        std::unique_lock lock(mutex_);
        if (time == time.zero()) return !stopping_;  // a wait of no time takes 0.1 ms
        return !wake_.wait_for(lock, time, [this] { return stopping_; });
    };
}

void LargeMessages::apply(const LargeRow& row, bool passes_over) {
    StoreReader& reader = parts_.store.reader();
    LargeSource source;
    source.message = present(reader.message(row.index), "message");
    source.refusals_kept = parts_.limits.refusals_kept;
    const auto leaf = parseLeaf(present(reader.leaf(row.index), "leaf"));
    if (!leaf) throw Fault(FaultCode::StoreCorrupt, "the leaf of a large message cannot be read");
    const EnvelopeRow envelope = present(reader.envelope(row.index), "envelope");
    auto body = envelope.body_file.empty() ? nullptr : parts_.open_body(envelope.body_file);
    auto content = contentOf(*leaf, source.message.binding, envelope, body.get(), reader);
    source.header = content.header;
    const auto pull = leaf->origin == Origin::Pulled ? std::optional(readStoredPull(envelope.head)) : std::nullopt;
    if (pull && *pull) source.repair = (*pull)->head.repair;
    const bool is_beside = pull && *pull && (*pull)->head.signature == SignatureForm::HttpAnswer;
    if (pull && *pull) source.set = setOf(reader, (*pull)->head.run, (*pull)->head.page);
    if (source.set && leaf->certificate && !is_beside) source.set = PulledSet{};          // a message of its own
    if (leaf->origin == Origin::Pulled && leaf->certificate && !is_beside) body.reset();  // what is signed is in memory
    source.news = parts_.news;
    const auto ring = parts_.known.current();
    if (const RegisteredSystem* system = ring->system(source.header.sender)) {
        source.system = *system;
        // Its statements count for the department that the leaf names, whenever they are applied.
        if (!leaf->department.empty()) source.system->department_code = leaf->department;
    }
    LargeProgress progress = LargeProgress::from(row);
    if (progress.counts.refused != 0) {
        OutcomeParts lines(reader, row.index);
        progress.refusals = refusalsIn(lines, source.refusals_kept);
    }
    const Pause pause = pausing();
    std::optional<Refusal> refusal;
    if (!source.system) {
        refusal = Refusal{"unknown_sender",
                          "sender",
                          {},
                          "the system is no longer registered",
                          "register it again and send a new message",
                          {}};
    } else {
        const auto mapping = mappingOf(*leaf, source.message.mapping, parts_.mappings, reader);
        std::optional<KnownRecords> known;
        if (pull && *pull && body && parts_.knows_records) {
            const KnownLane lane(reader, (*pull)->head, rulesOf(*leaf, parts_.limits, parts_.recorder.config()),
                                 parts_.notes_key);
            source.notes = true;
            source.notes_seal = lane.seal();
            source.known_lane = lane.name();
            source.known_value = lane.valueWith(row.index);
            source.known_value_if_refused = lane.valueWithout(row.index);
            if (const auto value = lane.valueAtFirst(); value && !untilCommitted(parts_.committer, pause, [&] {
                                                            return std::make_unique<LaneJob>(lane.name(), *value);
                                                        }))
                throw Interrupted{};
            known.emplace(passes_over ? lane.pieces() : KnownRecords::NextPiece(), lane.secret(), lane.seal());
        }
        SliceSink sink(source, progress, parts_.committer, parts_.recorder, pause, known ? &*known : nullptr, reader);
        auto report = mapStored(*mapping, content.payload, body.get(), leaf->origin, parts_.limits, sink);
        passed_over_ += sink.passedOver();
        if (!sink.flush() || (report && report->stopped)) throw Interrupted{};
        if (report) {
            requireAllCounted(report->records, progress.counts);
            source.encoding_note = encodingNoteOf(*report);
            if (pull) source.passed_over = report->passed_over;
        } else {
            refusal = report.error();
        }
    }
    const auto done = untilCommitted(parts_.committer, pause,
                                     [&] { return std::make_unique<OutcomeJob>(source, progress, refusal); });
    if (!done) throw Interrupted{};
    // What is noted no more goes in short jobs; where that is cut off, the next message of the lane takes it up.
    while (!source.known_lane.empty() && hasToForget(reader, source.known_lane))
        if (!untilCommitted(parts_.committer, pause, [&] { return std::make_unique<ForgetJob>(source.known_lane); }))
            throw Interrupted{};
}

}  // namespace caseway
