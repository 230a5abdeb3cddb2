// gateway/cli/message_commands.cpp - `caseway message send|status|list|show|replay`: what came in, from whom, and what
// became of it.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "gateway/adapters/files/register_folder.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/base/peoples_time.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/message_content.hpp"
#include "gateway/cli/message_find.hpp"
#include "gateway/cli/message_send.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/formats/envelope/recheck.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/log/leaf.hpp"
#include "gateway/log/message_log.hpp"
#include "gateway/pipeline/exchange.hpp"
#include "gateway/record/masking.hpp"
#include "gateway/register/near_registered.hpp"

namespace caseway {
namespace {

struct ListArguments {
    std::string sender, outcome, since, until, id, system, reason;
    bool unmask = false;
    std::size_t limit = 50;
};

/// Empty for what was pulled: nobody bound a signature to it.
std::string_view bindingOf(const MessageRow& row) {
    return row.origin == Origin::Signed ? nameOf(row.binding) : std::string_view();
}

/// Of the signature that a pulled payload bears; nothing where it bears none that was good.
std::optional<KeyId> borneKeyOf(StoreReader& reader, const MessageRow& row) {
    if (row.origin == Origin::Signed) return std::nullopt;
    const auto leaf = reader.leaf(row.index);
    const auto entry = leaf ? parseLeaf(*leaf) : Result<LogEntry>(Refusal{});
    return entry ? entry->certificate : std::nullopt;
}

std::string jsonOf(StoreReader& reader, const MessageRow& row, const std::string& more = {}) {
    std::string out = "{";
    const std::string id = idOf(reader, row);
    appendMember("message_id", id == kNoId ? std::string_view() : std::string_view(id), out);
    appendMember("sender", row.sender ? row.sender->text() : "", out);
    appendMember("binding", bindingOf(row), out);
    appendMember("origin", nameOf(row.origin), out);
    if (const auto key = borneKeyOf(reader, row)) appendMember("bears_signature_of", key->text(), out);
    appendMember("received_at", toRfc3339(row.received_at), out);
    appendMember("mapping", row.mapping, out);
    appendMember("code", row.refusal_code, out);
    out += fmt::format(",\"log_index\":{}", row.index);
    if (row.answer.empty())
        appendMember("outcome", nameOf(row.outcome), out);
    else
        out += "," + row.answer;
    return out + more + "}";
}

/// Of the message; else of the first of its records that was refused.
std::string whyRefused(const MessageRow& row) {
    if (!row.refusal_code.empty() || row.counts.refused == 0) return row.refusal_code;
    JsonTree tree;
    const std::string answer = "{" + row.answer + "}";
    const auto root = parseJson(answer, JsonLimits{}, tree);
    const JsonValue* const refusals = root ? (*root)->find("refusals") : nullptr;
    if (refusals == nullptr || refusals->type != JsonValue::Type::Array || refusals->count == 0) return {};
    const JsonValue* const code = refusals->items[0].find("code");
    return code == nullptr ? std::string() : std::string(code->text);
}

std::string lineOf(StoreReader& reader, const MessageRow& row) {
    const RecordCounts& counts = row.counts;
    return fmt::format(
        "{:>7}  {} {:<20} {:<6} {:<9} {:>4} new {:>4} changed {:>4} same {:>4} stale {:>4} refused  {}  {}", row.index,
        peoplesTime(row.received_at), row.sender ? row.sender->text() : "(unknown)",
        row.origin == Origin::Signed ? nameOf(row.binding) : nameOf(row.origin), nameOf(row.outcome), counts.fresh,
        counts.changed, counts.same, counts.stale, counts.refused, idOf(reader, row), whyRefused(row));
}

/// A day alone is its first second at the center.
Instant instantOf(const std::string& text, const char* option) {
    auto instant = parseRfc3339(text);
    if (!instant) instant = parseRfc3339(text + "T00:00:00+08:00");
    if (!instant) throw CLI::ValidationError(option, "RFC 3339, as 2026-05-04T08:00:00+08:00, or a day, as 2026-05-04");
    return *instant;
}

bool isRegistered(const SystemId& sender, const CommandContext& context) {
    const Settings settings = context.settings();
    return RegisterFolder(settings.path(settings.register_folder)).current()->system(sender) != nullptr;
}

void list(const ListArguments& arguments, CommandContext& context) {
    StoredInstallation stored(context.settings());
    MessageFilter filter;
    if (!arguments.sender.empty()) {
        filter.sender = SystemId::parse(arguments.sender);
        if (!filter.sender) throw CLI::ValidationError("--sender", "department/system");
    }
    filter.outcome = arguments.outcome;
    if (!arguments.since.empty()) filter.since = instantOf(arguments.since, "--since");
    if (!arguments.until.empty()) filter.until = instantOf(arguments.until, "--until");
    filter.limit = arguments.limit + 1;
    auto rows = stored.reader().messages(filter);
    if (rows.empty() && filter.sender && !isRegistered(*filter.sender, context))
        return tellRefusal(context, {"system_unknown",
                                     "--sender",
                                     arguments.sender,
                                     "a system that is registered, or that sent something",
                                     hintOfNearestSystem(readInstalledRegister(context.settings()), arguments.sender,
                                                         "`caseway system list` shows them"),
                                     {}});
    const bool has_more = cutAt(arguments.limit, rows);
    for (const MessageRow& row : rows) {
        if (context.json)
            std::cout << jsonOf(stored.reader(), row) << "\n";
        else
            say(lineOf(stored.reader(), row));
    }
    if (context.json) return;
    say(fmt::format("{} messages, newest first{}", rows.size(),
                    has_more ? "; there are older ones: --limit, --until" : ""));
    if (std::any_of(rows.begin(), rows.end(), [](const MessageRow& row) { return !row.sender; }))
        say("(unknown): nobody authenticated it; who it says it is from, and under which id, tells the line of the "
            "gateway's operating log with its number as log_index: journalctl -u caseway -o cat | grep claimed_sender");
}

void showOne(StoreReader& reader, const MessageRow& row) {
    say(lineOf(reader, row));
    say("leaf      " + reader.leaf(row.index).value_or("(missing)"));
    if (const auto key = borneKeyOf(reader, row))
        say("pulled    read by the gateway; the payload bears the department's signature by certificate " +
            key->text() + ", verified");
    if (row.outcome_index) say("outcome   " + reader.leaf(*row.outcome_index).value_or("(missing)"));
    if (const auto lines = reader.outcomeLines(row.index)) say("records\n" + lines->substr(0, 64 * 1024));
    if (!row.answer.empty()) say("answer    {" + row.answer + "}");
}

/// First into the log, then to the eyes.
void showUnmasked(const ListArguments& arguments, CommandContext& context) {
    const Settings settings = context.settings();
    const auto found = [&] {
        StoredInstallation stored(settings);
        return theMessage(findMessages(stored.reader(), arguments.id, arguments.system), arguments.id, context);
    }();
    if (!found) return;
    const auto told = changeRegister(settings, operationOf("message.unmask", {{"message", std::to_string(found->index)},
                                                                              {"reason", arguments.reason}}));
    if (!told) return tellRefusal(context, told.error());
    StoredInstallation stored(settings);
    const MessageContent content = contentOf(stored, *found);
    if (context.json) {
        std::string more = ",\"payload\":";
        appendJsonString(content.text, more);
        more += fmt::format(",\"payload_cut\":{},\"unmask_log_index\":{}", content.is_cut, told->log_index);
        std::cout << jsonOf(stored.reader(), *found, more) << "\n";
        return;
    }
    showOne(stored.reader(), *found);
    say(fmt::format("payload   unmasked; who looked and why is leaf {} of the log", told->log_index));
    std::cout << (::isatty(STDOUT_FILENO) == 1 ? shownText(content.text) : content.text) << std::endl;
    if (content.is_cut) say(fmt::format("… the first {} bytes of it", kContentBytesShown));
}

void show(const ListArguments& arguments, CommandContext& context) {
    if (arguments.unmask) return showUnmasked(arguments, context);
    StoredInstallation stored(context.settings());
    const auto rows = findMessages(stored.reader(), arguments.id, arguments.system);
    if (rows.empty()) return static_cast<void>(theMessage(rows, arguments.id, context));
    for (const MessageRow& row : rows) {
        if (context.json)
            std::cout << jsonOf(stored.reader(), row) << "\n";
        else
            showOne(stored.reader(), row);
    }
    if (rows.size() > 1)
        say(fmt::format("{} messages bear this id, newest first; --system shows one sender's", rows.size()));
}

/// What the mapping of today makes of a stored message; changes nothing.
class ReplaySink final : public RecordSink {
public:
    bool record(const CasePatch& patch) override {
        CasePatch shown;
        shown.copyFrom(patch);
        maskPersonal(shown);
        std::string line;
        appendJson(shown, line);
        std::cout << line << "\n";
        return true;
    }
    bool refused(const Refusal& refusal) override {
        forEachMistake(refusal, [](const Refusal& one) { std::cerr << caseway::jsonOf(one) << "\n"; });
        ++refusals;
        return true;
    }
    std::uint64_t refusals = 0;
};

void replay(const ListArguments& arguments, CommandContext& context) {
    const Settings settings = context.settings();
    StoredInstallation stored(settings);
    const auto found = theMessage(findMessages(stored.reader(), arguments.id, arguments.system), arguments.id, context);
    if (!found) return;
    const MessageRow& row = *found;
    const auto entry = parseLeaf(stored.reader().leaf(row.index).value_or(""));
    const auto envelope = stored.reader().envelope(row.index);
    if (!entry || !entry->certificate || !envelope)
        throw Fault(FaultCode::ConfigurationBad, "this message has no stored envelope to replay");
    const auto body = envelope->body_file.empty() ? nullptr : stored.openBody(envelope->body_file);
    const std::string der = stored.reader().certificate(*entry->certificate).value_or("");
    const bool is_pulled = row.origin == Origin::Pulled;
    auto content = is_pulled ? recheckPulled(envelope->head, body.get(), der)
                             : recheck(row.binding, envelope->head, der, body.get());
    if (!content) throw Fault(FaultCode::StoreCorrupt, caseway::lineOf(content.error()), "run `caseway log verify`");
    std::vector<MappingMistake> mistakes;
    const MappingsByName mappings = loadMappings(settings.path(settings.mappings_folder), mistakes);
    const auto mapping = mappings.find(row.mapping);
    if (mapping == mappings.end())
        throw Fault(FaultCode::ConfigurationBad, "mapping " + row.mapping + " is not there",
                    "`caseway mapping check DIR`");
    ReplaySink sink;
    if (body) body->rewind();
    const auto report = body && !is_pulled
                            ? mapping->second.mapping->run(*body, settings.limits, sink, content->payload.charset)
                            : mapPayload(*mapping->second.mapping, content->payload, settings.limits, sink);
    if (!report) std::cerr << caseway::jsonOf(report.error()) << "\n";
    if (!report || sink.refusals != 0) context.exit_code = kRefused;
}

void addSend(CLI::App& group, CommandContext& context) {
    const auto arguments = std::make_shared<SendArguments>();
    CLI::App* command =
        group.add_subcommand("send", "sign a payload, send it, print the answer; verifies the receipt under --log-key");
    command->add_option("FILE", arguments->file, "the payload, in the department's own format")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--url", arguments->url, "the gateway: https://HOST:PORT")->required();
    command->add_option("--key", arguments->key, "private key, PEM")->required()->check(CLI::ExistingFile);
    command->add_option("--cert", arguments->certificate, "its registered certificate, PEM")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--sender", arguments->sender, "department/system")->required();
    command->add_option("--receiver", arguments->receiver, "the gateway's id")->required();
    command->add_option("--mapping", arguments->mapping, "name of the mapping");
    command->add_option("--binding", arguments->binding, "xml, json or http")
        ->capture_default_str()
        ->check(CLI::IsMember({"xml", "json", "http"}));
    command->add_option("--message-id", arguments->message_id, "a UUID (default: a new one)");
    command->add_option("--sent-at", arguments->sent_at,
                        "RFC 3339 (default: now); with the same --message-id: the same message again");
    command->add_option("--ca", arguments->ca, "certificate of the gateway or its CA, PEM")->check(CLI::ExistingFile);
    command
        ->add_option("--log-key", arguments->log_key,
                     "public key of the gateway's log; the last head seen is kept in FILE.head")
        ->check(CLI::ExistingFile);
    command
        ->add_option("--timeout", arguments->seconds,
                     "seconds until the answer is whole (default: 600, and one for each KiB of the message)")
        ->check(CLI::Range(1, 1'000'000));
    command->add_flag(
        "--brief", arguments->brief,
        "a line for people instead of the JSON answer; where it is refused, its id and the next step too");
    addCommonOptions(*command, context,
                     "  caseway message send permits.xml --url https://gateway:8443 --ca center.pem --key permits.key "
                     "--cert permits.pem \\\n"
                     "    --sender housing/permits --receiver center/gateway --mapping housing.permit --log-key "
                     "log.pub > receipt.json");
    command->callback([arguments, &context] {
        arguments->brief = arguments->brief && !context.json;
        context.exit_code = sendMessage(*arguments);
    });
}

}  // namespace

void addMessageCommands(CLI::App& program, CommandContext& context) {
    CLI::App* group = program.add_subcommand("message", "send, ask after, list, show and replay messages");
    group->require_subcommand(1);
    addSend(*group, context);
    addMessageStatus(*group, context);
    const auto arguments = std::make_shared<ListArguments>();
    CLI::App* lister = group->add_subcommand("list", "what came in, newest first");
    lister->add_option("--sender", arguments->sender, "department/system");
    lister->add_option("--outcome", arguments->outcome, "accepted, partial, refused or received")
        ->check(CLI::IsMember({"accepted", "partial", "refused", "received"}));
    lister->add_option("--since", arguments->since, "received at or after: RFC 3339, or a day");
    lister->add_option("--until", arguments->until, "received before: RFC 3339, or a day");
    lister->add_option("--limit", arguments->limit, "at most this many")
        ->check(CLI::Range(1, kMostListed))
        ->capture_default_str();
    addCommonOptions(*lister, context, "  caseway message list --outcome refused --since 2026-05-04T00:00:00+08:00");
    lister->callback([arguments, &context] { list(*arguments, context); });
    for (const auto& [name, about, action] :
         {std::tuple{"show", "one message: leaf, records, answer", &show},
          std::tuple{"replay", "what today's mapping makes of a stored message; changes nothing", &replay}}) {
        CLI::App* command = group->add_subcommand(name, about);
        command->add_option("ID", arguments->id, "message id, or index of its leaf")->required();
        command->add_option("--system", arguments->system, "of this sender only: department/system");
        std::string examples = fmt::format("  caseway message {} 0190a2b4-0000-7000-8000-000000000001", name);
        if (action == &show) {
            auto* const unmask = command->add_flag("--unmask", arguments->unmask,
                                                   "its payload too, with everything personal in it; the log keeps who "
                                                   "looked, when and why");
            auto* const reason =
                command->add_option("--reason", arguments->reason, "why the payload has to be seen")->needs(unmask);
            unmask->needs(reason);
            examples += "\n  caseway message show 12 --unmask --reason 'complaint 2026-118 of the applicant'";
        }
        addCommonOptions(*command, context, examples);
        command->callback([arguments, &context, action = action] { action(*arguments, context); });
    }
}

}  // namespace caseway
