// gateway/formats/json/seen_names.hpp - finds a member name that an object has twice, without a hash table: objects of
// a payload repeat one another, so each name is first compared with the one at its place in the last object of the same
// depth. Private to this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caseway {

/// Memory and work stay linear (n log n for a wide object) in the bytes of the names, whatever they are.
class SeenNames {
public:
    enum class Verdict : std::uint8_t { Fresh, Twice, TooMany };

    /// `most_bytes`: of the names (and their places) that may be kept at a time.
    explicit SeenNames(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    void open();
    Verdict add(std::string_view name);
    /// Ends the object. Wide objects are checked only here.
    Verdict close();

private:
    struct Frame {
        std::string bytes;                ///< the names, one after the other
        std::vector<std::uint32_t> ends;  ///< where each ends
        std::uint32_t count = 0;          ///< names of the object so far
        bool follows = true;              ///< they are those of the last object, which were distinct
        std::uint64_t marks = 0;          ///< one bit per name's shape; meaningful once it no longer follows

        std::string_view name(std::size_t i) const {
            const std::uint32_t start = i == 0 ? 0 : ends[i - 1];
            return {bytes.data() + start, ends[i] - start};
        }
    };

    void diverge(Frame& frame);
    bool isTwiceInWide(const Frame& frame);
    static std::uint64_t markOf(std::string_view name);

    std::vector<Frame> frames_;
    std::size_t open_ = 0;
    std::size_t kept_bytes_ = 0;
    std::size_t most_bytes_;
    std::vector<std::uint32_t> order_;
};

}  // namespace caseway
