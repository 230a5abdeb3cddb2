// gateway/adapters/sqlite/name_codes.hpp - the texts of records without the names of their members, which are half of
// them: each name with its quotes stands there as two bytes. Knows no JSON: `","status":"` is 1 and the number of that
// name wherever it stands, `"status":` is 2 and the number, all other bytes are themselves.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace caseway {

class NameCodes {
public:
    /// Writes `text` in fewer bytes to `out`, which has room for text.size() + kSlack; how many. 0: the text holds
    /// control characters, which no canonical JSON does, and so has no such form; or it is empty.
    std::size_t pack(std::string_view text, char* out);
    static constexpr std::size_t kSlack = 16;
    /// Appends the text of what pack() wrote. False: damaged.
    static bool unpack(std::string_view packed, std::string& out);

    static constexpr std::uint8_t kNone = 255;  ///< no name

private:
    std::array<std::uint8_t, 256> next_ = [] {
        std::array<std::uint8_t, 256> none;
        none.fill(kNone);
        return none;
    }();  ///< which name followed each the last time: records resemble each other
};

}  // namespace caseway
