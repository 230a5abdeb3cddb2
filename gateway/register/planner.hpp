// gateway/register/planner.hpp - the state of one planning. For sources of this folder only.
#pragma once

#include "gateway/domain/register.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/revocation_list.hpp"
#include "gateway/register/plan.hpp"

namespace caseway {

struct Planner {
    const FileTree& tree;
    const RegisterContent& content;
    const Operation& operation;
    const PlanContext& context;
    FileTree after;  ///< begins as `tree`
    PlannedChange change{};

    void warn(std::string text) { change.warnings.push_back(std::move(text)); }
};

using Planned = std::optional<Refusal>;  ///< nothing: planned

Planned planDepartment(Planner& planner);   ///< department.*
Planned planSystem(Planner& planner);       ///< system.*
Planned planCertificate(Planner& planner);  ///< certificate.add, .remove, .issue, .revoke
Planned planAuthority(Planner& planner);    ///< authority.*
Planned planConnector(Planner& planner);    ///< connector.*
Planned planMapping(Planner& planner);      ///< mapping.add, .remove
Planned planApply(Planner& planner);        ///< apply

/// Of an apply: every new or changed certificate, authority and list, as a command would judge it; all mistakes at
/// once. Sets `planner.change.notes`. `after`: the register as it will be.
Planned judgeApplied(Planner& planner, const RegisterContent& after);

/// key_taken: the key is the gateway's own, or a registered authority's.
std::optional<Refusal> judgeOwnKey(const Planner& planner, const std::string& key_digest);

/// department_code_has_cases: cases go by the code of the department that they belong to. Who was given another one
/// would lose them, and who got the old one could read and write them. Warns where a new department finds cases.
Planned judgeCodes(const RegisterContent& before, const RegisterContent& after, const PlanContext& context,
                   PlannedChange& change);

/// department_has_secrets: secrets go by a department's short name. They would be open to the next one of that name.
/// Warns where a new department finds some, and where the configuration opens something by the name of one that goes.
Planned judgeSecrets(const RegisterContent& before, const RegisterContent& after, const PlanContext& context,
                     PlannedChange& change);

/// Of an apply: what was tested stays what was tested here.
void keepOwnTests(Planner& planner);

/// Of an apply: makes drafts of versions that would be live and that nobody saw to work as they are.
void landUnproven(Planner& planner);

/// The named system, or the refusal system_unknown or system_name_bad.
Result<const RegisteredEntry*> systemOf(const Planner& planner);
/// Puts a certificate into the system's folder of `planner.after`, after it was judged: readable, strong, in time, its
/// chain, and its key not another system's.
Planned putCertificate(Planner& planner, const SystemId& system, const std::string& pem);

/// Warns of a key that was another system's, by the register or by our own authority: what it signed stays that one's.
void tellFormerOwner(Planner& planner, const SystemId& system, const CertificateFacts& facts);

/// The key of our own authority, which is there. Refusals: authority_missing; key_mismatch: it is another one's.
Result<PrivateKey> ownAuthorityKey(const Planner& planner);

/// Our own authority's list, signed anew from now on: one number higher, good for 30 days. There is such an authority.
Planned signOwnList(Planner& planner, RevocationList list);

}  // namespace caseway
