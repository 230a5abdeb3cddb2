// gateway/cli/receipt_commands.cpp - `caseway receipt verify`: that a receipt proves what it says, with nothing but the
// log's public key.
#include <fmt/format.h>

#include <iostream>

#include "gateway/base/fault.hpp"
#include "gateway/base/peoples_time.hpp"
#include "gateway/cli/admin_client.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/message_send.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/log/answer_check.hpp"

namespace caseway {
namespace {

struct ReceiptArguments {
    std::string file, key;
};

/// An answer as it was kept: PowerShell's `>` puts a byte order mark before it, or writes UTF-16.
std::string keptAnswerIn(const std::string& file) {
    std::string text = readFile(file, kAnswerFileBytesMax);
    if (text.starts_with("\xEF\xBB\xBF")) return text.substr(3);
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        throw Fault(FaultCode::ConfigurationBad, file + " is UTF-16, as PowerShell's > writes it",
                    "make it UTF-8, which changes nothing of the receipt: iconv -f UTF-16 -t UTF-8 FILE > NEW");
    return text;
}

std::string_view whatToDo(std::string_view code) {
    if (code == "answer_differs") return {};
    return code == "malformed_receipt" ? "give the file that holds the gateway's answer, whole and unchanged"
                                       : "the receipt proves nothing under this key";
}

/// The code of an answer that refuses, and bears no receipt since nothing was taken; else nothing.
std::optional<std::string> refusalWithoutReceipt(const std::string& text) {
    JsonTree tree;
    const auto answer = parseJson(text, JsonLimits{}, tree);
    if (!answer || (*answer)->find("receipt") != nullptr || (*answer)->find("code") == nullptr) return std::nullopt;
    return textIn(**answer, "code");
}

void verify(const ReceiptArguments& arguments, CommandContext& context) {
    const auto key = NoteKey::parse(trimmed(readFile(arguments.key)));
    if (!key)
        throw Fault(FaultCode::ConfigurationBad, arguments.key + ": " + lineOf(key.error()),
                    "give the log's public key, a line NAME+ID+KEY");
    const std::string text = keptAnswerIn(arguments.file);
    auto verified = verifyReceipt(text, *key);
    if (verified)
        if (auto same = checkAnswer(text, *verified, *key); !same) verified = std::move(same).error();
    if (!verified) {
        if (context.json)
            std::cout << jsonOf(verified.error()) << "\n";
        else if (const auto code = refusalWithoutReceipt(text))
            sayError(fmt::format("{} is a refusal ({}): nothing was taken, and there is no receipt", arguments.file,
                                 shownLine(*code)),
                     "its hint says what to do; caseway explain " + shownLine(*code));
        else
            sayError(lineOf(verified.error()), whatToDo(verified.error().code));
        context.exit_code = kRefused;
        return;
    }
    const LogEntry& entry = verified->entry;
    const std::string id = entry.message_id ? entry.message_id->text() : "-";
    // Read by the gateway: its department did not send it, even where it bears its signature.
    const std::string borne =
        entry.origin == Origin::Pulled && entry.certificate ? entry.certificate->text() : std::string();
    if (context.json) {
        std::cout << fmt::format(R"({{"good":true,"index":{},"tree_size":{},"origin":"{}","message_id":"{}"{}}})",
                                 verified->index, verified->checkpoint.tree_size, verified->checkpoint.origin, id,
                                 borne.empty() ? "" : fmt::format(R"(,"bears_signature_of":"{}")", borne))
                  << "\n";
        return;
    }
    say(fmt::format("good: {} took message {} of {} at {}{}; leaf {} of {}", verified->checkpoint.origin, id,
                    entry.sender ? entry.sender->text() : "-", peoplesTime(entry.received_at),
                    entry.outcome ? fmt::format(" ({})", nameOf(*entry.outcome)) : "", verified->index,
                    verified->checkpoint.tree_size));
    if (!borne.empty())
        say("read by the gateway; the payload bears the department's signature by certificate " + borne + ", verified");
}

}  // namespace

void addReceiptCommands(CLI::App& program, CommandContext& context) {
    CLI::App* group = program.add_subcommand("receipt", "verify receipts, offline");
    group->require_subcommand(1);
    const auto arguments = std::make_shared<ReceiptArguments>();
    CLI::App* command = group->add_subcommand("verify", "that FILE (a receipt, or a whole answer) proves what it says");
    command->add_option("FILE", arguments->file, "receipt")->required()->check(CLI::ExistingFile);
    command->add_option("--log-key", arguments->key, "public key of the log")->required()->check(CLI::ExistingFile);
    addCommonOptions(*command, context, "  caseway receipt verify receipt.json --log-key log.pub");
    command->callback([arguments, &context] { verify(*arguments, context); });
}

}  // namespace caseway
