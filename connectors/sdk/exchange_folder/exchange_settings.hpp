// connectors/sdk/exchange_folder/exchange_settings.hpp - the settings that every exchange folder has, whatever holds
// its files: names, readiness, what happens to a file that was read, and the way back.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connectors/sdk/flat_settings.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

struct ExchangeSettings {
    std::string folder;   ///< empty: nothing is read
    std::string archive;  ///< empty: files stay where they are
    std::string error;    ///< empty: files that cannot be taken stay, and are a fault
    std::string out;      ///< empty: nothing is written

    std::vector<std::string> patterns;
    std::string marker;  ///< `{name}.ok` or `{stem}.ok`; empty: readiness by age
    std::chrono::seconds least_age{};
    bool by_time = false;
    std::uint64_t file_bytes_most = 0;
    std::string media_type;  ///< empty: by the name's ending

    std::string out_suffix;
    std::string out_marker;  ///< as marker; empty: none
};

/// The members of the JSON schema's `properties`, without braces; a connector adds its own.
extern const char* const kExchangeSchema;

/// Of a type that exchanges files: its own settings' `members` (each with a comma behind it) before those that all
/// have, and which of its own are `required`, as JSON.
ConnectorSpec exchangeSpec(const std::string& type, const std::string& title, const std::string& members = {},
                           const std::string& required = {});

/// Throws ConnectorFault{Config, bad_setting}.
ExchangeSettings readExchangeSettings(FlatSettings& settings);

/// `x.xml` with `{name}.ok` → `x.xml.ok`, with `{stem}.ok` → `x.ok`.
std::string markerOf(const std::string& name, const std::string& marker);

}  // namespace caseway
