// connectors/sftp/host_key_pin.cpp - words of a line: a fingerprint, or a type and the key behind it.
#include "connectors/sftp/host_key_pin.hpp"

#include <sstream>
#include <vector>

#include "connectors/sftp/ssh_handles.hpp"

namespace caseway {
namespace {

constexpr std::string_view kFingerprint = "SHA256:";
constexpr std::size_t kFingerprintBytes = 43;  ///< base64 of 32 bytes, without its `=`

bool isKey(const std::string& type, const std::string& base64) {
    const ssh_keytypes_e known = ssh_key_type_from_name(type.c_str());
    ssh_key read = nullptr;
    if (known == SSH_KEYTYPE_UNKNOWN || ssh_pki_import_pubkey_base64(base64.c_str(), known, &read) != SSH_OK)
        return false;
    const SshKeyHandle key(read);
    return true;
}

}  // namespace

std::optional<std::string> hostKeyPin(const std::string& line) {
    std::istringstream text(line);
    std::vector<std::string> words;
    for (std::string word; text >> word;) words.push_back(word);
    // `@revoked` is the opposite of a pin; `# host:22 SSH-2.0` is what ssh-keyscan says beside.
    if (words.empty() || words[0].starts_with('@') || words[0].starts_with('#')) return std::nullopt;
    for (std::size_t i = 0; i < words.size() && i < 2; ++i) {
        const std::string print = words[i].substr(0, words[i].find_last_not_of('=') + 1);
        if (print.starts_with(kFingerprint))
            return print.size() == kFingerprint.size() + kFingerprintBytes ? std::optional(print) : std::nullopt;
        if (i + 1 < words.size() && isKey(words[i], words[i + 1])) return words[i] + ' ' + words[i + 1];
    }
    return std::nullopt;
}

}  // namespace caseway
