// gateway/pipeline/patch_collector.hpp - keeps what a mapping makes of a payload until the writer takes it.
#pragma once

#include <vector>

#include "gateway/normalize/mapping.hpp"
#include "gateway/pipeline/prepared_message.hpp"

namespace caseway {

/// Owned copies of records and refusals, in the order of the payload.
class PatchCollector : public RecordSink {
public:
    /// Stops the pass after `most` records.
    explicit PatchCollector(std::size_t most) : most_(most) {}
    bool record(const CasePatch& patch) override;
    bool refused(const Refusal& refusal) override;
    bool refusedOf(const Refusal& refusal, const CasePatch& mapped) override;
    std::vector<PreparedRecord> take() { return std::move(records_); }

protected:
    std::size_t most_;
    std::vector<PreparedRecord> records_;
};

}  // namespace caseway
