// gateway/adapters/files/secret_folder.cpp - see the header.
#include "gateway/adapters/files/secret_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <tuple>

#include "gateway/adapters/files/register_tree.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/sealed_text.hpp"
#include "gateway/formats/text/encoding.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSealBytes = 28;
/// Of secrets that have a department: no secret from before can have this name, since none begins with a dot.
constexpr const char* kOwned = ".of";

struct OpenSecret {
    int number;
    ~OpenSecret() {
        if (number >= 0) ::close(number);
    }
};

Refusal refused(std::string code, const std::string& name, std::string rule, std::string hint) {
    return {std::move(code), "secret", name, std::move(rule), std::move(hint), {}};
}
/// The bytes of a regular file that only its owner and group can read; nothing where there is none.
Result<std::optional<std::string>> readPrivately(const fs::path& file, const std::string& name, std::size_t most) {
    const OpenSecret open{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    if (open.number < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::optional<std::string>();
    struct stat facts {};
    if (open.number < 0 || ::fstat(open.number, &facts) != 0)
        return refused("secret_not_readable", name, std::strerror(errno), "check the rights of " + file.string());
    if (!S_ISREG(facts.st_mode) || (facts.st_mode & S_IRWXO) != 0 || static_cast<std::size_t>(facts.st_size) > most)
        return refused("secret_not_readable", name,
                       fmt::format("a regular file of at most {} bytes that others cannot read", most),
                       "chmod 600 " + file.string());
    std::string bytes(static_cast<std::size_t>(facts.st_size), '\0');
    const ssize_t count = ::read(open.number, bytes.data(), bytes.size());
    if (count != static_cast<ssize_t>(bytes.size()))
        return refused("secret_not_readable", name, "it changed while it was read", "try again");
    return std::optional<std::string>(std::move(bytes));
}

Result<SealKey> readKey(const fs::path& file, const std::string& name) {
    auto bytes = readPrivately(file, name, sizeof(SealKey));
    if (!bytes) return bytes.error();
    SealKey key{};
    if (!*bytes || (*bytes)->size() != key.size())
        return refused("secret_not_readable", name, "the key of the secrets is missing or of another size",
                       "put keys/secrets.key back, or set every secret again after taking secrets/ away");
    std::copy((*bytes)->begin(), (*bytes)->end(), key.begin());
    return key;
}

}  // namespace

SecretFolder::SecretFolder(const fs::path& data) : folder_(data / "secrets"), key_(data / "keys" / "secrets.key") {}

fs::path SecretFolder::place(const SecretId& id) const {
    return id.department.empty() ? folder_ / id.name : folder_ / kOwned / id.department / id.name;
}

bool SecretFolder::has(const SecretId& id) const {
    std::error_code error;
    return isSecretName(id.name) && fs::is_regular_file(fs::symlink_status(place(id), error));
}

Refusal SecretFolder::unknown(const SecretId& id) const {
    if (!id.department.empty() && has({{}, id.name}))
        return refused("secret_unknown", id.text(),
                       "it was kept before secrets had a department, and is open to nobody",
                       "whose it is: caseway secret bind " + id.text());
    return refused("secret_unknown", id.text(), "there is no secret of this name",
                   "caseway secret list; caseway secret set " + id.text());
}

std::optional<Refusal> whyNotSecret(const SecretId& id, const std::string& secret) {
    if (id.department.empty() || !isSecretName(id.name))
        return refused("secret_name_bad", id.text(), "DEPARTMENT/NAME, or all/NAME for every department's connectors",
                       "for example: housing/" + (isSecretName(id.name) ? id.name : std::string("password")));
    if (secret.empty())
        return refused(
            "secret_empty", id.text(), "a secret has 1 byte and more",
            "type it at the prompt, or hand it in on standard input: caseway secret set " + id.text() + " < FILE");
    if (secret.size() > kSecretBytesMax)
        return refused("secret_too_large", id.text(), "1 to 65536 bytes", "hand it in on standard input");
    if (!isUtf8(secret))
        return refused("secret_not_text", id.text(), "UTF-8 text: it goes into a connector's settings",
                       "save a key as PEM, other bytes as base64");
    return std::nullopt;
}

Result<SealedFiles> SecretFolder::planPut(const SecretId& id, const std::string& secret) {
    if (auto why = whyNotSecret(id, secret)) return std::move(*why);
    if (!fs::exists(key_)) {
        if (!ids().empty())
            return refused("secret_not_readable", id.text(),
                           "the key of the secrets is missing, though there are secrets",
                           "put keys/secrets.key back, or take secrets/ away and set every secret again");
        const SealKey made = newSealKey();
        writeTreeFile(key_, std::string(made.begin(), made.end()));
    }
    const auto key = readKey(key_, id.text());
    if (!key) return key.error();
    return SealedFiles{{id, sealText(*key, id.text(), secret)}};
}

Result<SealedFiles> SecretFolder::planBind(const SecretId& id) {
    const SecretId former{{}, id.name};
    if (!has(former))
        return refused("secret_unknown", id.name, "no secret without a department has this name",
                       "caseway secret list");
    if (has(id))
        return refused("secret_known", id.text(), "there is one of this name, which may be newer",
                       "caseway secret remove " + id.name + " drops the former one; or remove " + id.text() + " first");
    auto secret = get(former);
    if (!secret) return secret.error();
    auto files = planPut(id, *secret);
    if (files) files->push_back({former, std::nullopt});
    return files;
}

Result<SealedFiles> SecretFolder::planRemove(const SecretId& id) const {
    if (!has(id)) return unknown(id);
    return SealedFiles{{id, std::nullopt}};
}

void SecretFolder::write(const SealedFiles& files) const {
    fs::create_directories(folder_);
    fs::permissions(folder_, fs::perms::owner_all);
    for (const auto& [id, sealed] : files) writeTreeFile(place(id), sealed, id.department.empty() ? 0 : 2);
}

Result<std::string> SecretFolder::get(const SecretId& id) const {
    if (!isSecretName(id.name)) return unknown(id);
    auto sealed = readPrivately(place(id), id.text(), kSecretBytesMax + kSealBytes);
    if (!sealed) return sealed.error();
    if (!*sealed) return unknown(id);
    const auto key = readKey(key_, id.text());
    if (!key) return key.error();
    auto secret = openSealedText(*key, id.text(), **sealed);
    if (!secret)
        return refused("secret_not_readable", id.text(), "it was sealed with another key, or changed or moved",
                       "set it again: caseway secret set " + id.text());
    return std::move(*secret);
}

std::vector<SecretId> SecretFolder::ids() const {
    std::vector<SecretId> ids;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
        std::string name = at->path().lexically_relative(folder_).string();
        const bool is_owned = name.starts_with(std::string(kOwned) + "/");
        if (is_owned) name.erase(0, std::string_view(kOwned).size() + 1);
        const auto id = SecretId::parse(name);
        if (id && is_owned == !id->department.empty() && has(*id)) ids.push_back(*id);
    }
    std::sort(ids.begin(), ids.end(), [](const SecretId& a, const SecretId& b) {
        return std::tie(a.department, a.name) < std::tie(b.department, b.name);
    });
    return ids;
}

std::string secretAsMeant(std::string text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

Result<std::string> secretInFile(const fs::path& folder, const std::string& name) {
    auto bytes = readPrivately(folder / name, name, kSecretBytesMax);
    if (!bytes) return bytes.error();
    if (!*bytes)
        return refused("secret_unknown", name, "there is no such file in " + folder.string(),
                       "put it there (mode 0600), or name another one");
    return secretAsMeant(std::move(**bytes));
}

}  // namespace caseway
