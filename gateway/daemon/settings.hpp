// gateway/daemon/settings.hpp - the configuration as plain values; defaults here, told to people in
// config/caseway.properties. Read with Poco's property files; an unknown key is an error, never ignored.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/limits.hpp"
#include "gateway/base/refusal.hpp"
#include "gateway/sync/circuit.hpp"

namespace caseway {

struct ListenerSettings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8443;
    std::string health_address = "127.0.0.1";
    std::uint16_t health_port = 8444;
    std::string thrift;  ///< ADDRESS:PORT of the exchange over Thrift; empty: none
    std::size_t connections = 4096;
    std::chrono::seconds head{10};
    std::chrono::seconds idle{75};
    std::size_t connections_of_address = 2048;
    std::size_t requests_in_flight = 1024;
    std::size_t requests_in_flight_of_address = 512;
    std::size_t memory_body_bytes =
        64 * 1024 * 1024;  ///< bodies in memory, all together; answers that wait: so much again
    std::size_t memory_body_bytes_of_address = 24 * 1024 * 1024;
    std::uint32_t requests_per_second_and_address = 0;  ///< 0: no limit
};

/// What connectors may reach; nothing is allowed that is not named, for its department or for all of them:
/// daemon/opened_entries.hpp.
struct ConnectorAccess {
    std::string destinations;  ///< adapters/net/destination_list.hpp
    std::string folders;       ///< each with what is below it
    std::string secret_files;  ///< folder of secrets that others put there, a folder for each department; empty: none
    std::string secret_variables;  ///< of the gateway's environment
};

/// How plug-ins are run: docs/operating/plugins.md.
struct PluginAccess {
    std::string folders;  ///< comma-separated; empty: no plug-ins
    std::string run_as;
    std::string same_user = "refuse";
};

/// Runs of connectors.
struct SyncSettings {
    std::size_t runs_at_once = 4;
    std::chrono::hours longest_run{24};  ///< also where no window ends it: a source may never end
    CircuitPolicy circuit{};             ///< when a connector that fails again and again is left alone for a while
};

/// The morning report and where it is sent: docs/operating/morning-report.md.
struct ReportAccess {
    std::string zone = "Asia/Shanghai";
    std::string language = "zh";
    std::chrono::minutes late{30};
    std::chrono::hours files_wait{24};     ///< at a source, before somebody has to look
    std::string send_at;                   ///< HH:MM on the zone's clocks; empty: not sent
    std::string mail_server;               ///< adapters/mail/mail_address.hpp
    std::string mail_user, mail_password;  ///< the password: `store:NAME` and the like
    std::string mail_from, mail_to;
    std::string mail_authorities;  ///< file of PEM; empty: those of the operating system
    std::string webhook;           ///< https address
    std::string webhook_authorities;
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
    std::string expired_authorities = "accept";  ///< or "refuse": messages under certificates whose authority ended
    std::string mappings_folder = "mappings";
    std::string admin_socket = "admin.sock";  ///< empty: none
    ConnectorAccess connectors;
    PluginAccess plugins;
    SyncSettings sync;
    ReportAccess report;
    Limits limits;
    std::uint32_t unauthenticated_kept_per_minute = 10;
    unsigned workers = 0;
    std::vector<std::string> required_fields;
    std::string log_level = "information";
    /// What is written as a former version understood it, and does nothing now: to be told, by the start and `doctor`.
    std::vector<Refusal> notices;

    /// `name` below the data folder, or as it stands where it is absolute.
    std::filesystem::path path(const std::string& name) const;
    std::string logOrigin() const { return gateway_id + "/log"; }
};

/// ADDRESS:PORT, an IPv6 address in brackets; nothing where the text is none.
struct AddressAndPort {
    std::string address;
    std::uint16_t port = 0;
};
std::optional<AddressAndPort> addressAndPort(std::string_view text);

/// Reads `file` (empty: the defaults). Throws Fault{ConfigurationBad} with file, key, value and what is expected.
Settings readSettings(const std::filesystem::path& file, const std::filesystem::path& data);

/// Every key with the text of its value, sorted: what `--config` understands.
std::vector<std::pair<std::string, std::string>> settingsAsText(const Settings& settings);

}  // namespace caseway
