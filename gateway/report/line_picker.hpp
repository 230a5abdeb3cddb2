// gateway/report/line_picker.hpp - single outcome lines out of the stored lines of one message.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/log/outcome_lines.hpp"
#include "gateway/log/outcome_parts.hpp"

namespace caseway {

/// Of a message's lines, which are numbered from 1, only those that are asked for are read: millions may lie between.
class LinePicker {
public:
    LinePicker(StoreReader& reader, LogIndex index) : lines_(reader, index) {}
    /// Nothing where there is no such line any more; numbers must ascend.
    std::optional<OutcomeLine> line(std::uint64_t number) {
        std::string found;
        while (true) {
            if (at_ == size_) {
                size_ = lines_.read(buffer_);
                at_ = 0;
                if (size_ == 0) return std::nullopt;
            }
            const std::string_view rest(buffer_.data() + at_, size_ - at_);
            const std::size_t end = rest.find('\n');
            if (next_ == number) found += rest.substr(0, end);
            at_ += std::min(end, rest.size() - 1) + 1;
            if (end == std::string_view::npos) continue;
            if (next_++ == number) return parseOutcomeLine(found);
            if (next_ > number) found.clear();
        }
    }

private:
    OutcomeParts lines_;
    std::vector<char> buffer_ = std::vector<char>(64 * 1024);
    std::size_t at_ = 0, size_ = 0;
    std::uint64_t next_ = 1;
};

}  // namespace caseway
