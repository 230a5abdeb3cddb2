// connectors/sdk/check_run.hpp - the steps of check(), one after the other: a fault ends them and says what to do.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gateway/ports/connector.hpp"

namespace caseway {

class CheckRun {
public:
    /// `step` gives what was seen; it is not called any more once a step before was bad.
    template <class Step>
    CheckRun& then(std::string name, Step&& step) {
        if (!steps_.empty() && !steps_.back().good) return *this;
        steps_.push_back({std::move(name), false, {}, {}});
        try {
            steps_.back().detail = step();
            steps_.back().good = true;
        } catch (const ConnectorFault& fault) {
            const auto& parts = fault.parts();
            steps_.back().detail = parts.code + (parts.where.empty() ? "" : ", " + parts.where) + ": " + parts.message;
            steps_.back().next_step = parts.next_step;
        }
        return *this;
    }
    std::vector<CheckStep> steps() && { return std::move(steps_); }

private:
    std::vector<CheckStep> steps_;
};

}  // namespace caseway
