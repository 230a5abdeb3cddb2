// gateway/cli/parser_words.cpp - CLI11's forms (CLI/Error.hpp, CLI/Validators.hpp) beside the Chinese ones.
#include "gateway/cli/parser_words.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace caseway {
namespace {

/// A star stands for what was typed; $1 is that of the first one.
struct Form {
    std::string_view english, chinese;
};
constexpr Form kForms[] = {
    {"A subcommand is required", "缺少子命令"},
    {"* is required", "缺少 $1"},
    {"* requires *", "有 $1 时须同时有 $2"},
    {"* excludes *", "$1 与 $2 不能同时有"},
    {"*: * required * missing", "$1 没有值"},
    {"Could not convert: * = *", "$1 的值 $2 不是所要的形式"},
    {"The value * is not an allowed value for *", "$2 的值 $1 不是所要的形式"},
    {"*: Value * not in range * to *", "$1 的值 $2 不在 $3 至 $4 之内"},
    {"*: File does not exist: *", "$1：没有文件 $2"},
    {"*: File is actually a directory: *", "$1：$2 是文件夹，不是文件"},
    {"*: Directory does not exist: *", "$1：没有文件夹 $2"},
    {"*: Directory is actually a file: *", "$1：$2 是文件，不是文件夹"},
    {"*: Path does not exist: *", "$1：没有 $2"},
    {"*: * not in {*}", "$1 的值 $2 不是其中之一：$3"},
    {"*: no command *", "没有命令 $2"},
    {"*: At Most * required but received *", "$1 最多写 $2 个，写了 $3 个"},
    {"*: too many inputs for a flag", "$1 后面不能写值"},
    {"*: *: a time that has been; *", "$1 的值 $2 还没有到：不加 --since 即从上次读到之处继续"},
    {"*: *: a time in RFC 3339 as *",
     "$1 的值 $2 不是 RFC 3339 时间（如 2026-05-04T00:00:00+08:00），也不是游标 base64:…"},
    {"*: *: a date such as *: that of the night's morning", "$1 的值 $2 不是日期：写该夜次日早晨的日期，如 $3"},
    {"*: *: a night that has begun: this one does at *, the one that has is *",
     "$1 的值 $2 所指的夜次尚未开始：$3 开始；最近一夜是 $4"},
    {"*: *: DEPARTMENT/SYSTEM/NAME of a connector", "$1 的值 $2 不是连接器名：部门/系统/连接器名"},
    {"*: *: the number of a run, from 1", "$1 的值 $2 不是运行的编号：从 1 起的整数"},
    {"*: *: a share from 0% to 100%, as 5% or 0.5%", "$1 的值 $2 不是 0% 至 100% 的比例，如 5% 或 0.5%"},
    {"*: a name of a-z, 0-9 and _, beginning with a letter", "$1 须为以字母开头的名称，只含 a-z、0-9 和 _"},
    {"*: a name that no connector of the gateway itself has: *", "$1：$2 是网关自带的连接器，请另取名称"},
    {"*: RFC 3339, as *", "$1 须为 RFC 3339 时间（如 2026-05-04T08:00:00+08:00）或某日（如 2026-05-04）"},
    {"*: department/system", "$1 须为 部门/系统"},
    {"ID: a message id *", "ID 须为报文标识（UUID）或日志条目的序号"},
    {"*: one of them only goes to stdout", "$1：标准输出只能给其中一个"},
    {"*: needs *", "有 $1 时须同时有 $2"},
    {"*: *: *", "$1 的值 $2 有误：$3"},
    {"*: *", "$1 有误：$2"},
};

/// What the text has in the places of the stars; nothing where it is of another form.
std::optional<std::vector<std::string_view>> typedIn(std::string_view text, std::string_view form) {
    std::vector<std::string_view> typed;
    std::size_t star = form.find('*');
    if (!text.starts_with(form.substr(0, star))) return std::nullopt;
    if (star == std::string_view::npos) return text == form ? std::optional(typed) : std::nullopt;
    text.remove_prefix(star);
    while (star != std::string_view::npos) {
        const std::size_t next = form.find('*', star + 1);
        const std::string_view between = form.substr(star + 1, next == std::string_view::npos ? next : next - star - 1);
        const bool is_last = next == std::string_view::npos;
        const std::size_t end = !is_last                  ? text.find(between)
                                : text.ends_with(between) ? text.size() - between.size()
                                                          : std::string_view::npos;
        if (end == std::string_view::npos) return std::nullopt;
        typed.push_back(text.substr(0, end));
        text.remove_prefix(end + between.size());
        star = next;
    }
    return typed;
}

}  // namespace

std::string mistakeInChinese(std::string_view text) {
    for (const Form& form : kForms) {
        const auto typed = typedIn(text, form.english);
        if (!typed) continue;
        std::string said;
        for (std::size_t i = 0; i < form.chinese.size(); ++i) {
            if (form.chinese[i] == '$')
                said += typed->at(static_cast<std::size_t>(form.chinese[++i] - '1'));
            else
                said += form.chinese[i];
        }
        return said;
    }
    return "命令行有误";
}

}  // namespace caseway
