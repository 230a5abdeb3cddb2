// gateway/formats/register/read_register.cpp - from files to the register.
#include "gateway/formats/register/read_register.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/revocation_list.hpp"
#include "gateway/formats/register/connector_document.hpp"
#include "gateway/formats/register/department_rules.hpp"
#include "gateway/formats/register/issuer_standing.hpp"
#include "gateway/formats/register/register_document.hpp"
#include "gateway/formats/register/register_path.hpp"

namespace caseway {
namespace {

Refusal bad(std::string where, std::string what, std::string hint) {
    return Refusal{"register_not_good", std::move(where), {}, std::move(what), std::move(hint)};
}

class Reading {
public:
    explicit Reading(const FileTree& files) : files_(files) {}
    std::optional<Refusal> read();
    RegisterContent take() { return std::move(content_); }

private:
    std::optional<Refusal> readFile(const std::string& path, const std::string& bytes);
    std::optional<Refusal> readSystem(const SystemId& id, const std::string& path, const std::string& bytes);
    std::optional<Refusal> readCertificate(RegisteredEntry& entry, const std::string& path, const std::string& pem);
    std::optional<Refusal> readConnector(const std::vector<std::string>& parts, const std::string& path,
                                         const std::string& bytes);
    std::optional<Refusal> checkConnectors();
    std::optional<Refusal> readAuthority(const std::string& name, const std::string& path, const std::string& bytes);
    std::optional<Refusal> takeDepartments();
    std::optional<Refusal> checkAuthorities();
    std::optional<Refusal> checkKeys();
    void markRevoked(RegisteredCertificate& certificate, const CertificateFacts& facts);
    bool isOfAnother(const std::string& name, const std::string& der) const;
    void noteRevokedKey(const CertificateFacts& facts, Instant at);
    void noteRevokedByUs();

