// connectors/sdk/exchange_folder/choice.hpp - which files of a listing are ready to be read, in which order, which
// wait, and which cannot be taken. Pure: listing, marks and time come in.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "connectors/sdk/exchange_folder/exchange_settings.hpp"
#include "connectors/sdk/exchange_folder/file_side.hpp"

namespace caseway {

struct RefusedFile {
    FileEntry entry;
    std::string reason;
};

struct Choice {
    std::vector<FileEntry> ready;    ///< in the order of reading
    std::vector<FileEntry> waiting;  ///< for their marker, or too young
    std::vector<RefusedFile> refused;
};

/// Why a file can never be taken, whatever its age; nothing where it can.
std::optional<std::string> whyNotTaken(const FileEntry& entry, const ExchangeSettings& settings);

/// `listing`: everything that lies in the folder. A file whose name fits a pattern is ready with a marker that is not
/// older, or when it was last touched `least_age` before `now` and is not empty; a marker is never a document itself.
/// Too large, empty beside its marker, a link or another special file: refused. Folders are not looked at.
Choice chooseFiles(const std::vector<FileEntry>& listing, const ExchangeSettings& settings,
                   std::chrono::system_clock::time_point now);

}  // namespace caseway
