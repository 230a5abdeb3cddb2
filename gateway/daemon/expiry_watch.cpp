// gateway/daemon/expiry_watch.cpp - the warnings and when they are due.
#include "gateway/daemon/expiry_watch.hpp"

#include "gateway/daemon/operating_log.hpp"

namespace caseway {

void ExpiryWatch::watch(std::vector<Expiry> expiries) {
    const std::lock_guard lock(mutex_);
    expiries_ = std::move(expiries);
    next_ = {};
}

std::vector<Expiry> ExpiryWatch::watched() const {
    const std::lock_guard lock(mutex_);
    return expiries_;
}

void ExpiryWatch::look() {
    const Instant now = clock_.now();
    const std::lock_guard lock(mutex_);
    if (now < next_) return;
    next_ = now + std::chrono::minutes(1);
    for (const Expiry& expiry : expiries_) {
        // One that was revoked is told, whatever was told of its end.
        const auto within = expiry.revoked_at ? std::optional(0) : warningDays(expiry, now);
        if (!within) continue;
        const std::string what = expiry.whose + " " + expiry.key_id + toRfc3339(expiry.at);
        const auto [told, is_new] = told_.emplace(expiry.revoked_at ? what + " revoked" : what, *within);
        if (!is_new && told->second <= *within) continue;
        told->second = *within;
        tell(expiry, *within);
    }
}

void ExpiryWatch::tell(const Expiry& expiry, int within_days) const {
    const std::string at = toRfc3339(expiry.revoked_at.value_or(expiry.at));
    const std::string certificates = expiry.isOfAuthority() ? std::to_string(expiry.certificates) : std::string();
    if (expiry.revoked_at)
        return logError(
            "authority_revoked",
            {{"whose", expiry.whose}, {"key_id", expiry.key_id}, {"at", at}, {"certificates", certificates}});
    const std::string days = std::to_string(within_days);
    const std::initializer_list<LogMember> members = {
        {"whose", expiry.whose},
        {"key_id", expiry.key_id},
        {"within_days", days},
        {"at", at},
        {"certificates", certificates},
        {"expired_authorities", expiry.isOfAuthority() ? std::string_view(expired_authorities_) : std::string_view()}};
    if (within_days == 0)
        logError("certificate_expired", members);
    else
        logWarning("certificate_expires", members);
}

}  // namespace caseway
