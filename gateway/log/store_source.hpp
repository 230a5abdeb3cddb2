// gateway/log/store_source.hpp - a log read from the store that holds it. Sees what is committed, also while the
// gateway runs: it ends at the head that was the last one when it was made.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "gateway/log/log_source.hpp"

namespace caseway {

/// Opens a spooled body by its name below the payload folder; nullptr where it is gone.
using BodyOpener = std::function<std::unique_ptr<ByteSource>(const std::string& body_file)>;

class StoreSource final : public LogSource {
public:
    StoreSource(StoreReader& reader, BodyOpener open_body);
    Result<bool> nextLeaf(LogIndex& index, std::string& leaf) override;
    std::optional<StoredEnvelope> envelope() override;
    ByteSource* outcomes(LogIndex lines_of) override;
    std::optional<CheckpointRow> nextCheckpoint(std::uint64_t up_to) override;
    std::optional<std::string> certificate(const KeyId& id) override { return reader_.certificate(id); }
    bool hasRows() const override { return true; }
    std::optional<std::string> tile(std::uint32_t level, std::uint64_t n) override { return reader_.tile(level, n); }
    std::optional<MessageRow> row(LogIndex index) override;
    void rewind() override;

private:
    StoreReader& reader_;
    BodyOpener open_body_;
    std::uint64_t sealed_;  ///< size of the last head
    LogIndex next_ = 0;
    std::uint64_t after_size_ = 0;  ///< heads up to this size were fetched
    std::deque<CheckpointRow> heads_;
    std::unique_ptr<ByteSource> body_;
    std::string lines_;
    std::optional<MemorySource> lines_source_;
};

}  // namespace caseway
