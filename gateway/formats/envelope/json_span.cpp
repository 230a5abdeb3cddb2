// gateway/formats/envelope/json_span.cpp - one pass over a valid object, looking at quotes and brackets only.
#include "gateway/formats/envelope/json_span.hpp"

#include "gateway/base/byte_blocks.hpp"
#include "gateway/base/check.hpp"

namespace caseway {
namespace {

class Walk {
public:
    explicit Walk(std::string_view json) : json_(json) {}

    void skipSpace() {
        while (isSpace(here())) ++at_;
    }
    char here() const { return at_ < json_.size() ? json_[at_] : '\0'; }
    void step() { ++at_; }
    std::size_t at() const { return at_; }

    /// From an opening quote to behind the closing one.
    void skipString() {
        for (++at_; nextOf(kIsInString) != '"'; at_ += 2) {
        }
        ++at_;
    }

    void skipValue() {
        if (here() == '"') return skipString();
        if (here() != '{' && here() != '[') {
            while (at_ < json_.size() && !isBehindScalar(here())) ++at_;
            return;
        }
        std::size_t depth = 0;
        do {
            const char c = nextOf(kIsStructural);
            if (c == '"') {
                skipString();
                continue;
            }
            depth = c == '{' || c == '[' ? depth + 1 : depth - 1;
            ++at_;
        } while (depth != 0);
    }

private:
    static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
    /// Of a byte or of a block of them.
    static constexpr auto kIsInString = [](auto c) -> decltype(c) { return (c == '"') | (c == '\\'); };
    static constexpr auto kIsStructural = [](auto c) -> decltype(c) {
        return (c == '"') | (c == '{') | (c == '}') | (c == '[') | (c == ']');
    };
    static bool isBehindScalar(char c) { return c == ',' || c == ']' || c == '}' || isSpace(c); }

    /// Goes on to the first byte that fits, which must be there, and gives it. By hand: find_first_of() calls the C
    /// library for every byte.
    template <class Fits>
    char nextOf(Fits fits) {
        while (at_ + sizeof(ByteBlock) <= json_.size()) {
            const std::size_t first = firstByte(fits(loadBlock(json_.data() + at_)));
            at_ += first;
            if (first != sizeof(ByteBlock)) return json_[at_];
        }
        while (at_ < json_.size() && !fits(json_[at_])) ++at_;
        CASEWAY_CHECK(at_ < json_.size());
        return json_[at_];
    }

    std::string_view json_;
    std::size_t at_ = 0;
};

}  // namespace

std::optional<std::vector<JsonMemberSpan>> memberSpans(std::string_view json, std::size_t most) {
    std::vector<JsonMemberSpan> members;
    Walk walk(json);
    walk.skipSpace();
    if (walk.here() != '{') return std::nullopt;
    walk.step();
    walk.skipSpace();
    while (walk.here() != '}') {
        if (members.size() == most) return std::nullopt;
        if (walk.here() == ',') walk.step();
        walk.skipSpace();
        const std::size_t name = walk.at() + 1;
        walk.skipString();
        const std::string_view name_text = json.substr(name, walk.at() - 1 - name);
        walk.skipSpace();
        walk.step();
        walk.skipSpace();
        const std::size_t value = walk.at();
        walk.skipValue();
        members.push_back({name_text, json.substr(value, walk.at() - value)});
        walk.skipSpace();
        CASEWAY_CHECK(walk.here() == ',' || walk.here() == '}');
    }
    return members;
}

}  // namespace caseway
