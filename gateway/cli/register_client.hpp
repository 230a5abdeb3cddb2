// gateway/cli/register_client.hpp - a change of the register from the command line: through the admin socket where the
// gateway runs, else by the command itself; the same code plans it, and one leaf tells it, either way.
#pragma once

#include <string>
#include <vector>

#include "gateway/cli/command.hpp"
#include "gateway/domain/register.hpp"
#include "gateway/register/operation.hpp"

namespace caseway {

/// What came back: `Change` of docs/formats/admin-openapi.json.
struct ChangeOutcome {
    std::string event, subject, diff, json;
    bool changed = false;
    std::string log_index, plan;
    std::vector<std::string> warnings;
    std::map<std::string, std::string> made;
};

/// Refusals: of planChange. Throws Fault{ConfigurationBad, NetworkUnavailable, StoreUnavailable, …}.
Result<ChangeOutcome> changeRegister(const Settings& settings, const Operation& operation, bool dry = false);

/// What became of a change: JSON on stdout under --json, else `done` on stderr with the warnings and the leaf.
void tellOutcome(const CommandContext& context, const ChangeOutcome& outcome, const std::string& done);

/// The same, with `text` in place of what tellOutcome() has for a change that is none.
void tellUnchanged(const CommandContext& context, const ChangeOutcome& outcome, const std::string& text);

/// The file that a person named, and what refusals call it that was made of it (`certificate`, `request`).
struct GivenFile {
    std::string member, file;
    /// The same refusal, in the person's words: what is at fault is the file.
    Refusal told(Refusal refusal) const;
};

/// changeRegister, and tells what became of it: JSON on stdout under --json, else `done` on stderr with the warnings
/// and the leaf. Leaves the exit code. Nothing where it was refused.
std::optional<ChangeOutcome> carryOut(CommandContext& context, const Operation& operation, const std::string& done,
                                      const GivenFile& given = {});

Operation operationOf(std::string_view name, std::map<std::string, std::string> texts = {},
                      std::map<std::string, std::vector<std::string>> lists = {});

/// The register as its files say it now. Throws Fault{ConfigurationBad}.
RegisterContent readInstalledRegister(const Settings& settings);

/// A refusal and its further mistakes on stderr (JSON, a line each, on stdout under --json); the exit code becomes
/// kRefused.
void tellRefusal(CommandContext& context, const Refusal& refusal);

}  // namespace caseway
