// gateway/normalize/known_records.cpp - keeping in step.
#include "gateway/normalize/known_records.hpp"

#include <algorithm>

#include "gateway/normalize/known_notes.hpp"

namespace caseway {

void KnownRecords::fill(std::size_t count) {
    while (next_ && window_.size() < count) {
        const auto piece = next_();
        std::vector<KnownRecord> more;
        if (!piece) {
            next_ = {};
        } else if (readKnownNotes(*piece, seal_, more)) {
            window_.insert(window_.end(), more.begin(), more.end());
        }
    }
}

void KnownRecords::drop(std::size_t count) {
    window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(count));
    drift_ = 0;
}

std::size_t KnownRecords::looksAhead() {
    fill(drift_ + 1);
    std::size_t most = 0;
    for (std::size_t i = 0; i < candidates(); ++i) most = std::max<std::size_t>(most, window_[placeOf(i)].mark.bytes);
    return most;
}

void KnownRecords::parsed(const Digest* digest) {
    fill(drift_ + kSearched);
    const std::size_t searched = std::min(window_.size(), drift_ + kSearched);
    for (std::size_t i = 0; digest != nullptr && i < searched; ++i)
        if (window_[i].mark.digest == *digest) return drop(i + 1);
    if (window_.empty()) return;
    if (drift_ < kMostDrift)
        ++drift_;
    else
        window_.pop_front();
}

}  // namespace caseway
