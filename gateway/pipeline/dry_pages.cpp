// gateway/pipeline/dry_pages.cpp - payload by payload.
#include "gateway/pipeline/dry_pages.hpp"

#include "gateway/pipeline/dry_records.hpp"
#include "gateway/pipeline/pulled_pages.hpp"

namespace caseway {
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
        if (!mapping_.mapping->run(*bytes, parts_.limits, records)) ++taken.counts.payloads_refused;
        records.flush();
    }
    taken.counts.source_says = page.source_says;
    all_.counts.add(taken.counts);
    return taken;
}

}  // namespace caseway
