// gateway/cli/doctor.cpp - `caseway doctor`: what is wrong with this installation, and what to do.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/adapters/files/secret_folder.hpp"
#include "gateway/adapters/net/ip_address.hpp"
#include "gateway/adapters/plugin/plugin_host.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/diagnosis.hpp"
#include "gateway/cli/log_public_key.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/clear_secrets.hpp"
#include "gateway/daemon/connector_types.hpp"
#include "gateway/daemon/data_folder_lock.hpp"
#include "gateway/daemon/folder_rights.hpp"
#include "gateway/daemon/live_connectors.hpp"
#include "gateway/daemon/lost_cases.hpp"
#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/daemon/opened_entries.hpp"
#include "gateway/daemon/plugin_access.hpp"
#include "gateway/daemon/report_sender.hpp"
#include "gateway/daemon/report_settings.hpp"
#include "gateway/daemon/run_findings.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/chain_end.hpp"
#include "gateway/formats/crypto/private_key.hpp"
#include "gateway/formats/register/department_rules.hpp"
#include "gateway/formats/text/near_word.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/register/connector_hold.hpp"
#include "gateway/register/register_view.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

void checkCertificate(Diagnosis& diagnosis, const std::string& name, const Certificate& certificate, Instant now) {
    const auto left = std::chrono::duration_cast<std::chrono::days>(certificate.notAfter() - now).count();
    const std::string what = fmt::format("{}: certificate good until {}", name, toRfc3339(certificate.notAfter()));
    if (left < 0)
        diagnosis.bad(fmt::format("{}: certificate expired at {}", name, toRfc3339(certificate.notAfter())),
                      "put its successor beside it and reload");
    else if (left <= 30)
        diagnosis.warn(what + fmt::format(" ({} days left)", left),
                       "put its successor beside it now; both are good meanwhile");
    else
        diagnosis.good(what);
}

/// A chain that was copied up to the end of its first block loads, and clients that lack the others refuse the gateway.
void checkChainEnd(Diagnosis& diagnosis, const Settings& settings, const std::string& pem) {
    std::vector<std::string> authorities;
    for (const auto& [name, authority] : readInstalledRegister(settings).authorities)
        authorities.push_back(authority.der);
    const auto end = openChainEnd(pem, authorities);
    if (!end) return;
    diagnosis.warn(
        fmt::format("server: {} holds {} and none of {}, which issued the last one and is not trusted here",
                    settings.tls_certificate,
                    end->certificates == 1 ? "1 certificate" : fmt::format("{} certificates", end->certificates),
                    end->issuer),
        "put the certificates of the authorities between behind it in that file, and reload; where that is the root "
        "itself and all clients have it, nothing is missing");
}

/// The gateway does not start with a key of another certificate.
void checkServerKey(Diagnosis& diagnosis, const Settings& settings, const Certificate& certificate) {
    const auto key = PrivateKey::fromPem(readFile(settings.path(settings.tls_key)));
    if (!key) return diagnosis.bad("server key: " + key.error().rule, key.error().hint);
    const SignatureAlgorithm algorithm = usualAlgorithm(key->kind());
    const ByteView text = bytesOf("caseway doctor");
    if (key->kind() != certificate.key().kind() ||
        !certificate.key().verify(algorithm, text, bytesOf(key->sign(algorithm, text))))
        diagnosis.bad(
            fmt::format("server key: {} is not the key of {}: the gateway does not start", settings.tls_key,
                        settings.tls_certificate),
            "put the pair there that was made together; of certificates and keys tells caseway cert doctor FILE...");
}

void checkRunning(Diagnosis& diagnosis, const Settings& settings) {
    if (connectAdmin(settings))
        diagnosis.good("gateway: running");
    else
        diagnosis.warn("gateway: not running", "caseway serve --data " + settings.data.string());
}

/// What was begun and never went live exchanges nothing.
void checkDrafts(Diagnosis& diagnosis, const RegisterContent& content) {
    for (const auto& [id, entry] : content.systems)
        for (const auto& [name, connector] : entry.connectors)
            if (connector.versions.empty())
                diagnosis.warn(
                    connector.name.text() + (connector.tested.empty() ? ": a draft that was never tested, nothing runs"
                                                                      : ": tested and never activated, nothing runs"),
                    (connector.tested.empty() ? "caseway connector test " : "caseway connector activate ") +
                        connector.name.text());
}

