// gateway/cli/quick_main.cpp - lib/caseway/caseway-quick: the commands that need neither a gateway nor an installation,
// in a program that loads a third of the libraries. start_main.cpp says which they are.
#include "gateway/cli/command.hpp"
#include "gateway/cli/mapping_trial.hpp"
#include "gateway/cli/program.hpp"

int main(int argc, char** argv) {
    using namespace caseway;
    return runProgram(argc, argv, [](CLI::App& program, CommandContext& context, std::string_view) {
        addMappingTrialCommands(program, context);
        addExplainCommand(program, context);
    });
}
