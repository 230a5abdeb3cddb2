// gateway/cli/log_public_key.cpp - the two files held against each other.
#include "gateway/cli/log_public_key.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/message_send.hpp"
#include "gateway/formats/merkle/note.hpp"

namespace caseway {

std::string logPublicKeyFile(const Settings& settings) {
    return std::filesystem::path(settings.path(settings.log_key)).replace_extension(".pub").string();
}

std::string whyNotOfLogKey(const Settings& settings) {
    const std::string own = settings.path(settings.log_key).string(), file = logPublicKeyFile(settings);
    try {
        const auto given = NoteKey::parse(trimmed(readFile(file)));
        if (!given) return {};
        if (given->verifier().publicKey() == KeyFile(own).publicKey()) return {};
    } catch (const Fault&) {  // whoever needs it says more
        return {};
    }
    return fmt::format("{} is not the public key of {}", file, own);
}

}  // namespace caseway
