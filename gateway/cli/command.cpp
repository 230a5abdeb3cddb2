// gateway/cli/command.cpp - shared behaviour of the commands.
#include "gateway/cli/command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "gateway/base/fault.hpp"

namespace caseway {

namespace {

void addSharedOptions(CLI::App& command, CommandContext& context) {
    command
        .add_option("--config", context.config_file,
                    "configuration file (default: DATA/caseway.properties if it is there)")
        ->type_name("FILE");
    command.add_option("--data", context.data_folder, "data folder (default: data)")->type_name("DIR");
    command.add_flag("--json", context.json, "machine output: JSON on stdout");
}

}  // namespace

void addCommonOptions(CLI::App& command, CommandContext& context, const std::string& examples) {
    addSharedOptions(command, context);
    command.footer("Examples:\n" + examples);
}

void takeCommonOptionsEverywhere(CLI::App& command, CommandContext& context) {
    if (command.get_option_no_throw("--data") == nullptr) addSharedOptions(command, context);
    for (CLI::App* child : command.get_subcommands({})) takeCommonOptionsEverywhere(*child, context);
}

bool mayColour() {
    return ::isatty(STDERR_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
}

std::ostream& people() {
    return std::cerr;
}

void say(std::string_view text) {
    people() << text << "\n";
}

void sayError(std::string_view text, std::string_view hint) {
    std::cerr << (mayColour() ? "\033[31merror:\033[0m " : "error: ") << text << "\n";
    if (!hint.empty()) std::cerr << "  what to do: " << hint << "\n";
}

}  // namespace caseway
