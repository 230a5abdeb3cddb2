// gateway/adapters/files/register_tree.cpp - reading the folders, writing single files atomically.
#include "gateway/adapters/files/register_tree.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "gateway/base/fault.hpp"
#include "gateway/formats/register/register_path.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

constexpr int kSystemsDepth = 5;  ///< systems/housing/permits/connectors/nightly/versions/
constexpr std::size_t kTreeBytesAppliedMax = 32 * 1024 * 1024;  ///< no request to apply may be larger

[[noreturn]] void bad(const fs::path& file, const std::string& what, const std::string& hint) {
    throw Fault(FaultCode::ConfigurationBad, file.string() + ": " + what, hint);
}
[[noreturn]] void unavailable(const fs::path& file, const char* what) {
    throw Fault(FaultCode::FileUnavailable, fmt::format("{}: {}: {}", file.string(), what, std::strerror(errno)),
                "check space and rights of the data folder");
}
/// No mistake of what is written there: a share that is mounted late, or a disk that fails, may pass by itself.
[[noreturn]] void unreadable(const fs::path& file, const std::string& what, const std::string& hint) {
    throw Fault(FaultCode::FileUnavailable, file.string() + ": " + what, hint);
}

struct OpenFile {
    int number;
    ~OpenFile() {
        if (number >= 0) ::close(number);
    }
};

std::vector<fs::path> childrenOf(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> children;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (!at->path().filename().string().starts_with('.')) children.push_back(at->path());
    if (error)
        unreadable(folder, "cannot be listed: " + error.message(),
                   "Create the folder, or correct its name in the configuration");
    std::sort(children.begin(), children.end());
    return children;
}

std::string bytesOfFile(const fs::path& file) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    if (error) unreadable(file, "cannot be read: " + error.message(), "Check that the file is there and readable");
    if (size > kTreeFileBytesMax)
        bad(file, "is larger than 256 KiB", "Keep only certificates, revocation lists and YAML here");
    std::ifstream stream(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (!stream) unreadable(file, "cannot be read", "Check its permissions");
    return text;
}

/// An export was written by somebody else: a link in it would have us read any file of this machine.
void mustBeNoLink(const fs::path& path) {
    if (fs::is_symlink(fs::symlink_status(path)))
        bad(path, "is a link", "put the file or folder itself there: an export holds no links");
    if (const fs::file_type type = fs::status(path).type();
        type != fs::file_type::regular && type != fs::file_type::directory)
        bad(path, "is neither file nor folder", "take it away");
}

/// How a tree is read. An export was written by somebody else, and goes on as one request.
struct Reading {
    bool strict = false;
    std::size_t bytes_left = SIZE_MAX;
};

void readInto(FileTree& tree, const fs::path& folder, const std::string& prefix, int depth, Reading& reading) {
    const bool strict = reading.strict;
    for (const fs::path& child : childrenOf(folder)) {
        const std::string path = prefix + child.filename().string();
        if (strict) mustBeNoLink(child);
        if (fs::is_directory(child)) {
            if (!strict) tree.emplace(path + "/", std::string());
            if (depth > 0) readInto(tree, child, path + "/", depth - 1, reading);
            if (depth == 0 && strict) bad(child, "has no place here", "remove it from the folder");
        } else if (isRegisterPath(path)) {
            const std::string& bytes = tree.emplace(path, bytesOfFile(child)).first->second;
            if (bytes.size() > reading.bytes_left)
                bad(folder, "holds more than 32 MiB with all that stands before it", "is it the right folder?");
            reading.bytes_left -= bytes.size();
        } else if (strict && child.filename() != "README.md") {
            bad(child, "is no file of an installation",
                "take it away: department.yaml, system.yaml, mapping.yaml, *.pem and the files of connectors in their "
                "folders are all there is");
        }
        if (tree.size() > kTreeFilesMax) bad(folder, "holds more than 20,000 files", "is it the right folder?");
    }
}

void syncFolder(const fs::path& folder) {
    const OpenFile open{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (open.number < 0 || ::fsync(open.number) != 0) unavailable(folder, "cannot be made durable");
}

void writeDurably(const fs::path& file, const std::string& bytes) {
    const OpenFile made{::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (made.number < 0) unavailable(file, "cannot be created");
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t count = ::write(made.number, bytes.data() + at, bytes.size() - at);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) unavailable(file, "cannot be written");
        at += static_cast<std::size_t>(count);
    }
    if (::fsync(made.number) != 0) unavailable(file, "cannot be made durable");
}

}  // namespace

fs::path TreeFolders::place(const std::string& path) const {
    const std::size_t slash = path.find('/');
    const std::string top = path.substr(0, slash), rest = path.substr(std::min(slash + 1, path.size()));
    return (top == "systems" ? systems : top == "authorities" ? authorities : mappings) / rest;
}

FileTree readTree(const TreeFolders& folders) {
    FileTree tree;
    Reading reading;
    if (!folders.systems.empty()) readInto(tree, folders.systems, "systems/", kSystemsDepth, reading);
    if (!folders.authorities.empty() && fs::exists(folders.authorities))
        readInto(tree, folders.authorities, "authorities/", 2, reading);
    if (!folders.mappings.empty() && fs::exists(folders.mappings))
        readInto(tree, folders.mappings, "mappings/", 1, reading);
    return tree;
}

FileTree readExport(const fs::path& folder) {
    if (fs::exists(folder / "caseway.db") || (fs::exists(folder / "keys") && fs::exists(folder / "tls")))
        bad(folder, "is the data folder of an installation, and no export",
            "`caseway export DIR` writes one: apply that");
    FileTree tree;
    Reading reading{true, kTreeBytesAppliedMax};
    for (const fs::path& child : childrenOf(folder)) {
        const std::string name = child.filename().string();
        if (name != "README.md") mustBeNoLink(child);
        const bool is_ours = name == "systems" || name == "authorities" || name == "mappings";
        if (fs::is_directory(child) && is_ours)
            readInto(tree, child, name + "/", name == "mappings" ? 1 : name == "systems" ? kSystemsDepth : 2, reading);
        else if (name != "README.md")
            bad(child, "has no place in an export", "an export holds systems/, authorities/ and mappings/");
    }
    if (tree.empty()) bad(folder, "holds no installation", "`caseway export DIR` writes one");
    return tree;
}

void writeTreeFile(const fs::path& file, const std::optional<std::string>& bytes, int folders) {
    std::error_code error;
    fs::path folder = file.parent_path();
    if (!bytes) {
        if (::unlink(file.c_str()) != 0 && errno != ENOENT) unavailable(file, "cannot be removed");
        for (; folders > 0 && ::rmdir(folder.c_str()) == 0; --folders) folder = folder.parent_path();
        if (fs::exists(folder, error)) syncFolder(folder);
        return;
    }
    fs::create_directories(folder, error);
    if (error) throw Fault(FaultCode::FileUnavailable, folder.string() + ": " + error.message());
    const fs::path fresh = folder / ("." + file.filename().string() + ".new");
    writeDurably(fresh, *bytes);
    if (::rename(fresh.c_str(), file.c_str()) != 0) unavailable(file, "cannot be put in place");
    for (syncFolder(folder); folders > 0; --folders) syncFolder(folder = folder.parent_path());
}

}  // namespace caseway
