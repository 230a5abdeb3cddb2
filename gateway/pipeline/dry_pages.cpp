// gateway/pipeline/dry_pages.cpp - payload by payload.
#include "gateway/pipeline/dry_pages.hpp"

#include "gateway/formats/envelope/media_type.hpp"
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
    for (std::size_t part = 0; part < page.payloads.size(); ++part) {
        ++taken.counts.payloads;
        if (page.payloads[part].parked) {
            ++taken.counts.parked;
            ++taken.counts.payloads_refused;
            continue;
        }
        const auto bytes = static_cast<const KeptBody&>(*page.payloads[part].body).source();
        DryRecords records(parts_.store, recorder_, *system, parts_.clock.now(), taken.counts);
        try {
            if (page.payloads[part].too_large_for ||
                !mapping_.mapping->run(*bytes, parts_.limits, records, charsetOf(page.payloads[part].head.media_type),
                                       EmptySet::Taken))
                ++taken.counts.payloads_refused;
            records.flush();
        } catch (const Fault& fault) {
            if (fault.isTransient() || fault.code() == FaultCode::FileUnavailable) throw;
            throw PayloadFault(fault, part);
        } catch (const std::exception& error) {
            throw PayloadFault(Fault(FaultCode::StoreCorrupt, std::string("it could not be mapped: ") + error.what()),
                               part);
        }
    }
    taken.counts.source_says = page.source_says;
    all_.counts.add(taken.counts);
    return taken;
}

}  // namespace caseway
