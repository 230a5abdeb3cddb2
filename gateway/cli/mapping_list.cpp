// gateway/cli/mapping_list.cpp - the installation's mappings, with their versions and the systems that may name them.
#include "gateway/cli/mapping_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

std::vector<std::string> usersOf(const RegisterContent& content, const std::string& mapping) {
    std::vector<std::string> users;
    for (const auto& [id, entry] : content.systems) {
        const auto& granted = entry.system.mappings;
        if (std::find(granted.begin(), granted.end(), mapping) != granted.end()) users.push_back(id.text());
    }
    return users;
}

std::string jsonOf(const MappingSpec& spec, const std::vector<std::string>& users) {
    std::string out = "{";
    appendMember("mapping", spec.name, out);
    appendMember("version", toHex(spec.version), out);
    appendMember("format", spec.format == SourceFormat::Xml ? "xml" : "json", out);
    appendMember("file", spec.file, out);
    out += ",\"systems\":[";
    for (const std::string& user : users) {
        if (out.back() != '[') out += ',';
        appendJsonString(user, out);
    }
    return out + "]}";
}

void list(CommandContext& context) {
    const Settings settings = context.settings();
    const RegisterContent content = readInstalledRegister(settings);
    std::vector<MappingMistake> mistakes;
    const MappingsByName mappings = loadMappings(settings.path(settings.mappings_folder), mistakes);
    for (const auto& [name, shelved] : mappings) {
        const MappingSpec& spec = shelved.mapping->spec();
        const std::vector<std::string> users = usersOf(content, name);
        if (context.json)
            std::cout << jsonOf(spec, users) << "\n";
        else
            people() << fmt::format("{:<30} {} {:<5} {}\n", name, toHex(spec.version).substr(0, 16),
                                    spec.format == SourceFormat::Xml ? "xml" : "json",
                                    users.empty() ? "no system may use it" : fmt::format("{}", fmt::join(users, ", ")));
    }
    if (mappings.empty() && mistakes.empty()) say("no mapping yet: caseway mapping add DIR");
    for (const MappingMistake& mistake : mistakes) sayError("not in force: " + textOf(mistake));
    if (!mistakes.empty()) context.exit_code = kRefused;
}

}  // namespace

void addMappingListCommand(CLI::App& group, CommandContext& context) {
    CLI::App* command = group.add_subcommand("list", "the mappings in force: name, version, who may use them");
    addCommonOptions(*command, context, "  caseway mapping list --data data");
    command->callback([&context] { list(context); });
    CLI::App* remover = group.add_subcommand("remove", "take a mapping out that no system and no connector uses");
    const auto name = std::make_shared<std::string>();
    remover->add_option("MAPPING", *name, "its name; of one that cannot be read, its folder")->required();
    addCommonOptions(*remover, context, "  caseway mapping remove housing.permit");
    remover->callback([name, &context] {
        carryOut(context, operationOf("mapping.remove", {{"mapping", *name}}), "mapping " + *name + " is out of force");
    });
}

}  // namespace caseway
