// gateway/cli/register_client.cpp - asks the admin socket, or opens the installation itself.
#include "gateway/cli/register_client.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "gateway/adapters/files/payload_folder.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/admin_client.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/usage_error.hpp"
#include "gateway/daemon/audit_writers.hpp"
#include "gateway/daemon/connector_test_change.hpp"
#include "gateway/daemon/data_folder_lock.hpp"
#include "gateway/daemon/register_snapshot.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/register/cut_document.hpp"
#include "gateway/formats/register/read_register.hpp"

namespace caseway {
namespace {

constexpr std::chrono::seconds kStartTime{15};
const Poco::Timespan kTestTime(30 * 60, 0);  ///< each call of a connector has its own deadline

/// The user of this process; behind sudo, the one at the keyboard as a claim.
Person whoAsks() {
    const char* const sudo_user = std::getenv("SUDO_USER");
    const passwd* const entry = ::getpwuid(::getuid());
    Person by{entry != nullptr ? entry->pw_name : "unknown", std::to_string(::getuid()),
              sudo_user != nullptr ? sudo_user : ""};
    if (by.claimed == by.name) by.claimed.clear();
    return by;
}

ChangeOutcome outcomeOf(const std::string& json) {
    JsonTree tree;
    const auto root = parseJson(json, JsonLimits{}, tree);
    if (!root) throw Fault(FaultCode::NetworkUnavailable, "the gateway's answer is no JSON");
    ChangeOutcome outcome{textIn(**root, "event"),
                          textIn(**root, "subject"),
                          textIn(**root, "diff"),
                          json,
                          false,
                          textIn(**root, "log_index"),
                          textIn(**root, "plan"),
                          {},
                          {}};
    const JsonValue* const is_changed = (*root)->find("changed");
    outcome.changed = is_changed != nullptr && is_changed->type == JsonValue::Type::True;
    const JsonValue* const warnings = (*root)->find("warnings");
    for (std::uint32_t i = 0; warnings != nullptr && i < warnings->count; ++i)
        outcome.warnings.emplace_back(warnings->items[i].text);
    const JsonValue* const made = (*root)->find("made");
    for (std::uint32_t i = 0; made != nullptr && i < made->count; ++i)
        outcome.made.emplace(made->members[i].name, made->members[i].value.text);
    return outcome;
}

Result<ChangeOutcome> askGateway(const Poco::Net::StreamSocket& socket, const Operation& operation, bool dry) {
    const Person by = whoAsks();
    const auto [status, body] = askAdmin(socket, "POST", dry ? "/admin/v1/changes?dry=true" : "/admin/v1/changes",
                                         operation.json(), {{"Caseway-By", by.claimed.empty() ? by.name : by.claimed}},
                                         operation.kind->name == "connector.test" ? kTestTime : Poco::Timespan(60, 0));
    if (status == 200) return outcomeOf(body);
    return problemIn({status, body});
}

/// What the last logged change of the register left; none where the store cannot be read.
FileTree rememberedTree(const Settings& settings) {
    try {
        return treeIn(StoredInstallation(settings).reader().meta(kRegisterTree));
    } catch (const Fault&) {
        return {};
    }
}

ConnectorTrial trialOf(OfflineRegistrar& office, const Settings& settings) {
    return ConnectorTrial({settings, office.types(), [] { return false; }, office.reader(),
                           [folder = settings.path("payloads").string()](const std::string& name) {
                               return PayloadFolder(folder).open(name);
                           }});
}

}  // namespace

Result<ChangeOutcome> changeRegister(const Settings& settings, const Operation& operation, bool dry) {
    if (!std::filesystem::exists(settings.data))
        throw Fault(FaultCode::ConfigurationBad, "no data folder " + settings.data.string(),
                    "caseway init --data DIR makes one");
    const SystemClock clock;
    std::unique_ptr<OfflineRegistrar> office;
    for (FolderPatience patience(settings, kStartTime); !office;) {
        if (const auto socket = connectAdminSoon(settings, patience.left())) return askGateway(*socket, operation, dry);
        try {
            office = std::make_unique<OfflineRegistrar>(settings, clock);
        } catch (const Fault& fault) {
            if (!patience.mayTryAgain(fault)) throw;
        }
    }
    auto report = operation.kind->name == "connector.test"
                      ? testConnector(office->registrar(), trialOf(*office, settings), operation, whoAsks(), dry)
                      : office->registrar().change(operation, whoAsks(), dry);
    if (!report) return report.error();
    return outcomeOf(*report);
}

/// Each mistake on a line of its own, with its next step.
void tellRefusal(CommandContext& context, const Refusal& refusal) {
    context.exit_code = kRefused;
    forEachMistake(refusal, [&](const Refusal& one) {
        if (context.json) std::cout << jsonOf(one) << "\n";
        std::string text = one.code;
        if (!one.where.empty()) text += ": " + one.where;
        if (!one.value.empty()) text += " '" + one.value + "'";
        if (!one.rule.empty()) text += ": " + one.rule;
        tellMistake(text, text, nextStepOf(one));
    });
}

void tellUnchanged(const CommandContext& context, const ChangeOutcome& outcome, const std::string& text) {
    if (context.json) std::cout << outcome.json << "\n";
    for (const std::string& warning : outcome.warnings) say("warning: " + warning);
    say(text);
}

void tellOutcome(const CommandContext& context, const ChangeOutcome& outcome, const std::string& done) {
    tellUnchanged(context, outcome,
                  outcome.changed ? fmt::format("{} (leaf {} of the log)", done, outcome.log_index)
                                  : std::string("nothing to do: it is so already"));
}

Refusal GivenFile::told(Refusal refusal) const {
    if (!member.empty() && refusal.where == member) refusal.where = file;
    for (Refusal& further : refusal.also) further = told(std::move(further));
    return refusal;
}

std::optional<ChangeOutcome> carryOut(CommandContext& context, const Operation& operation, const std::string& done,
                                      const GivenFile& given) {
    auto outcome = changeRegister(context.settings(), operation);
    if (!outcome) {
        tellRefusal(context, given.told(outcome.error()));
        return std::nullopt;
    }
    tellOutcome(context, *outcome, done);
    return std::move(*outcome);
}

Operation operationOf(std::string_view name, std::map<std::string, std::string> texts,
                      std::map<std::string, std::vector<std::string>> lists) {
    std::erase_if(texts, [](const auto& member) { return member.second.empty(); });
    std::erase_if(lists, [](const auto& member) { return member.second.empty(); });
    return {operationNamed(name), std::move(texts), std::move(lists), {}};
}

RegisterContent readInstalledRegister(const Settings& settings) {
    if (!std::filesystem::exists(settings.data))
        throw Fault(FaultCode::ConfigurationBad, "no data folder " + settings.data.string(),
                    "caseway init --data DIR makes one");
    const FileTree tree = readTree(treeFoldersOf(settings));
    auto content = readRegister(tree);
    if (content) return std::move(*content);
    if (const std::string cut = toldOfCut(tree, content.error().where, rememberedTree(settings)); !cut.empty())
        throw Fault(FaultCode::FileUnavailable, content.error().where + ": " + content.error().rule + "; " + cut,
                    kPutCutBack);
    throw Fault(FaultCode::ConfigurationBad, content.error().where + ": " + content.error().rule, content.error().hint);
}

}  // namespace caseway
