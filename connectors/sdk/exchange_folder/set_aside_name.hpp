// connectors/sdk/exchange_folder/set_aside_name.hpp - how files are called in archive and error folder: under their own
// name, and where that is taken with a time and a number behind it; the reason beside a file in the error folder.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "connectors/sdk/exchange_folder/exchange_settings.hpp"

namespace caseway {

inline constexpr std::string_view kReasonEnding = ".reason.txt";

/// `x.xml`, then `x.xml.20261125T210000Z`, then `x.xml.20261125T210000Z-2` …
std::string nameNumber(const std::string& name, int tried, std::chrono::system_clock::time_point now);

/// The name without what nameNumber() put behind it.
std::string_view withoutNumber(std::string_view name);

/// A reason, or the marker that came with a file.
bool isBesideAnother(std::string_view name, const ExchangeSettings& settings);

}  // namespace caseway
