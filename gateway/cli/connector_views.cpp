// gateway/cli/connector_views.cpp - `caseway connector types|sample|list|show|versions|diff`: read from the files, with
// a gateway or without.
#include <fmt/format.h>

#include <iostream>
#include <map>

#include "gateway/base/fault.hpp"
#include "gateway/cli/connector_commands.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/clear_secrets.hpp"
#include "gateway/daemon/connector_test_change.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/formats/settings/settings_text.hpp"
#include "gateway/formats/text/near_word.hpp"
#include "gateway/register/connector_hold.hpp"
#include "gateway/register/connector_view.hpp"
#include "gateway/register/near_registered.hpp"
#include "gateway/register/planned_change.hpp"

namespace caseway {
namespace {

struct ViewArguments {
    std::string name, type;
    int from = 0, to = 0;
    bool docs = false;
};

/// The installation as it stands.
struct Installed {
    explicit Installed(const CommandContext& context)
        : settings(context.settings()),
          types(installedConnectorTypes(settings)),
          content(readInstalledRegister(settings)),
          world(worldOf(readTree(treeFoldersOf(settings)), types)) {}

    Settings settings;
    ConnectorTypes types;
    RegisterContent content;
    ConnectorWorld world;
};

const InstalledType* typeNamed(const ConnectorTypes& types, const std::string& name, CommandContext& context) {
    const InstalledType* const found = types.find(name);
    if (found != nullptr) return found;
    std::vector<std::string_view> known;
    for (const auto& [type, installed] : types.all()) known.push_back(type);
    tellRefusal(context, {"connector_type_unknown",
                          "type",
                          name,
                          "no connector of this type is installed",
                          hintOfNearest(name, known, "caseway connector types lists them"),
                          {}});
    return nullptr;
}

const RegisteredConnector* connectorOf(const Installed& installed, const std::string& name, CommandContext& context) {
    const RegisteredConnector* const found = connectorNamed(installed.content, name);
    if (found == nullptr)
        tellRefusal(context,
                    unknownConnector(installed.content, name, "a registered connector, DEPARTMENT/SYSTEM/NAME"));
    return found;
}

void types(const ViewArguments&, CommandContext& context) {
    const ConnectorTypes all = installedConnectorTypes(context.settings());
    std::string json;
    for (const auto& [name, installed] : all.all()) {
        const ConnectorSpec& spec = installed.type->spec();
        json += (json.empty() ? "" : ",") + typeJson(installed);
        if (!context.json)
            people() << fmt::format("{:<16} {:<8} {:<11} {}\n", name, spec.version,
                                    spec.reads && spec.writes ? "pull, push"
                                    : spec.reads              ? "pull"
                                                              : "push",
                                    spec.title);
    }
    if (context.json) std::cout << "[" << json << "]\n";
    for (const Refusal& mistake : all.mistakes())
        say(fmt::format("not loaded: {}: {}: {}", mistake.where, mistake.code, mistake.rule));
    if (all.all().empty()) say("no type of connector is installed");
}

void sample(const ViewArguments& given, CommandContext& context) {
    const ConnectorTypes all = installedConnectorTypes(context.settings());
    const InstalledType* const type = typeNamed(all, given.type, context);
    if (type == nullptr) return;
    if (context.json)
        std::cout << typeJson(*type) << "\n";
    else
        std::cout << (given.docs ? settingsTable(type->schema) : sampleOf(*type));
}

void list(const ViewArguments&, CommandContext& context) {
    const Installed installed(context);
    if (context.json) {
        std::cout << connectorsJson(installed.content, installed.world) << "\n";
        return;
    }
    bool is_any = false;
    for (const auto& [id, entry] : installed.content.systems)
        for (const auto& [name, connector] : entry.connectors) {
            is_any = true;
            const ConnectorStanding standing = standingOf(connector, installed.world);
            const ConnectorHead& head = headOf(connector);
            const auto held = whyNotLive(entry.system, connector);
            const bool is_held = held && isHeldFromOutside(*held);
            people() << fmt::format("{:<36} {:<10} {:<10} {:<5} {}{}\n", connector.name.text(),
                                    is_held ? "held" : standing.state, head.type, nameOf(head.direction), head.mapping,
                                    standing.draft.empty() ? "" : "  (waiting: " + standing.draft + ")");
            if (is_held) people() << fmt::format("  {}: {}\n", held->rule, held->hint);
        }
    if (!is_any) say("no connector yet: caseway connector types, then caseway connector sample TYPE");
}

void show(const ViewArguments& given, CommandContext& context) {
    const Installed installed(context);
    const RegisteredConnector* const connector = connectorOf(installed, given.name, context);
    if (connector == nullptr) return;
    const auto shown = [&](const std::string& yaml) { return shownDraft(installed.types, yaml); };
    const ConnectorVersion* const live = connector->liveVersion();
    const auto in_clear = live == nullptr ? std::vector<std::string>() : secretsInClear(installed.types, *live);
    if (context.json) {
        std::cout << connectorJson(*connector, installed.world, shown, in_clear) << "\n";
        return;
    }
    const ConnectorStanding standing = standingOf(*connector, installed.world);
    people() << fmt::format("connector  {}\nstate      {}\n", connector->name.text(), standing.state);
    const auto held = whyNotLive(installed.content.systems.at(connector->name.system).system, *connector);
    if (held && isHeldFromOutside(*held)) people() << fmt::format("held       {}: {}\n", held->rule, held->hint);
    if (live != nullptr)
        people() << fmt::format("live       version {}, tested {}\n", connector->live, live->tested_at);
    if (connector->tested_refused != 0)
        people() << fmt::format("accepted   {} records were refused in the last test\n", connector->tested_refused);
    const auto type = live == nullptr ? installed.world.types.end() : installed.world.types.find(live->head.type);
    if (type != installed.world.types.end())
        if (const auto changed = whyOtherPlugin(given.name, *live, type->second))
            people() << fmt::format("warning    it does not run: {}: {}\n", changed->code, changed->rule);
    if (!standing.draft.empty())
        people() << fmt::format("waiting    {}, differs in: {}\n", standing.draft, fmt::join(standing.differs, ", "));
    if (!in_clear.empty())
        people() << fmt::format("warning    a secret stands in clear at {}: {}\n", fmt::join(in_clear, ", "),
                                nextStepOfClearSecrets(given.name));
    if (live != nullptr) people() << "\n" << shownVersion(installed.types, *live);
    if (connector->draft) people() << (live != nullptr ? "\n# the draft\n" : "\n") << shown(*connector->draft);
    if (standing.state == "draft" || standing.draft == "draft") say("next: caseway connector test " + given.name);
    if (standing.state == "tested" || standing.draft == "tested") say("next: caseway connector activate " + given.name);
}

void versions(const ViewArguments& given, CommandContext& context) {
    const Installed installed(context);
    const RegisteredConnector* const connector = connectorOf(installed, given.name, context);
    if (connector == nullptr) return;
    if (context.json) {
        std::cout << connectorJson(*connector, installed.world) << "\n";
        return;
    }
    for (const auto& [number, version] : connector->versions)
        people() << fmt::format("{:>4} {:<5} tested {}  {} {}  {}\n", number, number == connector->live ? "live" : "",
                                version.tested_at, version.head.type, version.type_version, version.head.mapping);
    if (connector->versions.empty()) say("no version yet: caseway connector test, then activate");
}

/// Document and mapping of a version; of 0 what would be tested now.
bool textsOf(const Installed& installed, const RegisteredConnector& connector, int number, CommandContext& context,
             std::map<std::string, std::string>& texts) {
    if (number == 0) {
        const auto candidate = candidateOf(connector, installed.world);
        if (!candidate) tellRefusal(context, candidate.error());
        if (!candidate) return false;
        texts = {{"connector.yaml", shownDraft(installed.types, candidate->text)},
                 {"mapping.yaml", candidate->mapping}};
        return true;
    }
    const auto found = connector.versions.find(number);
    if (found == connector.versions.end()) {
        tellRefusal(context, {"connector_version_unknown",
                              "version",
                              std::to_string(number),
                              "a version of it",
                              "caseway connector versions " + connector.name.text(),
                              {}});
        return false;
    }
    texts = {{"connector.yaml", shownVersion(installed.types, found->second)}, {"mapping.yaml", found->second.mapping}};
    return true;
}

void diff(const ViewArguments& given, CommandContext& context) {
    const Installed installed(context);
    const RegisteredConnector* const connector = connectorOf(installed, given.name, context);
    if (connector == nullptr) return;
    std::map<std::string, std::string> before, after;
    const int from = given.from != 0 ? given.from : connector->live;
    if (from != 0 && !textsOf(installed, *connector, from, context, before)) return;
    if (!textsOf(installed, *connector, given.to, context, after)) return;
    const auto name = [](int number) { return number == 0 ? std::string("now") : fmt::format("version {}", number); };
    const std::string text = diffText(differences(before, after));
    if (context.json) {
        std::string out = "{";
        appendMember("connector", given.name, out);
        appendMember("from", from == 0 ? "nothing" : name(from), out);
        appendMember("to", name(given.to), out);
        out += ",\"diff\":";
        appendJsonString(text, out);
        std::cout << out << "}\n";
        return;
    }
    say(fmt::format("{} -> {}", from == 0 ? "nothing" : name(from), name(given.to)));
    if (text.empty()) return say("no difference");
    people() << text;
}

}  // namespace

void addConnectorViews(CLI::App& group, CommandContext& context) {
    const auto arguments = std::make_shared<ViewArguments>();
    const auto command = [&](const char* name, const char* text, const std::string& examples, auto action, bool named) {
        CLI::App* made = group.add_subcommand(name, text);
        if (named) made->add_option("NAME", arguments->name, "DEPARTMENT/SYSTEM/NAME")->required();
        addCommonOptions(*made, context, examples);
        made->callback([arguments, &context, action] { action(*arguments, context); });
        return made;
    };
    command("types", "the types of connectors that are installed", "  caseway connector types", types, false);
    CLI::App* sampler = command(
        "sample", "a file to fill in, made from the type's schema",
        "  caseway connector sample folder > nightly.yaml\n  caseway connector sample folder --docs", sample, false);
    sampler->add_option("TYPE", arguments->type, "a type of `caseway connector types`")->required();
    sampler->add_flag("--docs", arguments->docs, "its settings as a table (Markdown) instead");
    command("list", "every connector and its state", "  caseway connector list", list, false);
    command("show", "one connector: what runs, what waits", "  caseway connector show housing/permits/nightly", show,
            true);
    command("versions", "what was live, and is", "  caseway connector versions housing/permits/nightly", versions,
            true);
    CLI::App* differ = command("diff", "what would change: the live version and what waits, or two versions",
                               "  caseway connector diff housing/permits/nightly\n"
                               "  caseway connector diff housing/permits/nightly --from 1 --to 3",
                               diff, true);
    differ->add_option("--from", arguments->from, "version (default: the live one)")->check(CLI::Range(1, 9999));
    differ->add_option("--to", arguments->to, "version (default: what waits)")->check(CLI::Range(1, 9999));
}

}  // namespace caseway
