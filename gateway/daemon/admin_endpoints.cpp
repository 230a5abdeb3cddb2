// gateway/daemon/admin_endpoints.cpp - the register over HTTP, for its owner alone.
#include "gateway/daemon/admin_endpoints.hpp"

#include <pwd.h>

#include <array>
#include <charconv>

#include "gateway/adapters/files/secret_folder.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/daemon/clear_secrets.hpp"
#include "gateway/daemon/connector_test_change.hpp"
#include "gateway/daemon/endpoint_handler.hpp"
#include "gateway/daemon/mapping_view.hpp"
#include "gateway/daemon/openapi_document.hpp"
#include "gateway/daemon/operating_log.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/formats/text/lower_case.hpp"
#include "gateway/pipeline/taken_answer.hpp"
#include "gateway/register/connector_view.hpp"
#include "gateway/register/near_registered.hpp"
#include "gateway/register/register_view.hpp"

namespace caseway {
namespace {

constexpr std::uint64_t kOperationBytesMax = 32ULL * 1024 * 1024;

/// With the further mistakes in `also`.
Response refusedAs(int status, const Refusal& refusal) {
    Answer answer = problemAnswer(status, refusal);
    if (!refusal.also.empty()) {
        answer.body.pop_back();
        answer.body += ",\"also\":[";
        for (const Refusal& further : refusal.also) {
            if (answer.body.back() != '[') answer.body += ',';
            appendRefusal(further, answer.body);
        }
        answer.body += "]}";
    }
    return responseOf(std::move(answer));
}

/// What a client says of itself; nothing where it is no name.
std::string claimedIn(const RequestHead& head, std::string_view field) {
    const auto value = head.find(field);
    if (!value || value->size() > 64) return {};
    for (const char c : *value)
        if (c < '!' || c > '~' || c == '"' || c == '\\') return {};
    return std::string(*value);
}

std::string loginName(std::uint32_t uid) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> room{};
    return ::getpwuid_r(uid, &entry, room.data(), room.size(), &found) == 0 && found != nullptr ? entry.pw_name
                                                                                                : "unknown";
}

/// The user of the process at the other end, as the kernel says; the rest is a claim.
Person whoAsks(const RequestHead& head) {
    Person by{"unknown", "unknown", claimedIn(head, "Caseway-By")};
    if (head.peer_uid) by = {loginName(*head.peer_uid), std::to_string(*head.peer_uid), std::move(by.claimed)};
    if (by.claimed == by.name) by.claimed.clear();
    return by;
}

BodyPlan planOfChange(const RequestHead& head) {
    const std::string_view coding = head.find("Content-Encoding").value_or(std::string_view());
    if (coding.empty() || lowerCase(coding) == "identity") return InlineBody{kOperationBytesMax};
    return RefuseBody{refusedAs(415, {"content_encoding_unknown",
                                      "Content-Encoding",
                                      {},
                                      "changes are taken as they are, not compressed",
                                      "send it without Content-Encoding",
                                      {}})};
}

}  // namespace

Endpoint AdminEndpoints::view(const EndpointAddress& address, View shown) {
    return {
        address, [this, shown](Request, std::string, Responder responder) {
            const auto content = readRegister(registrar_.tree());
            responder.answer(content ? jsonResponse(shown(*content, clock_.now())) : refusedAs(422, content.error()));
        }};
}

Response AdminEndpoints::oneSystem(const std::string& id) const {
    const auto content = readRegister(registrar_.tree());
    if (!content) return refusedAs(422, content.error());
    const auto parsed = SystemId::parse(id);
    const auto found = parsed ? content->systems.find(*parsed) : content->systems.end();
    if (found == content->systems.end()) return refusedAs(404, unknownSystem(*content, id));
    return jsonResponse(systemJson(*content, found->second, clock_.now()));
}

/// One, or all where `name` is empty.
Response AdminEndpoints::connectors(const std::string& name) const {
    const FileTree tree = registrar_.tree();
    const auto content = readRegister(tree);
    if (!content) return refusedAs(422, content.error());
    const ConnectorWorld world = registrar_.connectorWorld(tree);
    if (name.empty()) return jsonResponse(connectorsJson(*content, world));
    const RegisteredConnector* const found = connectorNamed(*content, name);
    if (found == nullptr) return refusedAs(404, unknownConnector(*content, name));
    const ConnectorVersion* const live = found->liveVersion();
    return jsonResponse(connectorJson(
        *found, world, [this](const std::string& yaml) { return shownDraft(types_, yaml); },
        live == nullptr ? std::vector<std::string>() : secretsInClear(types_, *live)));
}

Response AdminEndpoints::types() const {
    std::string out = "[";
    for (const auto& [name, installed] : types_.all()) {
        if (out.back() != '[') out += ',';
        out += typeJson(installed);
    }
    return jsonResponse(out + "]");
}

/// One, or all where `name` is empty.
Response AdminEndpoints::mappings(const std::string& name) const {
    const FileTree tree = registrar_.tree();
    const auto content = readRegister(tree);
    if (!content) return refusedAs(422, content.error());
    if (name.empty()) return jsonResponse(mappingsJson(tree, *content));
    auto one = mappingJson(tree, *content, name);
    if (one) return jsonResponse(std::move(*one));
    return refusedAs(
        404, {"mapping_not_installed", "mapping", name, "a good mapping of this name", "caseway mapping list", {}});
}

