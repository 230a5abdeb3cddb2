// gateway/pipeline/kept_payloads.hpp - what a former run kept and could not take, read again as if it were a source:
// parked payloads, and those of which something was refused where the mapping has changed since (and no retry has read
// them with this one already), or for its time, which the clock of the retry judges anew. The department is not asked,
// and a payload counts as of the time at which it was read, so that no newer statement is overwritten.
#pragma once

#include "gateway/domain/run.hpp"
#include "gateway/log/store_source.hpp"
#include "gateway/ports/connector.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

class KeptPayloads final : public Connector {
public:
    /// `mapping`: the version that is to read them now.
    KeptPayloads(StoreReader& reader, BodyOpener open_body, RunNo of, const Sha256& mapping)
        : reader_(reader), open_body_(std::move(open_body)), of_(of), mapping_(mapping) {}

    /// Whether it has anything at all.
    bool any();

    std::vector<CheckStep> check() override { return {}; }
    std::vector<SourceObject> discover() override { return {}; }
    /// A page of the former run a page, or as much of it as the limits take; the cursor is its number, and behind how
    /// many of its messages it is. Payloads whose bytes are gone are passed over; at the
    /// end ConnectorFault{Config, kept_payload_gone} tells of the first.
    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override;
    void acknowledge(const Cursor&) override {}
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>&) override { return {}; }

private:
    std::optional<Cursor> givePage(const RunPageRow& row, std::size_t behind, std::uint64_t most, PageSink& sink);
    bool isWanted(LogIndex index);
    bool isForItsTime(const MessageRow& message);
    bool wasReadWithMapping();
    bool hasReadWithMapping(RunNo retry);
    /// How many bytes it has; nothing: they are gone.
    std::optional<std::uint64_t> give(LogIndex index, PageSink& sink);

    StoreReader& reader_;
    BodyOpener open_body_;
    const RunNo of_;
    const Sha256 mapping_;
    std::optional<LogIndex> gone_;  ///< the first that was passed over
    std::optional<bool> was_read_;  ///< by a retry, with this mapping
};

}  // namespace caseway
