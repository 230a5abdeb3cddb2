// gateway/cli/case_history.cpp - from the history rows of a case, the lines beside their leaves and, where it is asked
// for, the records that were refused when they named the case.
#include "gateway/cli/case_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iostream>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/base/peoples_time.hpp"
#include "gateway/cli/case_find.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/user_language.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/log/outcome_line_at.hpp"
#include "gateway/log/outcome_lines.hpp"
#include "gateway/ports/store_snapshot.hpp"
#include "gateway/record/admission.hpp"
#include "gateway/record/case_lookup.hpp"
#include "gateway/record/case_view.hpp"
#include "gateway/record/masking.hpp"
#include "gateway/record/patch_json.hpp"
#include "gateway/record/record_fields.hpp"

namespace caseway {
namespace {

constexpr std::size_t kRowsAtOnce = 200;

struct HistoryArguments {
    std::string number;
    bool refused = false;
};

/// One record that spoke of the case.
struct Spoken {
    PatchRow row;
    std::string line;  ///< beside its leaf; empty where it is not there
    std::optional<Repeat> repeat;
};

class History {
public:
    /// Whether a refused record of this system speaks of the case.
    using Meant = std::function<bool(const CasePatch&, const SystemId&)>;
    History(StoreSnapshot& store, Meant meant) : store_(store), meant_(std::move(meant)) {}

    /// Its own records and those of the cases that turned out to be this one.
    void gather(CaseId id) {
        for (PatchRow last;;) {
            std::vector<PatchRow> rows = store_.historyAfter(id, last.index, last.record, kRowsAtOnce);
            for (PatchRow& row : rows) {
                last.index = row.index;
                last.record = row.record;
                auto line = outcomeLineAt(store_, row.index, row.record).value_or("");
                const auto told = parseOutcomeLine(line);
                auto repeat = store_.repeatOf({row.index, row.record});
                all_.push_back({std::move(row), std::move(line), std::move(repeat)});
                if (told && told->trace.absorbed != 0) gather(told->trace.absorbed);
            }
            if (rows.size() < kRowsAtOnce) return;
        }
    }

    /// Of all messages: a refused record stands under no case.
    void gatherRefused() {
        MessageFilter filter;
        filter.limit = kRowsAtOnce;
        for (std::vector<MessageRow> page = store_.messages(filter); !page.empty(); page = store_.messages(filter)) {
            filter.before = page.back().index;
            for (const MessageRow& message : page)
                if (message.counts.refused != 0 && message.sender) gatherRefused(message);
        }
    }

    std::vector<Spoken>& sorted() {
        std::sort(all_.begin(), all_.end(), [](const Spoken& a, const Spoken& b) {
            return std::tie(a.row.index, a.row.record) < std::tie(b.row.index, b.row.record);
        });
        return all_;
    }

private:
    void gatherRefused(const MessageRow& message) {
        eachOutcomeLine(store_, message.index, [&](std::string_view line) {
            const auto told = parseOutcomeLine(line);
            if (!told || told->outcome != RecordOutcome::Refused || !told->trace.patch) return true;
            auto row = store_.patch(message.index, told->record);
            if (row && row->case_id == 0 && isOfThisCase(*row, *message.sender))
                all_.push_back({*std::move(row), std::string(line), std::nullopt});
            return true;
        });
    }

    bool isOfThisCase(const PatchRow& row, const SystemId& sender) {
        CasePatch patch;
        return patchFromJson(row.patch, patch) && meant_(patch, sender);
    }

    StoreSnapshot& store_;
    const Meant meant_;
    std::vector<Spoken> all_;
};

std::string maskedRecord(const PatchRow& row) {
    CasePatch patch;
    if (!patchFromJson(row.patch, patch))
        throw Fault(FaultCode::StoreCorrupt,
                    fmt::format("the history of leaf {} record {} cannot be read", row.index, row.record),
                    "caseway log verify");
    maskPersonal(patch);
    std::string json;
    appendHistoryJson(patch, json);
    return json;
}

/// Why the record was refused, each mistake; nothing where it was taken.
std::vector<Refusal> refusalsOf(const Spoken& spoken) {
    const std::string line = spoken.line + "\n";
    MemorySource source(line);
    return refusalsIn(source, kMostMistakesOfRecord);
}

/// What is told of one record, for people and for machines.
class Teller {
public:
    /// `row`: nullptr where all was refused.
    Teller(StoreSnapshot& store, const CaseNumbers& numbers, const CaseRow* row)
        : store_(store), numbers_(numbers), row_(row) {}

