// gateway/pipeline/pulled_pages.cpp - payloads to prepared messages, pages to jobs, rows to counts.
#include "gateway/pipeline/pulled_pages.hpp"

#include <fmt/format.h>

#include "gateway/domain/next_steps.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/borne_signature.hpp"
#include "gateway/formats/envelope/header_fields.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/log/payload_refusal.hpp"
#include "gateway/pipeline/answer_notes.hpp"
#include "gateway/pipeline/dry_records.hpp"
#include "gateway/pipeline/message_counts.hpp"
#include "gateway/pipeline/newest_time.hpp"
#include "gateway/pipeline/page_job.hpp"
#include "gateway/pipeline/passed_records.hpp"
#include "gateway/pipeline/patch_collector.hpp"
#include "gateway/pipeline/run_refusals.hpp"

namespace caseway {
namespace {

constexpr std::size_t kInlineRecords = 1000;  ///< of a page; more are applied in slices, whatever their size
constexpr std::chrono::milliseconds kLookAgain{200};

template <class T>
T orThrow(std::pair<T, std::optional<Fault>> result) {
    if (result.second) throw *result.second;
    return std::move(result.first);
}

/// Neither the world's, which passes, nor a commit of which nothing is known: it comes from what was applied.
bool isPayloads(const Fault& fault) {
    return !fault.isTransient() && fault.code() != FaultCode::StoreCommitUnknown;
}

template <class Job>
auto resultOf(Committer& committer, std::unique_ptr<Job> job) {
    auto result = job->result();
    std::unique_ptr<CommitJob> queued = std::move(job);
    if (!committer.submit(queued))
        throw Fault(FaultCode::StoreUnavailable, "too many messages wait for the writer", "try again");
    return result.get();
}

Refusal tooLarge(std::uint64_t most, KeptBody& body) {
    return {"payload_too_large",
            "payload",
            fmt::format("{} bytes, SHA-256 {}", body.size(), toHex(body.digest())),
            fmt::format("at most {} bytes", most),
            "its bytes were not kept: give it again in smaller files, or raise limits.http_body_bytes",
            {}};
}

Refusal named(Refusal refusal, const Run& run) {
    refusal.hint = namedStep(refusal.hint, run.connector, run.number);
    return refusal;
}

}  // namespace

/// What all payloads of a page share.
struct PulledPages::Source {
    const Run& run;
    std::shared_ptr<const KeyRing> ring;
    const RegisteredSystem* system;
    std::optional<PulledSet> set;                 ///< of all that the run gives
    std::size_t inline_records = kInlineRecords;  ///< that the page may still bring into its transaction
    std::uint64_t passed_over = 0;                ///< records of the page that its mapping leaves out on purpose
};

Cursor PulledPages::cursorOf(const std::string&) {
    return parts_.store.reader().cursor(cursor_name_).value_or(Cursor());
}

std::optional<Run> PulledPages::unfinished(const std::string& connector) {
    for (const RunRow& row : parts_.store.reader().unfinishedRuns()) {
        if (row.connector != connector) continue;
        auto run = readRun(row.body);
        if (!run) throw Fault(FaultCode::StoreCorrupt, "the row of a run cannot be read", run.error().hint);
        return std::move(run).value();
    }
    return std::nullopt;
}

std::unique_ptr<PulledBody> PulledPages::newBody() {
    return std::make_unique<KeptBody>(parts_.make_spool, parts_.limits.spool_above_bytes);
}

/// Whatever knew neither the name nor the number put the trouble into it.
Run PulledPages::keep(Run run, std::string beside) {
    nameStepOf(run);
    return orThrow(resultOf(parts_.committer, std::make_unique<RunJob>(std::move(run), std::move(beside), left_open_)));
}

const RegisteredSystem* PulledPages::systemOf(const Run& run, const KeyRing& ring) {
    const RegisteredSystem* const system = ring.system(run.system);
    const std::string code(system == nullptr ? "unknown_sender" : suspensionOf(*system));
    if (code.empty()) return system;
    throw ConnectorFault(ConnectorFaultKind::Config,
                         {code, run.system.text(), "a registered, active system", "caseway system list"});
}

PageTaken PulledPages::take(const Run& run, PulledPage& page) {
    auto ring = parts_.known.current();
    const RegisteredSystem* const system = systemOf(run, *ring);
    if (!leaves_ || leaves_->run() != run.number) leaves_ = std::make_shared<SetLeaves>(run.number);
    if (takesFromSource(run.kind)) leaves_->readOn(parts_.store.reader());
    Source source{run, std::move(ring), system, setOf(run, leaves_)};
    std::vector<std::unique_ptr<MessageJob>> jobs;
    std::vector<std::size_t> part_of;  // each job's
    for (std::size_t part = 0; part < page.payloads.size(); ++part) {
        if (!page.payloads[part].is_wanted) continue;
        part_of.push_back(part);
        bool later = false;
        PreparedMessage message = prepared(source, page, part, later);
        const auto mode = later ? MessageJob::Mode::ReceiveForLater : MessageJob::Mode::Apply;
        jobs.push_back(std::make_unique<MessageJob>(
            std::move(message), mode, parts_.recorder, refused_before_, parts_.limits, [](Answer) {}, parts_.news,
            parts_.received));
    }
    if (jobs.empty() && cursor_name_.empty()) return {};  // nothing of it is to be kept
    Run behind = run;
    behind.pages = page.number;
    RunPage row;
    row.source_says = page.source_says;
    row.passed_over = source.passed_over;
    row.ends_pass = page.ends_pass;
    if (page.hasParked()) row.parked = ParkedSpan{page.from, page.next};
    PageResult result =
        resultOf(parts_.committer, std::make_unique<PageJob>(std::move(jobs), std::move(behind),
                                                             CursorRow{cursor_name_, page.next}, std::move(row)));
    if (result.fault && result.at && isPayloads(*result.fault)) throw PayloadFault(*result.fault, part_of[*result.at]);
    if (result.fault) throw *result.fault;
    PageTaken taken;
    taken.counts = result.counts;
    for (const MessageRow& message : result.messages) taken.messages.push_back(message.index);
    taken.counts.source_says = page.source_says;
    return taken;
}

/// What is spooled is applied elsewhere, slice by slice.
void PulledPages::rehearse(const Run& run, const PulledPage& page, std::size_t part) {
    const auto ring = parts_.known.current();
    const RegisteredSystem* const system = ring->system(run.system);
    const PulledPayload& payload = page.payloads.at(part);
    auto& body = static_cast<KeptBody&>(*payload.body);
    if (system == nullptr || body.size() > parts_.limits.spool_above_bytes) return;
    RunCounts counts;
    try {
        const auto bytes = body.source();
        const BorneVerdict verdict = judge().of(body, payload.head, readAt(payload), *ring, run.system);
        Recorder recorder(parts_.recorder.config());
        DryRecords records(parts_.store, recorder, *system, parts_.clock.now(), counts);
        static_cast<void>(
            mapPulled(*mapping_.mapping, verdict, *bytes, payload.head.media_type, parts_.limits, records));
        records.flush();
    } catch (const std::exception&) {  // take() says it
    }
}

/// What stands in the way of one payload is that payload's fault, and the others may go on.
template <class Work>
static auto ofPart(std::size_t part, Work work) {
    try {
        return work();
    } catch (const Fault&) {
        throw;
    } catch (const std::exception& error) {
        throw PayloadFault(Fault(FaultCode::StoreCorrupt, std::string("it could not be mapped: ") + error.what()),
                           part);
    }
}

/// One that is parked or was dropped is looked at by nobody.
BorneVerdict PulledPages::judged(const Source& source, const PulledPage& page, std::size_t part) {
    const PulledPayload& payload = page.payloads[part];
    if (payload.parked || payload.too_large_for) return {};
    return ofPart(part, [&] {
        return judge().of(static_cast<KeptBody&>(*payload.body), payload.head, readAt(payload), *source.ring,
                          source.system->id);
    });
}

/// A signed message has its own. One that was taken and is tried again gets another id: the first keeps what became of
/// it.
MessageHeader PulledPages::headerOf(const Source& source, const PulledPayload& payload, const BorneVerdict& verdict) {
    if (verdict.content && isMessage(verdict.form)) {
        const MessageHeader& own = verdict.content->header;
        if (source.run.kind != RunKind::Retry) return own;
        const auto known = parts_.store.reader().message(own.sender, own.message_id);
        const bool is_same = known && known->content_digest == verdict.content->content_digest;
        return is_same ? asTakenAgain(own, parts_.new_id()) : own;
    }
    MessageHeader header;
    header.message_id = parts_.new_id();
    header.sender = source.run.system;
    header.receiver = parts_.gateway_id;
    header.sent_at = payload.read_at.value_or(sent_);
    header.sent_at_text = toRfc3339(header.sent_at);
    header.mapping = name_;
    return header;
}

PreparedMessage PulledPages::unmapped(const Source& source, const PulledPage& page, std::size_t part,
                                      const BorneVerdict& verdict) {
    const PulledPayload& payload = page.payloads[part];
    KeptBody& body = static_cast<KeptBody&>(*payload.body);
    // Ever later, so that of two payloads of one page the second is the newer one.
    sent_ = std::max(parts_.clock.now(), sent_ + std::chrono::microseconds(1));
    PreparedMessage message;
    message.header = headerOf(source, payload, verdict);
    message.origin = Origin::Pulled;
    message.received_at = sent_;
    message.key_ring = source.ring;
    message.system = source.system;
    message.mapping = name_;
    message.mapping_version = mapping_.mapping->spec().version;
    message.mapping_files = mapping_.files;
    // What is proved is what is kept: of one that was dropped, nothing; its own digest stands in the reason.
    const Sha256 digest = payload.too_large_for ? sha256(std::string_view()) : body.digest();
    message.payload_digest = digest;
    const bool has_own = verdict.content && isMessage(verdict.form);
    message.content_digest = contentDigest(message.header, has_own ? verdict.content->payload_digest : digest);
    if (verdict.content) {
        message.certificate = verdict.content->certificate->id();
        message.certificate_der = verdict.content->certificate->der();
    }
    if (verdict.refusal) {
        // What it says of itself is not believed, and the center or the department may mend the reason.
        message.claims_id = false;
        message.mapping.clear();
        message.mapping_version.reset();
        message.mapping_files.reset();
    }
    if (source.run.reconciliation) message.repair = source.run.reconciliation->order.repair;
    message.set = verdict.content && isMessage(verdict.form) && source.set ? PulledSet{} : source.set;
    message.envelope.head = storedPull({message.header, source.run.connector, source.run.number, page.number, part + 1,
                                        payload.head.name, payload.head.media_type, message.repair,
                                        verdict.content ? verdict.form : SignatureForm::None, payload.head.answer});
    if (!payload.too_large_for) message.envelope.body_file = body.file();
    if (message.envelope.body_file.empty() && !payload.too_large_for) message.envelope.head += body.bytes();
    message.envelope_digest = sha256(message.envelope.head);
    if (payload.too_large_for)
        message.refusal = tooLarge(*payload.too_large_for, body);
    else if (payload.parked)
        message.refusal = named(*payload.parked, source.run);
    else
        message.refusal = verdict.refusal;
    return message;
}

PreparedMessage PulledPages::prepared(Source& source, const PulledPage& page, std::size_t part, bool& later) {
    const PulledPayload& payload = page.payloads[part];
    const BorneVerdict verdict = judged(source, page, part);
    PreparedMessage message = unmapped(source, page, part, verdict);
    // Of what is refused nothing is left to be applied; a parked one stays what it was.
    later =
        (!message.envelope.body_file.empty() || (source.inline_records == 0 && !message.refusal)) && !verdict.refusal;
    if (later || message.refusal) return message;
    PatchCollector records(source.inline_records);
    MemorySource bytes(static_cast<const KeptBody&>(*payload.body).bytes());
    auto report = ofPart(part, [&] {
        return mapPulled(*mapping_.mapping, verdict, bytes, payload.head.media_type, parts_.limits, records);
    });
    if (!report)
        message.refusal = std::move(report).error();
    else if (report->stopped)
        later = true;
    else
        source.passed_over += report->passed_over, message.records = records.take(), message.found = report->records,
                                                   message.encoding_note = encodingNoteOf(*report);
    source.inline_records -= message.records.size();
    return message;
}

std::optional<PageTaken> PulledPages::recount(const Run& run, const std::function<bool()>& stopping) {
    left_open_ = false;
    StoreReader& reader = parts_.store.reader();
    std::uint64_t passed_over = 0;
    bool is_known = true;
    const auto counts = countsOfRun(
        reader, run.number, static_cast<bool>(stopping),
        [&](LogIndex index) {
            auto message = applied(index, stopping);
            left_open_ = left_open_ || !message;
            if (message && message->outcome_index) {
                passed_over += passedOverIn(message->answer);
                is_known = is_known && payloadRefusal(reader, *message).empty();  // else it was not read to its end
            }
            return message;
        },
        [&](const RunPage& page) {
            passed_over += page.passed_over.value_or(0);
            is_known = is_known && page.passed_over;
            for (const LogIndex index : page.known) {  // whoever brought it did not tell
                const auto message = reader.message(index);
                is_known = is_known && message && !message->outcome_index;
            }
        });
    if (!counts) return std::nullopt;
    PageTaken all;
    all.counts = *counts;
    const bool passes_none = mapping_.mapping && !PassedRecords::mayPassOver(mapping_.mapping->spec());
    if (passes_none)
        all.passed_over = 0;
    else if (is_known)
        all.passed_over = passed_over;
    return all;
}

RefusalCodes PulledPages::refusalCodes(const Run& run) {
    return refusalCodesOf(parts_.store.reader(), run);
}

std::optional<Instant> PulledPages::newestTime() {
    return caseway::newestTime(parts_.store.reader());
}

/// Its row once it is applied; nothing where the process stops before.
std::optional<MessageRow> PulledPages::applied(LogIndex index, const std::function<bool()>& stopping) {
    while (true) {
        const auto row = parts_.store.reader().message(index);
        if (!row) throw Fault(FaultCode::StoreCorrupt, "a message of a run is gone", "run `caseway log verify`");
        if (row->outcome != MessageOutcome::Received) return row;
        if (!stopping || stopping()) return std::nullopt;
        parts_.bell.wait(kLookAgain);
    }
}

}  // namespace caseway
