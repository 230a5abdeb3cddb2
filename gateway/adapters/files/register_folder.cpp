// gateway/adapters/files/register_folder.cpp - reads the folder into an immutable key ring; every mistake names its
// file and line.
#include "gateway/adapters/files/register_folder.hpp"

#include <map>

#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/pem_text.hpp"
#include "gateway/formats/register/cut_document.hpp"
#include "gateway/formats/register/read_register.hpp"

namespace caseway {
namespace {

class LoadedRing final : public KeyRing {
public:
    explicit LoadedRing(RegisterContent content) : entries(std::move(content.systems)) {
        for (const auto& [id, entry] : entries)
            for (const RegisteredCertificate& certificate : entry.certificates)
                by_key.emplace(certificate.id, &certificate);
    }
    const RegisteredSystem* system(const SystemId& id) const override {
        const auto found = entries.find(id);
        return found == entries.end() ? nullptr : &found->second.system;
    }
    std::vector<const RegisteredSystem*> allSystems() const override {
        std::vector<const RegisteredSystem*> all;
        for (const auto& [id, entry] : entries) all.push_back(&entry.system);
        return all;
    }
    std::vector<const RegisteredCertificate*> certificatesOf(const SystemId& id) const override {
        std::vector<const RegisteredCertificate*> all;
        const auto found = entries.find(id);
        if (found == entries.end()) return all;
        for (const RegisteredCertificate& certificate : found->second.certificates) all.push_back(&certificate);
        return all;
    }
    const RegisteredCertificate* certificate(const KeyId& id) const override {
        const auto found = by_key.find(id);
        return found == by_key.end() ? nullptr : found->second;
    }

    std::map<SystemId, RegisteredEntry> entries;
    std::map<KeyId, const RegisteredCertificate*> by_key;  ///< into entries
};

std::shared_ptr<const KeyRing> load(const TreeFolders& folders, const RegisterFolder::Remembered& remembered) {
    const FileTree tree = readTree(folders);
    auto content = readRegister(tree);
    if (content) return std::make_shared<LoadedRing>(std::move(*content));
    const Refusal& mistake = content.error();
    const std::string place = folders.place(mistake.where).string();
    if (const auto file = tree.find(mistake.where);
        mistake.where.ends_with(".pem") && file != tree.end() && breaksOff(file->second))
        throw brokenOff(place, file->second);
    const std::string value = mistake.value.empty() ? "" : " '" + mistake.value + "'";
    const std::string told = place + value + ": " + mistake.rule;
    const std::string cut = remembered ? toldOfCut(tree, mistake.where, remembered()) : std::string();
    if (!cut.empty()) throw Fault(FaultCode::FileUnavailable, told + "; " + cut, kPutCutBack);
    const auto document = documentIn(tree, mistake.where);
    if (document == tree.end() || document->second.ends_with('\n'))
        throw Fault(FaultCode::ConfigurationBad, told, mistake.hint);
    if (document->second.empty()) throw brokenOff(folders.place(document->first).string(), document->second);
    // Of a document whose last line has no end nobody knows whether it is whole.
    throw Fault(FaultCode::FileUnavailable, told + "; the file breaks off: its last line has no end",
                "where it is just being copied: try again; else end its last line, and " + mistake.hint);
}

}  // namespace

RegisterFolder::RegisterFolder(std::filesystem::path systems, std::filesystem::path authorities, Remembered remembered)
    : folders_{std::move(systems), std::move(authorities), {}},
      remembered_(std::move(remembered)),
      current_(load(folders_, remembered_)) {}

std::shared_ptr<const KeyRing> RegisterFolder::current() const {
    const std::lock_guard lock(mutex_);
    return current_;
}

void RegisterFolder::reload() {
    std::shared_ptr<const KeyRing> loaded = load(folders_, remembered_);
    const std::lock_guard lock(mutex_);
    current_.swap(loaded);
}

}  // namespace caseway
