// gateway/register/plan.cpp - chooses the planner of an operation, and reads its result as a register.
#include "gateway/register/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/formats/register/read_register.hpp"
#include "gateway/formats/register/register_path.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/lower_case.hpp"
#include "gateway/register/connector_hold.hpp"
#include "gateway/register/planner.hpp"
#include "gateway/register/shared_keys.hpp"

namespace caseway {
namespace {

Planned runPlanner(Planner& planner) {
    const std::string_view name = planner.operation.kind->name;
    if (name.starts_with("department.")) return planDepartment(planner);
    if (name.starts_with("system.")) return planSystem(planner);
    if (name.starts_with("certificate.")) return planCertificate(planner);
    if (name.starts_with("authority.")) return planAuthority(planner);
    if (name.starts_with("connector.")) return planConnector(planner);
    if (name.starts_with("mapping.")) return planMapping(planner);
    return planApply(planner);
}

/// Of all drafts that the change brings, so that an apply tells everything at once. A version was tested elsewhere and
/// may be of another release: of it, only that it holds no secret.
Planned judgeDrafts(const PlannedChange& change, const PlanContext& context) {
    std::vector<Refusal> mistakes;
    for (const FileChange& file : change.files) {
        const bool is_draft = file.path.ends_with("/draft.yaml");
        const bool is_version =
            file.path.find("/versions/") != std::string::npos && !file.path.ends_with(".mapping.yaml");
        if (!context.judge_draft || !file.after || !(is_draft || is_version)) continue;
        for (Refusal& mistake : context.judge_draft(file.path, *file.after))
            if (is_draft || mistake.code == "secret_literal") mistakes.push_back(std::move(mistake));
    }
    if (mistakes.empty()) return std::nullopt;
    return joined(std::move(mistakes));
}

/// An apply brings states as they were elsewhere: what runs from now on without having been seen to work here is told.
void tellUntested(const RegisterContent& before, const RegisterContent& after, PlannedChange& change) {
    for (const auto& [id, entry] : after.systems)
        for (const auto& [name, connector] : entry.connectors) {
            const ConnectorVersion* const live = connector.liveVersion();
            const auto system = before.systems.find(id);
            const bool is_known = system != before.systems.end() && system->second.connectors.contains(name);
            if (live == nullptr || connector.suspended) continue;
            if (!is_known || !isTested(system->second.connectors.at(name), live->digest))
                change.warnings.push_back(connector.name.text() +
                                          " is active and was never tested here: caseway connector test " +
                                          connector.name.text());
        }
}

bool hasGoodCertificate(const RegisteredEntry& entry) {
    return std::any_of(entry.certificates.begin(), entry.certificates.end(),
                       [](const RegisteredCertificate& one) { return !one.revoked_at; });
}

/// Why nothing of a system would be taken that is now; nullptr: it would.
const char* whySystemStops(const RegisteredEntry& before, const RegisteredEntry& after) {
    if (after.system.suspended) return "it is suspended there";
    if (after.system.department_suspended) return "its department is suspended there";
    return hasGoodCertificate(before) && !hasGoodCertificate(after) ? "no certificate of it is good there" : nullptr;
}

/// What works now and would not after an apply: nobody suspended it before, as the command that takes one out wants.
void tellGone(const RegisterContent& before, const RegisterContent& after, PlannedChange& change) {
    for (const auto& [id, entry] : before.systems) {
        if (!suspensionOf(entry.system).empty()) continue;  // nor do its connectors run
        const auto then = after.systems.find(id);
        const bool is_there = then != after.systems.end();
        if (!is_there)
            change.warnings.push_back(
                fmt::format("the system {} is active and would go: nothing that it sends would be taken", id.text()));
        const char* const stops = is_there ? whySystemStops(entry, then->second) : nullptr;
        if (stops != nullptr)
            change.warnings.push_back(
                fmt::format("the system {} is active and nothing that it sends would be taken: {}", id.text(), stops));
        for (const auto& [name, connector] : entry.connectors) {
            if (connector.liveVersion() == nullptr || connector.suspended) continue;
            const bool stays = is_there && then->second.connectors.contains(name);
            const RegisteredConnector* const next = stays ? &then->second.connectors.at(name) : nullptr;
            const char* const why = next == nullptr                  ? "the folder has it no more"
                                    : next->liveVersion() == nullptr ? "no version of it is active there"
                                    : next->suspended                ? "it is suspended there"
                                                                     : nullptr;
            if (why != nullptr)
                change.warnings.push_back(fmt::format("{} is active and would stop: {}", connector.name.text(), why));
        }
    }
}

/// What ran and runs no more by this change, though nobody suspended it.
void tellHeld(const RegisterContent& before, const RegisterContent& after, PlannedChange& change) {
    const HeldConnectors former = heldConnectorsOf(before);
    for (const auto& [name, why] : heldConnectorsOf(after))
        if (isHeldFromOutside(why) && !former.contains(name))
            change.warnings.push_back(fmt::format("{} runs no more: {}: {}", name, why.rule, why.hint));
}

/// Over the register as it will be, so that it does not matter which of the two comes last. What stood so before is
/// told by doctor, and holds up no other change.
Planned judgeSharedKeys(const RegisterContent& before, const RegisterContent& after) {
    std::vector<Refusal> shared = sharedKeys(after);
    if (shared.empty()) return std::nullopt;
    const std::vector<Refusal> former = sharedKeys(before);
    std::erase_if(shared, [&](const Refusal& one) {
        return std::any_of(former.begin(), former.end(), [&](const Refusal& other) {
            return other.code == one.code && other.where == one.where && other.value == one.value;
        });
    });
    if (shared.empty()) return std::nullopt;
    return joined(std::move(shared));
}

}  // namespace

std::optional<KeyKind> keyKindNamed(std::string_view name) {
    const std::string lower = lowerCase(name);
    if (lower == "p-256" || lower == "p256" || lower == "ec") return KeyKind::EcP256;
    if (lower == "rsa") return KeyKind::Rsa;
    if (lower == "ed25519") return KeyKind::Ed25519;
    if (lower == "sm2") return KeyKind::Sm2;
    return std::nullopt;
}

namespace {

Refusal noFileOfOurs(const std::string& path) {
    return {"register_not_good",
            path,
            {},
            "is no file of an installation",
            "department.yaml, system.yaml, mapping.yaml, *.pem and the files of connectors in their folders are all "
            "there is",
            {}};
}

Result<PlannedChange> plannedNow(const FileTree& tree, const Operation& operation, const PlanContext& context) {
    // An apply may mend what is broken; everything else stands on a register that can be read.
    auto content = readRegister(tree);
    // A path with '/' at its end is a folder of our own tree, which no difference shows: nobody names one to us.
    for (const auto& [path, bytes] : operation.files)
        if (path.ends_with('/')) return noFileOfOurs(path);
    const bool mends = operation.kind->name == "apply";
    if (!content && !mends) return content.error();
    const RegisterContent known = content ? std::move(*content) : RegisterContent{};
    Planner planner{tree, known, operation, context, tree, {}};
    planner.change.event = operation.kind->event;
    if (auto refusal = runPlanner(planner)) return std::move(*refusal);
    planner.change.files = differences(tree, planner.after);
    for (const FileChange& file : planner.change.files) {
        if (!isRegisterPath(file.path)) return noFileOfOurs(file.path);
        if (file.after && file.after->size() > kTreeFileBytesMax)  // it would be written, and never read again
            return Refusal{"register_not_good", file.path, {}, "is larger than 256 KiB", "shorten it", {}};
        if (!isUtf8(file.before.value_or("")) || !isUtf8(file.after.value_or("")))
            return Refusal{
                "register_not_good", file.path, {}, "is not UTF-8", "save it as UTF-8, not as ANSI or GBK", {}};
    }
    if (auto refusal = judgeDrafts(planner.change, context)) return std::move(*refusal);
    const FileTree after = changed(tree, planner.change.files);
    if (after.size() > kTreeFilesMax)
        return Refusal{
            "register_not_good", "", {}, "holds more than 20,000 files", "remove connectors that are no more used", {}};
    const auto fits = readRegister(after);
    if (!fits) return fits.error();
    if (auto refusal = judgeCodes(known, *fits, context, planner.change)) return std::move(*refusal);
    if (auto refusal = judgeSecrets(known, *fits, context, planner.change)) return std::move(*refusal);
    tellHeld(known, *fits, planner.change);
    if (mends) {
        tellGone(known, *fits, planner.change);
        tellUntested(known, *fits, planner.change);
        if (auto refusal = judgeApplied(planner, *fits)) return std::move(*refusal);
    }
    if (auto refusal = judgeSharedKeys(known, *fits)) return std::move(*refusal);
    return std::move(planner.change);
}

}  // namespace

Result<PlannedChange> planChange(const FileTree& tree, const Operation& operation, const PlanContext& context) {
    auto change = plannedNow(tree, operation, context);
    const std::string agreed = operation.text("plan");
    if (change && !agreed.empty() && agreed != digestOf(change->files))
        return Refusal{"plan_changed",
                       "plan",
                       {},
                       "the plan that was looked at: the register has changed meanwhile",
                       "nothing was changed; look at the plan as it is now, and agree to that one",
                       {}};
    return change;
}

}  // namespace caseway
