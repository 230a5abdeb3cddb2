// gateway/daemon/expiry_watch.hpp - certificates that end soon: figures for Prometheus, and a line in the operating log
// 30, 7 and 1 days before, each told once.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/ports/clock.hpp"
#include "gateway/register/register_view.hpp"

namespace caseway {

class ExpiryWatch {
public:
    /// `expired_authorities`: what is done with messages under an expired authority, told beside it.
    explicit ExpiryWatch(const Clock& clock, std::string expired_authorities = "accept")
        : clock_(clock), expired_authorities_(std::move(expired_authorities)) {}
    /// What is watched from now on; told at the next look().
    void watch(std::vector<Expiry> expiries);
    /// Tells what has come within 30, 7 or 1 days, is over, or was revoked, since the last look. Cheap: at most once a
    /// minute.
    void look();
    /// What is watched, and the time now.
    std::vector<Expiry> watched() const;
    Instant now() const { return clock_.now(); }

private:
    void tell(const Expiry& expiry, int within_days) const;

    const Clock& clock_;
    std::string expired_authorities_;
    mutable std::mutex mutex_;
    std::vector<Expiry> expiries_;
    std::map<std::string, int> told_;  ///< whose and key id, to the tightest warning that was told
    Instant next_{};
};

}  // namespace caseway
