// connectors/sftp/folder_listing.cpp - one request, one answer of many names.
#include "connectors/sftp/folder_listing.hpp"

#include <sys/stat.h>

namespace caseway {
namespace {

constexpr std::uint8_t kReadFolder = 12, kStatus = 101, kName = 104;
constexpr std::uint32_t kPacketBytesMax = 4 * 1024 * 1024;  ///< servers send some hundred names at once
constexpr std::uint32_t kNamesMax = 100'000;

/// Numbers and texts of a packet, one after the other; once something is missing, nothing is good any more.
class PacketReader {
public:
    explicit PacketReader(std::string_view bytes) : rest_(bytes) {}
    bool good() const { return good_; }
    std::string_view bytes(std::size_t size) {
        good_ = good_ && size <= rest_.size();
        if (!good_) return {};
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    std::uint64_t number(std::size_t size) {
        std::uint64_t value = 0;
        for (const char byte : bytes(size)) value = value << 8U | static_cast<unsigned char>(byte);
        return value;
    }
    std::uint32_t number32() { return static_cast<std::uint32_t>(number(4)); }
    std::string_view text() { return bytes(number32()); }

private:
    std::string_view rest_;
    bool good_ = true;
};

std::string number32(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> static_cast<unsigned>(shift));
    return bytes;
}

std::uint8_t typeOf(std::uint32_t permissions) {
    switch (permissions & S_IFMT) {
        case S_IFREG:
            return SSH_FILEXFER_TYPE_REGULAR;
        case S_IFDIR:
            return SSH_FILEXFER_TYPE_DIRECTORY;
        case S_IFLNK:
            return SSH_FILEXFER_TYPE_SYMLINK;
        case S_IFSOCK:
        case S_IFBLK:
        case S_IFCHR:
        case S_IFIFO:
            return SSH_FILEXFER_TYPE_SPECIAL;
        default:
            return SSH_FILEXFER_TYPE_UNKNOWN;
    }
}

sftp_attributes_struct attributesIn(PacketReader& packet) {
    sftp_attributes_struct found{};
    found.flags = packet.number32();
    if ((found.flags & SSH_FILEXFER_ATTR_SIZE) != 0) found.size = packet.number(8);
    if ((found.flags & SSH_FILEXFER_ATTR_UIDGID) != 0) found.uid = packet.number32(), found.gid = packet.number32();
    if ((found.flags & SSH_FILEXFER_ATTR_PERMISSIONS) != 0) {
        found.permissions = packet.number32();
        found.type = typeOf(found.permissions);
    }
    if ((found.flags & SSH_FILEXFER_ATTR_ACMODTIME) != 0)
        found.atime = packet.number32(), found.mtime = packet.number32();
    if ((found.flags & SSH_FILEXFER_ATTR_EXTENDED) != 0)
        for (std::uint32_t left = packet.number32(); left > 0 && packet.good(); --left) packet.text(), packet.text();
    return found;
}

/// False: the connection ended before all of them came.
bool readAll(SshSession& session, char* to, std::uint32_t size) {
    while (size > 0) {
        const int got = ssh_channel_read(session.sftp()->channel, to, size, 0);
        if (got == SSH_AGAIN && session.isUsable()) continue;
        if (got <= 0) return false;
        to += got;
        size -= static_cast<std::uint32_t>(got);
    }
    return true;
}

}  // namespace

std::optional<ListedEntry> FolderListing::next() {
    if (entries_.empty()) {
        const std::uint32_t id = ++session_.sftp()->id_counter;
        why_ = Why::Broken;
        if (!ask(id) || !take(id)) return std::nullopt;
    }
    std::optional<ListedEntry> entry = std::move(entries_.front());
    entries_.pop_front();
    return entry;
}

bool FolderListing::ask(std::uint32_t id) {
    const std::string handle(static_cast<const char*>(ssh_string_data(folder_->handle)),
                             ssh_string_len(folder_->handle));
    std::string body(1, static_cast<char>(kReadFolder));
    body += number32(id) + number32(static_cast<std::uint32_t>(handle.size())) + handle;
    const std::string packet = number32(static_cast<std::uint32_t>(body.size())) + body;
    return ssh_channel_write(session_.sftp()->channel, packet.data(), static_cast<std::uint32_t>(packet.size())) ==
           static_cast<int>(packet.size());
}

bool FolderListing::take(std::uint32_t id) {
    char length[4];
    if (!readAll(session_, length, sizeof length)) return false;
    const std::uint32_t size = PacketReader({length, sizeof length}).number32();
    why_ = Why::Unreadable;
    if (size > kPacketBytesMax) return false;
    std::string bytes(size, '\0');
    if (!readAll(session_, bytes.data(), size)) {
        why_ = Why::Broken;
        return false;
    }
    PacketReader packet(bytes);
    const std::uint64_t kind = packet.number(1);
    if (packet.number32() != id || !packet.good()) return false;
    if (kind == kName) return takeNames(std::string_view(bytes).substr(5));
    const std::uint32_t status = packet.number32();
    if (kind != kStatus || !packet.good()) return false;
    session_.sftp()->errnum = static_cast<int>(status);
    why_ = status == SSH_FX_EOF ? Why::End : Why::Refused;
    return false;
}

bool FolderListing::takeNames(std::string_view packet) {
    PacketReader reader(packet);
    const std::uint32_t count = reader.number32();
    if (count == 0 || count > kNamesMax) return false;
    for (std::uint32_t i = 0; i < count; ++i) {
        ListedEntry entry{std::string(reader.text())};
        reader.text();  // the long name, for people
        entry.found = attributesIn(reader);
        if (!reader.good()) return false;
        entries_.push_back(std::move(entry));
    }
    return true;
}

}  // namespace caseway
