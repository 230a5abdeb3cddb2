// gateway/adapters/plugin/manifest.hpp - manifest.yaml of a plug-in's folder, and the schema of its settings beside it:
// what a plug-in is can be told without starting it. Every key: docs/connectors/writing-a-plugin.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/ports/connector.hpp"

namespace caseway {

inline constexpr std::string_view kManifestFile = "manifest.yaml", kSchemaFile = "settings.schema.json";

enum class PluginLanguage { Python, Node, Executable };

/// What a process of the plug-in may use. Bounds: manifest.cpp.
struct PluginLimits {
    std::uint64_t memory_mib = 512;
    std::uint32_t cpu_seconds = 60;  ///< of processor time, for one call
    std::uint32_t open_files = 64;
    std::uint64_t page_mib = 256;
};

struct PluginManifest {
    ConnectorSpec spec;
    std::filesystem::path folder;
    std::string text;  ///< of manifest.yaml
    std::int32_t protocol = 0;
    PluginLanguage language = PluginLanguage::Executable;
    std::string main;                  ///< file in the folder that is run
    bool network = false;              ///< may it connect to anything at all
    std::vector<std::string> folders;  ///< members of its settings that name folders: it sees these, and no others
    PluginLimits limits;
};

/// Reads DIR/manifest.yaml and DIR/settings.schema.json. Throws ConnectorFault{System, connector_manifest_bad} with
/// file, line, what is wrong and the next step.
PluginManifest readPluginManifest(const std::filesystem::path& folder);

}  // namespace caseway
