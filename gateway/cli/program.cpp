// gateway/cli/program.cpp - parses, runs the chosen command, and turns what is thrown into an exit code.
#include "gateway/cli/program.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>

#include "gateway/base/fault.hpp"
#include "gateway/cli/help_text.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/usage_error.hpp"
#include "gateway/cli/user_language.hpp"
#include "gateway/domain/known_codes.hpp"
#include "gateway/formats/text/near_word.hpp"

namespace caseway {
namespace {

/// "unknown command 'maping'; did you mean 'mapping'?" where a word is no command; CLI11 only says that one is
/// required.
bool saidUnknownCommand(CLI::App& program, int argc, char** argv) {
    CLI::App* app = &program;
    std::string named = program.get_display_name();
    for (int i = 1; i < argc && argv[i][0] != '-'; ++i) {
        const auto commands = app->get_subcommands([](const CLI::App*) { return true; });
        if (commands.empty()) return false;
        std::vector<std::string_view> names;
        CLI::App* next = nullptr;
        for (CLI::App* command : commands) {
            names.push_back(command->get_name());
            if (command->get_name() == argv[i]) next = command;
        }
        if (next == nullptr) {
            const std::string word = argv[i];
            const std::string_view near = nearestWord(word, names);
            tellMistake("unknown command '" + word + "'", "没有命令 " + word,
                        near.empty()      ? named + " --help"
                        : speaksChinese() ? fmt::format("是否应为 '{}'？", near)
                                          : fmt::format("did you mean '{}'?", near));
            return true;
        }
        app = next;
        named += " " + app->get_name();
    }
    return false;
}

/// "--since=" has no value: CLI11 would take the next word for it, such as `--data`.
bool saidEmptyValue(int argc, char** argv) {
    for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
        const std::string_view word = argv[i];
        if (!word.starts_with("--") || word.find('=') != word.size() - 1) continue;
        const std::string option(word);
        tellMistake("'" + option + "' has no value", option + " 没有值",
                    said("write " + option + "VALUE, or leave the option out", "写 " + option + "值，或删去此选项"));
        return true;
    }
    return false;
}

/// What ended a command, for people and, under --json, for machines.
int failed(const CommandContext& context, const Fault& fault) {
    const Refusal told{std::string(nameOf(fault.code())), {}, {}, std::string(fault.detail()), fault.hint(), {}};
    if (context.json) std::cout << jsonOf(told) << "\n";
    const KnownCode* const known =
        speaksChinese() ? knownCode(told.code) : nullptr;  // of many faults: the hint is said too
    const std::string advice(known == nullptr ? std::string_view() : known->advice);
    tellMistake(fault.what(), fault.what(), advice + (advice.empty() || told.hint.empty() ? "" : " · ") + told.hint);
    return fault.code() == FaultCode::ConfigurationBad ? context.exit_code_of_configuration : kRefused;
}

/// Who reads standard output has enough and is gone: the command ends as one does that has no library which blocks the
/// signal for its threads. Not before, since a connection of its own may break, too.
void endWithoutReader() {
    pollfd out{STDOUT_FILENO, 0, 0};
    if (::poll(&out, 1, 0) != 1 || (out.revents & POLLERR) == 0) return;
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    signal(SIGPIPE, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &pipe, nullptr);
    raise(SIGPIPE);
}

/// The exit code of a command that ended well by itself: what it said must have been taken, too.
int ended(const CommandContext& context) {
    std::cout.flush();
    if (std::cout.good()) return context.exit_code;
    endWithoutReader();
    sayError("standard output did not take all of it: what was written there is cut off",
             "see whether its disk is full or a limit of file size holds (ulimit -f), and run the command again");
    return context.exit_code == kDone ? kRefused : context.exit_code;
}

}  // namespace

int runProgram(int argc, char** argv, const AddCommands& add) {
    signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a fault to tell, not an end without a word
    // Who has read enough (`| head`) ends what is said to him, also under systemd and others that ignore the signal for
    // what they start: it would be told as a full disk.
    signal(SIGPIPE, SIG_DFL);
    CLI::App program("Caseway: the data-exchange gateway of administrative service centers", "caseway");
    CommandContext context;
    setHelpLanguage(program);
    program.require_subcommand(1);
    program.set_version_flag("--version", "caseway 0.1.0");
    program.footer("`caseway COMMAND --help` shows the options and examples of a command.");
    add(program, context, argc > 1 ? argv[1] : "");
    takeCommonOptionsEverywhere(program, context);
    if (saidUnknownCommand(program, argc, argv) || saidEmptyValue(argc, argv)) return kUsage;
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return tellUsage(program, error);
    } catch (const Fault& fault) {
        return failed(context, fault);
    } catch (const std::filesystem::filesystem_error& error) {
        const char* const hint = error.code() == std::errc::permission_denied
                                     ? "run it as the user that the gateway runs as: sudo -u USER caseway …; or name "
                                       "another folder with --data"
                                     : "check the path and its rights";
        const Fault fault(FaultCode::FileUnavailable, error.path1().string() + ": " + error.code().message(), hint);
        return failed(context, fault);
    } catch (const std::exception& error) {
        sayError(error.what());
        return kRefused;
    }
    return ended(context);
}

}  // namespace caseway
