// gateway/adapters/plugin/folder_digest.hpp - what a plug-in is made of: one digest over all files of its folder, so
// that a plug-in that was changed behind a test is told from the one that was seen to work. For this folder only.
#pragma once

#include <mutex>
#include <string>

#include "gateway/adapters/plugin/manifest.hpp"

namespace caseway {

/// Reads the files only where one of them looks otherwise than the last time (size, times, inode). Callable
/// concurrently.
class FolderDigest {
public:
    /// Hex of SHA-256 over the names, links, rights to execute and contents of all files, in the order of their names;
    /// of the manifest and the schema over what was read at the start, since that is what is in force. What Python
    /// compiles for itself (`__pycache__`) is left out, and so is what only people and `connector verify` read
    /// (README, README.md, README.zh-CN.md and README.txt without the right to execute, sample.yaml, the
    /// settings and items of test/). Throws ConnectorFault{Config, connector_folder_unsafe}:
    /// a file that cannot be read, more than 1 GiB.
    std::string of(const PluginManifest& manifest);

private:
    std::mutex mutex_;
    std::string looks_, digest_;
};

}  // namespace caseway
