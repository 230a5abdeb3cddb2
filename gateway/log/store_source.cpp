// gateway/log/store_source.cpp - reading the log row by row.
#include "gateway/log/store_source.hpp"

#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

constexpr std::size_t kHeadsAtOnce = 256;

std::uint64_t sizeOf(const std::optional<CheckpointRow>& head) {
    return head ? head->tree_size : 0;
}

/// What `read` reads, or `damaged` where the stored bytes can no longer be decoded: the verifier names the leaf and
/// goes on, as it does with bytes that were changed and still can.
template <class Read>
auto readOr(Read read, decltype(read()) damaged) {
    try {
        return read();
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::StoreCorrupt) throw;
        return damaged;
    }
}

}  // namespace

StoreSource::StoreSource(StoreReader& reader, BodyOpener open_body)
    : reader_(reader), open_body_(std::move(open_body)), sealed_(sizeOf(reader.lastCheckpoint())) {}

Result<bool> StoreSource::nextLeaf(LogIndex& index, std::string& leaf) {
    // Behind the last head only what hangs there without a gap: a running gateway may have sealed more meanwhile.
    auto row = reader_.leaf(next_);
    if (!row && next_ >= sealed_) return false;
    if (next_ >= sealed_ && sizeOf(reader_.lastCheckpoint()) > sealed_) return false;
    index = next_++;
    leaf = row ? std::move(*row) : std::string();
    return true;
}

std::optional<StoredEnvelope> StoreSource::envelope() {
    auto row = readOr([this] { return reader_.envelope(next_ - 1); }, EnvelopeRow{});
    if (!row) return std::nullopt;
    StoredEnvelope envelope{std::move(row->head), nullptr};
    if (row->body_file.empty()) return envelope;
    body_ = open_body_ ? open_body_(row->body_file) : nullptr;
    if (body_ == nullptr) return std::nullopt;
    envelope.body = body_.get();
    return envelope;
}

ByteSource* StoreSource::outcomes(LogIndex lines_of) {
    auto lines = readOr([&] { return reader_.outcomeLines(lines_of); }, std::string());
    if (!lines) return nullptr;
    lines_ = std::move(*lines);
    return &lines_source_.emplace(lines_);
}

std::optional<CheckpointRow> StoreSource::nextCheckpoint(std::uint64_t up_to) {
    if (heads_.empty() && after_size_ < sealed_) {
        for (auto& head : reader_.checkpoints(after_size_, kHeadsAtOnce)) heads_.push_back(std::move(head));
        after_size_ = heads_.empty() ? sealed_ : heads_.back().tree_size;
    }
    if (heads_.empty() || heads_.front().tree_size > up_to || heads_.front().tree_size > sealed_) return std::nullopt;
    CheckpointRow head = std::move(heads_.front());
    heads_.pop_front();
    return head;
}

std::optional<MessageRow> StoreSource::row(LogIndex index) {
    return readOr([&] { return reader_.message(index); }, std::nullopt);
}

void StoreSource::rewind() {
    next_ = 0;
    after_size_ = 0;
    heads_.clear();
}

}  // namespace caseway
