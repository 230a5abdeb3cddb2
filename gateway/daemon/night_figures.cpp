// gateway/daemon/night_figures.cpp - a report, kept for a minute.
#include "gateway/daemon/night_figures.hpp"

#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

constexpr std::chrono::minutes kKept{1};

}  // namespace

std::map<std::string, NightFigure, std::less<>> NightFigures::now() {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.now();
    if (!is_old_ && now >= made_at_ && now < made_at_ + kKept) return made_;
    is_old_ = false;
    made_at_ = now;
    made_.clear();
    try {
        forEachConnector(make_(), [this](const DepartmentNight&, const ConnectorNight& one) {
            made_[one.connector] = {one.verdict.state, one.volume.jumped, one.next, one.counts.source_says,
                                    one.compared};
        });
    } catch (const Fault&) {  // the store tells of it elsewhere; the other figures stand
        is_old_ = true;
    }
    return made_;
}

}  // namespace caseway
