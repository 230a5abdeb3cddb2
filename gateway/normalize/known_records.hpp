// gateway/normalize/known_records.hpp - the records of the last payload beside the bytes of this one, in step: which of
// them may come next. Knows no XML; who asks has the bytes. Constant memory.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "gateway/base/bytes.hpp"
#include "gateway/domain/known_record.hpp"

namespace caseway {

class KnownRecords {
public:
    /// Gives the pieces of notes in their order, nothing behind the last.
    using NextPiece = std::function<std::optional<std::string>()>;
    using Digest = std::array<std::uint8_t, 16>;
    /// Without pieces nothing is known; new records are noted all the same. `secret`: with which marks are made.
    /// `seal`: with which the notes were.
    explicit KnownRecords(NextPiece next, const Sha256& secret = {}, const Sha256& seal = {})
        : next_(std::move(next)), secret_(secret), seal_(seal) {}

    const Sha256& secret() const { return secret_; }

    /// The most bytes that a record which may come next has; 0: none is expected.
    std::size_t looksAhead();
    /// The record that comes next; nothing where it is none that was expected. `digest(bytes)`: of so many bytes of
    /// what comes.
    template <class DigestOf>
    std::optional<KnownRecord> match(std::size_t available, DigestOf digest) {
        for (std::size_t i = 0; i < candidates(); ++i) {
            const std::size_t place = placeOf(i);
            const RecordMark& mark = window_[place].mark;
            if (mark.bytes > available || digest(mark.bytes) != mark.digest) continue;
            KnownRecord found = window_[place];
            drop(place + 1);
            return found;
        }
        return std::nullopt;
    }
    /// A record was read in full: new, changed, or one of those that were expected later.
    void parsed(const Digest* digest);

private:
    static constexpr std::size_t kSearched = 64;    ///< records that may have gone at once
    static constexpr std::size_t kTriedDrift = 16;  ///< beyond it only what was read tells where we are
    static constexpr std::size_t kMostDrift = 256;

    /// Either as many have changed as were read since we knew the place, or all of those are new.
    std::size_t candidates() const {
        if (drift_ > kTriedDrift || window_.empty()) return 0;
        return drift_ == 0 || drift_ >= window_.size() ? 1 : 2;
    }
    std::size_t placeOf(std::size_t candidate) const { return candidate == 0 && drift_ < window_.size() ? drift_ : 0; }
    void fill(std::size_t count);
    void drop(std::size_t count);

    NextPiece next_;
    const Sha256 secret_, seal_;
    std::deque<KnownRecord> window_;
    std::size_t drift_ = 0;  ///< records read since we knew the place: window_.front() is the first not seen again
};

}  // namespace caseway
