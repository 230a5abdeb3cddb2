// gateway/adapters/files/payload_folder.hpp - large bodies on disk: spooled while they come, then named by their
// digest. Layout: spool/<random> while incomplete; <first 2 hex digits>/<64 hex digits of SHA-256> when whole. Folders
// 0700, files 0600. Bytes are durable before finish() returns, so before any row names them.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/bytes.hpp"

namespace caseway {

/// One body that is coming in. Gone without finish(): its file is removed. One thread at a time.
class SpoolFile {
public:
    ~SpoolFile();
    SpoolFile(const SpoolFile&) = delete;
    SpoolFile& operator=(const SpoolFile&) = delete;

    /// Appends. Throws Fault{FileUnavailable}: disk full or broken; the body has to be sent again.
    void write(std::string_view bytes);
    std::uint64_t size() const { return size_; }
    /// What has been written so far, from its first byte; also behind finish().
    std::unique_ptr<ByteSource> source() const;
    /// Makes the bytes durable under the name that `digest`, their SHA-256, gives them; returns that name, for
    /// EnvelopeRow::body_file. Nothing may be written afterwards. Throws Fault{FileUnavailable}.
    std::string finish(const Sha256& digest);

private:
    friend class PayloadFolder;
    SpoolFile(std::string root, std::string path);
    void remove();

    std::string root_;
    std::string path_;
    int fd_ = -1;
    std::uint64_t size_ = 0;
    std::uint64_t begun_ = 0;  ///< on their way to the disk
};

/// Callable concurrently, except the removals, which belong to the start.
class PayloadFolder {
public:
    /// Makes the folder where missing. Throws Fault{FileUnavailable}.
    explicit PayloadFolder(std::string root);

    std::unique_ptr<SpoolFile> create();
    /// The bytes of a finished body. Throws Fault{StoreCorrupt} for a text that is not such a name,
    /// Fault{FileUnavailable}.
    std::unique_ptr<ByteSource> open(std::string_view name) const;
    bool contains(std::string_view name) const;
    /// Of a finished body, by somebody who has looked at all of it: it is strict UTF-8. Who opens it next need not look
    /// again: it is its bytes that name it. The last ones are remembered.
    void foundUtf8(const std::string& name);

    /// Removes what a crash left: every spool file, and every finished body that `is_named` does not know (a body
    /// becomes durable before its row). Returns how many. Only while nothing is being received.
    std::size_t removeOrphans(const std::function<bool(const std::string& name)>& is_named);
    /// Copies every finished body to another payload folder: part of a backup or restore. Taken after the database, it
    /// holds at least what that names. What is there stays where its bytes are those of its name, and is replaced where
    /// they are not. Durable on return. Returns the names of bodies that are damaged here: they are not copied. Throws
    /// Fault{FileUnavailable}, also where a body is no regular file: nothing is copied then.
    std::vector<std::string> copyTo(PayloadFolder& target) const;
    /// Every finished body has a second name in `folder`, made where there is one, and outlives its removal here;
    /// nothing is copied where the file system has such links. Durable on return. Throws Fault{FileUnavailable}.
    void keepIn(const std::string& folder) const;

    const std::string& root() const { return root_; }

private:
    bool isKnownUtf8(std::string_view name) const;
    /// Its bytes are those that name it.
    bool holdsWhole(const std::string& name) const;

    std::string root_;
    mutable std::mutex mutex_;
    std::deque<std::string> utf8_;  ///< names; the last one found is the first
};

}  // namespace caseway
