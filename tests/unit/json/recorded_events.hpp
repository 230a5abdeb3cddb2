// tests/unit/json/recorded_events.hpp - a handler that writes down what it is told, and stops where a test wants it to.
#pragma once

#include <string>

#include "gateway/formats/json/reader.hpp"

namespace caseway {

/// `{ k:a #1 "t" } [ ] true false null`, separated by spaces.
class RecordedEvents final : public JsonHandler {
public:
    explicit RecordedEvents(std::size_t most = 1'000'000) : most_(most) {}
    bool startObject() override { return add("{"); }
    bool key(std::string_view name) override { return add("k:" + std::string(name)); }
    bool endObject() override { return add("}"); }
    bool startArray() override { return add("["); }
    bool endArray() override { return add("]"); }
    bool text(std::string_view value) override { return add("\"" + std::string(value) + "\""); }
    bool longText() override { return takes_long && add("long"); }
    bool number(std::string_view literal) override { return add("#" + std::string(literal)); }
    bool boolean(bool value) override { return add(value ? "true" : "false"); }
    bool null() override { return add("null"); }

    std::string all;
    bool takes_long = false;  ///< goes on behind a text that is too long

private:
    bool add(const std::string& event) {
        all += (all.empty() ? "" : " ") + event;
        return --most_ != 0;
    }
    std::size_t most_;
};

}  // namespace caseway
