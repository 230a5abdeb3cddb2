// connectors/sdk/test/sample_settings.hpp - the settings of a connector's sample.yaml as the JSON that open() is given,
// so that what the documents show is what is tested.
#pragma once

#include <yaml-cpp/yaml.h>

#include <stdexcept>
#include <string>

namespace caseway::fixture {

inline std::string jsonOf(const YAML::Node& node) {
    if (node.IsMap()) {
        if (node["secret"]) return "\"resolved\"";
        std::string all;
        for (const auto& member : node)
            all += (all.empty() ? "\"" : ",\"") + member.first.Scalar() + "\":" + jsonOf(member.second);
        return "{" + all + "}";
    }
    if (node.IsSequence()) {
        std::string all;
        for (const auto& item : node) all += (all.empty() ? "" : ",") + jsonOf(item);
        return "[" + all + "]";
    }
    const std::string text = node.Scalar();
    const bool bare = node.Tag() != "!" && !text.empty() &&
                      (text == "true" || text == "false" || text.find_first_not_of("0123456789") == std::string::npos);
    if (bare) return text;
    if (text.find_first_of("\"\\") != std::string::npos) throw std::runtime_error("a sample needs no such text");
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '\n' ? "\\n" : std::string(1, c);
    return quoted + "\"";
}

/// Of connectors/`type`/sample.yaml, which must be of that type.
inline std::string sampleSettings(const std::string& type) {
    const YAML::Node sample = YAML::LoadFile(std::string(CASEWAY_SOURCE_DIR) + "/connectors/" + type + "/sample.yaml");
    if (sample["type"].Scalar() != type) throw std::runtime_error("the sample is of another type");
    return jsonOf(sample["settings"]);
}

}  // namespace caseway::fixture
