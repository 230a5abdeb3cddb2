// gateway/cli/completion.cpp - `caseway completion bash|zsh|fish`: the commands, their options and the values of those
// that take a word out of few, made from the program itself.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "gateway/cli/command.hpp"

namespace caseway {
namespace {

void listWords(const CLI::App& command, const std::string& path, std::string& out) {
    std::string words;
    for (const CLI::App* child : command.get_subcommands({})) words += child->get_name() + " ";
    for (const CLI::Option* option : command.get_options())
        for (const std::string& name : option->get_lnames()) words += "--" + name + " ";
    out += fmt::format("    \"{}\") choices=\"{}\" ;;\n", path, words);
    for (const CLI::App* child : command.get_subcommands({})) listWords(*child, path + " " + child->get_name(), out);
}

/// "|caseway|caseway cert|…|": what has commands of its own.
void listGroups(const CLI::App& command, const std::string& path, std::string& out) {
    if (command.get_subcommands({}).empty()) return;
    out += path + "|";
    for (const CLI::App* child : command.get_subcommands({})) listGroups(*child, path + " " + child->get_name(), out);
}

/// "xml json http" of an option that takes one of these; CLI11 shows them in its type: "TEXT:{xml,json,http}".
std::string valuesOf(const CLI::Option& option) {
    const std::string type = option.get_type_name();
    const std::size_t open = type.find('{'), close = type.find('}', open);
    if (open == std::string::npos || close == std::string::npos) return {};
    std::string values = type.substr(open + 1, close - open - 1);
    std::replace(values.begin(), values.end(), ',', ' ');
    return values;
}

void listValues(const CLI::App& command, const std::string& path, std::string& out) {
    for (const CLI::Option* option : command.get_options())
        for (const std::string& name : option->get_lnames())
            if (const std::string values = valuesOf(*option); !values.empty())
                out += fmt::format("    \"{} --{}\") choices=\"{}\" ;;\n", path, name, values);
    for (const CLI::App* child : command.get_subcommands({})) listValues(*child, path + " " + child->get_name(), out);
}

constexpr std::string_view kBash = R"(# bash completion of caseway; load with: source <(caseway completion bash)
_caseway() {
  local place=caseway choices="" word i groups
  groups="@GROUPS@"  # the words that further words may follow
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case "$word" in -*) ;; [a-z]*) case "$groups" in *"|$place|"*) place="$place $word" ;; esac ;; esac
  done
  case "$place" in
@WORDS@  esac
  case "$place ${COMP_WORDS[COMP_CWORD-1]}" in
@VALUES@  esac
  COMPREPLY=($(compgen -W "$choices" -- "${COMP_WORDS[COMP_CWORD]}"))
  [ ${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _caseway caseway
)";

constexpr std::string_view kZsh = R"(#compdef caseway
# zsh completion of caseway; load with: source <(caseway completion zsh)
_caseway() {
  local place=caseway choices="" word i groups
  groups="@GROUPS@"  # the words that further words may follow
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    case "$word" in -*) ;; [a-z]*) case "$groups" in *"|$place|"*) place="$place $word" ;; esac ;; esac
  done
  case "$place" in
@WORDS@  esac
  case "$place $words[CURRENT-1]" in
@VALUES@  esac
  compadd -- ${=choices} || _files
}
compdef _caseway caseway
)";

constexpr std::string_view kFish = R"(# fish completion of caseway; load with: caseway completion fish | source
function __caseway_words
  set -l place caseway
  set -l before ''
  set -l groups "@GROUPS@"  # the words that further words may follow
  for word in (commandline -opc)[2..-1]
    set before $word
    string match -q -- '-*' $word; and continue
    string match -q -- "*|$place|*" $groups; and set place "$place $word"
  end
  switch "$place $before"
@VALUES@  end
  switch "$place"
@WORDS@  end
end
complete -c caseway -a '(__caseway_words)'
)";

void fill(std::string& script, std::string_view name, const std::string& text) {
    script.replace(script.find(name), name.size(), text);
}

/// `    "a b") choices="c d" ;;` as fish says it, printing each word on a line; `ends`: with nothing else after it.
std::string asFish(const std::string& cases, bool ends) {
    std::string out;
    for (std::size_t at = 0, end = 0; (end = cases.find('\n', at)) != std::string::npos; at = end + 1) {
        const std::string line = cases.substr(at, end - at);
        const std::size_t close = line.find("\") choices=\"");
        const std::size_t open = line.find('"');
        const std::string words = line.substr(close + 12, line.rfind('"') - close - 12);
        out += fmt::format("    case \"{}\"\n      string split -n -- ' ' \"{}\"\n{}",
                           line.substr(open + 1, close - open - 1), words, ends ? "      return\n" : "");
    }
    return out;
}

std::string scriptOf(std::string_view shell, const CLI::App& program) {
    std::string words, values, groups = "|";
    listWords(program, "caseway", words);
    listValues(program, "caseway", values);
    listGroups(program, "caseway", groups);
    std::string script(shell == "bash" ? kBash : shell == "zsh" ? kZsh : kFish);
    fill(script, "@GROUPS@", groups);
    fill(script, "@WORDS@", shell == "fish" ? asFish(words, false) : words);
    fill(script, "@VALUES@", shell == "fish" ? asFish(values, true) : values);
    return script;
}

}  // namespace

void addCompletionCommand(CLI::App& program, CommandContext&) {
    CLI::App* command = program.add_subcommand("completion", "print the completion script of a shell");
    command->require_subcommand(1);
    for (const auto& [name, about] : {std::pair{"bash", "for bash: source <(caseway completion bash)"},
                                      std::pair{"zsh", "for zsh: source <(caseway completion zsh)"},
                                      std::pair{"fish", "for fish: caseway completion fish | source"}})
        command->add_subcommand(name, about)->callback([&program, shell = std::string(name)] {
            std::cout << scriptOf(shell, program);
        });
}

}  // namespace caseway
