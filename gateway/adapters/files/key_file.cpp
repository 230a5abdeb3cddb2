// gateway/adapters/files/key_file.cpp - reading and making of the key file.
#include "gateway/adapters/files/key_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/pem_text.hpp"
#include "gateway/formats/crypto/public_key.hpp"

namespace caseway {
namespace {

constexpr std::size_t kKeyFileBytesMax = 1024 * 1024;

[[noreturn]] void bad(const std::filesystem::path& file, const std::string& what, const std::string& hint) {
    throw Fault(FaultCode::ConfigurationBad, file.string() + ": " + what, hint);
}

[[noreturn]] void unavailable(const std::filesystem::path& file, const char* what, const std::string& hint = {}) {
    throw Fault(FaultCode::FileUnavailable, fmt::format("{}: {}: {}", file.string(), what, std::strerror(errno)), hint);
}

/// A descriptor that closes itself.
struct Descriptor {
    int number;
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
};

PrivateKey readOwnKey(const std::filesystem::path& file) {
    struct stat facts {};
    if (::stat(file.c_str(), &facts) != 0) unavailable(file, "cannot be read", "caseway init --data DIR makes one");
    if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) bad(file, "others can read it", "chmod 600 " + file.string());
    PrivateKey key = readPrivateKey(file);
    if (key.kind() != KeyKind::Ed25519) bad(file, "is no Ed25519 key", "openssl genpkey -algorithm ed25519");
    return key;
}

}  // namespace

PrivateKey readPrivateKey(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string pem(kKeyFileBytesMax + 1, '\0');
    stream.read(pem.data(), static_cast<std::streamsize>(pem.size()));
    pem.resize(static_cast<std::size_t>(stream.gcount()));
    if (pem.size() > kKeyFileBytesMax) bad(file, "is larger than 1 MiB: no private key", "Name the key file");
    constexpr const char* kHint = "Check the name and the permissions of the key file";
    if (!stream.is_open() || stream.bad()) unavailable(file, "cannot be read", kHint);
    if (breaksOff(pem)) throw brokenOff(file.string(), pem);
    auto key = PrivateKey::fromPem(pem);
    if (!key) bad(file, key.error().value, key.error().hint);
    return std::move(*key);
}

KeyFile::KeyFile(const std::filesystem::path& file) : key_(readOwnKey(file)) {
    const auto public_key = PublicKey::fromPem(key_.publicPem());
    const std::string raw = public_key ? public_key->rawEd25519() : std::string();
    CASEWAY_CHECK(raw.size() == public_key_.size());
    std::copy(raw.begin(), raw.end(), public_key_.begin());
}

void KeyFile::create(const std::filesystem::path& file) {
    createKeyFile(file, KeyKind::Ed25519);
}

void createKeyFile(const std::filesystem::path& file, KeyKind kind) {
    const std::string pem = PrivateKey::generate(kind).toPem();
    const Descriptor made{::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (made.number < 0) unavailable(file, "cannot be created");
    if (::write(made.number, pem.data(), pem.size()) != static_cast<ssize_t>(pem.size()) || ::fsync(made.number) != 0)
        unavailable(file, "cannot be written");
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const Descriptor parent{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (parent.number < 0 || ::fsync(parent.number) != 0) unavailable(folder, "cannot be made durable");
}

std::array<std::uint8_t, 64> KeyFile::sign(ByteView message) {
    const std::string signature = key_.sign(SignatureAlgorithm::Ed25519, message);
    std::array<std::uint8_t, 64> bytes{};
    CASEWAY_CHECK(signature.size() == bytes.size());
    std::copy(signature.begin(), signature.end(), bytes.begin());
    return bytes;
}

}  // namespace caseway