    /// Everything, a line or some lines each; the store is not asked while they are written.
    std::vector<std::string> all(const std::vector<Spoken>& spoken, bool is_json) {
        std::vector<std::string> lines;
        for (const Spoken& one : spoken)
            if (is_json)
                lines.push_back(json(one));
            else
                tell(one, lines);
        return lines;
    }

private:
    std::string json(const Spoken& spoken) {
        const auto message = store_.message(spoken.row.index);
        const auto line = parseOutcomeLine(spoken.line);
        std::string out = fmt::format("{{\"log_index\":{},\"record\":{}", spoken.row.index, spoken.row.record);
        if (message) {
            appendMember("received_at", toRfc3339(message->received_at), out);
            appendMember("sender", message->sender ? message->sender->text() : "", out);
            appendMember("origin", nameOf(message->origin), out);
            appendMember("message_id", message->message_id ? message->message_id->text() : "", out);
        }
        appendMember("outcome", nameOf(spoken.row.outcome), out);
        if (line && line->trace.change != 0) out += fmt::format(",\"change\":{}", line->trace.change);
        if (line && line->trace.absorbed != 0) appendMember("absorbed", numbers_.assigned(line->trace.absorbed), out);
        const std::vector<Refusal> refusals = refusalsOf(spoken);
        if (!refusals.empty()) {
            const Refusal& first = refusals.front();
            appendMember("code", first.code, out);
            appendMember("where", first.where, out);
            appendMember("value", first.value, out);
            appendMember("rule", first.rule, out);
            appendMember("hint", first.hint, out);
        }
        for (std::size_t i = 1; i < refusals.size(); ++i)
            out += (i == 1 ? ",\"also\":[" : ",") + jsonOf(refusals[i]) + (i + 1 == refusals.size() ? "]" : "");
        out += ",\"stands\":[";
        for (const std::string& name : standing(spoken)) {
            if (out.back() != '[') out += ',';
            appendJsonString(name, out);
        }
        out += "],\"patch\":" + maskedRecord(spoken.row);
        if (const auto& repeat = spoken.repeat) {
            out += fmt::format(",\"said_again\":{{\"log_index\":{},\"record\":{}", repeat->record.index,
                               repeat->record.record);
            appendMember("message_id", repeat->message_id.text(), out);
            appendMember("sent_at", toRfc3339(repeat->sent_at), out);
            out += '}';
        }
        return out + '}';
    }

    void tell(const Spoken& spoken, std::vector<std::string>& lines) {
        const auto message = store_.message(spoken.row.index);
        const auto line = parseOutcomeLine(spoken.line);
        std::string text = fmt::format("{:>7}  ", spoken.row.index);
        if (message)
            text += fmt::format("{}  {:<20} {:<6}", peoplesTime(message->received_at),
                                message->sender ? message->sender->text() : "-",
                                message->origin == Origin::Signed ? nameOf(message->binding) : nameOf(message->origin));
        text += fmt::format(" {} {}  {}", said("record", "记录"), spoken.row.record, outcomeName(spoken.row.outcome));
        if (line && line->trace.change != 0) text += fmt::format("  {} {}", said("change", "变更"), line->trace.change);
        if (message && message->message_id) text += "  " + message->message_id->text();
        lines.push_back(text);
        for (Refusal& refusal : refusalsOf(spoken)) {
            refusal.record.reset();  // it stands before
            lines.push_back("         " + shownText(mistakeText(refusal)));
        }
        lines.push_back("         " + maskedRecord(spoken.row));
        if (line && line->trace.absorbed != 0)
            lines.push_back(
                fmt::format("         {} {}", said("made one with", "并入"), numbers_.assigned(line->trace.absorbed)));
        if (const auto names = standing(spoken); !names.empty())
            lines.push_back(fmt::format("         {}: {}", said("stands", "现行字段"), fmt::join(names, ", ")));
        if (const auto& repeat = spoken.repeat)
            lines.push_back(fmt::format(
                "         {} {} {} {}  {}",
                said("said again word for word, last by leaf", "一字不差地再次报送，最近为条目"), repeat->record.index,
                said("record", "记录"), repeat->record.record, repeat->message_id.text()));
    }

