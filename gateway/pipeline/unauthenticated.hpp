// gateway/pipeline/unauthenticated.hpp - what nobody authenticated: a bounded sample a minute is kept as evidence, one
// aggregate leaf counts the rest. So nobody fills the disk from outside.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/pipeline/committer.hpp"
#include "gateway/verify/verifier.hpp"

namespace caseway {

/// One of the sample, for the operator: nobody verified who it is from.
struct UnauthenticatedNews {
    const Refusal& refusal;
    int status;
    const ClaimedSigner& claimed;
    std::optional<LogIndex> log_index{};  ///< of its leaf; nothing where the store did not take it
};

class Unauthenticated {
public:
    /// `news`: told of each that is to be kept, once its leaf is durable or could not be written, so at most
    /// `kept_per_minute` times a minute; on the writer's thread.
    Unauthenticated(Committer& committer, const Clock& clock, std::uint32_t kept_per_minute,
                    std::function<void(const UnauthenticatedNews&)> news = {})
        : committer_(committer), clock_(clock), kept_per_minute_(kept_per_minute), news_(std::move(news)) {}

    /// Counts one; queues its leaf while the minute's sample is not full. Never waits, never answers. Callable
    /// concurrently.
    void note(Binding binding, const UnauthenticatedNews& message, std::string envelope);
    /// Queues the aggregate leaf of a minute that is over. Called now and then, and at the end.
    void settle(bool at_end = false);
    /// What became of one that was to be kept.
    void tell(const UnauthenticatedNews& message) const;
    /// Some that were taken out could not be logged: they stay in the count.
    void countAgain(std::uint64_t count);

private:
    struct Minute {
        Instant began{};
        std::uint32_t kept = 0;
        std::uint64_t counted = 0;
    };
    void close(const Minute& minute);

    Committer& committer_;
    const Clock& clock_;
    const std::uint32_t kept_per_minute_;
    const std::function<void(const UnauthenticatedNews&)> news_;
    std::mutex mutex_;
    Minute minute_;
};

}  // namespace caseway
