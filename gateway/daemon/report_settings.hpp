// gateway/daemon/report_settings.hpp - what the keys `report.*` may say: each function gives what was expected where
// the text does not fit, else nothing; an empty text always fits but for zone and language.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace caseway {

/// "07:30"
std::optional<std::chrono::minutes> timeOfDay(std::string_view text);

std::string mistakeInZone(const std::string& value);
std::string mistakeInLanguage(const std::string& value);
std::string mistakeInTimeOfDay(const std::string& value);
std::string mistakeInMailServer(const std::string& value);
std::string mistakeInMailAddress(const std::string& value);
std::string mistakeInMailAddresses(const std::string& value);
/// Never the secret itself.
std::string mistakeInSecretName(const std::string& value);
std::string mistakeInWebhook(const std::string& value);

}  // namespace caseway
