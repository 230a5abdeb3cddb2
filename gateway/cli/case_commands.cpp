// gateway/cli/case_commands.cpp - `caseway case list|show`: the shared records, masked unless asked otherwise.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <vector>

#include "gateway/adapters/files/register_folder.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/daemon/department_codes.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/record/case_lookup.hpp"
#include "gateway/record/case_view.hpp"

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

void list(const CaseArguments& arguments, CommandContext& context) {
    StoredInstallation stored(context.settings());
    CaseFilter filter;
    const Settings& settings = context.settings();
    const auto known = [&settings] { return RegisterFolder(settings.path(settings.register_folder)).current(); };
    if (!arguments.department.empty()) filter.departments = departmentCodes(*known(), arguments.department);
    filter.status = arguments.status;
    filter.source_case_no = arguments.source_case_no;
    filter.include_deleted = arguments.deleted;
    filter.limit = arguments.limit;
    std::vector<CaseRow> rows = stored.reader().cases(filter);
    if (!filter.source_case_no.empty() && rows.size() < filter.limit)
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
                        record ? textAt(**record, "item_name") : "-", row.deleted ? "  (deleted)" : ""));
    }
    if (!context.json) say(fmt::format("{} cases; personal data is masked", shown));
}

void sayView(const CaseView& view) {
    say(fmt::format("{}  of {}  {}", view.case_no, view.owner, view.deleted ? "(deleted)" : ""));
    if (view.vanished)
        say(fmt::format("vanished at its department: not in its whole set at {}, run {} (来源已无此件)",
                        toRfc3339(view.vanished->at), view.vanished->run));
    say(view.record);
    say("who said what");
    for (const FieldProvenance& from : view.provenance)
        say(fmt::format("  {:<34} {:<22} {}  leaf {} record {}", from.pointer, from.source.system,
                        from.source.message_id.text(), from.source.index, from.source.record));
    for (const CaseConflict& conflict : view.conflicts)
        say(fmt::format("  conflict {:<25} stands {} ({}), but {} says {}", conflict.pointer, conflict.standing_value,
                        conflict.standing.system, conflict.other.system, conflict.other_value));
}

void show(const CaseArguments& arguments, CommandContext& context) {
    StoredInstallation stored(context.settings());
    const auto row = caseOfNumber(stored.reader(), stored.numbers(), arguments.number);
    if (!row) {
        sayError("not_found: no case " + arguments.number, "`caseway case list` shows the numbers");
        context.exit_code = kRefused;
        return;
    }
    CaseView view = viewOf(stored.reader(), *row, stored.numbers(), Show::Masked);
    view.vanished = stored.reader().vanished(row->id);
    if (!context.json) return sayView(view);
    std::string json;
    appendViewJson(view, json);
    std::cout << json << "\n";
}

}  // namespace

void addCaseCommands(CLI::App& program, CommandContext& context) {
    CLI::App* group = program.add_subcommand("case", "list and show the shared case records");
    group->require_subcommand(1);
    const auto arguments = std::make_shared<CaseArguments>();
    CLI::App* lister = group->add_subcommand("list", "cases, masked");
    lister->add_option("--department", arguments->department, "that owns the case: its name, as housing, or its code");
    lister->add_option("--status", arguments->status, "status code of the record");
    lister->add_option("--source-case-no", arguments->source_case_no, "number in the department's system");
    lister->add_option("--limit", arguments->limit, "at most this many")->capture_default_str();
    lister->add_flag("--deleted", arguments->deleted, "also the deleted ones");
    addCommonOptions(*lister, context, "  caseway case list --department housing --status 30");
    lister->callback([arguments, &context] { list(*arguments, context); });
    CLI::App* shower = group->add_subcommand("show", "one case: record, who said what, conflicts");
    shower->add_option("CASE_NO", arguments->number, "given or assigned number")->required();
    addCommonOptions(*shower, context, "  caseway case show CW-center-000000001");
    shower->callback([arguments, &context] { show(*arguments, context); });
}

}  // namespace caseway
