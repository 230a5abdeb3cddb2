// gateway/register/plan.hpp - from an operation to the change that it makes, checked as a whole before anybody writes a
// byte: after a refusal nothing is half registered, since nothing was touched.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/formats/crypto/private_key.hpp"
#include "gateway/register/connector_standing.hpp"
#include "gateway/register/operation.hpp"
#include "gateway/register/planned_change.hpp"

namespace caseway {

/// Whose each key was when it was registered last, also of those that were taken out: publicKeyDigest() to system.
using KeyOwners = std::map<std::string, std::string>;

/// By a department's short name.
struct OpenedByName {
    std::vector<std::string> secrets;   ///< `tax/permits_sftp`
    std::vector<std::string> settings;  ///< of the configuration, `connectors.destinations`
};

struct PlanContext {
    Instant now{};
    /// The key of our own authority; for authority.init made where there is none, of that kind.
    /// Refusal: authority_missing.
    std::function<Result<PrivateKey>(std::optional<KeyKind> make)> authority_key;
    /// For connector.*: the mappings and types that are installed; asked only then.
    std::function<ConnectorWorld()> connectors{};
    /// Every mistake of a connector's draft, by its path and text: what only this installation's types can tell.
    std::function<std::vector<Refusal>(const std::string& file, const std::string& yaml)> judge_draft{};
    /// For connector.test: what was just seen to work. Nobody can ask for it from outside.
    std::optional<SeenToWork> tested{};
    KeyOwners key_owners{};  ///< of former registrations
    KeyOwners own_keys{};    ///< the gateway's own, by digest, and what each is for: nobody else's
    /// Whether cases stand under a department's code; nothing: it cannot be asked.
    std::function<bool(const std::string& department_code)> has_cases{};
    /// What a department's short name opens besides the register: to the next one of that name, too.
    std::function<OpenedByName(const std::string& department)> opened_by_name{};
};

/// What `operation` changes in `tree`; nothing where it is so already. The tree with the change made was read as a
/// register and fits together. Refusals: docs/errors.md, "The register".
Result<PlannedChange> planChange(const FileTree& tree, const Operation& operation, const PlanContext& context);

/// The kind of key that a person calls "P-256", "RSA", "Ed25519" or "SM2", whatever the case.
std::optional<KeyKind> keyKindNamed(std::string_view name);

}  // namespace caseway
