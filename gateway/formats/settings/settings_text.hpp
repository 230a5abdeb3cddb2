// gateway/formats/settings/settings_text.hpp - what a schema says, for people: a sample to fill in and a table to read.
// Made from the schema alone, so that neither can differ from what is checked.
#pragma once

#include <string>

#include "gateway/formats/settings/setting_node.hpp"

namespace caseway {

/// The members as YAML lines, `indent` spaces before each: what is needed with an example, the rest as comments with
/// its default.
std::string settingsSample(const SettingNode& schema, int indent);

/// A Markdown table: name, form, default, meaning; members of members as `tls.verify`.
std::string settingsTable(const SettingNode& schema);

}  // namespace caseway
