// gateway/formats/envelope/json_span.cpp - one pass over a valid object, looking at quotes and brackets only.
#include "gateway/formats/envelope/json_span.hpp"

#include <algorithm>

#include "gateway/base/check.hpp"

namespace caseway {
namespace {

class Walk {
public:
    explicit Walk(std::string_view json) : json_(json) {}

    void skipSpace() { at_ = std::min(json_.find_first_not_of(" \t\r\n", at_), json_.size()); }
    char here() const { return at_ < json_.size() ? json_[at_] : '\0'; }
    void step() { ++at_; }
    std::size_t at() const { return at_; }

    /// From an opening quote to behind the closing one.
    void skipString() {
        for (++at_; here() != '"'; ++at_) {
            at_ = json_.find_first_of("\"\\", at_);
            CASEWAY_CHECK(at_ != std::string_view::npos);
            if (here() == '"') break;
            ++at_;
        }
        ++at_;
    }

    void skipValue() {
        if (here() == '"') return skipString();
        if (here() != '{' && here() != '[') {
            at_ = std::min(json_.find_first_of(",]} \t\r\n", at_), json_.size());
            return;
        }
        std::size_t depth = 0;
        do {
            at_ = json_.find_first_of("\"{}[]", at_);
            CASEWAY_CHECK(at_ != std::string_view::npos);
            if (here() == '"') {
                skipString();
                continue;
            }
            depth = here() == '{' || here() == '[' ? depth + 1 : depth - 1;
            ++at_;
        } while (depth != 0);
    }

private:
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
