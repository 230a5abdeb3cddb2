// gateway/daemon/gateway.cpp - wiring.
#include "gateway/daemon/gateway.hpp"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/adapters/files/payload_folder.hpp"
#include "gateway/adapters/files/register_folder.hpp"
#include "gateway/adapters/sqlite/disk_key_set.hpp"
#include "gateway/base/check.hpp"
#include "gateway/daemon/admin_endpoints.hpp"
#include "gateway/daemon/audit_writers.hpp"
#include "gateway/daemon/clear_secrets.hpp"
#include "gateway/daemon/data_folder_lock.hpp"
#include "gateway/daemon/endpoint_handler.hpp"
#include "gateway/daemon/health_endpoints.hpp"
#include "gateway/daemon/log_endpoints.hpp"
#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/daemon/message_endpoint.hpp"
#include "gateway/daemon/message_ways.hpp"
#include "gateway/daemon/metrics.hpp"
#include "gateway/daemon/notices.hpp"
#include "gateway/daemon/openapi_document.hpp"
#include "gateway/daemon/operating_log.hpp"
#include "gateway/daemon/own_keys.hpp"
#include "gateway/daemon/plugin_access.hpp"
#include "gateway/daemon/read_endpoints.hpp"
#include "gateway/daemon/recorder_settings.hpp"
#include "gateway/daemon/register_snapshot.hpp"
#include "gateway/daemon/report_desk.hpp"
#include "gateway/daemon/server_config.hpp"
#include "gateway/daemon/sync_endpoints.hpp"
#include "gateway/daemon/sync_ways.hpp"
#include "gateway/daemon/thrift_door.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/register/department_rules.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/pipeline/large_messages.hpp"

namespace caseway {
namespace {

constexpr std::uintmax_t kSpaceMin = 2 * 1024 * 1024;  ///< of the data folder; with less the next commit may fail

/// Made of the log's key, which stands in no store: who has the database alone can write no notes that are believed.
Sha256 notesKeyOf(Signer& signer) {
    const auto made = signer.sign(bytesOf("caseway: seal of the notes of known records"));
    return sha256(textOf(ByteView(made)));
}

/// A command may hold the folder for the moment that its change takes; another gateway holds it for good.
std::unique_ptr<Store> openStoreSoon(const Settings& settings) {
    for (FolderPatience patience(settings, std::chrono::seconds(10));;) {
        const bool is_served = connectAdminSoon(settings, patience.left()) != nullptr;
        try {
            return openStoreForWriting(settings);
        } catch (const Fault& fault) {
            if (is_served || !patience.mayTryAgain(fault)) throw;
        }
    }
}

constexpr auto tellFault = [](std::string_view text) { logError("fault", {{"fault", text}}); };

}  // namespace

struct Gateway::Parts {
    explicit Parts(const Settings& given);
    void loadMappingsFrom(const std::filesystem::path& folder);
    void takeUpRegister();
    Result<RegisterContent> readFiles() const { return readRegister(registrar.tree()); }
    void watchExpiries(const Result<RegisterContent>& content);
    void takeUpConnectors(const Result<RegisterContent>& content);
    RegisterContent registerNow();
    std::vector<Endpoint> endpoints();
    std::string notReady();
    std::string figures();