/// What follows for the messages under the certificates that it issued: the setting says so.
void checkAuthority(Diagnosis& diagnosis, const Expiry& authority, bool refuses, Instant now) {
    const std::string rest = authority.certificates == 1
                                 ? "1 registered certificate rests on it"
                                 : fmt::format("{} registered certificates rest on it", authority.certificates);
    if (authority.revoked_at)
        return diagnosis.bad(fmt::format("{}: revoked at {}; {}: nothing under them is taken", authority.whose,
                                         toRfc3339(*authority.revoked_at), rest),
                             "caseway cert list tells whose; put certificates of a good authority beside them");
    const std::string at = toRfc3339(authority.at);
    const std::string then = authority.certificates == 0
                                 ? "nothing rests on it"
                                 : fmt::format(
                                       "{}: their messages are {} (register."
                                       "expired_authorities = {})",
                                       rest, refuses ? "refused" : "taken still", refuses ? "refuse" : "accept");
    const auto within = warningDays(authority, now);
    const std::string hint = authority.whose.ends_with(" own")
                                 ? "move authorities/own and keys/ca.key away, then: caseway cert ca init"
                                 : "ask it for its new certificate, then: caseway cert ca add NAME FILE";
    if (!within)
        diagnosis.good(fmt::format("{}: certificate good until {}", authority.whose, at));
    else if (*within == 0 && (refuses || authority.certificates == 0))
        diagnosis.bad(fmt::format("{}: expired at {}, nothing is registered under it; {}", authority.whose, at, then),
                      hint);
    else if (*within == 0)
        diagnosis.warn(fmt::format("{}: expired at {}, nothing is registered under it; {}", authority.whose, at, then),
                       hint);
    else
        diagnosis.warn(fmt::format("{}: certificate good until {}, less than {} days; from then on {}", authority.whose,
                                   at, *within == 1 ? "2" : std::to_string(*within), then),
                       hint);
}

/// The last good certificate of each system: one that has a successor beside it may end.
void checkExpiries(Diagnosis& diagnosis, const RegisterContent& content, bool refuses_expired, Instant now) {
    for (const Expiry& expiry : expiriesOf(content)) {
        if (expiry.isOfAuthority()) {
            checkAuthority(diagnosis, expiry, refuses_expired, now);
            continue;
        }
        const auto within = warningDays(expiry, now);
        const std::string at = toRfc3339(expiry.at);
        if (expiry.whose.starts_with("revocation list ")) {
            const std::string hint = "caseway cert ca crl NAME FILE; our own is signed anew by caseway cert ca crl own";
            if (within)
                diagnosis.warn(fmt::format("{}: to be renewed by {}", expiry.whose, at), hint);
            else
                diagnosis.good(fmt::format("{}: good until {}", expiry.whose, at));
            continue;
        }
        if (!within)
            diagnosis.good(fmt::format("{}: certificate good until {}", expiry.whose, at));
        else if (*within == 0)
            diagnosis.bad(fmt::format("{}: certificate expired at {}", expiry.whose, at),
                          "caseway cert request, issue, add: its messages are refused meanwhile");
        else
            diagnosis.warn(fmt::format("{}: certificate good until {}, less than {} days", expiry.whose, at,
                                       *within == 1 ? "2" : std::to_string(*within)),
                           "caseway cert add SYSTEM FILE puts its successor beside it; both are good meanwhile");
    }
}

/// Registered under former rules: nothing that they sign is taken, and what they signed proves nothing.
void checkForgeableKeys(Diagnosis& diagnosis, const RegisterContent& content) {
    for (const auto& [id, entry] : content.systems)
        for (const RegisteredCertificate& certificate : entry.certificates)
            if (const std::string why = whyKeyForgeable(certificate.der); !why.empty())
                diagnosis.bad(fmt::format("{}: certificate {}: {}; nothing that it signs is taken", id.text(),
                                          certificate.id.text().substr(0, 16), why),
                              fmt::format("caseway cert remove {} {}; what it signed until now anybody may have signed",
                                          id.text(), certificate.id.text().substr(0, 16)));
    for (const auto& [name, authority] : content.authorities)
        if (const std::string why = whyKeyForgeable(authority.der); !why.empty())
            diagnosis.bad("authority " + name + ": " + why,
                          "check each certificate under it with its owner, then: caseway cert ca remove " + name);
}

