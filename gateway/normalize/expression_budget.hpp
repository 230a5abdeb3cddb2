// gateway/normalize/expression_budget.hpp - the work that the expressions of one pass over a payload may do. A stock,
// and what each record brings by its size: the same payload is always judged the same, however it is cut into slices.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace caseway {

class ExpressionBudget {
public:
    explicit ExpressionBudget(std::uint64_t stock) : stock_(stock), left_(stock) {}

    /// A record of so many bytes begins to be evaluated.
    void earn(std::size_t record_bytes) { left_ = std::min(stock_, left_ + kPerRecord + record_bytes * kPerByte); }
    /// Steps for copying what an expression yielded.
    void spendOnText(std::size_t bytes) { left_ -= std::min<std::uint64_t>(left_, 1 + bytes / 64); }
    bool isSpent() const { return left_ == 0; }
    /// For evaluators, which take from it what they use.
    std::uint64_t& left() { return left_; }

private:
    static constexpr std::uint64_t kPerRecord = 2000;
    static constexpr std::uint64_t kPerByte = 16;

    std::uint64_t stock_;
    std::uint64_t left_;
};

}  // namespace caseway
