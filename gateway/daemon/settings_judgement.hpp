// gateway/daemon/settings_judgement.hpp - what a type of connector says of settings that fit its schema, without
// reaching the other side: all of its mistakes, though open() throws one at a time.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/refusal.hpp"
#include "gateway/daemon/connector_types.hpp"
#include "gateway/formats/yaml/yaml_tree.hpp"

namespace caseway {

struct UnfitSetting {
    std::string pointer;      ///< below the settings
    bool is_unknown = false;  ///< nothing is lost where it is left out
};

/// `given`: settings that fit `type`'s schema, but for `unfit`. Refusals bad_setting, each with its line; none of a
/// secret's text, which nobody looks up here. In the place of a setting that is refused another one is put, of the
/// schema's examples, or it is left out, and the type is asked again; what it says only because of that is not told. A
/// plug-in is not started: it says what it thinks when it is tested. `unfit`: what does not fit the schema
/// and was told already; the type is asked of the rest where that can be, and what it says around such a place is not
/// told.
std::vector<Refusal> judgeSettings(const InstalledType& type, const YamlNode& given, const std::string& file,
                                   const std::vector<UnfitSetting>& unfit = {});

}  // namespace caseway