/// Names alone: nothing shows what is kept under them.
Response AdminEndpoints::secrets() const {
    std::string out = "[";
    for (const SecretId& id : SecretFolder(settings_.data).ids()) {
        out += out.back() == '[' ? "{\"secret\":" : ",{\"secret\":";
        appendJsonString(id.text(), out);
        out += '}';
    }
    return jsonResponse(out + "]");
}

/// What is no index of a leaf is known: the registrar says what is wrong with it.
bool AdminEndpoints::knowsMessage(const std::string& leaf) const {
    LogIndex index = 0;
    const auto read = std::from_chars(leaf.data(), leaf.data() + leaf.size(), index);
    return read.ec != std::errc{} || read.ptr != leaf.data() + leaf.size() || reader_.message(index).has_value();
}

void AdminEndpoints::change(const Request& request, const Responder& responder) {
    Responder answers = responder;
    const auto parameters = queryParameters(request.head.query());
    const bool dry = parameters && parameters->size() == 1 &&
                     parameters->front() == std::pair<std::string, std::string>("dry", "true");
    if (!parameters || (!parameters->empty() && !dry)) {
        answers.answer(refusedAs(400, {"bad_parameter", "query", {}, "none, or dry=true", "correct the query", {}}));
        return;
    }
    const auto operation = Operation::read(request.body);
    if (!operation) {
        answers.answer(refusedAs(400, operation.error()));
        return;
    }
    if (operation->kind->name == "message.unmask" && !knowsMessage(operation->text("message"))) {
        answers.answer(refusedAs(422, {"not_found",
                                       "message",
                                       operation->text("message"),
                                       "the leaf of a message",
                                       "caseway message list shows it",
                                       {}}));
        return;
    }
    const Person by = whoAsks(request.head);
    if (operation->kind->name == "connector.test") return test(*operation, by, dry, responder);
    auto report = registrar_.change(*operation, by, dry);
    answers.answer(report ? jsonResponse(std::move(*report)) : refusedAs(422, report.error()));
}

/// On a thread of its own: the other side may be slow, and the workers have messages to answer.
void AdminEndpoints::test(const Operation& operation, const Person& by, bool dry, const Responder& responder) {
    const bool is_started = room_.start([this, operation, by, dry, answers = responder]() mutable {
        try {
            auto report = testConnector(registrar_, trial_, operation, by, dry);
            answers.answer(report ? jsonResponse(std::move(*report)) : refusedAs(422, report.error()));
        } catch (const Fault& fault) {
            logError("fault", {{"fault", fault.what()}});
            answers.answer(problem(fault.isTransient() ? 503 : 500, nameOf(fault.code()), "this cannot be done now"));
        } catch (const std::exception& error) {
            logError("fault", {{"fault", error.what()}});
            answers.answer(problem(500, "internal_error", "the request could not be handled"));
        }
    });
    if (is_started) return;
    Responder answers = responder;
    answers.answer(refusedAs(503, {"connector_tests_full",
                                   "connector",
                                   {},
                                   "as many tests run as may run at once",
                                   "wait until one has ended",
                                   {}}));
}

std::vector<Endpoint> AdminEndpoints::endpoints() {
    std::vector<Endpoint> all{
        view(kGetAdminDepartments, [](const RegisterContent& content, Instant) { return departmentsJson(content); }),
        view(kGetAdminSystems, systemsJson),
        view(kGetAdminCertificates,
             [](const RegisterContent& content, Instant now) { return certificatesJson(content, {}, now); }),
        view(kGetAdminAuthorities, authoritiesJson)};
    all.push_back(
        {kGetAdminSystem, [this](Request, std::string id, Responder responder) { responder.answer(oneSystem(id)); }});
    all.push_back(
        {kGetAdminConnectors, [this](Request, std::string, Responder responder) { responder.answer(connectors({})); }});
    all.push_back({kGetAdminConnector,
                   [this](Request, std::string name, Responder responder) { responder.answer(connectors(name)); }});
    all.push_back(
        {kGetAdminConnectorTypes, [this](Request, std::string, Responder responder) { responder.answer(types()); }});
    all.push_back(
        {kGetAdminMappings, [this](Request, std::string, Responder responder) { responder.answer(mappings({})); }});
    all.push_back({kGetAdminMapping,
                   [this](Request, std::string name, Responder responder) { responder.answer(mappings(name)); }});
    all.push_back(
        {kGetAdminSecrets, [this](Request, std::string, Responder responder) { responder.answer(secrets()); }});
    all.push_back({kPostAdminChange,
                   [this](Request request, std::string, Responder responder) { change(request, responder); },
                   planOfChange});
    all.push_back({kGetAdminDescription, [](Request, std::string, Responder responder) {
                       responder.answer(jsonResponse(std::string(adminOpenApiDocument())));
                   }});
    return all;
}

}  // namespace caseway
