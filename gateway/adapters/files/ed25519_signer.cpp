// gateway/adapters/files/ed25519_signer.cpp - reading and making the key file of the log.
#include "gateway/adapters/files/ed25519_signer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

constexpr std::size_t kKeyFileMax = 16 * 1024;

class OpenFile {
public:
    OpenFile(const std::string& file, int flags, mode_t mode = 0)
        : handle_(::open(file.c_str(), flags | O_CLOEXEC, mode)) {}
    ~OpenFile() {
        if (handle_ >= 0) ::close(handle_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    int handle() const { return handle_; }

private:
    int handle_;
};

std::string reason() {
    return std::strerror(errno);
}

Ed25519PrivateKey readKey(const std::string& file) {
    const OpenFile in(file, O_RDONLY);
    struct stat status {};
    if (in.handle() < 0 || ::fstat(in.handle(), &status) != 0)
        throw Fault(FaultCode::ConfigurationBad, "log key " + file + ": " + reason(),
                    "set log.key to the key file of this log");
    if ((status.st_mode & 077) != 0)
        throw Fault(FaultCode::ConfigurationBad, "log key " + file + ": others than its owner may read it",
                    "chmod 600 " + file);
    std::string pem(kKeyFileMax, '\0');
    const ssize_t size = ::read(in.handle(), pem.data(), pem.size());
    auto key = size > 0 ? Ed25519PrivateKey::fromPem(std::string_view(pem.data(), static_cast<std::size_t>(size)))
                        : std::nullopt;
    if (!key)
        throw Fault(FaultCode::ConfigurationBad, "log key " + file + ": not one unencrypted Ed25519 key in PKCS#8 PEM");
    return *key;
}

void writeAll(const OpenFile& out, std::string_view bytes, const std::string& file) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(out.handle(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) throw Fault(FaultCode::FileUnavailable, "write " + file + ": " + reason());
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(out.handle()) != 0) throw Fault(FaultCode::FileUnavailable, "fsync " + file + ": " + reason());
}

}  // namespace

Ed25519FileSigner::Ed25519FileSigner(const std::string& file) : key_(readKey(file)) {}

void createEd25519KeyFile(const std::string& file) {
    const std::string pem = Ed25519PrivateKey::generate().toPem();
    {
        const OpenFile out(file, O_WRONLY | O_CREAT | O_EXCL, 0600);
        if (out.handle() < 0 && errno == EEXIST)
            throw Fault(FaultCode::ConfigurationBad, "log key " + file + " exists",
                        "a log that changes its key starts a new origin");
        if (out.handle() < 0) throw Fault(FaultCode::FileUnavailable, "create " + file + ": " + reason());
        writeAll(out, pem, file);
    }
    const std::string folder = std::filesystem::path(file).parent_path().string();
    const OpenFile directory(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
    if (directory.handle() < 0 || ::fsync(directory.handle()) != 0)
        throw Fault(FaultCode::FileUnavailable, "fsync folder of " + file + ": " + reason());
}

}  // namespace caseway
