// gateway/domain/next_steps.cpp - words, one behind the other.
#include "gateway/domain/next_steps.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace caseway {
namespace {

constexpr std::string_view kBegins = "caseway ", kEnds = " ,;:()`\"'\n";
constexpr std::string_view kFullSigns[] = {"，", "。", "；", "：", "（", "）", "、", "·"};

enum class Takes { Connector, Run };
struct Form {
    std::string_view words;
    Takes takes;
};
constexpr std::array<Form, 5> kForms{{{"caseway sync run", Takes::Connector},
                                      {"caseway sync cancel", Takes::Connector},
                                      {"caseway connector test", Takes::Connector},
                                      {"caseway sync retry", Takes::Run},
                                      {"caseway sync show", Takes::Run}}};
constexpr std::string_view kPlaceholders[] = {"NAME", "CONNECTOR", "RUN", "连接器"};
constexpr std::string_view kWithValue[] = {"--since", "--vanished-at-most", "--repair", "--run", "--records"};

template <class List>
bool isIn(const List& list, std::string_view word) {
    return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

/// Of the word that begins here, without what closes a clause.
std::size_t endOfWord(std::string_view text, std::size_t at) {
    std::size_t end = std::min(text.find_first_of(kEnds, at), text.size());
    for (const std::string_view sign : kFullSigns) end = std::min(end, std::min(text.find(sign, at), text.size()));
    return end;
}

/// The word behind the space that stands here; empty where none does.
std::string_view nextWord(std::string_view text, std::size_t at) {
    if (at >= text.size() || text[at] != ' ') return {};
    return text.substr(at + 1, endOfWord(text, at + 1) - at - 1);
}

const Form* formAt(std::string_view text, std::size_t at) {
    for (const Form& form : kForms)
        if (text.substr(at).starts_with(form.words) &&
            endOfWord(text, at + form.words.size()) == at + form.words.size())
            return &form;
    return nullptr;
}

bool isNamed(const Form& form, std::string_view word) {
    return form.takes == Takes::Connector
               ? std::count(word.begin(), word.end(), '/') == 2
               : !word.empty() &&
                     std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c); });
}

/// Behind the command that begins here, and is one of those: its name or number, and its options.
std::size_t endOfCommand(const Form& form, std::string_view text, std::size_t at) {
    std::size_t end = at + form.words.size();
    std::string_view word = nextWord(text, end);
    if (isNamed(form, word) || isIn(kPlaceholders, word)) end += 1 + word.size();
    for (word = nextWord(text, end); word.starts_with("--"); word = nextWord(text, end)) {
        end += 1 + word.size();
        if (isIn(kWithValue, word)) end += 1 + nextWord(text, end).size();
    }
    return std::min(end, text.size());
}

}  // namespace

std::string namedStep(std::string_view step, std::string_view connector, RunNo number) {
    std::string named;
    std::size_t from = 0;
    for (std::size_t at = step.find(kBegins); at != step.npos; at = step.find(kBegins, at + 1)) {
        const Form* const form = formAt(step, at);
        if (form == nullptr) continue;
        const std::string name = form->takes == Takes::Connector ? std::string(connector)
                                 : number == 0                   ? std::string()
                                                                 : std::to_string(number);
        const std::size_t behind = at + form->words.size();
        const std::string_view word = nextWord(step, behind);
        if (name.empty() || isNamed(*form, word)) continue;
        named.append(step.substr(from, behind - from)).append(" ").append(name);
        from = behind + (isIn(kPlaceholders, word) ? 1 + word.size() : 0);
    }
    return named.append(step.substr(from));
}

void nameStepOf(Run& run) {
    if (run.trouble) run.trouble->next_step = namedStep(run.trouble->next_step, run.connector, run.number);
}

std::vector<std::string> commandsIn(std::string_view step) {
    constexpr std::string_view kClosed = ",;:()`\"'\n";
    std::vector<std::string> commands;
    for (std::size_t at = step.find(kBegins); at != step.npos;) {
        const Form* const form = formAt(step, at);
        const std::size_t end =
            form != nullptr ? endOfCommand(*form, step, at) : std::min(step.find_first_of(kClosed, at), step.size());
        const std::string_view command = step.substr(at, end - at);
        commands.emplace_back(command.substr(0, command.find_last_not_of(' ') + 1));
        at = step.find(kBegins, end);
    }
    return commands;
}

std::string connectorIn(std::string_view step) {
    for (std::size_t at = step.find(kBegins); at != step.npos; at = step.find(kBegins, at + 1)) {
        const Form* const form = formAt(step, at);
        if (form == nullptr || form->takes != Takes::Connector) continue;
        const std::string_view word = nextWord(step, at + form->words.size());
        if (isNamed(*form, word)) return std::string(word);
    }
    return {};
}

std::string withCommandsOf(std::string step, std::string_view other) {
    std::string_view before = step.empty() ? "" : " · ";
    for (const std::string& command : commandsIn(other)) {
        if (step.find(command) != std::string::npos) continue;
        step.append(before).append(command);
        before = "; ";
    }
    return step;
}

}  // namespace caseway
