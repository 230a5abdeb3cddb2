// gateway/adapters/plugin/folder_digest.cpp - a look at each file, and a reading of all where a look differs.
#include "gateway/adapters/plugin/folder_digest.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "gateway/formats/crypto/digest.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kBytesMax = std::uint64_t{1} << 30;
constexpr std::string_view kCompiled = "__pycache__";

[[noreturn]] void unreadable(const fs::path& path, const std::string& what) {
    throw ConnectorFault(ConnectorFaultKind::Config,
                         {"connector_folder_unsafe", path.string(), what, "check the plug-in's folder and its rights"});
}

/// For people, and for `connector verify`: nothing of it is run, wherever the plug-in runs.
bool isForReaders(const std::string& name) {
    return name == "README" || name == "README.md" || name == "README.zh-CN.md" || name == "README.txt" ||
           name == "sample.yaml" || name == "test/settings.json" || name == "test/bad-settings.json" ||
           name == "test/items.json";
}

struct File {
    std::string name;  ///< below the folder
    struct stat facts;
};

/// Regular files and links, in the order of their names.
std::vector<File> filesOf(const fs::path& folder) {
    std::vector<File> files;
    std::uint64_t bytes = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        File file{at->path().lexically_relative(folder).string(), {}};
        if (::lstat(at->path().c_str(), &file.facts) != 0) unreadable(at->path(), "cannot be looked at");
        if (S_ISDIR(file.facts.st_mode)) {
            if (at->path().filename() == kCompiled) at.disable_recursion_pending();
            continue;
        }
        if (isForReaders(file.name) && S_ISREG(file.facts.st_mode) && (file.facts.st_mode & 0111) == 0) continue;
        if (!S_ISREG(file.facts.st_mode) && !S_ISLNK(file.facts.st_mode)) unreadable(at->path(), "is no file");
        bytes += static_cast<std::uint64_t>(file.facts.st_size);
        files.push_back(std::move(file));
    }
    if (error) unreadable(folder, error.message());
    if (bytes > kBytesMax) unreadable(folder, "its files are larger than 1 GiB together");
    std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.name < b.name; });
    return files;
}

std::string looksOf(const std::vector<File>& files) {
    Sha256Stream all;
    for (const File& file : files) {
        const auto& [name, facts] = file;
        all.update(fmt::format("{} {}\n{} {:o} {} {}.{} {}.{}\n", name.size(), name, facts.st_ino, facts.st_mode,
                               facts.st_size, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec, facts.st_ctim.tv_sec,
                               facts.st_ctim.tv_nsec));
    }
    return toHex(all.finish());
}

Sha256 contentOf(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) unreadable(path, "cannot be read");
    Sha256Stream all;
    std::string piece(1 << 16, '\0');
    while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())), stream.gcount() > 0)
        all.update(std::string_view(piece).substr(0, static_cast<std::size_t>(stream.gcount())));
    if (stream.bad()) unreadable(path, "cannot be read");
    return all.finish();
}

Sha256 contentOf(const PluginManifest& manifest, const File& file) {
    const fs::path path = manifest.folder / file.name;
    if (file.name == kManifestFile) return sha256(manifest.text);
    if (file.name == kSchemaFile) return sha256(manifest.spec.settings_schema);
    if (!S_ISLNK(file.facts.st_mode)) return contentOf(path);
    std::error_code error;
    const std::string target = fs::read_symlink(path, error).string();
    if (error) unreadable(path, error.message());
    return sha256("link to " + target);
}

}  // namespace

std::string FolderDigest::of(const PluginManifest& manifest) {
    const std::lock_guard lock(mutex_);
    const std::vector<File> files = filesOf(manifest.folder);
    std::string looks = looksOf(files);
    if (looks == looks_) return digest_;
    Sha256Stream all;
    for (const File& file : files)
        all.update(fmt::format("{} {} {} {}\n", file.name.size(), file.name, (file.facts.st_mode & S_IXUSR) != 0,
                               toHex(contentOf(manifest, file))));
    digest_ = toHex(all.finish());
    looks_ = std::move(looks);
    return digest_;
}

}  // namespace caseway