    const FileTree& files_;
    RegisterContent content_;
    std::set<SystemId> folders_, documents_;
    std::map<std::string, RevocationList> lists_;  ///< by authority
    struct VersionDocument {
        std::string path;
        const ConnectorVersion* version;  ///< into content_
        ConnectorDocument document;
    };
    std::vector<VersionDocument> documents_of_versions_;
};

std::optional<Refusal> Reading::readCertificate(RegisteredEntry& entry, const std::string& path,
                                                const std::string& pem) {
    if (pem.find("PRIVATE KEY") != std::string::npos)
        return bad(path, "holds a private key",
                   "Take it away and treat it as disclosed; the register needs the certificate only");
    const auto certificate = Certificate::fromPem(pem);
    if (!certificate)
        return bad(path,
                   fmt::format("is no good certificate: {} ({})", certificate.error().value, certificate.error().rule),
                   certificate.error().hint);
    entry.certificates.push_back({(*certificate)->id(), entry.system.id, (*certificate)->der(), std::nullopt, path});
    return std::nullopt;
}

std::optional<Refusal> Reading::readSystem(const SystemId& id, const std::string& path, const std::string& bytes) {
    folders_.insert(id);
    RegisteredEntry& entry = content_.systems[id];
    entry.system.id = id;
    if (path.ends_with("/system.yaml")) {
        auto system = readSystemDocument(path, bytes);
        if (!system) return system.error();
        entry.system = std::move(*system);
        entry.system.id = id;
        documents_.insert(id);
    } else if (path.ends_with(".pem")) {
        return readCertificate(entry, path, bytes);
    }
    return std::nullopt;
}

std::optional<Refusal> Reading::readAuthority(const std::string& name, const std::string& path,
                                              const std::string& bytes) {
    if (bytes.find("PRIVATE KEY") != std::string::npos)
        return bad(path, "holds a private key", "Take it away and treat it as disclosed");
    RegisteredAuthority& authority = content_.authorities[name];
    authority.name = name;
    if (path.ends_with("/crl.pem")) authority.list_pem = bytes;
    if (!path.ends_with("/ca.pem")) return std::nullopt;
    const auto certificates = certificatesOfPem(bytes);
    if (!certificates || certificates->size() != 1)
        return bad(path, "is not one certificate", "One authority a folder: its certificate in ca.pem");
    const auto facts = factsOfDer(certificates->front());
    if (!facts) return bad(path, "is no good certificate: " + facts.error().value, facts.error().hint);
    authority.der = certificates->front();
    return std::nullopt;
}

std::optional<Refusal> Reading::readFile(const std::string& path, const std::string& bytes) {
    const auto parts = pathParts(path);
    if (parts[0] == "authorities")
        return parts.size() == 3 && !path.ends_with('/') ? readAuthority(parts[1], path, bytes) : std::nullopt;
    if (parts[0] != "systems" || parts.size() < 3) return std::nullopt;
    if (parts.size() == 3 && !path.ends_with('/')) {
        if (parts[2] != "department.yaml") return std::nullopt;
        auto department = readDepartmentDocument(path, bytes);
        if (!department) return department.error();
        department->name = parts[1];
        if (auto refusal = judgeDepartment(*department)) {
            refusal->where = path;
            return refusal;
        }
        content_.departments[parts[1]] = std::move(*department);
        return std::nullopt;
    }
    const auto id = SystemId::parse(parts[1] + '/' + parts[2]);
    if (!id)
        return bad("systems/" + parts[1] + '/' + parts[2], "is no name of a system",
                   "Use a-z, 0-9, _ and - for both folders: housing/permits");
    if (parts.size() > 4) {
        if (!isRegisterPath(path)) return std::nullopt;
        folders_.insert(*id);
        content_.systems[*id].system.id = *id;
        return readConnector(parts, path, bytes);
    }
    return readSystem(*id, path, bytes);
}

std::optional<Refusal> Reading::readConnector(const std::vector<std::string>& parts, const std::string& path,
                                              const std::string& bytes) {
    const auto name = ConnectorName::parse(parts[1] + '/' + parts[2] + '/' + parts[4]);
    if (!name)
        return bad(path, "stands in a folder that is no name of a connector",
                   "Use a-z, 0-9, _ and -, at most 60 characters: connectors/nightly/");
    RegisteredConnector& connector = content_.systems[name->system].connectors[name->name];
    connector.name = *name;
    const std::string& file = parts.back();
    if (file == "state.yaml") {
        auto state = readConnectorState(path, bytes);
        if (!state) return state.error();
        connector.live = state->live;
        connector.suspended = state->suspended;
        connector.tested = std::move(state->tested);
        connector.tested_at = std::move(state->tested_at);
        connector.tested_refused = state->tested_refused;
        connector.live_since = std::move(state->live_since);
        return std::nullopt;
    }
    const int number = parts.size() == 7 ? std::stoi(file) : 0;
    if (file.ends_with(".mapping.yaml")) {
        connector.versions[number].mapping = bytes;
        return std::nullopt;
    }
    auto document = readConnectorDocument(path, bytes);
    if (!document) return joined(std::move(document).error());
    if (number == 0 && document->tested)
        return bad(path, "a draft bears the mark `tested`", "Take `tested:` out; activation writes it");
    if (number == 0) {
        connector.draft = bytes;
        connector.draft_head = std::move(document->head);
        return std::nullopt;
    }
    if (!document->tested) return bad(path, "a version without its mark `tested`", "Put the change into draft.yaml");
    ConnectorVersion& version = connector.versions[number];
    version.head = document->head;
    version.document = bytes.substr(0, document->mark_at);
    version.type_version = document->tested->type_version;
    version.digest = document->tested->digest;
    version.tested_at = document->tested->at;
    documents_of_versions_.push_back({path, &version, std::move(*document)});
    return std::nullopt;
}

bool hasWindowsEnds(const ConnectorVersion& version) {
    return version.document.find("\r\n") != std::string::npos || version.mapping.find("\r\n") != std::string::npos;
}

/// A version is what was tested, to the byte of its mapping; state.yaml names one that is there.
std::optional<Refusal> Reading::checkConnectors() {
    for (const auto& [path, version, document] : documents_of_versions_)
        if (connectorDigest(document, version->mapping, version->type_version) != version->digest)
            return Refusal{"connector_version_differs",
                           path,
                           {},
                           "is not what was tested: the digest in its mark is another one",
                           hasWindowsEnds(*version)
                               ? "its lines end as Windows' do; where git made them so: git config core.autocrlf "
                                 "false, check it out again; a change goes to draft.yaml"
                               : "put the former file back; a change goes to draft.yaml, then caseway connector test",
                           {}};
    for (const auto& [id, entry] : content_.systems)
        for (const auto& [name, connector] : entry.connectors) {
            const std::string folder = connector.name.folder();
            for (const auto& [number, version] : connector.versions)
                if (version.digest.empty())
                    return bad(folder + "versions/" + versionFileName(number) + ".mapping.yaml",
                               "has no version beside it", "Put the version's file back, or take this one away");
            if (connector.live != 0 && connector.liveVersion() == nullptr)
                return bad(folder + "state.yaml",
                           fmt::format("names the version {}, which is not there", connector.live),
                           "Put its file back below versions/");
            if (!connector.draft && connector.live == 0)
                return bad(folder + "draft.yaml", "is missing, and no version is live", "Put one of them back");
        }
    return std::nullopt;
}

/// A system's code and name are its department's, where there is a department.yaml.
std::optional<Refusal> Reading::takeDepartments() {
    for (auto& [id, entry] : content_.systems) {
        const std::string file = "systems/" + id.text() + "/system.yaml";
        if (!documents_.contains(id))
            return bad("systems/" + id.text(), "has no system.yaml", "Write one with department_code and mappings");
        const auto department = content_.departments.find(std::string(id.department()));
        if (department != content_.departments.end()) {
            if (entry.system.department_code.empty()) entry.system.department_code = department->second.code;
            if (entry.system.department_name.empty()) entry.system.department_name = department->second.title;
            entry.system.department_suspended = department->second.suspended;
            if (entry.system.department_code != department->second.code)
                return bad(file + ":1",
                           fmt::format("department_code {} is not that of department.yaml, {}",
                                       entry.system.department_code, department->second.code),
                           "Leave department_code out here: department.yaml states it");
        }
        if (entry.system.department_code.empty())
            return bad(file + ":1", "department_code is missing",
                       "Write department_code: \"…\", the department's 统一社会信用代码");
    }
    return std::nullopt;
}

std::optional<Refusal> Reading::checkAuthorities() {
    for (const auto& [name, authority] : content_.authorities) {
        const std::string folder = "authorities/" + name;
        if (authority.der.empty()) return bad(folder, "has no ca.pem", "Put the authority's certificate there");
        if (authority.list_pem.empty()) continue;
        auto list = RevocationList::fromPem(authority.list_pem, authority.der);
        if (!list)
            return bad(folder + "/crl.pem", list.error().code + ": " + list.error().rule + " " + list.error().value,
                       list.error().hint);
        lists_.emplace(name, std::move(*list));
    }
    return std::nullopt;
}

/// Whether another authority than that of this list issued it: a renewed one keeps its name, and may count anew.
bool Reading::isOfAnother(const std::string& name, const std::string& der) const {
    const auto issued = [&](const RegisteredAuthority& one) { return isIssuedBy(der, one.der); };
    return !issued(content_.authorities.at(name)) &&
           std::any_of(content_.authorities.begin(), content_.authorities.end(),
                       [&](const auto& one) { return issued(one.second); });
}

void Reading::markRevoked(RegisteredCertificate& certificate, const CertificateFacts& facts) {
    for (const auto& [name, list] : lists_) {
        const RevokedCertificate* const revoked = list.issuer == facts.issuer ? list.find(facts.serial) : nullptr;
        if (revoked == nullptr || isOfAnother(name, certificate.der)) continue;
        certificate.revoked_at = revoked->at;
        noteRevokedKey(facts, revoked->at);
    }
}

void Reading::noteRevokedKey(const CertificateFacts& facts, Instant at) {
    const auto [known, is_new] = content_.revoked_keys.emplace(facts.key_digest, RevokedKey{facts.serial, at});
    if (!is_new && at < known->second.at) known->second = {facts.serial, at};
}

/// Of our own authority also what is registered no more is known: by what it issued.
void Reading::noteRevokedByUs() {
    const auto list = lists_.find(std::string(kOwnAuthority));
    if (list == lists_.end()) return;
    for (const RevokedCertificate& one : list->second.revoked) {
        const auto file = files_.find(fmt::format("authorities/{}/issued/{}.pem", kOwnAuthority, one.serial));
        if (file == files_.end()) continue;
        if (const auto facts = factsOfPem(file->second)) noteRevokedKey(*facts, one.at);
    }
}

/// No certificate, and no key, belongs to two systems: who signed must never be a question of order. And a key of which
/// one certificate was revoked is good in none: whoever has it could name the other.
std::optional<Refusal> Reading::checkKeys() {
    std::multimap<std::string, RegisteredCertificate*> by_key;
    noteRevokedByUs();
    std::map<KeyId, const RegisteredCertificate*> by_id;
    for (auto& [id, entry] : content_.systems) {
        for (RegisteredCertificate& certificate : entry.certificates) {
            const auto facts = factsOfDer(certificate.der);
            if (!facts)
                return bad(certificate.file, "is no good certificate: " + facts.error().value, facts.error().hint);
            markRevoked(certificate, *facts);
            const auto [same, is_new] = by_id.emplace(certificate.id, &certificate);
            if (!is_new)
                return bad(certificate.file,
                           fmt::format("{} and {} hold one certificate, {}", same->second->owner.text(), id.text(),
                                       certificate.id.text()),
                           "Give each system a key of its own");
            const auto holder = by_key.find(facts->key_digest);
            if (holder != by_key.end() && holder->second->owner != id)
                return bad(certificate.file,
                           fmt::format("{} and {} hold one key", holder->second->owner.text(), id.text()),
                           "Give each system a key of its own");
            by_key.emplace(facts->key_digest, &certificate);
        }
    }
    for (const auto& [key, revoked] : content_.revoked_keys)
        for (auto [one, end] = by_key.equal_range(key); one != end; ++one)
            if (!one->second->revoked_at) one->second->revoked_at = revoked.at;
    return std::nullopt;
}

std::optional<Refusal> Reading::read() {
    for (const auto& [path, bytes] : files_)
        if (auto refusal = readFile(path, bytes)) return refusal;
    if (auto refusal = takeDepartments()) return refusal;
    if (auto refusal = judgeDepartmentCodes(content_)) return refusal;
    if (auto refusal = checkAuthorities()) return refusal;
    if (auto refusal = checkConnectors()) return refusal;
    if (auto refusal = checkKeys()) return refusal;
    markIssuers(content_, lists_);
    return std::nullopt;
}

}  // namespace

Result<RegisterContent> readRegister(const FileTree& files) {
    Reading reading(files);
    if (auto refusal = reading.read()) return std::move(*refusal);
    return reading.take();
}

}  // namespace caseway
