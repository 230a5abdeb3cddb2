// gateway/daemon/sync_endpoints.cpp - runs for their owner.
#include "gateway/daemon/sync_endpoints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "gateway/base/mask.hpp"
#include "gateway/daemon/endpoint_handler.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/formats/run/wait_document.hpp"
#include "gateway/formats/text/near_word.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/pipeline/taken_answer.hpp"

namespace caseway {
namespace {

constexpr std::size_t kOrderBytesMax = 64 * 1024;
constexpr std::size_t kDefaultRuns = 20;
constexpr std::size_t kShownNumber = 40;  ///< of what is no number
constexpr std::size_t kMostRuns = 1000;

Response refused(int status, const Refusal& refusal) {
    return responseOf(problemAnswer(status, refusal));
}

bool asNumber(std::string_view text, std::uint64_t& number) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size();
}

void appendMember(std::string_view name, std::string_view text, std::string& json) {
    if (json.back() != '{') json += ',';
    appendJsonString(name, json);
    json += ':';
    appendJsonString(text, json);
}

/// What stands in a request where a number of a run should be, as far as it may be shown.
Refusal runUnknown(std::string_view number) {
    return {"run_unknown",          "run", shownLine(number.substr(0, kShownNumber)), "the number of a run",
            "caseway sync history", {}};
}

/// {"action":"start","connector":…,"kind":"next","since":…,"dry":"true"}, {"action":"retry","run":"12"} or
/// {"action":"cancel","connector":…}; with kind reconcile perhaps "repair" and "vanished_at_most".
struct Order {
    std::string action, connector, kind, since, run, dry, repair, vanished_at_most;
};
using OrderMember = std::pair<const char*, std::string Order::*>;
constexpr OrderMember kOrderMembers[] = {{"action", &Order::action}, {"connector", &Order::connector},
                                         {"kind", &Order::kind},     {"since", &Order::since},
                                         {"run", &Order::run},       {"dry", &Order::dry},
                                         {"repair", &Order::repair}, {"vanished_at_most", &Order::vanished_at_most}};

constexpr const char* kSeeForm = "SyncOrder in GET /admin/v1/openapi.json describes it";

Refusal badOrder(std::string code, std::string where, std::string value, std::string rule) {
    return {std::move(code), std::move(where), std::move(value), std::move(rule), kSeeForm, {}};
}

/// What an order of this action and kind takes, besides `action`; `needed` first.
struct OrderForm {
    std::string_view action, kind;
    std::vector<std::string_view> needed, also;
};
const std::vector<OrderForm>& orderForms() {
    static const std::vector<OrderForm> kForms = {
        {"start", "next", {"connector", "kind"}, {"dry"}},
        {"start", "full", {"connector", "kind"}, {"dry"}},
        {"start", "since", {"connector", "kind", "since"}, {"dry"}},
        {"start", "reconcile", {"connector", "kind"}, {"repair", "vanished_at_most"}},
        {"retry", "", {"run"}, {}},
        {"cancel", "", {"connector"}, {}}};
    return kForms;
}

Result<const OrderForm*> formOf(const Order& order) {
    if (order.action.empty()) return badOrder("member_missing", "action", {}, "start, retry or cancel");
    const OrderForm* of_action = nullptr;
    for (const OrderForm& form : orderForms()) {
        if (form.action != order.action) continue;
        of_action = &form;
        if (form.kind.empty() || form.kind == order.kind) return &form;
    }
    if (of_action == nullptr)
        return badOrder("operation_unknown", "action", masked(order.action), "start, retry or cancel");
    if (order.kind.empty()) return badOrder("member_missing", "kind", {}, "next, full, since or reconcile");
    return badOrder("member_unknown", "kind", masked(order.kind), "next, full, since or reconcile");
}

/// The first mistake: a member that is missing, one that this order does not take, a value that is none.
std::optional<Refusal> mistakeIn(const Order& order) {
    const auto found = formOf(order);
    if (!found) return found.error();
    const OrderForm& form = **found;
    const std::string named = order.action + (form.kind.empty() ? "" : " of kind " + order.kind);
    const auto holds = [](const std::vector<std::string_view>& names, std::string_view name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    for (const auto& [name, member] : kOrderMembers) {
        const bool is_given = !(order.*member).empty(), is_needed = holds(form.needed, name);
        if (is_needed && !is_given) return badOrder("member_missing", name, {}, named + " needs it");
        if (is_given && !is_needed && !holds(form.also, name) && std::string_view(name) != "action")
            return badOrder("member_unknown", name, {}, named + " does not take it");
    }
    if (!order.dry.empty() && order.dry != "true")
        return badOrder("member_unknown", "dry", masked(order.dry), "the text true, or left out");
    if (!order.repair.empty() && !parseRepair(order.repair))
        return badOrder("member_unknown", "repair", masked(order.repair), "none, missing, different or both");
    if (!order.vanished_at_most.empty() && !Share::parse(order.vanished_at_most))
        return badOrder("member_out_of_range", "vanished_at_most", masked(order.vanished_at_most),
                        "a share such as 0.5%, at most 100%");
    return std::nullopt;
}

Result<Order> readOrder(const std::string& body) {
    JsonTree tree;
    const auto root = parseJson(body, JsonLimits{.depth = 2}, tree);
    if (!root) return root.error();
    if ((*root)->type != JsonValue::Type::Object)
        return badOrder("member_missing", "action", {}, "an object with action, and what that needs");
    Order order;
    for (std::uint32_t i = 0; i < (*root)->count; ++i) {
        const JsonValue::Member& member = (*root)->members[i];
        const auto* const place = std::find_if(std::begin(kOrderMembers), std::end(kOrderMembers),
                                               [&](const OrderMember& one) { return one.first == member.name; });
        if (place == std::end(kOrderMembers)) {
            std::vector<std::string_view> names;
            for (const auto& [name, ignored] : kOrderMembers) names.emplace_back(name);
            return Refusal{"member_unknown",
                           saidText(member.name),
                           {},
                           fmt::format("known are {}", fmt::join(names, ", ")),
                           hintOfNearest(std::string(member.name), names, kSeeForm),
                           {}};
        }
        if (member.value.type != JsonValue::Type::String)
            return badOrder("member_unknown", place->first, {}, "a text, also where it is a number or true");
        order.*(place->second) = std::string(member.value.text);
    }
    if (auto mistake = mistakeIn(order)) return std::move(*mistake);
    return order;
}

RunRequest requestOf(const Order& order) {
    RunRequest request;
    request.dry = order.dry == "true";
    request.since = order.since;
    request.reconcile = {parseRepair(order.repair), Share::parse(order.vanished_at_most)};
    const auto kind = std::find(kRunKindNames.begin(), kRunKindNames.end(), order.kind);
    request.kind = static_cast<RunKind>(kind - kRunKindNames.begin());
    return request;
}

}  // namespace

std::string runsJson(const std::vector<RunRow>& rows) {
    std::string json = "[";
    for (const RunRow& row : rows) {
        if (json.back() != '[') json += ',';
        json += row.body;
    }
    return json += ']';
}

std::optional<std::string> reportOf(StoreReader& reader, std::uint64_t number) {
    const auto row = reader.run(number);
    const auto run = row ? readRun(row->body) : Result<Run>(Refusal{});
    if (!run || !run->reconciliation || run->reconciliation->report.empty() || !run->log_index) return std::nullopt;
    auto beside = reader.envelope(*run->log_index);
    return beside ? std::optional(std::move(beside->head)) : std::nullopt;
}

Response SyncEndpoints::status() const {
    std::string json = "[";
    const SyncStatus status = runner_.status();
    const Instant now = status.at;
    for (const SyncStatus::Line& line : status.connectors) {
        if (json.back() != '[') json += ',';
        json += '{';
        appendMember("connector", line.connector, json);
        if (const auto state = line.circuit.state(now); state != Circuit::State::Closed) {
            json += R"(,"circuit":{)";
            appendMember("code", line.circuit.code, json);
            json += R"(,"failed":)" + std::to_string(line.circuit.failed);
            appendMember("state", nameOf(state), json);
            appendMember("until", toRfc3339(*line.circuit.until), json);
            json += '}';
        }
        if (line.dry) json += ",\"dry\":" + jsonOf(*line.dry);
        if (line.next) appendMember("next", toRfc3339(Instant(*line.next)), json);
        if (line.running) json += ",\"run\":" + jsonOf(*line.running);
        if (line.wait) {
            json += ",\"wait\":";
            appendRunWait(*line.wait, json);
        }
        // One that the store did not take waits for its next attempt without a place in the queue.
        const bool waits = line.waits || (line.wait && !line.busy);
        appendMember("state", waits ? "waiting" : line.busy ? "running" : "idle", json);
        json += '}';
    }
    for (const auto& [name, why] : status.held) {
        json += json.back() == '[' ? "{" : ",{";
        appendMember("connector", name, json);
        json += R"(,"held":)";
        appendRefusal(why, json);
        appendMember("state", "held", json);
        json += '}';
    }
    return jsonResponse(json + "]");
}

Response SyncEndpoints::runs(const RequestHead& head) const {
    const auto parameters = queryParameters(head.query());
    std::string connector;
    std::uint64_t before = 0, limit = kDefaultRuns;
    bool good = parameters.has_value();
    for (std::size_t i = 0; good && i < parameters->size(); ++i) {
        const auto& [name, value] = (*parameters)[i];
        if (name == "connector")
            connector = value;
        else
            good = (name == "before" && asNumber(value, before)) ||
                   (name == "limit" && asNumber(value, limit) && limit >= 1 && limit <= kMostRuns);
    }
    if (!good)
        return refused(400, {"bad_parameter",
                             "query",
                             {},
                             "connector, before (a run's number), limit (1 to 1000)",
                             "GET /admin/v1/openapi.json describes them",
                             {}});
    return jsonResponse(runsJson(reader_.runs(connector, before, limit)));
}

Response SyncEndpoints::run(std::string_view number) const {
    std::uint64_t wanted = 0;
    const auto row = asNumber(number, wanted) ? reader_.run(wanted) : std::nullopt;
    if (row) return jsonResponse(row->body);
    return refused(404, runUnknown(number));
}

Response SyncEndpoints::report(std::string_view number) const {
    std::uint64_t wanted = 0;
    if (const auto report = asNumber(number, wanted) ? reportOf(reader_, wanted) : std::nullopt)
        return jsonResponse(*report);
    return refused(404, {"report_unknown",
                         "run",
                         shownLine(number.substr(0, kShownNumber)),
                         "the number of a reconciliation that came to the source's end",
                         "caseway sync history",
                         {}});
}

Response SyncEndpoints::change(const std::string& body) {
    const auto order = readOrder(body);
    if (!order) return refused(400, order.error());
    const auto done = order->action == "cancel"  ? runner_.cancel(order->connector)
                      : order->action == "retry" ? retry(order->run)
                                                 : runner_.start(order->connector, requestOf(*order));
    return done ? jsonResponse("{\"done\":true}") : refused(422, done.error());
}

Result<Done> SyncEndpoints::retry(std::string_view number) {
    RunRequest request;
    request.kind = RunKind::Retry;
    const auto row = asNumber(number, request.of) ? reader_.run(request.of) : std::nullopt;
    if (row) return runner_.start(row->connector, request);
    return runUnknown(number);
}

std::vector<Endpoint> SyncEndpoints::endpoints() {
    std::vector<Endpoint> all;
    all.push_back({kGetAdminSync, [this](Request, std::string, Responder responder) { responder.answer(status()); }});
    all.push_back(
        {kPostAdminSync,
         [this](Request request, std::string, Responder responder) { responder.answer(change(request.body)); },
         [](const RequestHead&) -> BodyPlan { return InlineBody{kOrderBytesMax}; }});
    all.push_back({kGetAdminRuns, [this](Request request, std::string, Responder responder) {
                       responder.answer(runs(request.head));
                   }});
    all.push_back({kGetAdminDifferences,
                   [this](Request, std::string number, Responder responder) { responder.answer(report(number)); }});
    all.push_back(
        {kGetAdminRun, [this](Request, std::string number, Responder responder) { responder.answer(run(number)); }});
    return all;
}

}  // namespace caseway
