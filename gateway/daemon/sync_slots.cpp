// gateway/daemon/sync_slots.cpp - who may be at work now: so many runs at once, fairly among departments. A run that
// only waits for a source that asked for it is not at work.
#include <algorithm>
#include <system_error>

#include "gateway/daemon/sync_runner.hpp"

namespace caseway {
namespace {

constexpr std::size_t kMostAtRest = 200;  ///< threads besides those of the slots
constexpr std::string_view kNoSlot = "no_free_slot";

}  // namespace

/// False: the process stops. A run that nobody wants any more waits no longer.
bool SyncRunner::pause(const Job& job, std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, time, [&] { return stopping_.load() || job.isHalted(); });
    return !stopping_;
}

/// The same without its slot. Behind it the run takes its turn among those that wait, as if it were asked for now.
bool SyncRunner::rest(Job& job, std::chrono::milliseconds time) {
    if (time < parts_.rests_from) return pause(job, time);
    std::unique_lock lock(mutex_);
    job.rests = mayRest(job);
    wake_.notify_all();
    wake_.wait_for(lock, time, [&] { return stopping_.load() || job.isHalted(); });
    if (job.rests) {
        if (job.wait) job.wait->trouble.code = kNoSlot;
        const JobPtr waiting = jobs_.at(job.live->name.text());
        waiting_.push_back(waiting);
        wake_.notify_all();
        wake_.wait(lock, [&] { return stopping_ || job.isHalted() || !job.rests; });
        std::erase(waiting_, waiting);
        job.rests = false;  // halted: it only ends
    }
    return !stopping_;
}

/// For each one at rest there is a thread more, so that a free slot never lacks one.
bool SyncRunner::mayRest(Job& job) {
    std::size_t resting = 1;
    for (const auto& [name, other] : jobs_) resting += other.get() != &job && other->rests ? 1 : 0;
    if (stopping_ || resting > kMostAtRest) return false;
    try {
        while (threads_.size() < parts_.settings.sync.runs_at_once + resting) threads_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {  // then it waits where it is
        return false;
    }
    return true;
}

/// Where several departments have connectors, one slot is never the busiest one's: its slow nights hold up nobody else.
std::size_t SyncRunner::mostOfOneDepartment() const {
    const std::size_t slots = parts_.settings.sync.runs_at_once;
    if (slots < 2 || live_.empty()) return slots;
    const std::string_view first = live_.begin()->second->name.system.department();
    const bool are_several = std::any_of(
        live_.begin(), live_.end(), [first](const auto& one) { return one.second->name.system.department() != first; });
    return are_several ? slots - 1 : slots;
}

/// The first that waits of the department that has fewest at work: one with many connectors does not hold up the
/// others. Null where none may begin now.
SyncRunner::JobPtr SyncRunner::chooseFairly() {
    std::map<std::string, std::size_t, std::less<>> at_work;
    const auto countOf = [&at_work](const Job& job) -> std::size_t& {
        return at_work[std::string(job.live->name.system.department())];
    };
    std::size_t all = 0;
    for (const auto& [name, job] : jobs_)
        if (job->running && !job->rests) ++countOf(*job), ++all;
    if (all >= parts_.settings.sync.runs_at_once) return nullptr;
    const auto chosen = std::min_element(waiting_.begin(), waiting_.end(),
                                         [&](const JobPtr& a, const JobPtr& b) { return countOf(*a) < countOf(*b); });
    if (chosen == waiting_.end() || countOf(**chosen) >= mostOfOneDepartment()) return nullptr;
    JobPtr job = std::move(*chosen);
    waiting_.erase(chosen);
    return job;
}

/// One to begin with. Those that have rested go on by their own threads.
SyncRunner::JobPtr SyncRunner::takeFairly() {
    while (JobPtr job = chooseFairly()) {
        if (!job->running.exchange(true)) return job;
        job->rests = false;
        wake_.notify_all();
    }
    return nullptr;
}

}  // namespace caseway
