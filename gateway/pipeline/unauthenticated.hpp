// gateway/pipeline/unauthenticated.hpp - what nobody authenticated: a bounded sample a minute is kept as evidence, one
// aggregate leaf counts the rest. So nobody fills the disk from outside.
#pragma once

#include <mutex>
#include <string>

#include "gateway/pipeline/committer.hpp"

namespace caseway {

class Unauthenticated {
public:
    Unauthenticated(Committer& committer, const Clock& clock, std::uint32_t kept_per_minute)
        : committer_(committer), clock_(clock), kept_per_minute_(kept_per_minute) {}

    /// Counts one; queues its leaf while the minute's sample is not full. Never waits, never answers. Callable
    /// concurrently.
    void note(Binding binding, const std::string& refusal_code, std::string envelope);
    /// Queues the aggregate leaf of a minute that is over. Called now and then, and at the end.
    void settle(bool at_end = false);
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
    std::mutex mutex_;
    Minute minute_;
};

}  // namespace caseway