    Settings settings;
    SystemClock clock;
    ConnectorTypes types;
    KeyFile signer;  // first: a folder without a key gets no database
    std::unique_ptr<Store> store;
    std::unique_ptr<MessageLog> log;
    PayloadFolder payloads;
    Registrar registrar;  // before the register is read: it ends what a crash interrupted
    RegisterFolder known;
    MappingShelf mappings;
    Recorder recorder;
    Verifier verifier;
    Metrics metrics;
    ExpiryWatch expiries;
    OutcomeBell outcome_bell;  // before those who ring it
    std::unique_ptr<Committer> committer;
    std::unique_ptr<Unauthenticated> unauthenticated;
    std::unique_ptr<LargeMessages> large;
    std::unique_ptr<Exchange> exchange;
    std::unique_ptr<ReportDesk> reports;  // before the runs that it looks at
    std::unique_ptr<SyncRunner> sync;
    std::unique_ptr<MessageEndpoint> message_endpoint;
    std::unique_ptr<ReadEndpoints> read_endpoints;
    std::unique_ptr<LogEndpoints> log_endpoints;
    std::unique_ptr<AdminEndpoints> admin_endpoints;
    std::unique_ptr<SyncEndpoints> sync_endpoints;
    std::unique_ptr<EndpointHandler> handler;
    std::unique_ptr<ThriftDoor> thrift;  // before the handler
    std::unique_ptr<HttpServer> server;
    std::atomic<bool> stopping{false};
    std::atomic<bool> ready{false};
};

Gateway::Parts::Parts(const Settings& given)
    : settings(given),
      types(installedConnectorTypes(settings)),
      signer(settings.path(settings.log_key)),
      store(openStoreSoon(settings)),
      log(MessageLog::open(store->reader(), signer, originOf(store->reader(), settings))),
      payloads(settings.path("payloads").string()),
      registrar(Registrar::Parts{settings, clock,
                                 [this](const AuditDocument& document, const std::string& snapshot) {
                                     return appendThrough(*committer, document, snapshot);
                                 },
                                 [this](std::string_view name) { return store->reader().meta(name); },
                                 [this] { takeUpRegister(); }, &types,
                                 [this](const std::string& code) { return hasCases(store->reader(), code); }}),
      known((registrar.recover(), settings.path(settings.register_folder)), settings.data / "authorities",
            [this] { return treeIn(store->reader().meta(kRegisterTree)); }),
      recorder(recorderConfig(settings)),
      verifier(known, clock, settings.gateway_id, settings.limits,
               settings.expired_authorities == "refuse" ? ExpiredAuthorities::Refuse : ExpiredAuthorities::Accept),
      expiries(clock, settings.expired_authorities) {
    payloads.removeOrphans([this](const std::string& name) { return store->reader().namesBodyFile(name); });
    loadMappingsFrom(settings.path(settings.mappings_folder));
    watchExpiries(readFiles());
    committer = std::make_unique<Committer>(*store, *log, clock, Committer::Limits{},
                                            [](const auto& answering) { HttpServer::answerTogether(answering); });
    unauthenticated = std::make_unique<Unauthenticated>(*committer, clock, settings.unauthenticated_kept_per_minute,
                                                        tellUnauthenticated);
    const auto news = [this](const MessageNews& told) {
        metrics.count(told);
        tellOutcome(told);
    };
    large = std::make_unique<LargeMessages>(
        LargeMessages::Parts{*store, *committer, recorder, mappings, known,
                             [this](const std::string& name) { return payloads.open(name); }, settings.limits,
                             [](std::string_view text) {
                                 logWarning("large_message", {{"detail", text}});
                             },
                             [this, news](const MessageNews& told) {
                                 news(told);
                                 outcome_bell.ring();
                             },
                             6, true, notesKeyOf(signer)});
    exchange = std::make_unique<Exchange>(
        Exchange::Parts{verifier, mappings, *committer, recorder, *unauthenticated, clock, settings.limits, news,
                        [this](LogIndex index, const SystemId& sender) { large->enqueue(index, sender); }, tellFault});
    reports = std::make_unique<ReportDesk>(ReportDesk::Parts{
        settings, store->reader(), *committer, signer, log->origin(), clock, [this] { return registerNow(); },
        [this](const std::string& name) { return payloads.open(name); },
        [this] { return sync ? sync->waits() : RunWaits(); }});
    sync = std::make_unique<SyncRunner>(SyncRunner::Parts{
        settings, types,
        PulledPages::Parts{*store, *committer, recorder, known, clock, settings.gateway_id, settings.limits,
                           [this] { return std::make_unique<PayloadSpool>(payloads); }, &MessageId::random, news,
                           [this](LogIndex index, const SystemId& sender) { large->enqueue(index, sender); },
                           outcome_bell, verifier},
        [this] { return makeDiskKeySet(payloads.root() + "/spool"); },
        [this](const std::string& name) { return payloads.open(name); },
        [this](const Run& run) { tellRun(run, settings.report.files_wait), reports->ended(run); }, tellUnfinishedRun,
        std::chrono::minutes(1), [this](const PassedOverLine& line) { reports->passedOver(line); }});
    message_endpoint = std::make_unique<MessageEndpoint>(*exchange, verifier, payloads, settings.limits);
    read_endpoints = std::make_unique<ReadEndpoints>(*store, *log, recorder.numbers(), known, verifier);
    log_endpoints = std::make_unique<LogEndpoints>(store->reader(), *log, verifier);
    admin_endpoints = std::make_unique<AdminEndpoints>(
        AdminEndpoints::Parts{registrar, clock, settings, types, store->reader(),
                              [this](const std::string& name) { return payloads.open(name); }});
    sync_endpoints = std::make_unique<SyncEndpoints>(*sync, store->reader());
    handler = std::make_unique<EndpointHandler>(Router(endpoints()));
    CASEWAY_CHECK(handler->router().servesTheTable());
    thrift = std::make_unique<ThriftDoor>(ThriftDoor::Parts{*handler, verifier, settings.limits});
    server = std::make_unique<HttpServer>(serverConfigOf(settings, tellFault), *thrift);
    for (const Refusal& mistake : types.mistakes())
        logError("connector_type_not_loaded",
                 {{"type", mistake.where}, {"code", mistake.code}, {"rule", mistake.rule}});
    registrar.noteEdits();
    takeUpConnectors(readFiles());
    reports->start();
    ready = true;
}

void Gateway::Parts::loadMappingsFrom(const std::filesystem::path& folder) {
    std::vector<MappingMistake> mistakes;
    MappingsByName loaded = loadMappings(folder, mistakes);
    for (const MappingMistake& mistake : mistakes) logError("mapping_not_loaded", {{"mistake", textOf(mistake)}});
    if (!mistakes.empty())  // a mapping that worked goes on in its former state
        for (const auto& [name, former] : *mappings.current()) loaded.emplace(name, former);
    mappings.replace(std::move(loaded));
}

/// After a change through the admin socket: its files fit together, they were read before they were written.
void Gateway::Parts::takeUpRegister() {
    known.reload();
    const auto content = readFiles();
    watchExpiries(content);
    takeUpConnectors(content);
    loadMappingsFrom(settings.path(settings.mappings_folder));
    logInformation("register_taken_up", {});
}

void Gateway::Parts::watchExpiries(const Result<RegisterContent>& content) {
    std::vector<Expiry> all = content ? expiriesOf(*content) : std::vector<Expiry>();
    if (auto own = serverExpiry(settings.path(settings.tls_certificate))) all.push_back(std::move(*own));
    expiries.watch(std::move(all));
}

void Gateway::Parts::takeUpConnectors(const Result<RegisterContent>& content) {
    if (!content) return;  // told where it was read; what ran goes on
    LiveConnectors live = liveConnectorsOf(*content, [](const std::string& connector, const Refusal& why) {
        logError("connector_schedule", {{"connector", connector}, {"code", why.code}, {"rule", why.rule}});
    });
    logSecretsInClear(types, *content);
    for (const Refusal& one : emptyGrants(*content))
        logWarning("grant_empty", {{"where", one.where}, {"value", one.value}, {"rule", one.rule}, {"hint", one.hint}});
    reports->watch(live);
    sync->takeUp(std::move(live), heldConnectorsOf(*content));
}

RegisterContent Gateway::Parts::registerNow() {
    auto content = readFiles();
    if (content) return *std::move(content);
    throw Fault(FaultCode::ConfigurationBad, "the register cannot be read: " + content.error().rule,
                content.error().hint);
}

std::vector<Endpoint> Gateway::Parts::endpoints() {
    std::vector<Endpoint> all{message_endpoint->endpoint()};
    for (auto&& more :
         {read_endpoints->endpoints(), log_endpoints->endpoints(), descriptionEndpoints(), admin_endpoints->endpoints(),
          sync_endpoints->endpoints(), reports->endpoints(),
          healthEndpoints(
              settings.listen.health_address, [this] { return notReady(); }, [this] { return figures(); })})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

std::string Gateway::Parts::figures() {
    if (!ready) return {};
    const SyncStatus runs = sync->status();
    return metrics.text(server->counters(), committer->figures(), log->size(), store->reader().lastChange(),
                        large->waiting(), expiries, *reports) +
           runningMetrics(runs) + circuitMetrics(runs) + waitingMetrics(runs) + passedOverMetrics(runs);
}

/// A real read of the store, not a flag: what answers here would be used by the next message. That a commit failed is
/// remembered until one succeeds; tick() tries one where no message comes.
std::string Gateway::Parts::notReady() {
    if (stopping) return "stopping";
    if (!ready) return "starting";
    try {
        store->reader().lastCheckpoint();
        if (committer->figures().is_failing) return std::string(nameOf(FaultCode::StoreUnavailable));
        std::error_code unknown;  // then it is not the disk's being full that is told
        const auto space = std::filesystem::space(settings.data, unknown);
        if (!unknown && space.available < kSpaceMin) return "disk_full";
    } catch (const Fault& fault) {
        return std::string(nameOf(fault.code()));
    }
    return {};
}

Gateway::Gateway(const Settings& settings) : parts_(std::make_unique<Parts>(settings)) {
    logPluginProtections(settings);
    logNotices(settings);
    logInformation("started", {{"gateway", settings.gateway_id},
                               {"address", fmt::format("{}:{}", settings.listen.address, port())}});
}

Gateway::~Gateway() {
    stop();
}

void Gateway::reload() {
    const auto attempt = [](std::string_view what, auto&& action) {
        try {
            action();
            logInformation("reloaded", {{"what", what}});
        } catch (const Fault& fault) {
            logError("reload_failed", {{"what", what}, {"fault", fault.what()}, {"hint", fault.hint()}});
        } catch (const std::exception& error) {
            logError("reload_failed", {{"what", what}, {"fault", error.what()}});
        }
    };
    attempt("register", [this] {
        parts_->known.reload();
        const auto content = parts_->readFiles();
        parts_->watchExpiries(content);
        parts_->takeUpConnectors(content);
        parts_->registrar.noteEdits();
    });
    attempt("mappings", [this] { parts_->loadMappingsFrom(parts_->settings.path(parts_->settings.mappings_folder)); });
    attempt("certificate", [this] {
        parts_->server->reloadCertificate();
        parts_->watchExpiries(parts_->readFiles());
    });
}

void Gateway::stop() {
    if (parts_->stopping.exchange(true)) return;
    parts_->sync->stop();             // behind their pages; the next start goes on
    parts_->reports->stop();          // an attempt to send one ends; it is made again
    parts_->admin_endpoints->stop();  // tests of connectors end and are answered
    parts_->server->stop(std::chrono::seconds(20));
    parts_->exchange->stop();  // what nobody has read yet is nobody's: it gets no answer
    parts_->large->stop();
    parts_->unauthenticated->settle(true);
    parts_->committer->stop();
    logInformation("stopped", {});
}

std::uint16_t Gateway::port() const {
    return parts_->server->port("public");
}
std::uint16_t Gateway::healthPort() const {
    return parts_->server->port("health");
}
std::uint16_t Gateway::thriftPort() const {
    return parts_->server->port(ThriftDoor::kListener);
}
void Gateway::tick() {
    parts_->unauthenticated->settle();
    parts_->committer->probe();
    parts_->expiries.look();
    parts_->sync->tick(), parts_->reports->tick();
}

}  // namespace caseway
