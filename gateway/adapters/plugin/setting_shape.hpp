// gateway/adapters/plugin/setting_shape.hpp - are these the members that the schema names, of its types? The gateway
// holds settings against the whole schema before; this makes sure of what every plug-in may rely on, in whatever
// language.
#pragma once

#include "gateway/ports/connector.hpp"

namespace caseway {

/// Throws ConnectorFault{Config, bad_setting}: no JSON object, a required member is missing, or one is there that the
/// schema neither names nor allows, or is of another type. No value is shown.
void requireSettingShape(const ConnectorSpec& spec, const std::string& settings);

}  // namespace caseway
