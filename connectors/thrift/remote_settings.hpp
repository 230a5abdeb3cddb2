// connectors/thrift/remote_settings.hpp - the settings of a department's own server of connector.thrift.
#pragma once

#include <string>

#include "connectors/sdk/settings_tree.hpp"
#include "connectors/sdk/tls_stream.hpp"

namespace caseway {

struct RemoteSettings {
    TlsPeer peer;
    HttpDialing dialing;  ///< its TLS, proxy and time to connect
    std::string remote;   ///< JSON that open() hands over, secrets in it
    double calls_per_second = 0;
    std::uint64_t page_bytes = 0;
};

/// JSON Schema.
std::string remoteSettingsSchema();
/// Throws ConnectorFault{Config, bad_setting}.
RemoteSettings readRemoteSettings(const std::string& json);

}  // namespace caseway
