// gateway/normalize/empty_set.cpp - two readers that follow the paths of the places, and nothing else.
#include "gateway/normalize/empty_set.hpp"

#include <algorithm>

#include "gateway/formats/json/reader.hpp"
#include "gateway/formats/xml/events.hpp"

namespace caseway {
namespace {

using Place = std::vector<PathStep>;

class JsonPlaces final : public JsonHandler {
public:
    explicit JsonPlaces(const std::vector<const Place*>& places) : places_(places) {}
    bool startObject() override {
        value();
        levels_.push_back({false, {}});
        return true;
    }
    bool key(std::string_view name) override {
        levels_.back().name = name;
        return true;
    }
    bool endObject() override {
        levels_.pop_back();
        return true;
    }
    bool startArray() override {
        value();
        is_at_place_ = std::any_of(places_.begin(), places_.end(), [this](const Place* place) { return isAt(*place); });
        levels_.push_back({true, {}});
        return true;
    }
    bool endArray() override {
        is_there_ = is_there_ || is_at_place_;
        is_at_place_ = false;
        levels_.pop_back();
        return true;
    }
    bool text(std::string_view) override { return value(); }
    bool longText() override { return value(); }
    bool number(std::string_view) override { return value(); }
    bool boolean(bool) override { return value(); }
    bool null() override { return value(); }
    bool isEmpty() const { return is_there_ && !has_some_; }

private:
    struct Level {
        bool is_array;
        std::string name;  ///< of the member that is read
    };
    bool value() {
        has_some_ = has_some_ || is_at_place_;
        is_at_place_ = false;
        return true;
    }
    bool isAt(const Place& place) const {
        return std::equal(
            place.begin(), place.end(), levels_.begin(), levels_.end(),
            [](const PathStep& step, const Level& level) { return !level.is_array && level.name == step.name; });
    }

    const std::vector<const Place*>& places_;
    std::vector<Level> levels_;
    bool is_at_place_ = false;  ///< a list that is one was opened just now
    bool is_there_ = false, has_some_ = false;
};

std::string_view viewOf(XmlChars chars) {
    return chars == nullptr ? std::string_view() : reinterpret_cast<const char*>(chars);
}

class XmlPlaces final : public XmlHandler {
public:
    explicit XmlPlaces(const std::vector<const Place*>& places) : places_(places), matched_(places.size()) {}
    void begin(XmlNames&) override {}
    bool start(const XmlStart& start) override {
        noteContent();
        for (std::size_t i = 0; i < places_.size(); ++i) {
            const Place& place = *places_[i];
            if (matched_[i] != depth_ || depth_ >= place.size()) continue;
            if (place[depth_].name != viewOf(start.local) || place[depth_].uri != viewOf(start.uri)) continue;
            is_there_ = ++matched_[i] == place.size() || is_there_;
        }
        ++depth_;
        return true;
    }
    bool text(std::string_view piece) override {
        if (piece.find_first_not_of(" \t\r\n") != piece.npos) noteContent();
        return true;
    }
    bool end() override {
        --depth_;
        for (std::size_t& matched : matched_) matched = std::min(matched, depth_);
        return true;
    }
    bool isEmpty() const { return is_there_ && !has_some_; }

private:
    void noteContent() {
        for (std::size_t i = 0; i < places_.size(); ++i)
            has_some_ = has_some_ || (matched_[i] == places_[i]->size() && matched_[i] == depth_);
    }

    const std::vector<const Place*>& places_;
    std::vector<std::size_t> matched_;  ///< steps of each place that lead to where it is
    std::size_t depth_ = 0;
    bool is_there_ = false, has_some_ = false;
};

}  // namespace

bool isEmptySet(const Mapping::Plan& plan, ByteSource& utf8, const Limits& limits) {
    std::vector<const Place*> places;
    for (const KindPlan& kind : plan.kinds)
        if (kind.place) places.push_back(&*kind.place);
    if (places.empty()) return false;
    if (plan.spec.format == SourceFormat::Json) {
        JsonPlaces reading(places);
        JsonLimits json;
        json.depth = limits.depth;
        return readJson(utf8, json, reading).ok() && reading.isEmpty();
    }
    XmlPlaces reading(places);
    return readXml(utf8, limits.depth, reading).ok() && reading.isEmpty();
}

}  // namespace caseway