std::string hintOfUnloaded(const SystemId& system, const std::string& name, const MappingsByName& mappings) {
    std::vector<std::string_view> known;
    for (const auto& [loaded, mapping] : mappings) known.push_back(loaded);
    const std::string_view meant = nearestWord(name, known);
    const std::string add = "caseway mapping add DIR; `caseway mapping check DIR` shows its mistakes";
    if (meant.empty()) return add;
    return fmt::format(
        "did you mean '{0}'? caseway system grant {1} --mapping {0}, then caseway system revoke-grant {1} --mapping "
        "{2}; "
        "else: {3}",
        meant, system.text(), name, add);
}

void checkRegister(Diagnosis& diagnosis, const Settings& settings, const MappingsByName& mappings) {
    const RegisterContent content = readInstalledRegister(settings);
    if (content.systems.empty()) diagnosis.warn("no system is registered", "docs/operating/first-department.md");
    for (const auto& [name, department] : content.departments)
        if (department.suspended)
            diagnosis.warn("department " + name + ": suspended, nothing of its systems is taken",
                           "caseway department resume " + name);
    for (const auto& [id, entry] : content.systems) {
        if (entry.system.suspended)
            diagnosis.warn(id.text() + ": suspended, its messages are refused", "caseway system activate " + id.text());
        // One that has connectors signs nothing; where they stand is told of each.
        if (entry.certificates.empty() && entry.connectors.empty())
            diagnosis.bad(id.text() + ": neither a certificate nor a connector: nothing can come from it",
                          fmt::format("caseway cert add {0} FILE; where it is pulled from: caseway connector add "
                                      "{0}/NAME FILE",
                                      id.text()));
        for (const RegisteredCertificate& certificate : entry.certificates)
            if (certificate.revoked_at)
                diagnosis.warn(
                    fmt::format("{}: certificate {} was revoked at {}", id.text(), certificate.id.text().substr(0, 16),
                                toRfc3339(*certificate.revoked_at)),
                    fmt::format("caseway cert remove {} {}", id.text(), certificate.id.text().substr(0, 16)));
        for (const std::string& name : entry.system.mappings)
            if (!mappings.contains(name))
                diagnosis.bad(id.text() + ": mapping " + name + " is not loaded", hintOfUnloaded(id, name, mappings));
    }
    for (const Refusal& one : emptyGrants(content))
        diagnosis.warn(fmt::format("{}: the grant {} allows nothing: it is not {}", one.where, one.value, one.rule),
                       one.hint + "; to take it out: caseway system revoke-grant");
    checkForgeableKeys(diagnosis, content);
    checkExpiries(diagnosis, content, settings.expired_authorities == "refuse", SystemClock().now());
    checkDrafts(diagnosis, content);
    for (const auto& [name, why] : heldConnectorsOf(content))
        if (isHeldFromOutside(why)) diagnosis.bad(fmt::format("{} runs nothing: {}", name, why.rule), why.hint);
}

/// What connectors may use, and nobody's connector can: a department that is not there, a secret without one.
void checkConnectorAccess(Diagnosis& diagnosis, const Settings& settings) {
    const RegisterContent content = readInstalledRegister(settings);
    const auto knows = [&](const std::string& department) {
        return content.departments.contains(department) ||
               std::any_of(content.systems.begin(), content.systems.end(),
                           [&](const auto& one) { return one.first.department() == department; });
    };
    const auto check = [&](const char* key, const std::string& list) {
        const OpenedEntries entries = openedEntries(key, list);
        for (const OpenedEntry& entry : entries.all)
            if (entry.department != kAllDepartments && !knows(entry.department))
                diagnosis.warn(fmt::format("{}: no department {} is registered", key, entry.department),
                               "caseway department add " + entry.department + ", or correct the entry");
    };
    check("connectors.destinations", settings.connectors.destinations);
    check("connectors.folders", settings.connectors.folders);
    check("connectors.secret_variables", settings.connectors.secret_variables);
    for (const OpenedEntry& entry : openedEntries({}, settings.connectors.destinations).all)
        if (entry.text.find(':') == std::string::npos && !IpRange::parse(entry.text))
            diagnosis.warn("connectors.destinations: " + entry.text + " stands without a port",
                           "name the port too, such as " + entry.text +
                               ":443: whoever controls the name chooses the machine, and with it the service");
    const OpenedEntries folders = openedEntries({}, settings.connectors.folders);
    for (const OpenedEntry& entry : folders.all) {
        std::error_code error;
        const fs::path real = fs::weakly_canonical(entry.text, error);
        if (error || real / "" != fs::path(entry.text).lexically_normal() / "")
            diagnosis.warn("connectors.folders: " + entry.text + " is or leads through a link, and opens nothing",
                           "name the real path" + (error ? "" : ": " + real.string()));
    }
    for (const Refusal& notice : settings.notices)
        diagnosis.bad(
            fmt::format("{}{}{}: {}", notice.where, notice.value.empty() ? "" : " = ", notice.value, notice.rule),
            notice.hint);
    for (const ClearSecrets& one : secretsInClear(installedConnectorTypes(settings), content))
        diagnosis.warn(fmt::format("{}: a secret stands in clear at {}", one.connector, fmt::join(one.settings, ", ")),
                       nextStepOfClearSecrets(one.connector));
    for (const SecretId& id : SecretFolder(settings.data).ids())
        if (id.department.empty())
            diagnosis.bad("secret " + id.name + " has no department and is open to nobody",
                          "caseway secret bind DEPARTMENT/" + id.name);
        else if (id.department != kAllDepartments && !knows(id.department))
            diagnosis.warn(fmt::format("secret {}/{}: no such department is registered", id.department, id.name),
                           "the next one of that name could use it: caseway secret remove");
}

