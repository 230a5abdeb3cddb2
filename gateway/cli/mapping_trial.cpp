// gateway/cli/mapping_trial.cpp - `caseway mapping check|run|test`: what a department's IT person needs to get a
// mapping right. Needs no gateway and no installation.
#include "gateway/cli/mapping_trial.hpp"

#include <fmt/format.h>

#include <iostream>

#include "gateway/adapters/files/file_source.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/given_fields.hpp"
#include "gateway/cli/mapping_cases.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/normalize/mapping_notes.hpp"
#include "gateway/record/patch_json.hpp"

namespace caseway {
namespace {

struct MappingArguments {
    std::string dir;
    std::string file;
};

/// `what`: the member that says what is told of the place.
std::string jsonOf(const MappingMistake& mistake, std::string_view what = "rule") {
    std::string out = "{";
    appendMember("file", mistake.file, out);
    out += fmt::format(",\"line\":{}", mistake.line);
    appendMember("where", mistake.where, out);
    appendMember(what, mistake.rule, out);
    appendMember("hint", mistake.hint, out);
    return out + "}";
}

std::string_view nameOf(Evaluation evaluation) {
    switch (evaluation) {
        case Evaluation::Streaming:
            return "streams";
        case Evaluation::RecordSubtree:
            return "needs the record's subtree";
        case Evaluation::WholeDocument:
            return "needs the whole document";
    }
    return "";
}

void check(const MappingArguments& arguments, CommandContext& context) {
    const auto loaded = loadMapping(arguments.dir);
    if (!loaded) return showMistakes(loaded.error(), context, std::cout);
    for (const ExpressionReport& report : loaded->mapping->expressions()) {
        if (context.json) {
            std::string out = "{";
            appendMember("where", report.where, out);
            appendMember("expression", report.expression, out);
            appendMember("evaluation", nameOf(report.evaluation), out);
            if (!report.costly.empty()) appendMember("costly", report.costly, out);
            std::cout << out << fmt::format(",\"line\":{}}}\n", report.line);
        } else {
            say(fmt::format("{:>4}  {:<28} {:<27} {}", report.line, report.where, nameOf(report.evaluation),
                            report.expression));
            if (!report.costly.empty()) say(fmt::format("      costly: {}", report.costly));
        }
    }
    for (const MappingMistake& note : notesOf(loaded->mapping->spec())) {
        if (context.json)
            std::cout << jsonOf(note, "note") << "\n";
        else
            say(fmt::format("note: {}: {} (line {}); {}", note.where, note.rule, note.line, note.hint));
    }
    if (!context.json) say(fmt::format("{}: no mistakes", loaded->mapping->spec().name));
}

/// Writes records as lines on stdout, refusals on stderr.
class LineSink final : public RecordSink {
public:
    explicit LineSink(bool json) : json_(json) {}
    ~LineSink() override { flush(); }
    bool showsCodes() const override { return true; }
    bool record(const CasePatch& patch) override {
        given_.note(patch);
        appendHistoryJson(patch, out_);
        out_ += '\n';
        if (out_.size() >= kFlushBytes) flush();
        ++records_;
        return std::cout.good();
    }
    bool refused(const Refusal& refusal) override {
        ++refusals_;
        forEachMistake(refusal, [this](const Refusal& one) {
            if (json_)
                std::cerr << jsonOf(one) << "\n";
            else
                sayRefused(one);
        });
        return true;
    }
    void flush() {
        std::cout.write(out_.data(), static_cast<std::streamsize>(out_.size()));
        std::cout.flush();
        out_.clear();
    }
    std::uint64_t records() const { return records_; }
    std::uint64_t refusals() const { return refusals_; }
    const GivenFields& given() const { return given_; }

private:
    static constexpr std::size_t kFlushBytes = 64 * 1024;
    bool json_;
    std::string out_;
    GivenFields given_;
    std::uint64_t records_ = 0;
    std::uint64_t refusals_ = 0;
};

void run(const MappingArguments& arguments, CommandContext& context) {
    const auto loaded = loadMapping(arguments.dir);
    if (!loaded) return showMistakes(loaded.error(), context, std::cerr);
    FileSource source(arguments.file);
    LineSink sink(context.json);
    const auto report = loaded->mapping->run(source, Limits{}, sink);
    sink.flush();
    if (!report) {
        Refusal refusal = report.error();
        if (!context.json) refusal.where = arguments.file + (refusal.where.empty() ? "" : ", ") + refusal.where;
        if (context.json)
            std::cerr << jsonOf(refusal) << "\n";
        else
            sayRefused(refusal);
        context.exit_code = kRefused;
        return;
    }
    if (report->encoding_differs && !context.json)
        say(fmt::format("note: declared {}, found {}; the bytes decided", report->declared_encoding, report->encoding));
    if (!context.json) say(fmt::format("{} records, {} refused", sink.records(), sink.refusals()));
    if (!context.json && report->passed_over != 0)
        say(fmt::format("note: {} more passed over, as the mapping says: `when` of an only kind, or `pass_over`",
                        report->passed_over));
    if (!context.json)
        for (const std::string& note : sink.given().notes(loaded->mapping->spec(), report->mapped_by_kind)) say(note);
    if (sink.refusals() != 0) context.exit_code = kRefused;
}

void test(const MappingArguments& arguments, CommandContext& context) {
    const auto loaded = loadMapping(arguments.dir);
    if (!loaded) return showMistakes(loaded.error(), context, std::cout);
    const std::vector<CaseVerdict> verdicts = runMappingCases(*loaded->mapping, arguments.dir);
    std::size_t failed = 0;
    for (const CaseVerdict& verdict : verdicts) {
        failed += verdict.passed ? 0 : 1;
        if (context.json) {
            std::string out = "{";
            appendMember("case", verdict.name, out);
            out += fmt::format(",\"passed\":{},\"passed_over\":{}", verdict.passed, verdict.passed_over);
            appendMember("difference", verdict.difference, out);
            std::cout << out << "}\n";
        } else {
            const std::string over = verdict.passed_over == 0
                                         ? std::string()
                                         : fmt::format(" ({} records passed over)", verdict.passed_over);
            say(fmt::format("{} {}{}{}", verdict.passed ? "ok    " : "FAILED", verdict.name, over,
                            verdict.passed ? "" : "\n" + verdict.difference));
        }
    }
    if (!context.json) say(fmt::format("{} passed, {} failed", verdicts.size() - failed, failed));
    if (verdicts.empty())
        sayError("no cases in " + arguments.dir + "/cases",
                 "put a payload there as cases/NAME/input.xml or input.json; expected.json is what is right: caseway "
                 "mapping "
                 "run DIR cases/NAME/input.xml > cases/NAME/expected.json, and read it");
    if (failed != 0 || verdicts.empty()) context.exit_code = kRefused;
}

}  // namespace

void showMistakes(const std::vector<MappingMistake>& mistakes, CommandContext& context, std::ostream& out) {
    for (const MappingMistake& mistake : mistakes) {
        if (context.json)
            out << jsonOf(mistake) << "\n";
        else
            sayError(textOf(mistake));
    }
    context.exit_code = kRefused;
}

CLI::App* addMappingTrialCommands(CLI::App& program, CommandContext& context) {
    CLI::App* group = program.add_subcommand("mapping", "check, run, test, install and list mappings");
    group->require_subcommand(1);
    const auto arguments = std::make_shared<MappingArguments>();
    auto add = [&](const char* name, const char* about, const char* examples, auto action) {
        CLI::App* command = group->add_subcommand(name, about);
        command->add_option("DIR", arguments->dir, "the mapping's folder")->required()->check(CLI::ExistingDirectory);
        addCommonOptions(*command, context, examples);
        command->callback([arguments, &context, action] { action(*arguments, context); });
        return command;
    };
    add("check", "load it; every mistake with file, line and a hint; how each expression is evaluated",
        "  caseway mapping check mappings/fujian_router_xml", check);
    add("run", "one canonical JSON record a line on stdout, refusals on stderr; exit 1 if any was refused",
        "  caseway mapping run mappings/open311_requests_xml requests.xml\n  caseway mapping run --json DIR FILE "
        "2>refusals.ndjson >records.ndjson",
        run)
        ->add_option("FILE", arguments->file, "the payload")
        ->required()
        ->check(CLI::ExistingFile);
    add("test", "run its cases/: input.* against expected.json or refusal.txt",
        "  caseway mapping test mappings/fujian_router_xml", test);
    return group;
}

}  // namespace caseway
