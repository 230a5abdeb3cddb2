// gateway/adapters/files/register_folder.cpp - reads the folder into an immutable key ring; every mistake names its
// file and line.
#include "gateway/adapters/files/register_folder.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/certificate.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t kFileBytesMax = 256 * 1024;

[[noreturn]] void bad(const fs::path& file, int line, const std::string& what, const std::string& hint) {
    const std::string place = line > 0 ? fmt::format("{}:{}", file.string(), line) : file.string();
    throw Fault(FaultCode::ConfigurationBad, place + ": " + what, hint);
}

class LoadedRing final : public KeyRing {
public:
    struct Entry {
        RegisteredSystem system;
        std::vector<RegisteredCertificate> certificates;
    };
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

    std::map<SystemId, Entry> entries;
    std::map<KeyId, const RegisteredCertificate*> by_key;  ///< into entries, once they are complete
};

std::string readFile(const fs::path& file) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    if (error) bad(file, 0, "cannot be read: " + error.message(), "Check that the file is there and readable");
    if (size > kFileBytesMax) bad(file, 0, "is larger than 256 KiB", "Keep only certificates and system.yaml here");
    std::ifstream stream(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (!stream) bad(file, 0, "cannot be read", "Check its permissions");
    return text;
}

std::string textOfNode(const fs::path& file, const std::string& key, const YAML::Node& node) {
    if (!node.IsScalar() || node.Scalar().empty())
        bad(file, node.Mark().line + 1, fmt::format("{} must be a text", key), fmt::format("Write {}: \"…\"", key));
    return node.Scalar();
}

std::vector<std::string> listOfNode(const fs::path& file, const std::string& key, const YAML::Node& node) {
    if (!node.IsSequence())
        bad(file, node.Mark().line + 1, fmt::format("{} must be a list", key),
            fmt::format("Write {}: [one, two]", key));
    std::vector<std::string> values;
    for (const YAML::Node& item : node) values.push_back(textOfNode(file, key, item));
    return values;
}

void readKey(const fs::path& file, const std::string& key, const YAML::Node& key_node, const YAML::Node& value,
             RegisteredSystem& system) {
    if (key == "department_code") {
        system.department_code = textOfNode(file, key, value);
    } else if (key == "department_name") {
        system.department_name = textOfNode(file, key, value);
    } else if (key == "mappings") {
        system.mappings = listOfNode(file, key, value);
    } else if (key == "on_behalf_of") {
        system.on_behalf_of = listOfNode(file, key, value);
    } else if (key == "may_read") {
        system.may_read = listOfNode(file, key, value);
    } else if (key == "auditor") {
        const std::string text = textOfNode(file, key, value);
        if (text != "true" && text != "false")
            bad(file, value.Mark().line + 1, "auditor must be true or false", "Write auditor: true");
        system.auditor = text == "true";
    } else {
        bad(file, key_node.Mark().line + 1, fmt::format("unknown key \"{}\"", key),
            "Known: department_code, department_name, mappings, on_behalf_of, may_read, auditor");
    }
}

RegisteredSystem readSystem(const fs::path& file, const SystemId& id) {
    RegisteredSystem system;
    system.id = id;
    try {
        const YAML::Node root = YAML::Load(readFile(file));
        if (!root.IsMap()) bad(file, 1, "must hold keys and values", "Write at least department_code and mappings");
        std::vector<std::string> seen;
        for (const auto& member : root) {
            const std::string key = textOfNode(file, "a key", member.first);
            if (std::find(seen.begin(), seen.end(), key) != seen.end())
                bad(file, member.first.Mark().line + 1, fmt::format("\"{}\" stands twice", key), "Keep one of them");
            seen.push_back(key);
            readKey(file, key, member.first, member.second, system);
        }
    } catch (const YAML::Exception& error) {
        bad(file, error.mark.line + 1, error.msg, "Correct the YAML");
    }
    if (system.department_code.empty())
        bad(file, 1, "department_code is missing", "Write department_code: \"…\", the department's 统一社会信用代码");
    return system;
}

RegisteredCertificate readCertificate(const fs::path& file, const SystemId& owner) {
    const std::string pem = readFile(file);
    if (pem.find("PRIVATE KEY") != std::string::npos)
        bad(file, 0, "holds a private key",
            "Take it away and treat it as disclosed; the register needs the certificate only");
    const auto certificate = Certificate::fromPem(pem);
    if (!certificate)
        bad(file, 0,
            fmt::format("is no good certificate: {} ({})", certificate.error().value, certificate.error().rule),
            certificate.error().hint);
    return {(*certificate)->id(), owner, (*certificate)->der()};
}

std::vector<fs::path> sortedChildren(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> children;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (!at->path().filename().string().starts_with('.')) children.push_back(at->path());
    if (error)
        bad(folder, 0, "cannot be listed: " + error.message(),
            "Create the folder, or correct its name in the configuration");
    std::sort(children.begin(), children.end());
    return children;
}

LoadedRing::Entry readEntry(const fs::path& folder, const SystemId& id) {
    if (!fs::exists(folder / "system.yaml"))
        bad(folder, 0, "has no system.yaml", "Write one with department_code and mappings");
    LoadedRing::Entry entry{readSystem(folder / "system.yaml", id), {}};
    for (const fs::path& file : sortedChildren(folder))
        if (file.extension() == ".pem") entry.certificates.push_back(readCertificate(file, id));
    return entry;
}

std::shared_ptr<const KeyRing> load(const fs::path& systems) {
    auto ring = std::make_shared<LoadedRing>();
    for (const fs::path& department : sortedChildren(systems)) {
        if (!fs::is_directory(department)) continue;
        for (const fs::path& folder : sortedChildren(department)) {
            if (!fs::is_directory(folder)) continue;
            const auto id = SystemId::parse(department.filename().string() + '/' + folder.filename().string());
            if (!id)
                bad(folder, 0, "is no name of a system", "Use a-z, 0-9, _ and - for both folders: housing/permits");
            ring->entries.emplace(*id, readEntry(folder, *id));
        }
    }
    for (const auto& [id, entry] : ring->entries) {
        for (const RegisteredCertificate& certificate : entry.certificates) {
            const auto [place, added] = ring->by_key.emplace(certificate.id, &certificate);
            if (!added)
                bad(systems, 0,
                    fmt::format("{} and {} hold one certificate, {}", place->second->owner.text(), id.text(),
                                certificate.id.text()),
                    "Give each system a key of its own");
        }
    }
    return ring;
}

}  // namespace

RegisterFolder::RegisterFolder(std::filesystem::path systems)
    : systems_(std::move(systems)), current_(load(systems_)) {}

std::shared_ptr<const KeyRing> RegisterFolder::current() const {
    const std::lock_guard lock(mutex_);
    return current_;
}

void RegisterFolder::reload() {
    std::shared_ptr<const KeyRing> loaded = load(systems_);
    const std::lock_guard lock(mutex_);
    current_.swap(loaded);
}

}  // namespace caseway
