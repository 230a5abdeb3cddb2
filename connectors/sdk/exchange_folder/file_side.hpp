// connectors/sdk/exchange_folder/file_side.hpp - the few things that an exchange folder asks of the machine that holds
// it: this one, or one that is reached by SFTP. Names are bytes, in whatever encoding the department writes them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/sdk/call_budget.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

/// The folders of one exchange.
enum class Place { In, Archive, Error, Out };

/// One name in a folder, never followed: a link or a device is not `regular`.
struct FileEntry {
    std::string name;
    std::uint64_t bytes = 0;
    std::int64_t modified_ns = 0;  ///< since 1970; whole seconds where the other side tells no more
    std::int64_t touched_ns = 0;   ///< last change of content or place, where it is told; else as modified_ns
    std::uint64_t inode = 0;       ///< 0 where it is not told
    std::uint64_t names = 1;       ///< hard links, where they are told
    bool foreign = false;          ///< of the gateway's own user, in a folder that is somebody else's
    bool regular = false;
    bool folder = false;
    auto operator<=>(const FileEntry&) const = default;
};

/// True for what a folder entry can be called: not empty, `.` or `..`, no `/` and no NUL, at most 255 bytes. What a
/// server lists is not believed.
bool isEntryName(std::string_view name);

/// A file that is being read.
class FileReader {
public:
    virtual ~FileReader() = default;
    /// As it is now, by the open file itself.
    virtual FileEntry entry() = 0;
    /// The next piece, valid until the next call; empty at the end.
    virtual std::string_view next() = 0;
};

/// Faults: ConnectorFault only. Nothing here follows a link, and nothing overwrites.
class FileSide {
public:
    virtual ~FileSide() = default;
    /// Begins a call of the connector: connects where that is needed. Outlives the calls below until the next begin().
    virtual void begin(const CallBudget& budget) = 0;
    /// `name: /in` for people.
    virtual std::string describe(Place place) const = 0;
    /// Calls `each` for every entry, in no order, until it returns false.
    virtual void list(Place place, const std::function<bool(FileEntry)>& each) = 0;
    virtual std::optional<FileEntry> look(Place place, const std::string& name) = 0;
    /// Nothing where it is gone, or no regular file.
    virtual std::unique_ptr<FileReader> open(Place place, const std::string& name) = 0;
    enum class Moved { Done, Gone, TargetExists };
    /// Atomically: it is in one place or in the other.
    virtual Moved move(Place from, const std::string& name, Place to, const std::string& new_name) = 0;
    /// Whole, durable and under its name at once, or not at all. False: the name is taken.
    virtual bool create(Place place, const std::string& name, std::string_view bytes) = 0;
    /// Steps that prove, without changing anything, that the places can be used.
    virtual std::vector<CheckStep> check(const std::vector<Place>& places) = 0;
};

}  // namespace caseway
