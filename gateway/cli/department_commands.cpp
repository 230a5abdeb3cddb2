// gateway/cli/department_commands.cpp - `caseway department`: the organisations whose systems report here.
#include <fmt/format.h>

#include <iostream>

#include "gateway/base/fault.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/normalize/check_digits.hpp"
#include "gateway/register/near_registered.hpp"
#include "gateway/register/register_view.hpp"

namespace caseway {
namespace {

struct DepartmentArguments {
    std::string department, code, name;
};

const char* notActive(const RegisteredDepartment& department) {
    return department.suspended ? " (suspended)" : "";
}

void list(CommandContext& context) {
    const RegisterContent content = readInstalledRegister(context.settings());
    if (context.json) {
        std::cout << departmentsJson(content) << "\n";
        return;
    }
    const auto departments = departmentsIn(content);
    for (const auto& [name, department] : departments)
        people() << fmt::format("{:<20} {}  {}{}\n", name, department.code, department.title, notActive(department));
    if (departments.empty()) say("no department yet: caseway department add NAME --code CODE --name TITLE");
}

void show(const DepartmentArguments& arguments, CommandContext& context) {
    RegisterContent content = readInstalledRegister(context.settings());
    content.departments = departmentsIn(content);
    const auto found = content.departments.find(arguments.department);
    if (found == content.departments.end())
        return tellRefusal(context, unknownDepartment(content, arguments.department));
    std::erase_if(content.departments, [&](const auto& entry) { return entry.first != arguments.department; });
    if (context.json) {
        std::erase_if(content.systems,
                      [&](const auto& entry) { return entry.first.department() != arguments.department; });
        std::cout << departmentsJson(content) << "\n";
        return;
    }
    people() << fmt::format("department  {}{}\ncode        {}\nname        {}\n", found->first,
                            notActive(found->second), found->second.code, found->second.title);
    for (const auto& [id, entry] : content.systems)
        if (id.department() == arguments.department)
            people() << fmt::format("system      {}{}\n", id.text(), entry.system.suspended ? " (suspended)" : "");
}

void add(const DepartmentArguments& arguments, CommandContext& context) {
    const auto outcome = carryOut(
        context,
        operationOf("department.add",
                    {{"department", arguments.department}, {"code", arguments.code}, {"name", arguments.name}}),
        "department " + arguments.department + " is registered");
    if (outcome && checkCreditCode(arguments.code) != CheckVerdict::Good)
        say("warning: the check digit of " + arguments.code + " is not right (GB 32100): a typing mistake?");
}

auto simple(const char* operation, const char* done) {
    return [operation, done](const DepartmentArguments& given, CommandContext& context) {
        carryOut(context, operationOf(operation, {{"department", given.department}}),
                 "department " + given.department + done);
    };
}

}  // namespace

void addDepartmentCommands(CLI::App& program, CommandContext& context) {
    CLI::App* group = program.add_subcommand("department", "the departments whose systems report here");
    group->require_subcommand(1);
    const auto arguments = std::make_shared<DepartmentArguments>();
    const auto command = [&](const char* name, const char* text, const std::string& examples, auto action,
                             bool named = true) {
        CLI::App* made = group->add_subcommand(name, text);
        if (named) made->add_option("DEPARTMENT", arguments->department, "its short name, such as housing")->required();
        addCommonOptions(*made, context, examples);
        made->callback([arguments, &context, action] { action(*arguments, context); });
        return made;
    };
    CLI::App* adder =
        command("add", "register a department",
                "  caseway department add housing --code 11440232MB2D06811W --name 住房和城乡建设局", add);
    adder->add_option("--code", arguments->code, "its 统一社会信用代码")->required()->type_name("CODE");
    adder->add_option("--name", arguments->name, "its name for people")->required()->type_name("NAME");
    command(
        "list", "every department", "  caseway department list --json",
        [](const DepartmentArguments&, CommandContext& given) { list(given); }, false);
    command("show", "one department and its systems", "  caseway department show housing", show);
    command("remove", "take out a department that has no systems", "  caseway department remove housing",
            simple("department.remove", " is taken out"));
    command("suspend", "refuse all systems of a department for the time being", "  caseway department suspend housing",
            simple("department.suspend",
                   " is suspended: nothing of its systems is taken or pulled (department_suspended)"));
    command("resume", "take up a suspended department again", "  caseway department resume housing",
            simple("department.resume", " is active"));
}

}  // namespace caseway
