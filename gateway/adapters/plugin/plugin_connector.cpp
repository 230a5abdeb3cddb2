// gateway/adapters/plugin/plugin_connector.cpp - the port's calls, each one or several exchanges with the process.
#include "gateway/adapters/plugin/plugin_connector.hpp"

#include <connector_protocol/connector_constants.h>
#include <fmt/format.h>

#include "gateway/adapters/plugin/page_reader.hpp"
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

/// Payloads are the department's, their names the plug-in's words.
class MaskedHeads final : public PageSink {
public:
    MaskedHeads(const SecretMask& mask, PageSink& sink) : mask_(mask), sink_(sink) {}
    void payload(const PayloadHead& head) override {
        sink_.payload({mask_.masked(head.name), mask_.masked(head.media_type), head.records});
    }
    void bytes(std::string_view piece) override { sink_.bytes(piece); }

private:
    const SecretMask& mask_;
    PageSink& sink_;
};

}  // namespace

PluginConnector::PluginConnector(std::shared_ptr<PluginHost::State> host, const PluginManifest& manifest,
                                 std::string settings, ConnectorSurroundings surroundings)
    : host_(std::move(host)),
      manifest_(manifest),
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

void PluginConnector::startSession() {
    host_->requireProtected();
    const std::vector<fs::path> folders = openFolders();
    host_->requireRested(key_, manifest_.spec.type);
    opened_ = false;
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
        const ConnectorFault fault = masked(given);
        if (session_) noteFault(fault);
        throw fault;
    } catch (...) {  // of the page's sink
        session_->process().endUse(std::chrono::steady_clock::now());
        throw;
    }
}

ConnectorFault PluginConnector::masked(const ConnectorFault& fault) const {
    ConnectorFault::Parts parts = fault.parts();
    for (std::string* const text : {&parts.code, &parts.where, &parts.message, &parts.next_step})
        *text = mask_.masked(*text);
    return {fault.kind(), std::move(parts)};
}

std::vector<CheckStep> PluginConnector::check() {
    auto steps = inSession([](PluginSession& session) {
        return session.call("check", [](auto& client, auto deadline) {
            std::vector<plugin::CheckStep> answer;
            client.check(answer, deadline);
            return fromWire(std::move(answer));
        });
    });
    for (CheckStep& step : steps)
        for (std::string* const text : {&step.name, &step.detail, &step.next_step}) *text = mask_.masked(*text);
    return steps;
}

std::vector<SourceObject> PluginConnector::discover() {
    auto objects = inSession([](PluginSession& session) {
        return session.call("discover", [](auto& client, auto deadline) {
            std::vector<plugin::SourceObject> answer;
            client.discover(answer, deadline);
            return fromWire(std::move(answer));
        });
    });
    for (SourceObject& object : objects) {
        for (std::string* const text : {&object.name, &object.media_type}) *text = mask_.masked(*text);
        for (std::string& field : object.fields) field = mask_.masked(field);
    }
    return objects;
}

PageEnd PluginConnector::read(const Cursor& from, const PageLimits& limits, PageSink& sink) {
    MaskedHeads masked_sink(mask_, sink);
    return inSession([&](PluginSession& session) {
        PageEnd end = readPage(session, manifest_, from, limits, masked_sink);
        if (mask_.holds(end.next)) session.brokeContract("read", "its cursor holds a secret");
        return end;
    });
}

void PluginConnector::acknowledge(const Cursor& durable) {
    inSession([&](PluginSession& session) {
        return session.call("acknowledge", [&](auto& client, auto deadline) {
            client.acknowledge(durable, deadline);
            return true;
        });
    });
}

std::vector<WriteAnswer> PluginConnector::write(const std::vector<OutgoingItem>& items) {
    auto written = inSession([&](PluginSession& session) {
        return session.call("write", [&](auto& client, auto deadline) {
            std::vector<plugin::OutgoingItem> asked(items.size());
            for (std::size_t i = 0; i < items.size(); ++i) {
                asked[i].key = items[i].key;
                asked[i].bytes = items[i].bytes;
            }
            std::vector<plugin::WriteAnswer> answers;
            client.write(answers, asked, deadline);
            return fromWire(std::move(answers), items.size());
        });
    });
    for (WriteAnswer& answer : written) answer.reason = mask_.masked(answer.reason);
    return written;
}

}  // namespace caseway
