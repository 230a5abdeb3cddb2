// gateway/daemon/gateway.cpp - wiring.
#include "gateway/daemon/gateway.hpp"

#include <fmt/format.h>

#include <atomic>

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/adapters/files/payload_folder.hpp"
#include "gateway/adapters/files/register_folder.hpp"
#include "gateway/adapters/sqlite/sqlite_store.hpp"
#include "gateway/base/check.hpp"
#include "gateway/daemon/endpoint_handler.hpp"
#include "gateway/daemon/log_endpoints.hpp"
#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/daemon/message_endpoint.hpp"
#include "gateway/daemon/metrics.hpp"
#include "gateway/daemon/openapi_document.hpp"
#include "gateway/daemon/operating_log.hpp"
#include "gateway/daemon/read_endpoints.hpp"
#include "gateway/daemon/recorder_settings.hpp"
#include "gateway/pipeline/large_messages.hpp"

namespace caseway {
namespace {

std::unique_ptr<Store> openStore(const Settings& settings) {
    SqliteOptions options;
    options.folder = settings.data.string();
    auto store = openSqliteStore(options);
    if (!store->reader().meta("restored_head").value_or("").empty())
        throw Fault(FaultCode::ConfigurationBad, "a restore of this data folder was not finished",
                    "run `caseway restore FILE --replace` again: the log must not go on under its old origin");
    return store;
}

/// The origin that the store goes on under: the gateway's own, or one that a restore has started behind it.
std::string originOf(StoreReader& reader, const Settings& settings) {
    const auto stored = reader.meta(kLogOriginMeta);
    return stored && stored->starts_with(settings.logOrigin() + "/") ? *stored : settings.logOrigin();
}

HttpServerConfig serverConfig(const Settings& settings) {
    HttpServerConfig config;
    const ListenerSettings& listen = settings.listen;
    ListenerConfig departments;
    departments.name = "public";
    departments.address = listen.address;
    departments.port = listen.port;
    departments.certificate_file = settings.path(settings.tls_certificate).string();
    departments.key_file = settings.path(settings.tls_key).string();
    config.listeners.push_back(departments);
    ListenerConfig health;
    health.name = "health";
    health.address = listen.health_address;
    health.port = listen.health_port;
    health.limited = false;
    config.listeners.push_back(health);
    config.limits.connections = listen.connections;
    config.limits.in_flight = listen.requests_in_flight;
    config.limits.head_time = listen.head;
    config.limits.idle_time = listen.idle;
    config.limits.requests_per_second = listen.requests_per_second_and_address;
    config.workers = settings.workers;
    config.report_fault = [](std::string_view text) { logError("fault", {{"fault", text}}); };
    return config;
}

void tellOutcome(const MessageNews& news) {
    const bool is_good = news.status == 200 || news.status == 202;
    if (is_good && !logsInformation()) return;
    const std::string id = news.message.header.message_id.text();
    const std::string index = std::to_string(news.index);
    const std::string status = std::to_string(news.status);
    const std::initializer_list<LogMember> members = {{"message_id", id},
                                                      {"sender", news.message.header.sender.text()},
                                                      {"status", status},
                                                      {"code", news.code},
                                                      {"log_index", index}};
    if (news.status / 100 == 5)
        logError("message", members);
    else if (is_good)
        logInformation("message", members);
    else
        logWarning("message", members);
}

}  // namespace

struct Gateway::Parts {
    explicit Parts(const Settings& given);
    void loadMappingsFrom(const std::filesystem::path& folder);
    std::vector<Endpoint> endpoints();
    std::string notReady();

