// connectors/sdk/http_settings.hpp - the part of the settings that every connector over HTTP has: who we are, TLS,
// proxy, limits. One schema text, one reader.
#pragma once

#include <string>

#include "connectors/sdk/http_client.hpp"
#include "connectors/sdk/settings_tree.hpp"

namespace caseway {

/// Members of a schema's `properties`: `auth`, `tls`, `proxy`, `limits`, `fields`.
extern const std::string kHttpSettingsMembers;

/// Throws ConnectorFault{Config, bad_setting}.
HttpDialing readDialing(const SettingsTree& settings);
/// Of that `tls` and `proxy` alone: connectors that are not HTTP have limits of their own.
HttpDialing readTlsAndProxy(const SettingsTree& settings);
/// `fields`: sent with each request, never to another origin.
HttpFields readFields(const SettingsTree& settings);
/// An http or https address. Throws ConnectorFault{Config, bad_setting}.
WebAddress readAddress(const SettingsTree& settings, const std::string& name);
/// A field name of RFC 9110 that may be set: not one that HTTP itself needs.
bool isSettableField(const std::string& name);
bool isFieldValue(const std::string& value);

}  // namespace caseway
