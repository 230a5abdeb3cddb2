// gateway/daemon/connector_types.hpp - the types of connectors that this gateway has: compiled in, or plug-ins of the
// installation's owner. The register selects among them; it never brings one.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/daemon/settings.hpp"
#include "gateway/formats/settings/setting_node.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

struct InstalledType {
    std::unique_ptr<ConnectorType> type;
    SettingNode schema;
};

/// Filled before it is shared; callable concurrently then.
class ConnectorTypes {
public:
    /// One with a name that is taken, or with a schema that is not understood, is not added; mistakes() tells.
    void add(std::unique_ptr<ConnectorType> type);
    const InstalledType* find(std::string_view type) const;
    const std::map<std::string, InstalledType, std::less<>>& all() const { return types_; }
    /// Type to version, as versionOf() has it.
    std::map<std::string, std::string> versions() const;
    const std::vector<Refusal>& mistakes() const { return mistakes_; }

private:
    std::map<std::string, InstalledType, std::less<>> types_;
    std::vector<Refusal> mistakes_;
};

/// The version of a type as a test's mark has it: of a plug-in with what its files are now, `1.0.0+9f86d081884c7d65`;
/// where they cannot be read, `1.0.0+unknown`.
std::string versionOf(const ConnectorType& type);

/// True where a type of this name is compiled in, so that no plug-in can have it.
bool isCompiledIn(std::string_view type);

/// Those that are compiled in, and the plug-ins that `settings` name.
ConnectorTypes installedConnectorTypes(const Settings& settings);

/// A type as JSON: type, version, title, reads, writes, settings_schema, sample (YAML), documentation (Markdown).
std::string typeJson(const InstalledType& installed);
/// A file to fill in.
std::string sampleOf(const InstalledType& installed);

}  // namespace caseway
