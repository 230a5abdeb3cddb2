// gateway/pipeline/dry_pages.cpp - payload by payload.
#include "gateway/pipeline/dry_pages.hpp"

#include "gateway/pipeline/dry_records.hpp"
#include "gateway/pipeline/message_counts.hpp"
#include "gateway/pipeline/pulled_pages.hpp"

namespace caseway {

Cursor DryPages::cursorOf(const std::string&) {
    return parts_.store.reader().cursor(cursor_name_).value_or(Cursor());
}

std::unique_ptr<PulledBody> DryPages::newBody() {
    return std::make_unique<KeptBody>(parts_.make_spool, parts_.limits.spool_above_bytes);
}

/// False: refused as a whole.
bool DryPages::takeOne(const PulledPayload& payload, const RegisteredSystem& system, const KeyRing& ring,
                       PageTaken& taken) {
    KeptBody& body = static_cast<KeptBody&>(*payload.body);
    const BorneJudge judge{parts_.verifier, parts_.limits, parts_.signatures, mapping_.mapping->spec().name};
    const BorneVerdict verdict =
        judge.of(body, payload.head, payload.read_at.value_or(parts_.clock.now()), ring, system.id);
    if (verdict.content && isMessage(verdict.form)) {
        const SignedContent& content = *verdict.content;
        const auto known = parts_.store.reader().message(content.header.sender, content.header.message_id);
        if (known && known->content_digest != content.content_digest) return false;
        if (known) {
            const RunCounts again = countsOfKnown(parts_.store.reader(), *known);
            taken.counts.read += again.read;
            taken.counts.records.add(again.records);
            passed_.mappedElsewhere(mapping_.mapping->spec());
            return again.payloads_refused == 0;
        }
    }
    DryRecords records(parts_.store, recorder_, system, parts_.clock.now(), taken.counts,
                       verdict.content && isMessage(verdict.form) ? &verdict.content->header : nullptr, &doubles_);
    const auto bytes = body.source();
    const auto report = mapPulled(*mapping_.mapping, verdict, *bytes, payload.head.media_type, parts_.limits, records);
    records.flush();
    if (report) passed_.mapped(*report);
    return report.ok();
}

PageTaken DryPages::take(const Run& run, PulledPage& page) {
    const auto ring = parts_.known.current();
    const RegisteredSystem* const system = PulledPages::systemOf(run, *ring);
    PageTaken taken;
    for (std::size_t part = 0; part < page.payloads.size(); ++part) {
        ++taken.counts.payloads;
        if (page.payloads[part].parked) {
            ++taken.counts.parked;
            ++taken.counts.payloads_refused;
            continue;
        }
        try {
            if (page.payloads[part].too_large_for || !takeOne(page.payloads[part], *system, *ring, taken))
                ++taken.counts.payloads_refused;
        } catch (const Fault& fault) {
            if (fault.isTransient() || fault.code() == FaultCode::FileUnavailable) throw;
            throw PayloadFault(fault, part);
        } catch (const std::exception& error) {
            throw PayloadFault(Fault(FaultCode::StoreCorrupt, std::string("it could not be mapped: ") + error.what()),
                               part);
        }
    }
    if (page.ends_pass) doubles_.beginAnew();
    taken.counts.source_says = page.source_says;
    all_.counts.add(taken.counts);
    return taken;
}

}  // namespace caseway
