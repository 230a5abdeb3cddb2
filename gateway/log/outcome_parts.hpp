// gateway/log/outcome_parts.hpp - the outcome lines of one message as a stream, piece by piece as they were stored: a
// large message has millions.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>

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
        advance();
    }

private:
    bool advance() {
        at_ = 0;
        piece_.clear();
        try {
            auto piece = reader_.nextOutcomePart(index_, part_);
            if (!piece) return false;
            piece_ = std::move(*piece);
        } catch (const Fault& fault) {
            if (fault.code() != FaultCode::StoreCorrupt) throw;
        }
        return found_ = true;
    }

    StoreReader& reader_;
    LogIndex index_;
    std::uint64_t part_ = 0;
    std::string piece_;
    std::size_t at_ = 0;
    bool found_ = false;
};

}  // namespace caseway
