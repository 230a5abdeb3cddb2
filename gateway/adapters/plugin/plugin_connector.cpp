// gateway/adapters/plugin/plugin_connector.cpp - the port's calls, each one or several exchanges with the process.
#include "gateway/adapters/plugin/plugin_connector.hpp"

#include <connector_protocol/connector_constants.h>
#include <fmt/format.h>

#include "connectors/sdk/wire/masked_answers.hpp"
#include "connectors/sdk/wire/service_calls.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

void requireHello(PluginSession& session, const PluginManifest& manifest) {
    const std::int32_t ours = plugin::g_connector_constants.PROTOCOL;
    const plugin::Hello hello = session.call("hello", [ours](auto& client, auto) {
        plugin::Hello answer;
        client.hello(answer, ours);
        return answer;
    });
    if (hello.protocol != ours)
        session.brokeContract("hello",
                              fmt::format("it speaks protocol {}, the gateway speaks {}", hello.protocol, ours));
    if (hello.type != manifest.spec.type || hello.version != manifest.spec.version)
        session.brokeContract("hello", "its type or version is not that of its manifest");
}

}  // namespace

PluginConnector::PluginConnector(std::shared_ptr<PluginHost::State> host, const PluginManifest& manifest,
                                 FolderDigest& files, std::string settings, ConnectorSurroundings surroundings)
    : host_(std::move(host)),
      manifest_(manifest),
      files_(files),
      made_of_(files.of(manifest)),
      settings_(std::move(settings)),
      mask_(surroundings.secrets),
      surroundings_(std::move(surroundings)),
      key_(fmt::format("{} {:x}", manifest.spec.type, std::hash<std::string>{}(settings_))) {}

PluginConnector::~PluginConnector() {
    if (session_) session_->process().endIfIdle(SteadyTime::max());
}

std::vector<fs::path> PluginConnector::openFolders() const {
    JsonTree tree;
    const auto parsed = parseJson(settings_, JsonLimits{}, tree);
    std::vector<fs::path> folders;
    for (const std::string& name : manifest_.folders) {
        const JsonValue* value = parsed ? (*parsed)->find(name) : nullptr;
        if (value == nullptr || value->type != JsonValue::Type::String || value->text.empty()) continue;
        const std::string named(value->text);
        if (surroundings_.allow_folder) surroundings_.allow_folder(named);
        std::error_code error;
        const fs::path real = fs::canonical(named, error);
        if (error || !fs::is_directory(real, error))
            throw ConnectorFault(ConnectorFaultKind::Config,
                                 {"connector_folder_missing", "/" + name, "is no folder that can be opened",
                                  "make the folder, or correct the setting"});
        if (surroundings_.allow_folder && real != named) surroundings_.allow_folder(real.string());
        folders.push_back(real);
    }
    return folders;
}

void PluginConnector::requireSameFiles() const {
    if (files_.of(manifest_) == made_of_) return;
    throw ConnectorFault(ConnectorFaultKind::Config,
                         {"connector_type_changed", manifest_.folder.string(),
                          "the plug-in's files changed while it was in use", "caseway connector test, then activate"});
}

void PluginConnector::startSession() {
    host_->requireProtected();
    const std::vector<fs::path> folders = openFolders();
    host_->requireRested(key_, manifest_.spec.type);
    opened_ = false;
    requireSameFiles();
    const auto process = host_->start(manifest_, folders);
    session_ = std::make_unique<PluginSession>(process, manifest_, surroundings_, host_->settings.stop_grace);
    session_->begin(host_->settings.start_deadline);
    requireHello(*session_, manifest_);
    session_->call("open", [&](auto& client, auto) {
        // the deadline that open() tells is that of the calls to come
        client.open(settings_, surroundings_.deadline.count());
        return true;
    });
    opened_ = true;
}

void PluginConnector::dropEnded() {
    if (!session_ || session_->process().beginUse()) return;
    const std::unique_ptr<PluginSession> former = std::move(session_);
    if (former->process().endedByUs()) return;
    const std::string over = former->process().overLimit();
    ConnectorFault::Parts parts{"connector_crashed", manifest_.spec.type, "it ended between two calls", {}};
    if (!over.empty()) parts = {"connector_limit_reached", manifest_.spec.type, over, kOverLimitStep};
    host_->failed(key_, manifest_.spec.type, ConnectorFault(ConnectorFaultKind::System, std::move(parts)),
                  former->process().tail(mask_));
}

void PluginConnector::noteFault(const ConnectorFault& fault) {
    if (session_->failed()) host_->failed(key_, manifest_.spec.type, fault, session_->process().tail(mask_));
    session_->process().endUse(std::chrono::steady_clock::now());
    if (opened_ && !session_->failed()) return;
    session_->process().kill();
    session_.reset();
}

template <class Work>
auto PluginConnector::inSession(Work work) {
    dropEnded();
    try {
        if (!session_) startSession();
        session_->begin(surroundings_.deadline);
        auto result = work(*session_);
        session_->process().endUse(std::chrono::steady_clock::now());
        return result;
    } catch (const ConnectorFault& given) {
        const ConnectorFault fault = maskedFault(given, mask_);
        if (session_) noteFault(fault);
        throw fault;
    } catch (...) {  // of the page's sink
        session_->process().endUse(std::chrono::steady_clock::now());
        throw;
    }
}

std::vector<CheckStep> PluginConnector::check() {
    return maskedSteps(inSession([](PluginSession& session) { return askCheck(session); }), mask_);
}

std::vector<SourceObject> PluginConnector::discover() {
    return maskedObjects(inSession([](PluginSession& session) { return askObjects(session); }), mask_);
}

PageEnd PluginConnector::read(const Cursor& from, const PageLimits& limits, PageSink& sink) {
    MaskedHeads masked_sink(mask_, sink);
    return inSession([&](PluginSession& session) {
        PageEnd end =
            askPage(session, from, limits,
                    PageParts(std::uint64_t{manifest_.limits.page_mib} << 20, "page_mib in its manifest", masked_sink));
        end.withheld = mask_.masked(end.withheld);
        end.ended_early = mask_.masked(end.ended_early);
        if (mask_.holds(end.next)) session.brokeContract("read", "its cursor holds a secret");
        return end;
    });
}

void PluginConnector::acknowledge(const Cursor& durable) {
    inSession([&](PluginSession& session) {
        tellDurable(session, durable);
        return true;
    });
}

std::vector<WriteAnswer> PluginConnector::write(const std::vector<OutgoingItem>& items) {
    return maskedWritten(
        inSession([&](PluginSession& session) { return askWrite(session, items.data(), items.size()); }), mask_);
}

}  // namespace caseway
