// gateway/daemon/settings.hpp - the configuration as plain values; defaults here, told to people in
// config/caseway.properties. Read with Poco's property files; an unknown key is an error, never ignored.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gateway/base/limits.hpp"

namespace caseway {

struct ListenerSettings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8443;
    std::string health_address = "127.0.0.1";
    std::uint16_t health_port = 8444;
    std::size_t connections = 4096;
    std::chrono::seconds head{10};
    std::chrono::seconds idle{75};
    std::size_t requests_in_flight = 1024;
    std::uint32_t requests_per_second_and_address = 0;  ///< 0: no limit
};

struct Settings {
    std::filesystem::path data = "data";
    std::string gateway_id = "center/gateway";
    std::string case_no_prefix = "CW-";
    ListenerSettings listen;
    std::string tls_certificate = "tls/server.pem";
    std::string tls_key = "tls/server.key";
    std::string log_key = "keys/log.key";
    std::string register_folder = "systems";
    std::string mappings_folder = "mappings";
    Limits limits;
    std::uint32_t unauthenticated_kept_per_minute = 10;
    unsigned workers = 0;
    std::vector<std::string> required_fields;
    std::string log_level = "information";

    /// `name` below the data folder, or as it stands where it is absolute.
    std::filesystem::path path(const std::string& name) const;
    std::string logOrigin() const { return gateway_id + "/log"; }
};

/// Reads `file` (empty: the defaults). Throws Fault{ConfigurationBad} with file, key, value and what is expected.
Settings readSettings(const std::filesystem::path& file, const std::filesystem::path& data);

/// Every key with the text of its value, sorted: what `--config` understands.
std::vector<std::pair<std::string, std::string>> settingsAsText(const Settings& settings);

}  // namespace caseway
