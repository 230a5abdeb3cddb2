// gateway/cli/case_commands.cpp - `caseway case list|show|history`: the shared records, masked unless asked otherwise.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <vector>

#include "gateway/adapters/files/register_folder.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/base/peoples_time.hpp"
#include "gateway/cli/case_find.hpp"
#include "gateway/cli/case_history.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/cli/user_language.hpp"
#include "gateway/daemon/department_codes.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/record/case_lookup.hpp"
#include "gateway/record/case_view.hpp"
#include "gateway/record/record_fields.hpp"
#include "gateway/register/near_registered.hpp"

namespace caseway {
namespace {

struct CaseArguments {
    std::string department, status, source_case_no, number;
    std::size_t limit = 50;
    bool deleted = false;
};

std::string textAt(const JsonValue& record, std::string_view name) {
    const JsonValue* value = record.find(name);
    return value == nullptr ? "-" : std::string(value->text);
}

/// A case is listed under its owner's number; the others' lead to it as well.
std::vector<CaseRow> casesOfOtherNumbers(StoreReader& reader, const KeyRing& known, const CaseFilter& filter) {
    std::vector<CaseRow> cases = casesBehindAliases(reader, known, filter);
    std::erase_if(cases, [&filter](const CaseRow& row) {
        const auto& asked = filter.departments;
        return !asked.empty() && std::find(asked.begin(), asked.end(), row.department) == asked.end();
    });
    return cases;
}

/// Where nothing was found: whether the department is one that may own cases.
bool isDepartment(const std::string& given, const Settings& settings) {
    const RegisterContent content = readInstalledRegister(settings);
    const auto isIt = [&given](const RegisteredDepartment& one) { return one.name == given || one.code == given; };
    return std::any_of(content.departments.begin(), content.departments.end(),
                       [&](const auto& entry) { return isIt(entry.second); }) ||
           std::any_of(content.systems.begin(), content.systems.end(), [&](const auto& entry) {
               return entry.first.department() == given || departmentOf(entry.second.system) == given;
           });
}

void list(const CaseArguments& arguments, CommandContext& context) {
    StoredInstallation stored(context.settings());
    CaseFilter filter;
    const Settings& settings = context.settings();
    const auto known = [&settings] { return RegisterFolder(settings.path(settings.register_folder)).current(); };
    if (!arguments.department.empty()) filter.departments = departmentCodes(*known(), arguments.department);
    filter.status = arguments.status;
    filter.source_case_no = arguments.source_case_no;
    filter.include_deleted = arguments.deleted;
    filter.limit = arguments.limit + 1;
    std::vector<CaseRow> rows = stored.reader().cases(filter);
    if (rows.empty() && !arguments.department.empty() && !isDepartment(arguments.department, settings))
        return tellRefusal(context, {"department_unknown",
                                     "--department",
                                     arguments.department,
                                     "a department that is registered, or owns a case",
                                     hintOfNearestDepartment(readInstalledRegister(settings), arguments.department,
                                                             "`caseway department list` shows them"),
                                     {}});
    const bool has_more = cutAt(arguments.limit, rows);
    if (!filter.source_case_no.empty() && !has_more)
        for (CaseRow& row : casesOfOtherNumbers(stored.reader(), *known(), filter)) rows.push_back(std::move(row));
    std::size_t shown = 0;
    JsonTree tree;
    for (const CaseRow& row : rows) {
        if (isAlias(row)) continue;
        ++shown;
        const std::string json = recordJsonOf(stored.reader(), row, stored.numbers(), Show::Masked);
        if (context.json) {
            std::cout << json << "\n";
            continue;
        }
        const auto record = parseJson(json, JsonLimits{}, tree);
        say(fmt::format("{:<34} {:<22} {:<24} {:>2}  {}{}", stored.numbers().of(row), row.owner.text(),
                        row.source_case_no, row.status.empty() ? "-" : row.status,
                        record ? textAt(**record, "item_name") : "-",
                        row.deleted ? said("  (deleted)", "（已删除）") : ""));
    }
    if (context.json) return;
    say(fmt::format(fmt::runtime(said("{} cases; personal data is masked", "{} 个办件；个人信息已脱敏")), shown));
    if (has_more) say(said("there are more: --limit, or a filter", "还有更多：加大 --limit，或加筛选条件"));
}

void sayView(const CaseView& view) {
    say(fmt::format("{}  {} {}  {}", view.case_no, said("of", "属于"), view.owner,
                    view.deleted ? said("(deleted)", "（已删除）") : ""));
    if (view.vanished)
        say(fmt::format(
            fmt::runtime(said("vanished at its department: not in its whole set at {}, run {} (来源已无此件)",
                              "来源已无此件：{} 的全集中没有它，运行 {}")),
            peoplesTime(view.vanished->at), view.vanished->run));
    say(view.record);
    say(said("who said what", "各字段由谁所报"));
    for (const FieldProvenance& from : view.provenance)
        say(fmt::format("  {:<34} {:<22} {}  {} {} {} {}", from.pointer, from.source.system,
                        from.source.message_id.text(), said("leaf", "条目"), from.source.index, said("record", "记录"),
                        from.source.record));
    for (const CaseConflict& conflict : view.conflicts)
        say(fmt::format(fmt::runtime(said("  conflict {:<25} stands {} ({}), but {} says {}",
                                          "  冲突 {:<25} 现行 {}（{}），而 {} 报 {}")),
                        conflict.pointer, conflict.standing_value, conflict.standing.system, conflict.other.system,
                        conflict.other_value));
    say(fmt::format("{}: caseway case history {}", said("all that was said of it", "全部报送经过"), view.case_no));
}

void show(const CaseArguments& arguments, CommandContext& context) {
    StoredInstallation stored(context.settings());
    const auto row = theCase(stored, arguments.number, context);
    if (!row) return;
    CaseView view = viewOf(stored.reader(), *row, stored.numbers(), Show::Masked);
    view.vanished = stored.reader().vanished(row->id);
    if (!context.json) return sayView(view);
    std::string json;
    appendViewJson(view, json);
    std::cout << json << "\n";
}

}  // namespace

void addCaseCommands(CLI::App& program, CommandContext& context) {
    CLI::App* group =
        program.add_subcommand("case", "list and show the shared case records, and what happened to each");
    group->require_subcommand(1);
    const auto arguments = std::make_shared<CaseArguments>();
    const auto statuses = infoOf(recordFields().status).codes;
    CLI::App* lister = group->add_subcommand("list", "cases, masked");
    lister->add_option("--department", arguments->department, "that owns the case: its name, as housing, or its code");
    lister->add_option("--status", arguments->status, "status code of the record")
        ->check(CLI::IsMember(std::vector<std::string>(statuses.begin(), statuses.end())));
    lister->add_option("--source-case-no", arguments->source_case_no, "number in the department's system");
    lister->add_option("--limit", arguments->limit, "at most this many")
        ->check(CLI::Range(1, kMostListed))
        ->capture_default_str();
    lister->add_flag("--deleted", arguments->deleted, "also the deleted ones");
    addCommonOptions(*lister, context, "  caseway case list --department housing --status 30");
    lister->callback([arguments, &context] { list(*arguments, context); });
    CLI::App* shower = group->add_subcommand("show", "one case: record, who said what, conflicts");
    shower->add_option("CASE_NO", arguments->number, "given or assigned number, or a system's own")->required();
    addCommonOptions(*shower, context, "  caseway case show CW-center-000000001\n  caseway case show JZ-2026-118");
    shower->callback([arguments, &context] { show(*arguments, context); });
    addCaseHistoryCommand(*group, context);
}

}  // namespace caseway
