// gateway/cli/usage_error.cpp - from CLI11's exception and the command that it stopped in to lines for people.
#include "gateway/cli/usage_error.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "gateway/cli/command.hpp"
#include "gateway/cli/parser_words.hpp"
#include "gateway/cli/usage_words.hpp"
#include "gateway/cli/user_language.hpp"
#include "gateway/formats/text/near_word.hpp"

namespace caseway {
namespace {

/// The command as far as its words were understood, and how it is called.
struct Stopped {
    const CLI::App* app;
    std::string path;
};
Stopped stoppedIn(const CLI::App& program) {
    Stopped found{&program, program.get_name()};
    for (auto below = found.app->get_subcommands(); !below.empty(); below = found.app->get_subcommands()) {
        found.app = below.back();
        found.path += " " + found.app->get_name();
    }
    return found;
}

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> found;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (end > at) found.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return found;
}

/// "--data": the option that the parser's words begin with; nullptr where they begin with none.
const CLI::Option* optionIn(const CLI::App& app, std::string_view text) {
    const std::size_t end = text.find_first_of(": ");
    return end == std::string_view::npos ? nullptr : app.get_option_no_throw(std::string(text.substr(0, end)));
}

std::vector<const CLI::Option*> missing(const CLI::App& app) {
    std::vector<const CLI::Option*> found;
    for (const CLI::Option* option : app.get_options())
        if (option->get_required() && option->count() == 0) found.push_back(option);
    return found;
}

std::string nameOf(const CLI::Option& option) {
    return option.get_name(option.get_positional());
}

/// The first example of the command's help that has this word, else the first; with what continues it.
std::string exampleOf(const CLI::App& app, const std::string& word = {}) {
    const std::string footer = app.get_footer();
    std::string first;
    for (std::size_t at = footer.find("  caseway "); at != std::string::npos; at = footer.find("  caseway ", at)) {
        std::string example;
        for (bool goes_on = true; goes_on && at < footer.size();) {
            const std::size_t end = std::min(footer.find('\n', at), footer.size());
            std::string line = footer.substr(at, end - at);
            goes_on = line.ends_with('\\');
            if (goes_on) line.pop_back();
            for (const std::string& one : words(line)) example += (example.empty() ? "" : " ") + one;
            at = end;
            if (goes_on) ++at;
        }
        if (example.find(word) != std::string::npos) return example;
        if (first.empty()) first = std::move(example);
    }
    return first;
}

/// What the parser's own words leave out of a value that does not fit.
std::string nextOfValue(std::string_view text) {
    const auto says = [text](const char* part) { return text.find(part) != std::string_view::npos; };
    if (says("actually a file")) return std::string(said("name the folder in which it lies", "写文件所在的文件夹"));
    if (says("actually a directory")) return std::string(said("name a file, not a folder", "写文件，不写文件夹"));
    if (says("does not exist"))
        return std::string(said("correct the path; it begins at ", "改正路径；当前文件夹为 ")) +
               std::filesystem::current_path().string();
    return {};
}

void line(std::string_view english, std::string_view chinese, std::string_view text) {
    if (!text.empty()) say(fmt::format("  {}{}", said(english, chinese), text));
}

void tellPurpose(const CLI::Option& option) {
    const std::string about = option.get_description();
    if (about.empty()) return;
    line("what it is for: ", "用途：", nameOf(option) + ": " + (speaksChinese() ? purposeInChinese(about) : about));
}

std::string helpOf(const Stopped& stopped) {
    return fmt::format(fmt::runtime(said("{} --help shows its options", "用 {} --help 查看全部选项")), stopped.path);
}

/// The option of the command that a word was meant to be; empty where none is near.
std::string nearestOption(const CLI::App& app, const std::string& word) {
    if (!word.starts_with("-")) return {};
    std::vector<std::string> known;
    for (const CLI::Option* option : app.get_options())
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    const std::vector<std::string_view> views(known.begin(), known.end());
    return std::string(nearestWord(word.substr(0, word.find('=')), views));
}

/// `unknown`: words that nothing takes; one of them may have been meant for what is missing.
void tellMissing(const Stopped& stopped, const std::vector<const CLI::Option*>& options,
                 const std::vector<std::string>& unknown) {
    std::string names;
    for (const CLI::Option* option : options) names += (names.empty() ? "" : ", ") + nameOf(*option);
    tellMistake(names + " is missing", "缺少 " + names, {});
    for (const std::string& word : unknown) {
        const std::string near = nearestOption(*stopped.app, word);
        if (near.empty()) continue;
        line("unknown option: ", "未知选项：",
             word + fmt::format(fmt::runtime(said(": did you mean {}?", "：是否应为 {}？")), near));
    }
    for (const CLI::Option* option : options) tellPurpose(*option);
    line("example: ", "示例：", exampleOf(*stopped.app, nameOf(*options.front())));
    const std::string next(said("add it and run the command again; ", "补上后再次执行；"));
    line("next: ", "下一步：", next + helpOf(stopped));
}

/// Words that no option and no place takes.
void tellExtras(const Stopped& stopped, const std::vector<std::string>& extras) {
    const std::string first = extras.empty() ? "" : extras.front().substr(0, extras.front().find('='));
    const bool is_option = first.starts_with("-");
    const std::string all = fmt::format("{}", fmt::join(extras, " "));
    if (is_option)
        tellMistake("unknown option: " + all, "未知选项：" + all, {});
    else
        tellMistake("not expected here: " + all, "此处不应有：" + all, {});
    const std::string near = nearestOption(*stopped.app, first);
    if (!near.empty()) tellPurpose(*stopped.app->get_option(near));
    line("example: ", "示例：", exampleOf(*stopped.app));
    // The shell has made several words of one, and perhaps names of files of its stars.
    const bool is_expression = !is_option && stopped.app->get_name() == "preview";
    std::string next =
        is_expression  ? std::string(said("put the expression in quotes; ", "请给表达式加上引号；"))
        : near.empty() ? std::string(said("take it out, or put its option before it; the data folder is --data DIR; ",
                                          "删去，或在前面写上其选项；数据文件夹写 --data DIR；"))
                       : fmt::format(fmt::runtime(said("did you mean {}? ", "是否应为 {}？")), near);
    line("next: ", "下一步：", next + helpOf(stopped));
}

void tellOther(const Stopped& stopped, const CLI::ParseError& error) {
    const std::string text = error.what();
    tellMistake(text, mistakeInChinese(text), {});
    if (const CLI::Option* const option = optionIn(*stopped.app, text)) tellPurpose(*option);
    line("example: ", "示例：", exampleOf(*stopped.app));
    const std::string next = nextOfValue(text);
    line("next: ", "下一步：", next.empty() ? helpOf(stopped) : next);
}

}  // namespace

void tellMistake(std::string_view english, std::string_view chinese, std::string_view next) {
    if (!speaksChinese()) return sayError(english, next);
    std::cerr << (mayColour() ? "\033[31m错误：\033[0m" : "错误：");
    say(chinese);
    line("", "下一步：", next);
}

int tellUsage(const CLI::App& program, const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
        program.exit(error);
        return kDone;
    }
    const Stopped stopped = stoppedIn(program);
    const std::vector<const CLI::Option*> lacks = missing(*stopped.app);
    const std::string text = error.what();
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr)
        tellExtras(stopped, program.remaining(true));
    else if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && !lacks.empty())
        tellMissing(stopped, lacks, program.remaining(true));
    else if (const auto* const needed = dynamic_cast<const CLI::RequiresError*>(&error); needed != nullptr) {
        const std::size_t mark = text.find(" requires ");
        const CLI::Option* const option =
            mark == std::string::npos ? nullptr : stopped.app->get_option_no_throw(text.substr(mark + 10));
        option != nullptr ? tellMissing(stopped, {option}, {}) : tellOther(stopped, error);
    } else
        tellOther(stopped, error);
    return kUsage;
}

}  // namespace caseway
