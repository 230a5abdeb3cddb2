// gateway/cli/plugin_verify.cpp - `caseway connector verify DIR`: starts a plug-in as the gateway would and holds it to
// every promise of the contract, for its author.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "connectors/sdk/contract_suite.hpp"
#include "gateway/adapters/plugin/plugin_host.hpp"
#include "gateway/cli/plugin_commands.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/daemon/connector_types.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/settings/setting_node.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

struct VerifyArguments {
    std::string folder, settings, run_as;
    bool may_acknowledge = false;
    std::uint32_t seconds = 20;
};

class Report {
public:
    explicit Report(CommandContext& context) : context_(context) {}
    void tell(const PromiseResult& result) {
        ++counts_[static_cast<std::size_t>(result.state)];
        if (!result.ok()) context_.exit_code = kRefused;
        if (context_.json) {
            std::string out = "{";
            appendMember("promise", result.promise, out);
            appendMember("state", nameOf(result.state), out);
            appendMember("seen", result.seen, out);
            appendMember("next_step", result.next_step, out);
            std::cout << out << "}\n" << std::flush;
            return;
        }
        const std::string_view word = result.state == PromiseResult::State::Kept     ? "ok"
                                      : result.state == PromiseResult::State::Broken ? "FAILED"
                                                                                     : "-";
        say(fmt::format("{:<7} {}", word, result.promise));
        if (result.state != PromiseResult::State::Kept) say(fmt::format("        {}", result.seen));
        if (!result.next_step.empty()) say("        what to do: " + result.next_step);
    }
    void good(const std::string& promise) { tell({promise, PromiseResult::State::Kept}); }
    void bad(const std::string& promise, const ConnectorFault& fault) {
        const ConnectorFault::Parts& parts = fault.parts();
        tell({promise, PromiseResult::State::Broken, fmt::format("{}: {}: {}", parts.code, parts.where, parts.message),
              parts.next_step});
    }
    void sum() const {
        if (!context_.json)
            say(fmt::format("{} promises kept, {} broken, {} not tried", counts_[0], counts_[1], counts_[2]));
    }

private:
    CommandContext& context_;
    std::array<std::size_t, 3> counts_{};
};

/// A value as JSON text again.
std::string textOf(const JsonValue* value) {
    std::string out;
    if (value != nullptr) appendCanonical(*value, out);
    return out;
}
std::string stringOf(const JsonValue* value) {
    return value == nullptr ? std::string() : std::string(value->text);
}

/// Calls `take` for each object of the list in `file`, if there is one.
template <class Take>
void eachIn(const fs::path& file, Take take) {
    if (!fs::exists(file)) return;
    JsonTree tree;
    const std::string text = readFile(file);
    const auto list = parseJson(text, JsonLimits{}, tree);
    if (!list || (*list)->type != JsonValue::Type::Array)
        throw ConnectorFault(ConnectorFaultKind::System,
                             {"connector_manifest_bad", file.string(), "not a list of JSON objects",
                              "`caseway connector new` shows the form of each file"});
    for (std::uint32_t i = 0; i < (*list)->count; ++i) take((*list)->items[i]);
}

ContractSubject subjectOf(const ConnectorType& type, const VerifyArguments& given, const fs::path& folder) {
    const fs::path settings = given.settings.empty() ? folder / "test/settings.json" : fs::path(given.settings);
    if (!fs::exists(settings))
        throw ConnectorFault(
            ConnectorFaultKind::Config,
            {"bad_setting", settings.string(), "there are no settings to try it with",
             "write what a connector's `settings` would hold as a JSON file, " +
                 (fs::exists(folder / "sample.yaml") ? (folder / "sample.yaml").string() + " shows them"
                                                     : std::string("as its schema says")) +
                 "; then --settings FILE"});
    ContractSubject subject{type, readFile(settings)};
    eachIn(folder / "test/bad-settings.json", [&](const JsonValue& one) {
        subject.bad_settings.push_back({stringOf(one.find("what")), textOf(one.find("settings"))});
    });
    if (type.spec().writes)
        eachIn(folder / "test/items.json", [&](const JsonValue& one) {
            subject.items.push_back({stringOf(one.find("key")), stringOf(one.find("bytes"))});
        });
    subject.surroundings.deadline = std::chrono::seconds(given.seconds);
    subject.may_acknowledge = given.may_acknowledge;
    return subject;
}

