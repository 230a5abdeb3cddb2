// gateway/formats/json/seen_names.hpp - finds a member name that an object has twice, without a hash table: objects of
// a payload repeat one another, so each name is first compared with the one at its place in the last object of the same
// depth. Private to this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/byte_blocks.hpp"

namespace caseway {

/// Memory and work stay linear (n log n for a wide object) in the bytes of the names, whatever they are.
class SeenNames {
public:
    enum class Verdict : std::uint8_t { Fresh, Twice, TooMany };

    /// `most_bytes`: of the names (and their places) that may be kept at a time.
    explicit SeenNames(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    void open();
    /// `is_plain`: it is written as it is, without escapes.
    Verdict add(std::string_view name, bool is_plain);
    /// A name that came again: it and its note stay where they are until the object has another name, or ends.
    struct Again {
        std::string_view name{};
        std::uint32_t* note = nullptr;  ///< nullptr: it did not, or that is not known: it is for add()
    };
    /// Adds the name at the front of `rest`, should it be the one that comes next in the last object, a quote behind it
    /// and something behind that.
    Again follow(std::string_view rest) {
        Frame& frame = *top_;
        if (frame.count >= frame.plain) return {};
        const std::string_view next = frame.name(frame.count);
        if (next.size() + 1 >= rest.size() || rest[next.size()] != '"') return {};
        if (!sameText(next, rest.substr(0, next.size()))) return {};
        return {next, &frame.names[frame.count++].note};
    }
    /// Ends the object. Wide objects are checked only here.
    Verdict close();

private:
    struct Name {
        std::uint32_t begin = 0, end = 0;  ///< where it stands in the names' bytes
        std::uint32_t note = 0;            ///< of who handles it; 0 where it is new
    };
    struct Frame {
        std::string bytes;        ///< the names, one after the other
        std::vector<Name> names;  ///< of the last object where this one follows it, even beyond its own
        std::uint32_t count = 0;  ///< names of the object so far
        std::uint32_t plain = 0;  ///< so many of `names`, from the first on, may follow: written without escapes
        bool follows = true;      ///< they are those of the last object, which were distinct
        std::uint64_t marks = 0;  ///< one bit per name's shape; meaningful once it no longer follows

        std::string_view name(std::size_t i) const {
            return {bytes.data() + names[i].begin, names[i].end - names[i].begin};
        }
    };

    void diverge(Frame& frame);
    bool isTwiceInWide(const Frame& frame);
    static std::uint64_t markOf(std::string_view name);

    std::vector<Frame> frames_;
    std::size_t open_ = 0;
    Frame* top_ = nullptr;  ///< the innermost open one
    std::size_t kept_bytes_ = 0;
    std::size_t most_bytes_;
    std::vector<std::uint32_t> order_;
};

}  // namespace caseway
