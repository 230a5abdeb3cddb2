// gateway/log/outcome_parts.hpp - the outcome lines of one message as a stream, piece by piece as they were stored: a
// large message has millions.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// A piece that can no longer be decoded reads as nothing: the root over the lines then tells. Throws
/// Fault{StoreUnavailable}.
class OutcomeParts final : public ByteSource {
public:
    /// `reader` must outlive it.
    OutcomeParts(StoreReader& reader, LogIndex index) : reader_(reader), index_(index) { advance(); }
    /// No lines are stored at all.
    bool empty() const { return !found_; }
    /// The pieces so far behind the first that have nothing in them that can be read. The gateway stores none: where
    /// such a piece stands beside lines whose root is good, it was added.
    const std::vector<std::uint64_t>& hollow() const { return hollow_; }

    std::size_t read(std::span<char> buffer) override {
        while (at_ == piece_.size())
            if (!advance()) return 0;
        const std::size_t count = std::min(buffer.size(), piece_.size() - at_);
        std::memcpy(buffer.data(), piece_.data() + at_, count);
        at_ += count;
        return count;
    }
    void rewind() override {
        part_ = 0;
        hollow_.clear();
        advance();
    }

private:
    bool advance() {
        at_ = 0;
        piece_.clear();
        const bool is_first = part_ == 0;
        try {
            auto piece = reader_.nextOutcomePart(index_, part_);
            if (!piece) return false;
            piece_ = std::move(*piece);
        } catch (const Fault& fault) {
            if (fault.code() != FaultCode::StoreCorrupt) throw;
        }
        if (piece_.empty() && !is_first) hollow_.push_back(part_ - 1);
        return found_ = true;
    }

    StoreReader& reader_;
    LogIndex index_;
    std::uint64_t part_ = 0;
    std::string piece_;
    std::size_t at_ = 0;
    bool found_ = false;
    std::vector<std::uint64_t> hollow_;
};

}  // namespace caseway