    static std::string_view outcomeName(RecordOutcome outcome) {
        constexpr std::string_view kChinese[] = {"新建", "变更", "相同", "过时", "拒收"};
        return said(nameOf(outcome), kChinese[static_cast<std::size_t>(outcome)]);
    }

    /// What it says again is newer: that message stands for it.
    std::vector<std::string> standing(const Spoken& spoken) {
        if (row_ == nullptr) return {};
        const RecordKey key = spoken.repeat ? spoken.repeat->record : RecordKey{spoken.row.index, spoken.row.record};
        return fieldsSetBy(store_, *row_, key.index, key.record);
    }

    StoreSnapshot& store_;
    const CaseNumbers& numbers_;
    const CaseRow* const row_;
};

/// Personal data is masked in them.
void print(const std::vector<std::string>& lines, bool is_json, const std::string& heading, std::size_t count) {
    if (is_json) {
        for (const std::string& line : lines) std::cout << line << "\n";
        return;
    }
    say(heading);
    for (const std::string& line : lines) say(line);
    say(fmt::format(
        fmt::runtime(said("{} records spoke of it; personal data is masked", "共 {} 条记录报过此件；个人信息已脱敏")),
        count));
}

/// Of a number that became no case. False: no refused record names it either.
bool tellRefusedOnly(const std::string& number, StoredInstallation& stored, const CommandContext& context) {
    auto store = stored.store().snapshot();
    History history(*store, [&](const CasePatch& patch, const SystemId&) {
        return statedText(patch, recordFields().case_no) == number ||
               statedText(patch, recordFields().source_case_no) == number;
    });
    history.gatherRefused();
    const std::vector<Spoken>& all = history.sorted();
    if (all.empty()) return false;
    const std::vector<std::string> lines = Teller(*store, stored.numbers(), nullptr).all(all, context.json);
    const std::size_t count = all.size();
    store.reset();
    print(lines, context.json,
          fmt::format("{}  {}", shownText(number),
                      said("is no case: all that names it was refused", "不成办件：报过此编号的记录均被拒收")),
          count);
    return true;
}

void tellHistory(const HistoryArguments& arguments, CommandContext& context) {
    StoredInstallation stored(context.settings());
    const auto found = theCase(stored, arguments.number, context,
                               [&] { return arguments.refused && tellRefusedOnly(arguments.number, stored, context); });
    if (!found) return;
    auto store = stored.store().snapshot();
    const auto row = store->caseById(found->id);
    if (!row) throw Fault(FaultCode::StoreCorrupt, "the case is gone", "caseway log verify");
    const CaseRow whole = behindAlias(*store, *row);
    History history(*store, [&](const CasePatch& patch, const SystemId& sender) {
        const std::string_view number = statedText(patch, recordFields().case_no);
        const auto meant = number.empty()
                               ? caseOfSource(*store, sender, statedText(patch, recordFields().source_case_no))
                               : caseOfNumber(*store, stored.numbers(), number);
        return meant && meant->id == whole.id;
    });
    history.gather(whole.id);
    if (arguments.refused) history.gatherRefused();
    const std::vector<Spoken>& all = history.sorted();
    const std::vector<std::string> lines = Teller(*store, stored.numbers(), &whole).all(all, context.json);
    const std::size_t count = all.size();
    store.reset();  // who reads slowly holds no snapshot: the gateway's write-ahead log would grow as long
    print(lines, context.json,
          fmt::format("{}  {} {}  {}", stored.numbers().of(whole), said("of", "属于"), whole.owner.text(),
                      whole.deleted ? said("(deleted)", "（已删除）") : ""),
          count);
    if (!arguments.refused && !context.json)
        say(said("what was refused of it: --refused (looks through all messages)",
                 "其中被拒收的：加 --refused（须查遍所有报文）"));
}

}  // namespace

void addCaseHistoryCommand(CLI::App& group, CommandContext& context) {
    const auto arguments = std::make_shared<HistoryArguments>();
    CLI::App* command =
        group.add_subcommand("history", "one case: every message that spoke of it, and what became of that");
    command->add_option("CASE_NO", arguments->number, "given or assigned number, or a system's own")->required();
    command->add_flag("--refused", arguments->refused, "also what was refused of it; looks through all messages");
    addCommonOptions(*command, context,
                     "  caseway case history CW-center-000000001\n  caseway case history JZ-2026-118 --refused");
    command->callback([arguments, &context] { tellHistory(*arguments, context); });
}

}  // namespace caseway
