// gateway/cli/log_show.cpp - leaves as they stand in the store, one a line; of a change of the register the document
// beside it. Nothing is verified here: that is `caseway log verify`. Nothing is masked either: no leaf holds personal
// data, and a document holds what administrators wrote.
#include "gateway/cli/log_show.hpp"

#include <fmt/format.h>

#include <iostream>

#include "gateway/base/fault.hpp"
#include "gateway/base/peoples_time.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/cli/user_language.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/log/audit_document.hpp"
#include "gateway/log/leaf.hpp"
#include "gateway/register/planned_change.hpp"

namespace caseway {
namespace {

constexpr LogIndex kShownUsually = 50;

struct ShowArguments {
    std::string kind, system;
    std::optional<LogIndex> leaf, since;
};

LogEntry entryAt(StoreReader& reader, LogIndex index, std::string& leaf) {
    const auto stored = reader.leaf(index);
    auto entry = stored ? parseLeaf(*stored) : Result<LogEntry>(Refusal{});
    if (!entry)
        throw Fault(FaultCode::StoreCorrupt, fmt::format("leaf {} cannot be read", index), "caseway log verify");
    leaf = *stored;
    return std::move(*entry);
}

/// What stands beside a change of the register; nothing for other leaves.
std::optional<AuditDocument> documentOf(StoreReader& reader, LogIndex index, const LogEntry& entry) {
    const auto row = entry.type == EntryType::Audit ? reader.envelope(index) : std::nullopt;
    auto document = row ? AuditDocument::read(row->head) : Result<AuditDocument>(Refusal{});
    if (!document) return std::nullopt;
    return std::move(*document);
}

std::string whoIn(const AuditDocument& document) {
    const std::string claims(said(", says to be ", "，自称 "));
    return fmt::format("{} (uid {}){}", document.by_name, document.by_uid,
                       document.by_claimed.empty() ? "" : claims + document.by_claimed);
}

/// Of or about this system: its messages, its runs, changes of it.
bool concerns(const LogEntry& entry, const std::string& system) {
    if (entry.sender && entry.sender->text() == system) return true;
    const auto isOfIt = [&system](const std::string& name) { return name == system || name.starts_with(system + "/"); };
    return isOfIt(detailText(entry, "subject")) || isOfIt(detailText(entry, "connector"));
}

/// As docs/glossary.md has them.
std::string_view kindInChinese(EntryType type) {
    constexpr std::string_view kNames[] = {"报文", "收到", "结果", "拒收", "审计", "运行", "汇总"};
    return kNames[static_cast<std::size_t>(type)];
}

std::string lineOf(LogIndex index, const LogEntry& entry, const std::optional<AuditDocument>& document) {
    const std::string kind(said(nameOf(entry.type), kindInChinese(entry.type)));
    std::string line = fmt::format("{:>8} {} {:<9}", index, peoplesTime(entry.received_at), kind);
    if (document)
        return line +
               fmt::format(" {} {} {} {}", document->event, document->subject, said("by", "操作人"), whoIn(*document));
    if (entry.sender) line += " " + entry.sender->text();
    if (entry.message_id) line += " " + entry.message_id->text();
    if (!entry.refusal_code.empty()) line += " " + entry.refusal_code;
    if (entry.received_index) line += fmt::format(" {} {}", said("of leaf", "针对条目"), *entry.received_index);
    if (entry.aggregate_count)
        line += fmt::format(" {} {}", *entry.aggregate_count, said("requests that nobody signed", "次无人签名的请求"));
    for (const char* part : {"event", "subject", "connector"})
        if (const std::string text = detailText(entry, part); !text.empty()) line += " " + text;
    return line;
}

/// {"index":…,"leaf":{…},"document":{…}}, both as they are stored.
std::string jsonOf(LogIndex index, const std::string& leaf, const std::optional<AuditDocument>& document) {
    return fmt::format("{{\"index\":{},\"leaf\":{}{}}}", index, leaf,
                       document ? ",\"document\":" + document->json() : "");
}

/// Why somebody saw what people are not shown; the line above says who, and when.
std::string reasonOf(const AuditDocument& document) {
    const auto reason = document.after.find("reason");
    return fmt::format("  {}{}\n", said("reason: ", "查看原因："),
                       reason == document.after.end() ? "" : shownText(reason->second));
}

void showOne(StoreReader& reader, LogIndex index, const CommandContext& context) {
    std::string leaf;
    const LogEntry entry = entryAt(reader, index, leaf);
    const auto document = documentOf(reader, index, entry);
    if (context.json) {
        std::cout << jsonOf(index, leaf, document) << "\n";
        return;
    }
    people() << lineOf(index, entry, document) << "\n";
    if (document && document->event.ends_with("_unmasked"))
        people() << reasonOf(*document);
    else if (document)
        people() << diffText(differences(document->before, document->after));
    else
        people() << leaf << "\n";
}

std::optional<EntryType> kindNamed(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(EntryType::Aggregate); ++i)
        if (nameOf(static_cast<EntryType>(i)) == name) return static_cast<EntryType>(i);
    return std::nullopt;
}

void show(const ShowArguments& arguments, CommandContext& context) {
    StoredInstallation stored(context.settings());
    StoreReader& reader = stored.reader();
    const auto head = reader.lastCheckpoint();
    const LogIndex size = head ? head->tree_size : 0;
    if (arguments.leaf) {
        if (*arguments.leaf >= size) return tellNoLeaf(context, *arguments.leaf, size);
        return showOne(reader, *arguments.leaf, context);
    }
    const auto kind = kindNamed(arguments.kind);
    LogIndex shown = 0;
    const auto take = [&](LogIndex index) {
        std::string leaf;
        const LogEntry entry = entryAt(reader, index, leaf);
        if ((kind && entry.type != *kind) || (!arguments.system.empty() && !concerns(entry, arguments.system))) return;
        const auto document = documentOf(reader, index, entry);
        ++shown;
        if (context.json)
            std::cout << jsonOf(index, leaf, document) << "\n";
        else
            people() << lineOf(index, entry, document) << "\n";
    };
    const bool is_all = arguments.since || kind || !arguments.system.empty();
    const LogIndex usual = size > kShownUsually ? size - kShownUsually : 0;
    for (LogIndex index = arguments.since.value_or(is_all ? 0 : usual); index < size; ++index) take(index);
    say(fmt::format(fmt::runtime(said("{} of {} leaves", "显示 {} 条，共 {} 条")), shown, size));
}

}  // namespace

