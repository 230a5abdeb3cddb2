// gateway/log/store_source.cpp - reading the log row by row.
#include "gateway/log/store_source.hpp"

#include "gateway/log/damaged_row.hpp"

namespace caseway {
namespace {

constexpr std::size_t kHeadsAtOnce = 256;
constexpr std::uint64_t kGapMax = 100'000;  ///< leaves that may be missing in a row

std::uint64_t sizeOf(const std::optional<CheckpointRow>& head) {
    return head ? head->tree_size : 0;
}

}  // namespace

std::uint64_t StoreSource::sealed() {
    if (!sealed_) sealed_ = sizeOf(store_->lastCheckpoint());
    return *sealed_;
}

Result<bool> StoreSource::nextLeaf(LogIndex& index, std::string& leaf) {
    // Behind the last head only what hangs there without a gap.
    auto row = store_->leaf(next_);
    if (!row && next_ >= sealed()) return false;
    if (!row) {
        // A head or a leaf with a wild number must not make us count through the gap before it.
        const auto later = store_->keys(StoreTable::Leaf, StoredKey{next_, 0}, 1);
        const std::uint64_t end = later.empty() ? sealed() : later.front().first;
        if (end - next_ > kGapMax)
            return Refusal{"leaf_missing", "leaf " + std::to_string(next_), "",
                           "a leaf; the next one, or the last head, stands at " + std::to_string(end),
                           "the log breaks off here: compare with a backup"};
    }
    index = next_++;
    leaf = row ? std::move(*row) : std::string();
    return true;
}

std::optional<StoredEnvelope> StoreSource::envelope() {
    auto row = readOr([this] { return store_->envelope(next_ - 1); }, EnvelopeRow{});
    if (!row) return std::nullopt;
    StoredEnvelope envelope{std::move(row->head), nullptr};
    if (row->body_file.empty()) return envelope;
    body_ = open_body_ ? open_body_(row->body_file) : nullptr;
    if (body_ == nullptr) return std::nullopt;
    envelope.body = body_.get();
    return envelope;
}

ByteSource* StoreSource::outcomes(LogIndex lines_of) {
    lines_.emplace(*store_, lines_of);
    return lines_->empty() ? nullptr : &*lines_;
}

std::optional<CheckpointRow> StoreSource::nextCheckpoint(std::uint64_t up_to) {
    if (heads_.empty() && after_size_ < sealed()) {
        for (auto& head : store_->checkpoints(after_size_, kHeadsAtOnce)) heads_.push_back(std::move(head));
        after_size_ = heads_.empty() ? sealed() : heads_.back().tree_size;
    }
    if (heads_.empty() || heads_.front().tree_size > up_to || heads_.front().tree_size > sealed()) return std::nullopt;
    CheckpointRow head = std::move(heads_.front());
    heads_.pop_front();
    return head;
}

void StoreSource::rewind() {
    next_ = 0;
    after_size_ = 0;
    heads_.clear();
}

}  // namespace caseway
