// gateway/formats/settings/check_settings.hpp - a person's settings against a connector's schema: all mistakes at once,
// each with its line, and the settings as the connector takes them, defaults filled in and secrets in their place.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/formats/settings/secret_reference.hpp"
#include "gateway/formats/settings/setting_node.hpp"

namespace caseway {

inline constexpr std::size_t kMostSettingMistakes = 50;

/// Every mistake of `settings`, at most kMostSettingMistakes, in the order of the file; none: they fit.
/// `file`: for the places, "file:12 /settings/port". `line`: of the key `settings`, for what is missing at its top.
/// Codes: setting_unknown, setting_missing, setting_not_good, secret_literal. Values are masked; of a secret nothing is
/// shown.
std::vector<Refusal> checkSettings(const SettingNode& schema, const YamlNode& settings, const std::string& file,
                                   int line);

/// Gives the text of a secret. Refusal: why it cannot be had; never a part of it.
using SecretLookup = std::function<Result<std::string>(const SecretReference& reference)>;

/// Settings that fit, as JSON: defaults filled in, secrets resolved by `lookup`. Refusals: of `lookup`.
Result<std::string> settingsJson(const SettingNode& schema, const YamlNode& settings, const SecretLookup& lookup);

}  // namespace caseway
