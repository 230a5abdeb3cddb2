// gateway/daemon/setting_place.hpp - where in a connector's file the setting stands that a connector speaks of: it
// knows its settings, and neither their file nor their lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/formats/yaml/yaml_tree.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

/// "draft.yaml:7 /settings/archive" of the setting whose text `said` is, or begins with as a folder; of several the
/// longest. Empty where there is none, and of the names of secrets.
std::string placeOfSetting(const YamlNode& settings, const std::string& file, std::string_view said);

/// `steps`, the one that failed with the place of the setting that it names behind its detail.
std::vector<CheckStep> withPlaces(std::vector<CheckStep> steps, const YamlNode& settings, const std::string& file);

}  // namespace caseway