    Settings settings;
    SystemClock clock;
    KeyFile signer;  // first: a folder without a key gets no database
    std::unique_ptr<Store> store;
    std::unique_ptr<MessageLog> log;
    PayloadFolder payloads;
    RegisterFolder known;
    MappingShelf mappings;
    Recorder recorder;
    Verifier verifier;
    Metrics metrics;
    std::unique_ptr<Committer> committer;
    std::unique_ptr<Unauthenticated> unauthenticated;
    std::unique_ptr<LargeMessages> large;
    std::unique_ptr<Exchange> exchange;
    std::unique_ptr<MessageEndpoint> message_endpoint;
    std::unique_ptr<ReadEndpoints> read_endpoints;
    std::unique_ptr<LogEndpoints> log_endpoints;
    std::unique_ptr<EndpointHandler> handler;
    std::unique_ptr<HttpServer> server;
    std::atomic<bool> stopping{false};
    std::atomic<bool> ready{false};
};

Gateway::Parts::Parts(const Settings& given)
    : settings(given),
      signer(settings.path(settings.log_key)),
      store(openStore(settings)),
      log(MessageLog::open(store->reader(), signer, originOf(store->reader(), settings))),
      payloads(settings.path("payloads").string()),
      known(settings.path(settings.register_folder)),
      recorder(recorderConfig(settings)),
      verifier(known, clock, settings.gateway_id, settings.limits) {
    payloads.removeOrphans([this](const std::string& name) { return store->reader().namesBodyFile(name); });
    loadMappingsFrom(settings.path(settings.mappings_folder));
    committer = std::make_unique<Committer>(*store, *log, clock, Committer::Limits{});
    unauthenticated = std::make_unique<Unauthenticated>(*committer, clock, settings.unauthenticated_kept_per_minute);
    large = std::make_unique<LargeMessages>(
        LargeMessages::Parts{*store, *committer, recorder, mappings, known,
                             [this](const std::string& name) { return payloads.open(name); }, settings.limits,
                             [](std::string_view text) {
                                 logWarning("large_message", {{"detail", text}});
                             }});
    const auto news = [this](const MessageNews& told) {
        metrics.count(told);
        tellOutcome(told);
    };
    exchange = std::make_unique<Exchange>(Exchange::Parts{verifier, known, mappings, *committer, recorder,
                                                          *unauthenticated, clock, settings.limits, news,
                                                          [this](LogIndex index) { large->enqueue(index); }});
    message_endpoint = std::make_unique<MessageEndpoint>(*exchange, verifier, payloads, settings.limits);
    read_endpoints = std::make_unique<ReadEndpoints>(store->reader(), *log, recorder.numbers(), known, verifier, clock);
    log_endpoints = std::make_unique<LogEndpoints>(store->reader(), *log, known, verifier, clock);
    handler = std::make_unique<EndpointHandler>(Router(endpoints()));
    CASEWAY_CHECK(handler->router().servesTheTable());
    server = std::make_unique<HttpServer>(serverConfig(settings), *handler);
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

std::vector<Endpoint> Gateway::Parts::endpoints() {
    std::vector<Endpoint> all{message_endpoint->endpoint()};
    for (auto&& more : {read_endpoints->endpoints(), log_endpoints->endpoints(), descriptionEndpoints()})
        all.insert(all.end(), more.begin(), more.end());
    const auto text = [](int status, std::string body) {
        Response response = jsonResponse(std::move(body));
        response.status = status;
        response.fields = {{"Content-Type", "text/plain; charset=utf-8"}};
        return response;
    };
    all.push_back(
        {kGetHealth, [text](Request, std::string, Responder responder) { responder.answer(text(200, "ok\n")); }});
    all.push_back({kGetReadiness, [this, text](Request, std::string, Responder responder) {
                       const std::string reason = notReady();
                       responder.answer(text(reason.empty() ? 200 : 503, (reason.empty() ? "ready" : reason) + "\n"));
                   }});
    all.push_back({kGetMetrics, [this, text](Request, std::string, Responder responder) {
                       if (!ready) return static_cast<void>(responder.answer(text(503, "starting\n")));
                       responder.answer(text(200, metrics.text(server->counters(), committer->figures(), log->size(),
                                                               store->reader().lastChange(), large->waiting())));
                   }});
    return all;
}

/// A real read of the store, not a flag: what answers here would be used by the next message.
std::string Gateway::Parts::notReady() {
    if (stopping) return "stopping";
    if (!ready) return "starting";
    try {
        store->reader().lastCheckpoint();
    } catch (const Fault& fault) {
        return std::string(nameOf(fault.code()));
    }
    return {};
}

Gateway::Gateway(const Settings& settings) : parts_(std::make_unique<Parts>(settings)) {
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
    attempt("register", [this] { parts_->known.reload(); });
    attempt("mappings", [this] { parts_->loadMappingsFrom(parts_->settings.path(parts_->settings.mappings_folder)); });
    attempt("certificate", [this] { parts_->server->reloadCertificate(); });
}

void Gateway::stop() {
    if (parts_->stopping.exchange(true)) return;
    parts_->server->stop(std::chrono::seconds(20));
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
void Gateway::tick() {
    parts_->unauthenticated->settle();
}

}  // namespace caseway
