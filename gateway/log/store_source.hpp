// gateway/log/store_source.hpp - a log read from the store that holds it, as it stood at one moment, also while the
// gateway runs.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "gateway/log/log_source.hpp"
#include "gateway/log/outcome_parts.hpp"

namespace caseway {

/// Opens a spooled body by its name below the payload folder; nullptr where it is gone.
using BodyOpener = std::function<std::unique_ptr<ByteSource>(const std::string& body_file)>;

class StoreSource final : public LogSource {
public:
    StoreSource(std::unique_ptr<StoreSnapshot> store, BodyOpener open_body)
        : store_(std::move(store)), open_body_(std::move(open_body)) {}
    Result<bool> nextLeaf(LogIndex& index, std::string& leaf) override;
    std::optional<StoredEnvelope> envelope() override;
    ByteSource* outcomes(LogIndex lines_of) override;
    std::optional<CheckpointRow> nextCheckpoint(std::uint64_t up_to) override;
    std::optional<std::string> certificate(const KeyId& id) override { return store_->certificate(id); }
    StoreSnapshot* store() override { return store_.get(); }
    void rewind() override;

private:
    /// Size of the last head.
    std::uint64_t sealed();

    std::unique_ptr<StoreSnapshot> store_;
    BodyOpener open_body_;
    std::optional<std::uint64_t> sealed_;  ///< not read before it is asked for: the schema is looked at first
    LogIndex next_ = 0;
    std::uint64_t after_size_ = 0;  ///< heads up to this size were fetched
    std::deque<CheckpointRow> heads_;
    std::unique_ptr<ByteSource> body_;
    std::optional<OutcomeParts> lines_;
};

}  // namespace caseway
