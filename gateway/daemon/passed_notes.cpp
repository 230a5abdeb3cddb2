// gateway/daemon/passed_notes.cpp - behind what the store has of a connector stands what waited.
#include "gateway/daemon/passed_notes.hpp"

namespace caseway {

void PassedNotes::add(const PassedOverLine& line) {
    {
        const std::lock_guard lock(mutex_);
        waiting_[line.connector].add(
            {std::string(nameOf(line.why)), line.count, Instant(line.first), Instant(line.due)});
    }
    settle();
}

void PassedNotes::settle() {
    const std::lock_guard lock(mutex_);
    if (failed_at_ && std::chrono::steady_clock::now() < *failed_at_ + parts_.after_failure) return;
    keepAll();
}

void PassedNotes::settleNow() {
    const std::lock_guard lock(mutex_);
    keepAll();
}

void PassedNotes::keepAll() {
    while (!waiting_.empty()) {
        const auto& [connector, times] = *waiting_.begin();
        try {
            const std::string name = passedNoteOf(connector);
            PassedTimes all = PassedTimes::read(parts_.read(name).value_or(std::string()));
            for (const PassedSpan& span : times.spans()) all.add(span);
            parts_.keep(name, all.text());
        } catch (const std::exception& error) {
            if (!failed_at_) parts_.not_kept(connector, error.what());
            failed_at_ = std::chrono::steady_clock::now();
            return;
        }
        waiting_.erase(waiting_.begin());
        failed_at_.reset();
    }
}

}  // namespace caseway