/// Which protections of plug-ins are in force, and what is wrong with those that are here.
void checkPlugins(Diagnosis& diagnosis, const Settings& settings) {
    if (settings.plugins.folders.empty()) return;
    PluginSettings plugins = pluginSettingsOf(settings);
    plugins.event = [&](const PluginEvent& event) {
        diagnosis.bad(fmt::format("plug-in {}: {}: {}", event.plugin, event.event, event.detail), event.next_step);
    };
    const PluginHost host(plugins);  // looks at their folders, and tells
    const ConnectorTypes installed = installedConnectorTypes(settings);
    for (const Refusal& one : installed.mistakes())
        diagnosis.bad(fmt::format("plug-in {}: {}: {}", one.where, one.code, one.rule), one.hint);
    for (const auto& [name, one] : installed.all())
        if (!isCompiledIn(name)) diagnosis.good(fmt::format("plug-in {} {}", name, versionOf(*one.type)));
    const ProtectionReport report = protectionsOf(plugins, kernelProtections(), gatewayProcess(settings));
    for (const std::string& one : report.in_force) diagnosis.good("plug-ins: " + one);
    for (const std::string& one : report.missing) {
        const std::size_t colon = one.find(": ");
        diagnosis.warn("plug-ins: " + one.substr(0, colon), colon == std::string::npos ? "" : one.substr(colon + 2));
    }
    if (!report.may_run) diagnosis.bad("plug-ins are not started here", "docs/operating/plugins.md");
}

void checkRuns(Diagnosis& diagnosis, const Settings& settings) {
    StoredInstallation stored(settings);
    const RegisterContent content = readInstalledRegister(settings);
    const auto live = liveConnectorsOf(content, [&](const std::string& name, const Refusal& why) {
        diagnosis.bad(
            fmt::format("{} is live and runs only when it is asked: {} {}: {}", name, why.code, why.where, why.rule),
            why.hint);
    });
    for (const RunFinding& one : lostCases(stored.reader(), content)) diagnosis.bad(one.what, one.next_step);
    for (const Refusal& one : whyNotOpened(live, installedConnectorTypes(settings), settings))
        diagnosis.bad(fmt::format("{} is live and cannot run: {}: {}", one.where, one.code, one.rule), one.hint);
    for (const RunFinding& one :
         runFindings(stored.reader(), live, settings.sync.circuit, settings.report.files_wait, SystemClock().now()))
        diagnosis.warn(one.what, one.next_step);
}

/// Whether a newer one should have gone out: some minutes are left for it.
bool isBehind(const Settings& settings, const ReportSending& sending, std::chrono::minutes send_at) {
    constexpr std::chrono::minutes kTimeToSend{15};
    const auto zone = TimeZone::find(settings.report.zone);
    return zone && sending.night < textOf(lastDueReport(SystemClock().now() - kTimeToSend, *zone, send_at).date);
}

