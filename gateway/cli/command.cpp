// gateway/cli/command.cpp - shared behaviour of the commands.
#include "gateway/cli/command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "gateway/base/fault.hpp"
#include "gateway/formats/text/said_text.hpp"

namespace caseway {

namespace {

/// Files, keys and answers of others are told with their own words: here, where all of it passes, those lose what would
/// command the terminal or turn the direction of what is read. Each text comes whole: no character is cut in two.
class ShownOnly final : public std::streambuf {
protected:
    std::streamsize xsputn(const char* text, std::streamsize count) override {
        std::cerr << shownText({text, static_cast<std::size_t>(count)});
        return std::cerr.good() ? count : 0;
    }
    int_type overflow(int_type c) override {
        const char text = traits_type::to_char_type(c);
        return traits_type::eq_int_type(c, traits_type::eof()) || xsputn(&text, 1) == 1 ? traits_type::not_eof(c)
                                                                                        : traits_type::eof();
    }
    int sync() override { return std::cerr.flush() ? 0 : -1; }
};

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
    static ShownOnly shown;
    static std::ostream stream(&shown);
    return stream;
}

void say(std::string_view text) {
    people() << text << "\n";
}

void sayError(std::string_view text, std::string_view hint) {
    std::cerr << (mayColour() ? "\033[31merror:\033[0m " : "error: ");  // the colour is ours
    say(text);
    if (!hint.empty()) say(fmt::format("  what to do: {}", hint));
}

}  // namespace caseway