/// Of root no author's code is run: who tries a plug-in has not read all of it.
constexpr const char* kInsteadOfRoot = "nobody";

PluginSettings hostSettings(const VerifyArguments& given) {
    PluginSettings settings;
    settings.run_as = given.run_as.empty() && ::geteuid() == 0 ? kInsteadOfRoot : given.run_as;
    settings.same_user_allowed = true;
    settings.back_off = {std::chrono::milliseconds(0), std::chrono::milliseconds(0), {}};
    settings.event = [](const PluginEvent& event) {
        if (!event.printed.empty()) say("        it printed: " + event.printed);
    };
    return settings;
}

/// Its hello and its settings, before the promises: whatever fails here would fail in each of them.
bool starts(const ContractSubject& subject, Report& report) {
    const std::string promise = "it starts, speaks this protocol, and takes the settings of the test";
    try {
        subject.type.open(subject.settings, subject.surroundings)->check();
        report.good(promise);
        return true;
    } catch (const ConnectorFault& fault) {
        report.bad(promise, fault);
        return false;
    }
}

void verify(const VerifyArguments& given, CommandContext& context) {
    const fs::path folder = fs::canonical(given.folder);
    Report report(context);
    const PluginSettings settings = hostSettings(given);
    if (settings.run_as != given.run_as && !context.json)
        say(fmt::format("never as root: it runs as {}, who must be able to read {} (another user: --run-as)",
                        settings.run_as, folder.string()));
    const PluginHost host(settings);
    const std::string promise = "its folder can be trusted, its manifest and schema can be read";
    try {
        const auto type = host.openFolder(folder);
        if (isCompiledIn(type->spec().type))
            throw ConnectorFault(ConnectorFaultKind::Config,
                                 {"connector_type_twice",
                                  type->spec().type,
                                  "a connector of the gateway itself has this name",
                                  "give the plug-in another: that of its folder, and `connector` in its manifest",
                                  {}});
        if (const auto schema = readSettingsSchema(type->spec().settings_schema); !schema)
            throw ConnectorFault(
                ConnectorFaultKind::Config,
                {"settings_schema_bad", schema.error().where, schema.error().rule, schema.error().hint, {}});
        report.good(promise);
        const ContractSubject subject = subjectOf(*type, given, folder);
        if (starts(subject, report)) holdToContract(subject, [&](const PromiseResult& result) { report.tell(result); });
    } catch (const ConnectorFault& fault) {
        report.bad(promise, fault);
    }
    report.sum();
}

}  // namespace

void addPluginVerify(CLI::App& group, CommandContext& context) {
    const auto arguments = std::make_shared<VerifyArguments>();
    CLI::App* command = group.add_subcommand("verify", "hold a plug-in to the contract, for its author");
    command->add_option("DIR", arguments->folder, "the plug-in's folder")->required()->check(CLI::ExistingDirectory);
    command->add_option("--settings", arguments->settings, "good settings (default: DIR/test/settings.json)")
        ->check(CLI::ExistingFile);
    command->add_option("--run-as", arguments->run_as,
                        "the user that it runs as (default: yours, held by Landlock; nobody where you are root)");
    command->add_option("--seconds", arguments->seconds, "deadline of one call (default: 20)")
        ->check(CLI::Range(1, 3600));
    command->add_flag("--acknowledge", arguments->may_acknowledge,
                      "what is read may be acknowledged: the other side is a test's");
    addCommonOptions(
        *command, context,
        "  caseway connector verify housing_export\n  caseway connector verify housing_export --acknowledge --json");
    command->callback([arguments, &context] { verify(*arguments, context); });
}

}  // namespace caseway
