// gateway/cli/completion.cpp - `caseway completion bash`: the commands and their options for the shell, made from the
// program itself.
#include <fmt/format.h>

#include <iostream>

#include "gateway/cli/command.hpp"

namespace caseway {
namespace {

void listWords(const CLI::App& command, const std::string& path, std::string& out) {
    std::string words;
    for (const CLI::App* child : command.get_subcommands({})) words += child->get_name() + " ";
    for (const CLI::Option* option : command.get_options())
        for (const std::string& name : option->get_lnames()) words += "--" + name + " ";
    out += fmt::format("    \"{}\") words=\"{}\" ;;\n", path, words);
    for (const CLI::App* child : command.get_subcommands({})) listWords(*child, path + " " + child->get_name(), out);
}

constexpr std::string_view kHead = R"(# bash completion of caseway; load with: source <(caseway completion bash)
_caseway() {
  local path=caseway word words i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case "$word" in -*) ;; [a-z]*) [ "$i" -le 2 ] && path="$path $word" ;; esac
  done
  case "$path" in
)";
constexpr std::string_view kTail = R"(    *) words="" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
  [ ${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _caseway caseway
)";

}  // namespace

void addCompletionCommand(CLI::App& program, CommandContext&) {
    CLI::App* command = program.add_subcommand("completion", "print the completion script of a shell");
    auto* shell = command->add_subcommand("bash", "for bash: source <(caseway completion bash)");
    command->require_subcommand(1);
    shell->callback([&program] {
        std::string cases;
        listWords(program, "caseway", cases);
        std::cout << kHead << cases << kTail;
    });
}

}  // namespace caseway
