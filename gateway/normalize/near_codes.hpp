// gateway/normalize/near_codes.hpp - which known code an unknown one was likely meant to be, for the hints of one
// payload. To look for it is to compare with the whole table: each code is looked for once, and only as long as a
// payload has not cost too much, since a source with another table is wrong in every record.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/normalize/value_rule.hpp"

namespace caseway {

class NearCodes {
public:
    /// Empty where none is near, or where nobody looks any more. Lives as long as `rule`.
    std::string_view of(const ValueRule& rule, std::string_view code) {
        if (code.empty() || code.size() > kLongest) return {};
        std::pair<const ValueRule*, std::string> key{&rule, code};
        if (const auto known = known_.find(key); known != known_.end()) return known->second;
        const std::size_t cost = std::max<std::size_t>(rule.codeCount(), kLeast);
        if (cost > left_) return {};
        left_ -= cost;
        return known_.emplace(std::move(key), rule.nearestCode(code)).first->second;
    }

private:
    static constexpr std::size_t kMost = 100'000;  ///< codes that are compared for one payload
    static constexpr std::size_t kLeast = 100;     ///< what a look counts for at least: it is kept as well
    static constexpr std::size_t kLongest = 64;    ///< bytes of a code
    std::map<std::pair<const ValueRule*, std::string>, std::string_view> known_;
    std::size_t left_ = kMost;
};

}  // namespace caseway