/// What became of the morning report on the ways that are configured.
void checkReport(Diagnosis& diagnosis, const Settings& settings, StoreReader& reader) {
    const ReportAccess& report = settings.report;
    if (!mistakeInZone(report.zone).empty())
        diagnosis.bad("report.zone: no zone " + report.zone, "install tzdata, or name a zone of the IANA database");
    const bool mails = !report.mail_server.empty() && !report.mail_to.empty(), posts = !report.webhook.empty();
    if (report.send_at.empty() && (mails || posts))
        diagnosis.warn("the morning report has a way and no time", "set report.send_at, such as 07:30");
    if (!report.send_at.empty() && !mails && !posts)
        diagnosis.warn("the morning report has a time and no way",
                       "set report.mail_server and mail_to, or report.webhook");
    if (mails && report.mail_from.empty())
        diagnosis.bad("report.mail_from is missing: no mail can be sent", "set it to an address of the center");
    for (const auto& [way, is_used] : {std::pair("mail", mails), std::pair("webhook", posts)}) {
        const auto note = is_used ? reader.reportNote(sendingNoteOf(way)) : std::nullopt;
        const auto sending = note ? ReportSending::read(way, *note) : std::nullopt;
        if (!sending) continue;
        if (sending->is_sent && !sending->refused.empty())
            diagnosis.warn(fmt::format("morning report of {}, refused: {}", sending->night, sending->refused),
                           "the others have it; correct report.mail_to, or ask those who run the mail server");
        const auto send_at = timeOfDay(report.send_at);
        if (sending->is_sent && send_at && isBehind(settings, *sending, *send_at))
            diagnosis.warn(
                fmt::format("the last morning report that was sent by {} is that of {}", way, sending->night),
                "a newer one was due: does the gateway run? caseway sync morning shows it here");
        else if (sending->is_sent)
            diagnosis.good(fmt::format("morning report of {} sent by {}", sending->night, way));
        else
            diagnosis.bad(fmt::format("morning report of {} not sent by {}, {} attempts: {}", sending->night, way,
                                      sending->failed, sending->error),
                          "it is tried again for 12 hours; caseway sync morning shows it here");
    }
}

void diagnose(CommandContext& context) {
    Diagnosis diagnosis(context);
    const Settings settings = context.settings();
    if (!fs::exists(settings.data))
        return diagnosis.bad("no data folder " + settings.data.string(), "caseway init --data DIR");
    const fs::path key = settings.path(settings.log_key);
    diagnosis.run("log key", [&] {
        KeyFile opened(key);
        if (const std::string why = whyNotOfLogKey(settings); !why.empty())
            return diagnosis.bad(why, kWriteLogPublicKey);
        diagnosis.good("log key " + key.string());
    });
    for (const RightsFinding& one : rightsFindings(settings))
        one.is_bad ? diagnosis.bad(one.what, one.next_step) : diagnosis.warn(one.what, one.next_step);
    diagnosis.run("server certificate", [&] {
        const std::string pem = readFile(settings.path(settings.tls_certificate));
        const auto certificate = Certificate::fromPem(pem);
        if (!certificate)
            return diagnosis.bad("server certificate: " + certificate.error().rule, certificate.error().hint);
        checkCertificate(diagnosis, "server", **certificate, SystemClock().now());
        checkServerKey(diagnosis, settings, **certificate);
        checkChainEnd(diagnosis, settings, pem);
    });
    checkRunning(diagnosis, settings);
    std::vector<MappingMistake> mistakes;
    const MappingsByName mappings = loadMappings(settings.path(settings.mappings_folder), mistakes);
    for (const MappingMistake& mistake : mistakes) diagnosis.bad(textOf(mistake), mistake.hint);
    diagnosis.good(fmt::format("{} mappings loaded", mappings.size()));
    diagnosis.run("register", [&] { checkRegister(diagnosis, settings, mappings); });
    diagnosis.run("store", [&] {
        StoredInstallation stored(settings);
        const auto head = stored.reader().lastCheckpoint();
        diagnosis.good(fmt::format("store opened, log of {} leaves, {} large messages unfinished",
                                   head ? head->tree_size : 0, stored.reader().unfinishedLarge().size()));
        checkReport(diagnosis, settings, stored.reader());
    });
    diagnosis.run("runs", [&] { checkRuns(diagnosis, settings); });
    diagnosis.run("connectors", [&] { checkConnectorAccess(diagnosis, settings); });
    checkPlugins(diagnosis, settings);
    const fs::space_info space = fs::space(settings.data);
    if (space.available < 1024ULL * 1024 * 1024)
        diagnosis.bad(fmt::format("{} MiB free on the disk", space.available >> 20),
                      "free space; messages are refused when it is full");
}

}  // namespace

void addDoctorCommand(CLI::App& program, CommandContext& context) {
    CLI::App* command = program.add_subcommand("doctor", "what is wrong with this installation, and what to do");
    addCommonOptions(*command, context, "  caseway doctor --data /var/lib/caseway");
    command->callback([&context] { diagnose(context); });
}

}  // namespace caseway
