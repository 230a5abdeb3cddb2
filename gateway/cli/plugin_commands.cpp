// gateway/cli/plugin_commands.cpp - `caseway connector new NAME --lang python|node|cpp`: a plug-in that works, to be
// filled in.
#include "gateway/cli/plugin_commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

#include "gateway/base/fault.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/scaffold_files.hpp"
#include "gateway/daemon/connector_types.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

struct NewArguments {
    std::string name, language = "python", under = ".";
};

std::string filled(std::string_view text, const NewArguments& given) {
    const std::pair<std::string_view, std::string> marks[] = {
        {"NAME_OF_CONNECTOR", given.name},
        {"LANGUAGE_OF_CONNECTOR", given.language == "cpp" ? "executable" : given.language},
        {"MAIN_OF_CONNECTOR", given.language == "cpp"    ? given.name
                              : given.language == "node" ? "main.js"
                                                         : "main.py"}};
    std::string out(text);
    for (const auto& [mark, value] : marks)
        for (std::size_t at = out.find(mark); at != std::string::npos; at = out.find(mark, at + value.size()))
            out.replace(at, mark.size(), value);
    return out;
}

void writeNew(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream stream(file, std::ios::binary);
    if (!(stream << text << std::flush))
        throw Fault(FaultCode::FileUnavailable, "cannot write " + file.string(),
                    "check space and rights of the folder");
    fs::permissions(file, fs::perms::group_write | fs::perms::others_write, fs::perm_options::remove);
}

/// The packages of Node beside the program, as it was built or installed.
std::optional<fs::path> nodePackages() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const char* place :
         {"../../generated/plugin_sdk/node/node_modules", "../../share/caseway/plugin_sdk/node/node_modules"})
        if (fs::exists(program / place / "thrift/package.json", error)) return program / place;
    return {};
}

/// What is left to do before it can be verified; empty: nothing.
std::string preparation(const NewArguments& given, const fs::path& folder) {
    if (given.language == "cpp")
        return fmt::format("cd {0} && cmake -B build && cmake --build build && cd -", folder.string());
    if (given.language == "python") return {};
    if (const auto packages = nodePackages()) {
        fs::copy(*packages, folder / "node_modules", fs::copy_options::recursive);
        return {};
    }
    return fmt::format("npm ci --ignore-scripts --prefix {}", folder.string());
}

void makeNew(const NewArguments& given, CommandContext& context) {
    const fs::path folder = fs::absolute(fs::path(given.under) / given.name).lexically_normal();
    if (fs::exists(folder))
        throw Fault(FaultCode::FileUnavailable, folder.string() + " is there already",
                    "choose another name, or remove it");
    for (const ScaffoldFile& file : scaffoldFiles())
        if (file.language == "any" || file.language == given.language)
            writeNew(folder / file.path, filled(file.text, given));
    for (fs::recursive_directory_iterator at(folder), end; at != end; ++at)
        if (at->is_directory())
            fs::permissions(at->path(), fs::perms::group_write | fs::perms::others_write, fs::perm_options::remove);
    fs::permissions(folder, fs::perms::group_write | fs::perms::others_write, fs::perm_options::remove);
    const std::string first = preparation(given, folder);
    if (context.json) {
        std::string out = "{";
        appendMember("folder", folder.string(), out);
        appendMember("language", given.language, out);
        appendMember("first", first, out);
        std::cout << out << "}\n";
        return;
    }
    say(fmt::format("{} is a plug-in that works; next:", folder.string()));
    if (!first.empty()) say("  " + first);
    say(fmt::format(
        "  caseway connector verify {0}\n  then fill in read() and write(), settings.schema.json, README.md",
        folder.string()));
}

std::string nameMistake(const std::string& name) {
    const bool plain = !name.empty() && name.size() <= 60 && name.front() >= 'a' && name.front() <= 'z' &&
                       name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
    if (!plain) return "a name of a-z, 0-9 and _, beginning with a letter";
    return isCompiledIn(name) ? "a name that no connector of the gateway itself has: " + name : std::string();
}

}  // namespace

void addPluginCommands(CLI::App& group, CommandContext& context) {
    const auto arguments = std::make_shared<NewArguments>();
    CLI::App* command = group.add_subcommand("new", "a plug-in that works, to be filled in");
    command->add_option("NAME", arguments->name, "its name, and that of its folder")->required()->check(nameMistake);
    command->add_option("--lang", arguments->language, "python, node or cpp (default: python)")
        ->check(CLI::IsMember({"python", "node", "cpp"}));
    command->add_option("--in", arguments->under, "the folder that it is made in (default: here)")->type_name("DIR");
    addCommonOptions(*command, context,
                     "  caseway connector new housing_export --lang python\n  caseway connector verify housing_export");
    command->callback([arguments, &context] { makeNew(*arguments, context); });
    addPluginVerify(group, context);
}

}  // namespace caseway
