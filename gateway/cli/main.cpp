// gateway/cli/main.cpp - the program of all commands, lib/caseway/caseway-all: hands each to its file.
#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>
#include <string_view>

#include "gateway/cli/command.hpp"
#include "gateway/cli/program.hpp"
#include "gateway/cli/sync_preview.hpp"

using namespace caseway;

namespace {

/// `caseway help`, `caseway help mapping run`: as --help of that command.
void addHelpCommand(CLI::App& program) {
    CLI::App* command = program.add_subcommand("help", "show the options and examples of a command");
    const auto words = std::make_shared<std::vector<std::string>>();
    command->add_option("COMMAND", *words, "the command, such as: mapping run");
    command->callback([&program, words] {
        const CLI::App* app = &program;
        std::string path = program.get_name();
        for (const std::string& word : *words) {
            const auto below = app->get_subcommands([&](const CLI::App* one) { return one->get_name() == word; });
            if (below.empty()) throw CLI::ValidationError("COMMAND", "no command " + word);
            app = below.front();
            path += " " + word;
        }
        std::cout << app->get_formatter()->make_help(app, path, CLI::AppFormatMode::Normal);
    });
}

/// The first words of the commands, in the order of the help, and what adds each.
struct FirstWord {
    std::string_view word;
    void (*add)(CLI::App& program, CommandContext& context);
};
constexpr FirstWord kFirstWords[] = {
    {"init", addInitCommand},       {"serve", addServeCommand},      {"message", addMessageCommands},
    {"case", addCaseCommands},      {"mapping", addMappingCommands}, {"department", addDepartmentCommands},
    {"system", addSystemCommands},  {"cert", addCertCommands},       {"connector", addConnectorCommands},
    {"secret", addSecretCommands},  {"export", addExportCommands},   {"apply", addExportCommands},
    {"log", addLogCommands},        {"receipt", addReceiptCommands}, {"sync", addSyncCommands},
    {"backup", addBackupCommands},  {"restore", addBackupCommands},  {"doctor", addDoctorCommand},
    {"explain", addExplainCommand}, {"wait", addWaitCommand},
};

/// Only those of the first word `asked`, should it be one of these: all of them are most of what a short command does.
void addCommands(CLI::App& program, CommandContext& context, std::string_view asked) {
    const auto* const one = std::find_if(std::begin(kFirstWords), std::end(kFirstWords),
                                         [asked](const FirstWord& first) { return first.word == asked; });
    if (one != std::end(kFirstWords)) return one->add(program, context);
    const FirstWord* before = nullptr;
    for (const FirstWord& first : kFirstWords) {
        if (before == nullptr || before->add != first.add) first.add(program, context);
        before = &first;
    }
    addCompletionCommand(program, context);
    addHelpCommand(program);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<char*> words = withExpressionLast(argc, argv);
    return runProgram(static_cast<int>(words.size()), words.data(), addCommands);
}
