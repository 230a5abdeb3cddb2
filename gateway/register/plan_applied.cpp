// gateway/register/plan_applied.cpp - what an apply brings of grants, certificates, authorities and revocation lists is
// held against the same as where a command brings it; and the plan says whose certificates they are.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gateway/base/mask.hpp"
#include "gateway/formats/crypto/chain_check.hpp"
#include "gateway/formats/register/connector_document.hpp"
#include "gateway/formats/register/department_rules.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/formats/register/register_path.hpp"
#include "gateway/register/judge_certificate.hpp"
#include "gateway/register/near_registered.hpp"
#include "gateway/register/planner.hpp"
#include "gateway/register/register_view.hpp"

namespace caseway {
namespace {

constexpr std::size_t kNameDigitsMin = 8;

/// What may have become of a certificate since it was registered, its authority taken out (`cert ca remove`) or
/// followed by another of the same name included.
constexpr std::array<std::string_view, 9> kPast{
    "certificate_expired",  "certificate_revoked", "issuer_missing", "issuer_differs",
    "issuer_not_trusted",   "key_forgeable",       "usage_wrong",    "certificate_of_another_system",
    "revocation_list_ahead"};

/// A name that people read as a key id. Files that a hand put there may have any other.
bool looksLikeKeyId(std::string_view stem) {
    return stem.size() >= kNameDigitsMin && stem.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Refusal refused(std::string code, std::string where, std::string value, std::string rule, std::string hint) {
    return Refusal{std::move(code), std::move(where), std::move(value), std::move(rule), std::move(hint), {}};
}

/// The DER of an authority's file; empty where it cannot be read.
std::string derOfFile(const FileTree& tree, const std::string& path) {
    const auto file = tree.find(path);
    if (file == tree.end()) return {};
    const auto blocks = certificatesOfPem(file->second);
    return blocks ? blocks->front() : std::string();
}

class AppliedJudge {
public:
    AppliedJudge(Planner& planner, const RegisterContent& after)
        : planner_(planner), after_(after), revoked_(after.revoked_keys) {
        revoked_.insert(planner.content.revoked_keys.begin(), planner.content.revoked_keys.end());
    }
    std::optional<Refusal> judge(const FileChange& file);

private:
    std::optional<Refusal> judgeCertificate(const FileChange& file, const SystemId& system);
    std::optional<Refusal> judgeAuthorityFile(const FileChange& file, const std::string& name);
    std::optional<Refusal> judgeListFile(const FileChange& file, const std::string& name);
    std::optional<Refusal> judgeIssued(const FileChange& file, const std::string& name);
    std::optional<Refusal> unlessRestored(const FileChange& file, Refusal refusal);
    bool isKnown(const SystemId& system, const KeyId& id) const;
    std::vector<std::string> formerLists(const std::string& der) const;
    Warn warnOf(const std::string& path) {
        return [this, path](std::string text) { planner_.warn(path + ": " + std::move(text)); };
    }

    Planner& planner_;
    const RegisterContent& after_;
    RevokedKeys revoked_;  ///< of the register as it will be, and as it is
};

bool AppliedJudge::isKnown(const SystemId& system, const KeyId& id) const {
    const auto known = planner_.content.systems.find(system);
    if (known == planner_.content.systems.end()) return false;
    const auto& all = known->second.certificates;
    return std::any_of(all.begin(), all.end(), [&](const RegisteredCertificate& one) { return one.id == id; });
}

std::optional<Refusal> AppliedJudge::judgeCertificate(const FileChange& file, const SystemId& system) {
    if (!file.after) return std::nullopt;
    const auto facts = factsOfPem(*file.after);
    if (!facts) return facts.error();
    const std::string stem = pathParts(file.path).back().substr(0, pathParts(file.path).back().size() - 4);
    if (looksLikeKeyId(stem) && !facts->id.text().starts_with(stem))
        return refused(
            "certificate_file_name_bad", file.path, stem,
            "a name of hex digits is the beginning of its key id: " + facts->id.text().substr(0, 16) + ".pem",
            "ask its owner for the key id: another certificate may have been put in its place; then rename it");
    if (isKnown(system, facts->id)) return std::nullopt;
    if (auto refusal = judgeOwnKey(planner_, facts->key_digest)) return refusal;
    // What one system has now does not go to another in the same change: that it was released is to be seen by itself.
    if (auto refusal = judgeOwner(planner_.content, system, *facts)) return refusal;
    tellFormerOwner(planner_, system, *facts);
    if (auto refusal = judgeKey(revoked_, system, facts->key_digest)) return unlessRestored(file, *std::move(refusal));
    const auto blocks = certificatesOfPem(*file.after);
    if (auto refusal = judgeSubject(after_, blocks->front(), system)) return unlessRestored(file, *std::move(refusal));
    if (auto refusal = judgeChain(after_, blocks->front(), planner_.context.now, warnOf(file.path)))
        return unlessRestored(file, *std::move(refusal));
    return std::nullopt;
}

/// An installation that holds nothing yet takes its own past as it was: what became of it is judged with each message.
std::optional<Refusal> AppliedJudge::unlessRestored(const FileChange& file, Refusal refusal) {
    if (std::find(kPast.begin(), kPast.end(), refusal.code) == kPast.end() || !planner_.content.systems.empty())
        return refusal;
    planner_.warn(file.path + ": " + refusal.rule +
                  "; it is registered as it was, and what it signs is judged when it comes");
    return std::nullopt;
}

std::optional<Refusal> AppliedJudge::judgeAuthorityFile(const FileChange& file, const std::string& name) {
    if (name == kOwnAuthority && file.before)
        return refused("authority_name_bad", file.path, name, "our own authority stays as it is",
                       "its certificates name it; for another one: move authorities/own and keys/ca.key away");
    if (auto refusal = judgeForgotten(planner_.content, after_, name)) return refusal;
    if (!file.after) {
        planner_.warn(file.path + ": certificates that it issued and that are registered stay so: caseway cert list");
        return std::nullopt;
    }
    if (!isShortName(name))
        return refused("authority_name_bad", file.path, name, "a-z, 0-9, _ and -", "rename its folder");
    if (auto refusal = judgeAuthority(after_, after_.authorities.at(name).der, planner_.context.now, warnOf(file.path)))
        return unlessRestored(file, *std::move(refusal));
    return std::nullopt;
}

/// Lists that this authority has here, under whatever name.
std::vector<std::string> AppliedJudge::formerLists(const std::string& der) const {
    std::vector<std::string> lists;
    for (const auto& [path, bytes] : planner_.tree) {
        if (!path.starts_with("authorities/") || !path.ends_with("/crl.pem")) continue;
        const std::string folder = path.substr(0, path.size() - std::string_view("crl.pem").size());
        if (derOfFile(planner_.tree, folder + "ca.pem") == der) lists.push_back(bytes);
    }
    return lists;
}

std::optional<Refusal> AppliedJudge::judgeListFile(const FileChange& file, const std::string& name) {
    const auto authority = after_.authorities.find(name);
    if (authority == after_.authorities.end()) return std::nullopt;  // it goes as a whole
    const auto former = formerLists(authority->second.der);
    if (!file.after)
        return former.empty() ? std::nullopt
                              : Planned(refused("revocation_list_older", file.path, "no list",
                                                "not older than the one that is here: without it nobody is revoked",
                                                "put the current list into the folder: caseway export"));
    for (const std::string& list : former)
        if (auto refusal = judgeList(authority->second, *file.after, list, planner_.context.now, warnOf(file.path)))
            return refusal;
    if (auto refusal = judgeList(authority->second, *file.after, "", planner_.context.now, warnOf(file.path)))
        return unlessRestored(file, *std::move(refusal));
    return std::nullopt;
}

/// What our own authority issued: by these files revoked keys are known again.
std::optional<Refusal> AppliedJudge::judgeIssued(const FileChange& file, const std::string& name) {
    const auto own = after_.authorities.find(std::string(kOwnAuthority));
    if (name != kOwnAuthority || own == after_.authorities.end())
        return refused("register_not_good", file.path, "", "only our own authority keeps what it issued",
                       "take it out of the folder");
    if (file.before)
        return refused("issued_record_goes", file.path, "", "what our own authority issued stays on record",
                       "put the file back as it is here: caseway export");
    const auto facts = factsOfPem(*file.after);
    if (!facts) return facts.error();
    const auto blocks = certificatesOfPem(*file.after);
    const auto report = checkChain({blocks->front(), {}, {own->second.der}, {}, planner_.context.now});
    if (!report) return report.error();
    if (!report->ends_at_authority || !file.path.ends_with("/" + facts->serial + ".pem"))
        return refused("issuer_differs", file.path, facts->serial,
                       "a certificate that our own authority issued, named by its serial number",
                       "take it out of the folder");
    return std::nullopt;
}

std::optional<Refusal> AppliedJudge::judge(const FileChange& file) {
    const auto parts = pathParts(file.path);
    if (parts.front() == "mappings" && file.after && !file.before && !isShortName(parts[1]))
        return refused("mapping_folder_bad", file.path, parts[1], "a-z, 0-9, _ and -, at most 60 characters",
                       "rename its folder; the mapping's own name stands in mapping.yaml");
    if (!file.path.ends_with(".pem")) return std::nullopt;
    std::optional<Refusal> refusal;
    if (parts.front() == "systems")
        refusal = judgeCertificate(file, *SystemId::parse(parts[1] + '/' + parts[2]));
    else if (parts.size() == 4)
        refusal = judgeIssued(file, parts[1]);
    else
        refusal = parts.back() == "ca.pem" ? judgeAuthorityFile(file, parts[1]) : judgeListFile(file, parts[1]);
    if (refusal) refusal->where = file.path;
    return refusal;
}

/// For whom a certificate is, until when: what a person compares with its owner.
std::string noteOf(const std::optional<std::string>& pem, const char* mark) {
    if (!pem) return {};
    const auto facts = factsOfPem(*pem);
    if (!facts) return {};
    return fmt::format("    {} {}, key id {}, until {}\n", mark, withNamesMasked(facts->subject), facts->id.text(),
                       toRfc3339(facts->not_after));
}

/// Readers' grants that the apply brings, of departments that nobody knows: mistyped, or to come.
void tellUnknownDepartments(const RegisterContent& before, const RegisterContent& after, PlannedChange& change) {
    const auto known = departmentsIn(after);
    for (const auto& [id, entry] : after.systems) {
        const auto former = before.systems.find(id);
        for (const std::string& name : entry.system.may_read) {
            const bool is_new =
                former == before.systems.end() ||
                std::count(former->second.system.may_read.begin(), former->second.system.may_read.end(), name) == 0;
            if (is_new && name != "*" && isShortName(name) && !known.contains(name))
                change.warnings.push_back(
                    fmt::format("systems/{}/system.yaml may_read: no department {} is registered: {}", id.text(), name,
                                hintOfNearestDepartment(after, name, "caseway department list")));
        }
    }
}

/// Grants that the apply brings; one that was there before stays, and is told by doctor, and so does one of an export
/// that is restored.
void judgeGrants(const RegisterContent& before, const RegisterContent& after, std::vector<Refusal>& mistakes) {
    if (before.systems.empty()) return;
    for (const auto& [id, entry] : after.systems) {
        const auto former = before.systems.find(id);
        for (Refusal& one : emptyGrants(after, entry.system)) {
            const auto had = [&](const std::vector<std::string>& list) {
                return std::find(list.begin(), list.end(), one.value) != list.end();
            };
            const bool is_reading = one.where.ends_with("may_read");
            if (former == before.systems.end() ||
                !had(is_reading ? former->second.system.may_read : former->second.system.on_behalf_of))
                mistakes.push_back(std::move(one));
        }
    }
}

}  // namespace

Planned judgeApplied(Planner& planner, const RegisterContent& after) {
    AppliedJudge judge(planner, after);
    std::vector<Refusal> mistakes;
    judgeGrants(planner.content, after, mistakes);
    tellUnknownDepartments(planner.content, after, planner.change);
    for (const FileChange& file : planner.change.files) {
        if (auto refusal = judge.judge(file)) mistakes.push_back(std::move(*refusal));
        if (!file.path.ends_with(".pem") || file.path.ends_with("/crl.pem")) continue;
        planner.change.notes[file.path] = noteOf(file.before, "-") + noteOf(file.after, "+");
    }
    if (mistakes.empty()) return std::nullopt;
    return joined(std::move(mistakes));
}

}  // namespace caseway
