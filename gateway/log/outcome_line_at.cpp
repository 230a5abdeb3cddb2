// gateway/log/outcome_line_at.cpp - lines stand in the order of their records, from 1 without gaps.
#include "gateway/log/outcome_line_at.hpp"

#include <array>

#include "gateway/log/outcome_parts.hpp"

namespace caseway {

void eachOutcomeLine(StoreReader& reader, LogIndex index, const std::function<bool(std::string_view)>& each) {
    OutcomeParts parts(reader, index);
    std::array<char, 16384> buffer;
    std::string line;
    while (const std::size_t count = parts.read(buffer)) {
        std::string_view rest(buffer.data(), count);
        for (std::size_t end; (end = rest.find('\n')) != std::string_view::npos; rest.remove_prefix(end + 1)) {
            line.append(rest.substr(0, end));
            if (!each(line)) return;
            line.clear();
        }
        line.append(rest);
    }
}

std::optional<std::string> outcomeLineAt(StoreReader& reader, LogIndex index, std::uint64_t record) {
    std::optional<std::string> found;
    std::uint64_t at = 0;
    eachOutcomeLine(reader, index, [&](std::string_view line) {
        if (++at == record) found = line;
        return at < record;
    });
    return found;
}

}  // namespace caseway
