// gateway/cli/help_text.cpp - CLI11's own form of help with Chinese words in it.
#include "gateway/cli/help_text.hpp"

#include <memory>

#include "gateway/cli/usage_words.hpp"
#include "gateway/cli/user_language.hpp"

namespace caseway {
namespace {

void replace(std::string& text, std::string_view english, std::string_view chinese) {
    if (const std::size_t at = text.find(english); at != std::string::npos) text.replace(at, english.size(), chinese);
}

class ChineseHelp final : public CLI::Formatter {
public:
    ChineseHelp() {
        label("Usage", "用法");
        label("OPTIONS", "选项");
        label("SUBCOMMAND", "子命令");
        label("SUBCOMMANDS", "子命令");
        label("Positionals", "参数");
        label("REQUIRED", "必填");
        label("Needs", "须同时有");
        label("Excludes", "不能同时有");
    }

    std::string make_group(std::string group, bool is_positional,
                           std::vector<const CLI::Option*> options) const override {
        return Formatter::make_group(group == "Options" ? "选项" : std::move(group), is_positional, std::move(options));
    }
    std::string make_option_desc(const CLI::Option* option) const override {
        return purposeInChinese(option->get_description());
    }
    std::string make_description(const CLI::App* app) const override {
        return commandInChinese(app->get_description()) + "\n";
    }
    std::string make_subcommand(const CLI::App* sub) const override {
        std::string line = Formatter::make_subcommand(sub);
        const std::string english = sub->get_description();
        replace(line, english, commandInChinese(english));
        return line;
    }
    std::string make_subcommands(const CLI::App* app, CLI::AppFormatMode mode) const override {
        std::string text = Formatter::make_subcommands(app, mode);
        replace(text, "Subcommands:", "子命令:");
        return text;
    }
    std::string make_footer(const CLI::App* app) const override {
        std::string text = Formatter::make_footer(app);
        replace(text, "Examples:", "示例:");
        replace(text, "`caseway COMMAND --help` shows the options and examples of a command.",
                "用 caseway 命令 --help 查看命令的选项与示例。");
        return text;
    }
};

}  // namespace

void setHelpLanguage(CLI::App& program) {
    if (speaksChinese()) program.formatter(std::make_shared<ChineseHelp>());
}

}  // namespace caseway
