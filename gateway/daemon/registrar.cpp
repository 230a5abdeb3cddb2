// gateway/daemon/registrar.cpp - plan, stage, log, write.
#include "gateway/daemon/registrar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/daemon/connector_judge.hpp"
#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/daemon/own_keys.hpp"
#include "gateway/daemon/register_snapshot.hpp"
#include "gateway/daemon/secret_change.hpp"
#include "gateway/daemon/secret_users.hpp"
#include "gateway/daemon/unmasking_reason.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/log/message_log.hpp"
#include "gateway/normalize/mapping_loader.hpp"
#include "gateway/register/replaced_mappings.hpp"
#include "gateway/register/unknown_mappings.hpp"

namespace caseway {
namespace {

std::set<std::string> namesOfMappings(const FileTree& tree) {
    std::set<std::string> names;
    for (const auto& [path, bytes] : tree) {
        if (!path.starts_with("mappings/") || path.ends_with('/')) continue;
        if (auto name = nameOfMapping(bytes, path)) names.insert(std::move(*name));
    }
    return names;
}

/// By their names, as far as they can be read.
std::map<std::string, std::string> textsOfMappings(const FileTree& tree) {
    std::map<std::string, std::string> texts;
    for (const auto& [path, bytes] : tree) {
        if (!path.starts_with("mappings/") || path.ends_with('/') || !isUtf8(bytes)) continue;
        if (const auto spec = loadMappingSpec(bytes, path)) texts.emplace(spec->name, bytes);
    }
    return texts;
}

AuditDocument byNobodyKnown(std::string event, std::size_t files) {
    return {"unknown", "unknown", MessageId::random().text(), std::move(event), fmt::format("{} files", files), {}, {}};
}

ChangeReport reportOf(const PlannedChange& change, const ConnectorTypes* types, std::optional<LogIndex> index,
                      bool is_changed) {
    std::string out = "{\"event\":";
    appendJsonString(change.event, out);
    out += ",\"subject\":";
    appendJsonString(change.subject, out);
    out += fmt::format(",\"changed\":{}", is_changed ? "true" : "false");
    if (index) out += fmt::format(",\"log_index\":{}", *index);
    out += fmt::format(",\"plan\":\"{}\"", digestOf(change.files));
    out += ",\"files\":[";
    for (const FileChange& file : change.files) {
        if (out.back() != '[') out += ',';
        out += "{\"path\":";
        appendJsonString(file.path, out);
        out += fmt::format(",\"change\":\"{}\"}}", !file.before ? "new" : !file.after ? "removed" : "changed");
    }
    out += "],\"warnings\":[";
    for (const std::string& warning : change.warnings) {
        if (out.back() != '[') out += ',';
        appendJsonString(warning, out);
    }
    out += "],\"made\":{";
    for (const auto& [name, value] : change.made) {
        if (out.back() != '{') out += ',';
        appendJsonString(name, out);
        out += ':';
        appendJsonString(value, out);
    }
    out += "},\"diff\":";
    appendJsonString(diffText(shown(change.files, types), change.notes), out);
    return out + "}";
}

}  // namespace

TreeFolders treeFoldersOf(const Settings& settings) {
    return {settings.path(settings.register_folder), settings.data / "authorities",
            settings.path(settings.mappings_folder)};
}

LogIndex appendAudit(StoreWriter& writer, MessageLog& log, const AuditDocument& document, const std::string& snapshot,
                     Instant now) {
    const std::string json = document.json();
    const LogIndex index = log.append(writer, auditEntry(document, json, now));
    writer.putEnvelope(index, {json, {}});
    writer.putMeta(kRegisterChange, document.change);
    writer.putMeta(kRegisterTree, snapshot);
    return index;
}

Registrar::Registrar(Parts parts)
    : parts_(std::move(parts)),
      folders_(treeFoldersOf(parts_.settings)),
      pending_(parts_.settings.data / "register.pending") {}

FileTree Registrar::tree() const {
    return readTree(folders_);
}

Result<PrivateKey> Registrar::authorityKey(std::optional<KeyKind> make) const {
    const std::filesystem::path file = parts_.settings.data / "keys" / "ca.key";
    if (!std::filesystem::exists(file)) {
        if (!make)
            return Refusal{"authority_missing", "authority", file.string(),
                           "keys/ca.key, the key of authorities/own/ca.pem, is here",
                           "put it back: keys/ca.key, from where it is kept; or issue where it is"};
        createKeyFile(file, *make);
    }
    return readPrivateKey(file);
}

std::optional<Refusal> Registrar::judgeMappings(const PlannedChange& change, const FileTree& after) const {
    std::map<std::string, std::string> added;  // name of a mapping that changes, to its file
    for (const FileChange& file : change.files) {
        if (!file.path.starts_with("mappings/") || !file.after) continue;
        const auto name = nameOfMapping(*file.after, file.path);
        if (name) {
            added.emplace(*name, file.path);
            continue;
        }
        return refusalOf(name.error());
    }
    if (added.empty()) return std::nullopt;
    // Two mappings of one name would both stay unloaded.
    for (const auto& [path, bytes] : after) {
        if (!path.starts_with("mappings/") || path.ends_with('/')) continue;
        const auto name = nameOfMapping(bytes, path);
        const auto twin = name ? added.find(*name) : added.end();
        if (twin != added.end() && twin->second != path)
            return Refusal{"mapping_name_taken",
                           twin->second,
                           *name,
                           "it is also the name of " + path,
                           "give each mapping a name of its own, or replace the other: --folder NAME",
                           {}};
    }
    return std::nullopt;
}

/// A mapping goes out of force where its file is taken by one of another name: never by accident.
std::optional<Refusal> Registrar::judgeLostMappings(const Operation& operation, PlannedChange& change,
                                                    const FileTree& after) const {
    const std::set<std::string> left = namesOfMappings(after);
    const auto content = readRegister(after);
    for (const FileChange& file : change.files) {
        if (!file.path.starts_with("mappings/") || !file.before) continue;
        const auto name = nameOfMapping(*file.before, file.path);
        if (!name) continue;
        if (left.contains(*name)) {
            if (content && operation.kind->name == "mapping.add")
                for (std::string& line : tellReplaced(*name, file.path, *content))
                    change.warnings.push_back(std::move(line));
            continue;
        }
        const std::string users = content ? systemsWith(*name, *content) : std::string();
        const std::string used = users.empty() ? "no system uses it" : "used by " + users;
        if (operation.kind->name == "mapping.add" && operation.text("replace").empty())
            return Refusal{"mapping_would_go",
                           file.path,
                           *name,
                           "the folder holds another mapping, " + used,
                           "put the new one into a folder of its own: --folder NAME; to take " + *name +
                               " out of force: --replace",
                           {}};
        change.warnings.push_back(fmt::format("the mapping {} is out of force now, {}", *name, used));
    }
    return std::nullopt;
}

void Registrar::writeFiles(const AuditDocument& document) const {
    const auto write = [this](const std::string& path, const std::optional<std::string>& bytes) {
        const auto folders = std::count(path.begin(), path.end(), '/') - 1;
        writeTreeFile(folders_.place(path), bytes, static_cast<int>(folders));
    };
    for (const auto& [path, bytes] : document.after) write(path, bytes);
    for (const auto& [path, bytes] : document.before)
        if (!document.after.contains(path)) write(path, std::nullopt);
}

LogIndex Registrar::carryOut(const PlannedChange& change, const FileTree& after, const Person& by) {
    const AuditDocument head{by.name, by.uid,    MessageId::random().text(), change.event, change.subject, {},
                             {},      by.claimed};
    AuditDocument staged = head, logged = head;
    addFiles(change.files, staged);  // what is written, byte by byte
    addFiles(shown(change.files, parts_.types), logged);
    const LogIndex index = stageAndLog(logged, staged.json(), after);
    writeFiles(staged);
    pending_.done();
    return index;
}

LogIndex Registrar::stageAndLog(const AuditDocument& document, const std::string& staged, const FileTree& after) {
    pending_.stage(staged);
    try {
        return parts_.append(document, snapshotOf(after, ownersLocked(tree()), parts_.types));
    } catch (const Fault& fault) {
        // Where nobody knows whether it was logged, the next start does.
        if (fault.code() != FaultCode::StoreCommitUnknown) pending_.done();
        throw;
    }
}

Result<ChangeReport> Registrar::changeSecret(const Operation& operation, const FileTree& now, const Person& by,
                                             bool dry) {
    const auto content = readRegister(now);
    if (!content) return content.error();
    SecretFolder secrets(parts_.settings.data);
    const auto files = planSecretChange(operation, *content, secrets, dry);
    if (!files) return files.error();
    PlannedChange change{std::string(operation.kind->event), operation.text("secret"), {}, {}, {}};
    if (const auto removed = SecretId::parse(change.subject); removed && operation.kind->name == "secret.remove")
        change.warnings = tellUsersOf(*removed, *content, secrets);
    if (dry) return reportOf(change, parts_.types, std::nullopt, true);
    noteEditsLocked(now, true);
    const AuditDocument document{by.name, by.uid,    MessageId::random().text(), change.event, change.subject, {},
                                 {},      by.claimed};
    const LogIndex index = stageAndLog(document, stagedWith(document.json(), *files), now);
    secrets.write(*files);
    pending_.done();
    return reportOf(change, parts_.types, index, true);
}

/// No file changes: somebody looks at what a message says of people.
Result<ChangeReport> Registrar::noteUnmasking(const Operation& operation, const Person& by, bool dry) {
    const std::string message = operation.text("message");
    if (message.empty() || message.size() >= 20 || message.find_first_not_of("0123456789") != message.npos)
        return Refusal{"bad_parameter", "message", {}, "the index of its leaf", "caseway message list shows it", {}};
    return noteUnmasked({std::string(operation.kind->event), message, {}, {}, {}}, operation.text("reason"), by, dry);
}

Result<ChangeReport> Registrar::noteUnmaskedTest(const std::string& connector, const std::string& reason,
                                                 const Person& by, bool dry) {
    const std::lock_guard lock(mutex_);
    recoverLocked();
    return noteUnmasked({"connector_unmasked", connector, {}, {}, {}}, reason, by, dry);
}

/// The reason stands in the document, which the leaf has a digest of.
Result<ChangeReport> Registrar::noteUnmasked(const PlannedChange& change, const std::string& reason, const Person& by,
                                             bool dry) {
    if (auto refusal = refuseReason(reason)) return std::move(*refusal);
    if (dry) return reportOf(change, parts_.types, std::nullopt, true);
    const FileTree now = tree();
    noteEditsLocked(now, true);
    const AuditDocument document{by.name,        by.uid, MessageId::random().text(), change.event,
                                 change.subject, {},     {{"reason", reason}},       by.claimed};
    return reportOf(change, parts_.types, parts_.append(document, snapshotOf(now, ownersLocked(now), parts_.types)),
                    true);
}

ConnectorWorld worldOf(const FileTree& tree, const ConnectorTypes& types) {
    return {textsOfMappings(tree), types.versions()};
}

ConnectorWorld Registrar::connectorWorld(const FileTree& tree) const {
    static const ConnectorTypes kNone;
    return worldOf(tree, parts_.types != nullptr ? *parts_.types : kNone);
}

Result<ChangeReport> Registrar::change(const Operation& operation, const Person& by, bool dry,
                                       const std::optional<SeenToWork>& tested) {
    const std::lock_guard lock(mutex_);
    recoverLocked();  // where a commit's result was unknown, it is known by now
    const FileTree now = tree();
    if (isSecretOperation(operation)) return changeSecret(operation, now, by, dry);
    if (operation.kind->name == "message.unmask") return noteUnmasking(operation, by, dry);
    PlanContext context{parts_.clock.now(), [this, dry](std::optional<KeyKind> make) -> Result<PrivateKey> {
                            if (dry && make) return PrivateKey::generate(*make);
                            return authorityKey(make);
                        }};
    context.connectors = [this, &now] { return connectorWorld(now); };
    if (parts_.types != nullptr)
        context.judge_draft = [this](const std::string& file, const std::string& yaml) {
            return judgeConnectorFile(*parts_.types, file, yaml, file);
        };
    context.tested = tested;
    context.has_cases = parts_.has_cases;
    context.opened_by_name = [this](const std::string& department) {
        return openedByName(parts_.settings, department);
    };
    context.own_keys = ownKeysOf(parts_.settings);
    context.key_owners = ownersLocked(now);
    auto planned = planChange(now, operation, context);
    if (!planned) return planned.error();
    const FileTree after = changed(now, planned->files);
    if (auto refusal = judgeMappings(*planned, after)) return std::move(*refusal);
    if (auto refusal = judgeLostMappings(operation, *planned, after)) return std::move(*refusal);
    for (std::string& one : unknownMappings(operation, planned->files, namesOfMappings(after)))
        planned->warnings.push_back(std::move(one));
    if (dry || planned->isNothing()) return reportOf(*planned, parts_.types, std::nullopt, !planned->isNothing());
    noteEditsLocked(now, true);
    const LogIndex index = carryOut(*planned, after, by);
    parts_.changed();
    return reportOf(*planned, parts_.types, index, true);
}

void Registrar::noteEdits() {
    const std::lock_guard lock(mutex_);
    recoverLocked();
    noteEditsLocked(tree(), false);
}

void Registrar::noteEditsLocked(const FileTree& now, bool change_follows) {
    const auto stored = parts_.meta(kRegisterTree);
    auto former = stored ? AuditDocument::read(*stored) : Result<AuditDocument>(Refusal{});
    if (former) seen_ = asTexts(std::move(former->after), parts_.types);
    FileTree texts = asTexts(now, parts_.types);
    const auto edits = seen_ ? differences(*seen_, texts) : std::vector<FileChange>();
    if (!stored && (change_follows || !edits.empty())) noteFoundLocked(seen_ ? *seen_ : texts);
    seen_ = std::move(texts);
    if (edits.empty()) return;
    AuditDocument document = byNobodyKnown("register_edited", edits.size());
    addFiles(edits, document);
    parts_.append(document, snapshotOf(now, ownersLocked(*seen_), parts_.types));
}

/// The first leaf of an installation that was made by hand tells all of it: from here on the log tells every file.
void Registrar::noteFoundLocked(const FileTree& texts) {
    if (texts.empty()) return;
    AuditDocument document = byNobodyKnown("register_found", texts.size());
    document.after = texts;
    parts_.append(document, snapshotOf(texts, ownersLocked(texts), parts_.types));
}

KeyOwners Registrar::ownersLocked(const FileTree& now) const {
    const auto stored = parts_.meta(kRegisterTree);
    const auto former = stored ? AuditDocument::read(*stored) : Result<AuditDocument>(Refusal{});
    KeyOwners owners;
    if (former) {
        owners = former->before;
        addOwners(former->after, owners);
    }
    addOwners(now, owners);
    return owners;
}

void Registrar::recoverLocked() {
    const auto left = pending_.left();
    if (!left) return;
    const StagedChange staged = stagedIn(*left);
    const auto document = AuditDocument::read(staged.document);
    // One that cannot be read was never whole, so that its leaf was never written.
    if (document && parts_.meta(kRegisterChange) == document->change) {
        writeFiles(*document);
        if (!staged.files.empty()) SecretFolder(parts_.settings.data).write(staged.files);
    }
    pending_.done();
}

}  // namespace caseway
