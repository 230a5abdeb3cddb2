// connectors/sdk/exchange_folder/set_aside_name.cpp - names with a time behind them, and back.
#include "connectors/sdk/exchange_folder/set_aside_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace caseway {
namespace {

constexpr std::size_t kNameBytesMost = 255;

bool areDigits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string nameNumber(const std::string& name, int tried, std::chrono::system_clock::time_point now) {
    if (tried == 0) return name;
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::string ending = fmt::format(".{:04}{:02}{:02}T{:02}{:02}{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
    if (tried > 1) ending += fmt::format("-{}", tried);
    return name.substr(0, kNameBytesMost - ending.size()) + ending;
}

std::string_view withoutNumber(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return name;
    std::string_view ending = name.substr(dot + 1);
    const std::size_t dash = ending.find('-');
    if (dash != std::string_view::npos && !areDigits(ending.substr(dash + 1))) return name;
    ending = ending.substr(0, dash);
    const bool is_time = ending.size() == 16 && areDigits(ending.substr(0, 8)) && ending[8] == 'T' &&
                         areDigits(ending.substr(9, 6)) && ending[15] == 'Z';
    return is_time ? name.substr(0, dot) : name;
}

bool isBesideAnother(std::string_view name, const ExchangeSettings& settings) {
    name = withoutNumber(name);
    constexpr std::size_t kStem = 6;  // `{name}` or `{stem}`
    return name.ends_with(kReasonEnding) ||
           (!settings.marker.empty() && name.ends_with(std::string_view(settings.marker).substr(kStem)));
}

}  // namespace caseway
