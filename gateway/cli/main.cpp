// gateway/cli/main.cpp - the program `caseway`: hands each command to its file and turns what is thrown into an exit
// code.
#include <exception>

#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"

using namespace caseway;

namespace {

void addCommands(CLI::App& program, CommandContext& context) {
    program.require_subcommand(1);
    program.set_version_flag("--version", "caseway 0.1.0");
    program.footer("`caseway COMMAND --help` shows the options and examples of a command.");
    addInitCommand(program, context);
    addServeCommand(program, context);
    addMessageCommands(program, context);
    addCaseCommands(program, context);
    addMappingCommands(program, context);
    addLogCommands(program, context);
    addReceiptCommands(program, context);
    addBackupCommands(program, context);
    addDoctorCommand(program, context);
    addWaitCommand(program, context);
    addCompletionCommand(program, context);
}

int usage(CLI::App& program, const CLI::ParseError& error) {
    const int code = program.exit(error);
    return code == 0 ? kDone : kUsage;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App program("Caseway: the data-exchange gateway of administrative service centers", "caseway");
    CommandContext context;
    addCommands(program, context);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return usage(program, error);
    } catch (const Fault& fault) {
        sayError(fault.what(), fault.hint());
        return kRefused;
    } catch (const std::exception& error) {
        sayError(error.what());
        return kRefused;
    }
    return context.exit_code;
}
