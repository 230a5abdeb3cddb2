// gateway/cli/log_commands.cpp - `caseway log verify|show|checkpoint|proof|export`: the evidence, recomputed, shown,
// handed on.
#include <fmt/format.h>

#include <iostream>

#include "gateway/adapters/files/file_source.hpp"
#include "gateway/audit/records_verifier.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/log_public_key.hpp"
#include "gateway/cli/log_show.hpp"
#include "gateway/cli/message_send.hpp"
#include "gateway/cli/private_file.hpp"
#include "gateway/cli/progress_line.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/log/bundle.hpp"
#include "gateway/log/message_log.hpp"
#include "gateway/log/store_source.hpp"
#include "gateway/log/verifier.hpp"
#include "gateway/normalize/mapping_loader.hpp"

namespace caseway {
namespace {

struct LogArguments {
    std::string file, key, against, out;
    std::uint64_t index = 0;
};

NoteKey readKey(const std::string& file) {
    auto key = NoteKey::parse(trimmed(readFile(file)));
    if (!key)
        throw Fault(FaultCode::ConfigurationBad, file + ": " + lineOf(key.error()),
                    "give the log's public key, a line NAME+ID+KEY");
    return std::move(key).value();
}

VerifierOptions optionsOf(const LogArguments& arguments, const CommandContext& context, EnvelopeChecker& checker) {
    VerifierOptions options;
    options.checker = &checker;
    std::string key = arguments.key;
    if (key.empty() && arguments.file.empty()) {
        const Settings settings = context.settings();
        if (const std::string why = whyNotOfLogKey(settings); !why.empty())
            throw Fault(FaultCode::ConfigurationBad, why, kWriteLogPublicKey);
        const std::string own = logPublicKeyFile(settings);
        if (std::filesystem::exists(own)) key = own;
    }
    if (!key.empty()) options.keys.push_back(readKey(key));
    if (!arguments.against.empty()) {
        if (options.keys.empty()) throw CLI::ValidationError("--against", "needs --key");
        auto held = openHeldHead(readFile(arguments.against, kAnswerFileBytesMax), options.keys.front());
        if (!held)
            throw Fault(FaultCode::ConfigurationBad, arguments.against + ": " + lineOf(held.error()),
                        "give a checkpoint or a receipt of this log");
        options.against = std::move(held).value();
    }
    return options;
}

std::string jsonOf(const Finding& finding) {
    std::string out = "{";
    appendMember("what", finding.what, out);
    appendMember("where", finding.where, out);
    appendMember("expected", finding.expected, out);
    appendMember("found", finding.found, out);
    appendMember("hint", finding.hint, out);
    return out + "}";
}

std::string lineOf(const Finding& finding) {
    std::string line = finding.what + " at " + finding.where;
    if (!finding.expected.empty()) line += ": expected " + finding.expected;
    if (!finding.found.empty()) line += ", found " + finding.found;
    if (!finding.hint.empty()) line += "; " + finding.hint;
    return line;
}

/// `records`: nothing for a bundle, and for a log that is too old.
void showReport(const VerifyReport& report, const std::optional<RecordsReport>& records, CommandContext& context) {
    for (const Finding& finding : report.findings.kept()) {
        if (context.json)
            std::cout << jsonOf(finding) << "\n";
        else
            sayError(lineOf(finding));
    }
    const std::string root = toHex(report.root);
    if (context.json) {
        std::cout << fmt::format(R"({{"good":{},"findings":{},"entries":{},"heads":{},"envelopes":{},"signatures":{},)"
                                 R"("tree_size":{},"root":"{}","origin":)",
                                 report.good(), report.findings.count(), report.entries, report.heads, report.envelopes,
                                 report.signatures, report.tree_size, root);
        std::string origin;
        appendJsonString(shownLine(report.origin), origin);  // without a key nobody vouches for it
        std::cout << origin;
        if (records)
            std::cout << fmt::format(R"(,"records":{},"cases":{},"changes":{})", records->records, records->cases,
                                     records->changes);
        std::cout << "}\n";
    } else {
        say(fmt::format(
            "{}: {} entries, {} heads{}, {} envelopes, {} signatures verified, {} sets of outcomes, {}, root {}",
            report.good() ? "the log is good"
                          : fmt::format("THE LOG IS NOT GOOD, {} findings", report.findings.count()),
            report.entries, report.heads,
            report.head_signatures_checked ? "" : " (no key given: their signatures were not checked)",
            report.envelopes, report.signatures, report.outcome_sets,
            records ? fmt::format("{} records of {} cases joined again, {} changes", records->records, records->cases,
                                  records->changes)
            : report.has_foreign_schema ? "nothing was read (the schema is not ours)"
            : report.too_old            ? "no cases, history or feed (the log is too old)"
                                        : "no cases, history or feed (a bundle holds none)",
            root));
        if (report.unfinished != 0)
            say(fmt::format("{} large messages are still being applied: what became of their records is not sealed yet",
                            report.unfinished));
    }
    context.exit_code = report.good() ? kDone : kRefused;
}

std::string nameInMapping(std::string_view files) {
    const auto spec = loadMappingSpec(files, "mapping.yaml");
    return spec ? spec->name : std::string();
}

/// A receipt is taken for a bundle by whoever wants to verify what he holds.
void mustBeNoReceipt(const std::string& file) {
    FileSource bytes(file);
    char begin[4096];
    std::size_t count = 0;
    while (const std::size_t more = bytes.read(std::span(begin).subspan(count))) count += more;
    const std::string_view text(begin, count);
    const bool is_answer =
        text.starts_with('{') && text.find("\"receipt\"") != text.npos && !text.starts_with("{\"kind\"");
    if (is_answer || text.starts_with("c2sp.org/tlog-proof"))
        throw Fault(FaultCode::ConfigurationBad, file + " is a receipt or the answer that bears one, not a bundle",
                    "caseway receipt verify " + file + " --log-key KEY; a bundle is what caseway log export writes");
}

void verify(const LogArguments& arguments, CommandContext& context) {
    EnvelopeRechecker checker;
    VerifierOptions options = optionsOf(arguments, context, checker);
    options.mapping_name = nameInMapping;
    const ProgressLine progress;
    options.progress = [&progress](std::uint64_t entries) { progress.show("entries", entries); };
    if (!arguments.file.empty()) {
        mustBeNoReceipt(arguments.file);
        FileSource bytes(arguments.file);
        BundleSource source(bytes);
        const VerifyReport report = verifyLog(source, options);
        progress.clear();
        return showReport(report, std::nullopt, context);
    }
    StoredInstallation stored(context.settings());
    StoreSource source(stored.store().snapshot(), [&stored](const std::string& name) -> std::unique_ptr<ByteSource> {
        try {
            return stored.openBody(name);
        } catch (const Fault&) {
            return nullptr;
        }
    });
    VerifyReport report = verifyLog(source, options);
    std::optional<RecordsReport> records;
    if (!report.too_old && !report.has_foreign_schema)
        records =
            verifyRecords(*source.store(), report.findings,
                          [&progress](std::string_view what, std::uint64_t count) { progress.show(what, count); });
    progress.clear();
    showReport(report, records, context);
}

void checkpoint(const LogArguments&, CommandContext& context) {
    StoredInstallation stored(context.settings());
    const auto head = stored.reader().lastCheckpoint();
    if (!head)
        return tellRefusal(context, {"not_found", "checkpoint", {}, "the log is empty", "send the first message", {}});
    if (!context.json) {
        std::cout << head->note;  // a file's text: what an auditor keeps
        return;
    }
    std::string out = "{";
    appendMember("note", head->note, out);
    std::cout << out << fmt::format(",\"tree_size\":{}}}\n", head->tree_size);
}

void proof(const LogArguments& arguments, CommandContext& context) {
    StoredInstallation stored(context.settings());
    const auto head = stored.reader().lastCheckpoint();
    const LogIndex size = head ? head->tree_size : 0;
    if (arguments.index >= size) return tellNoLeaf(context, arguments.index, size);
    const auto receipt = receiptFromStore(stored.reader(), arguments.index, size);
    if (!receipt)
        throw Fault(FaultCode::StoreCorrupt, fmt::format("leaf {} cannot be read", arguments.index),
                    "run `caseway log verify`");
    std::cout << *receipt << "\n";
}

void exportLog(const LogArguments& arguments, CommandContext& context) {
    StoredInstallation stored(context.settings());
    StoreSource source(stored.store().snapshot(), [&stored](const std::string& name) { return stored.openBody(name); });
    std::optional<PrivateFile> file;  // the messages of every department are in it
    if (!arguments.out.empty()) file.emplace(arguments.out);
    const auto leaves = exportBundle(source, [&file](std::string_view bytes) {
        if (file)
            file->write(bytes);
        else
            std::cout.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    });
    if (!leaves)
        throw Fault(FaultCode::StoreCorrupt, caseway::lineOf(leaves.error()), "run `caseway log verify` in place");
    if (file) file->keep();
    if (!std::cout.flush()) throw Fault(FaultCode::FileUnavailable, "cannot write the bundle", "is the disk full?");
    say(fmt::format("{} leaves exported; check them anywhere with: caseway log verify FILE --key log.pub", *leaves));
}

}  // namespace

void addLogCommands(CLI::App& program, CommandContext& context) {
    CLI::App* group = program.add_subcommand("log", "verify, show and export the log");
    group->require_subcommand(1);
    const auto arguments = std::make_shared<LogArguments>();
    auto add = [&](const char* name, const char* about, const char* examples, auto action) {
        CLI::App* command = group->add_subcommand(name, about);
        addCommonOptions(*command, context, examples);
        command->callback([arguments, &context, action] { action(*arguments, context); });
        return command;
    };
    CLI::App* verifier =
        add("verify", "recompute everything from the stored bytes, or from an exported bundle",
            "  caseway log verify --data data\n  caseway log verify bundle.ndjson --key log.pub --against receipt.json",
            verify);
    verifier->add_option("FILE", arguments->file, "an exported bundle (default: the installation under --data)")
        ->check(CLI::ExistingFile);
    verifier->add_option("--key", arguments->key, "public key of the log")->check(CLI::ExistingFile);
    verifier
        ->add_option("--against", arguments->against,
                     "a checkpoint or receipt that was kept elsewhere, or the .head that `message send` keeps")
        ->check(CLI::ExistingFile);
    add("checkpoint", "print the signed head; keep one each night where the gateway cannot write",
        "  caseway log checkpoint > heads/2026-05-04", checkpoint);
    add("proof", "print the receipt of a leaf under the present head", "  caseway log proof 17", proof)
        ->add_option("INDEX", arguments->index, "index of the leaf, from 0")
        ->required();
    add("export", "write the whole log as one bundle for an auditor", "  caseway log export --out bundle.ndjson",
        exportLog)
        ->add_option("--out", arguments->out, "file (default: stdout)");
    addLogShowCommand(*group, context);
}

}  // namespace caseway
