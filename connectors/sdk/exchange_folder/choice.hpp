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

enum class WaitsFor { Marker, NewerMarker, Bytes, Age };

struct WaitingFile {
    FileEntry entry;
    WaitsFor what;
};

struct Choice {
    std::vector<FileEntry> ready;  ///< in the order of reading
    std::vector<WaitingFile> waiting;
    std::vector<RefusedFile> refused;
    std::vector<std::string> passed_over;  ///< the first names that fit no pattern, folders and markers apart
    std::size_t passed_over_count = 0;
};

inline constexpr std::size_t kFilesNamed = 5;  ///< in one line for people

/// Each of the first kFilesNamed with what it waits for: "`a.xml` waits for `a.xml.ok`; …", with how many more do.
std::string textOf(const std::vector<WaitingFile>& waiting, const ExchangeSettings& settings);

/// Why a file can never be taken, whatever its age; nothing where it can.
std::optional<std::string> whyNotTaken(const FileEntry& entry, const ExchangeSettings& settings);

/// `listing`: everything that lies in the folder. A file whose name fits a pattern is ready with a marker that is not
/// older, or when it was last touched `least_age` before `now` and is not empty; a marker is never a document itself.
/// Too large, empty beside its marker, a link or another special file: refused. Folders are not looked at.
Choice chooseFiles(const std::vector<FileEntry>& listing, const ExchangeSettings& settings,
                   std::chrono::system_clock::time_point now);

}  // namespace caseway
