// gateway/adapters/files/secret_folder.hpp - the gateway's own encrypted store of connectors' secrets: a file each in
// DATA/secrets/.of/DEPARTMENT/ (all/: for every department), sealed under DATA/keys/secrets.key (mode 0600) together
// with its place, so that no file opens under another department. Never part of an export, a backup or the log.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/formats/settings/secret_reference.hpp"

namespace caseway {

inline constexpr std::size_t kSecretBytesMax = 64 * 1024;

/// One file of the store as it shall be.
struct SealedFile {
    SecretId id;
    std::optional<std::string> sealed;  ///< nothing: it goes
};
/// All files of one change.
using SealedFiles = std::vector<SealedFile>;

/// Why `secret` cannot be kept as `id`; nothing: it can. Codes: secret_name_bad, secret_empty, secret_too_large,
/// secret_not_text.
std::optional<Refusal> whyNotSecret(const SecretId& id, const std::string& secret);

/// Callable by several processes: each file is replaced whole.
class SecretFolder {
public:
    explicit SecretFolder(const std::filesystem::path& data);

    /// What write() has to do so that the secret is kept; makes the key with the first one. Refusals: of whyNotSecret,
    /// secret_not_readable. Throws Fault{FileUnavailable, CryptoUnavailable}.
    Result<SealedFiles> planPut(const SecretId& id, const std::string& secret);
    /// So that a secret that was kept without a department is `id`'s. Refusals: secret_unknown, secret_known,
    /// secret_not_readable.
    Result<SealedFiles> planBind(const SecretId& id);
    /// Refusal: secret_unknown.
    Result<SealedFiles> planRemove(const SecretId& id) const;
    /// Durable on return; again does no harm. Throws Fault{FileUnavailable}.
    void write(const SealedFiles& files) const;

    /// Refusals: secret_unknown; secret_not_readable (another key, or a file that was changed or moved).
    Result<std::string> get(const SecretId& id) const;
    bool has(const SecretId& id) const;
    /// By department and name; first those without a department.
    std::vector<SecretId> ids() const;

private:
    Refusal unknown(const SecretId& id) const;
    std::filesystem::path place(const SecretId& id) const;

    std::filesystem::path folder_, key_;
};

/// What an editor puts around a secret taken off: a byte order mark, one end of line, of Windows too.
std::string secretAsMeant(std::string text);

/// A secret that somebody else put into `folder`, as it is meant. Regular files alone, no link followed.
/// Refusals: secret_unknown, secret_not_readable (others can read it, or it is too large).
Result<std::string> secretInFile(const std::filesystem::path& folder, const std::string& name);

}  // namespace caseway