void tellNoLeaf(CommandContext& context, LogIndex index, LogIndex size) {
    const std::string has = size == 0 ? std::string("the log has no leaf yet")
                                      : fmt::format("the log has {} leaves, 0 to {}", size, size - 1);
    tellRefusal(context, {"not_found",
                          "leaf",
                          std::to_string(index),
                          has,
                          size == 0 ? "send the first message" : "caseway log show lists the last ones",
                          {}});
}

void addLogShowCommand(CLI::App& group, CommandContext& context) {
    CLI::App* command = group.add_subcommand("show", "the last leaves, or one with what stands beside it");
    const auto arguments = std::make_shared<ShowArguments>();
    addCommonOptions(*command, context,
                     "  caseway log show\n  caseway log show 17\n"
                     "  caseway log show --kind audit --system housing/permits --since 1000");
    command->add_option("LEAF", arguments->leaf, "this leaf; of a change of the register who, when, before, after");
    command->add_option("--since", arguments->since, "from this leaf on (default: the last 50)")->type_name("LEAF");
    command->add_option("--system", arguments->system, "of or about this system only");
    command->add_option("--kind", arguments->kind, "leaves of this kind only")
        ->check(CLI::IsMember({"message", "received", "outcome", "refusal", "audit", "run", "aggregate"}));
    command->callback([arguments, &context] { show(*arguments, context); });
}

}  // namespace caseway
