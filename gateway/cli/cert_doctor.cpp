// gateway/cli/cert_doctor.cpp - `caseway cert doctor FILE...`: certificates, requests, keys and revocation lists in any
// mix; which link of a chain is bad, what does not belong together, and what to do.
#include <fmt/format.h>

#include <iostream>

#include "gateway/base/fault.hpp"
#include "gateway/base/limits.hpp"
#include "gateway/cli/cert_commands.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/formats/crypto/certificate_request.hpp"
#include "gateway/formats/crypto/chain_check.hpp"
#include "gateway/formats/crypto/foreign_form.hpp"
#include "gateway/formats/crypto/pem_text.hpp"
#include "gateway/formats/crypto/private_key.hpp"
#include "gateway/formats/crypto/revocation_list.hpp"
#include "gateway/ports/clock.hpp"

namespace caseway {
namespace {

struct DoctorArguments {
    std::vector<std::string> files;
    std::string at;
};

struct Found {
    std::string file;
    std::string der;  ///< certificate
    CertificateFacts facts;
};

/// A private key, or a request over one.
struct FoundKey {
    std::string file;
    std::string digest;  ///< publicKeyDigest()
    std::string what, hint;
};

class Examination {
public:
    Examination(const DoctorArguments& arguments, CommandContext& context) : arguments_(arguments), context_(context) {}
    void run();

private:
    void readOne(const std::string& file);
    void readKey(const std::string& file, const std::string& text);
    void readAuthorities();
    void checkChains();
    void judgeRevokedKeys();
    void examineKeys();
    void examineChains();
    void examineLists();
    void compareKeys();
    void tell(std::string_view verdict, const std::string& code, const std::string& where, const std::string& what,
              const std::string& hint);
    void bad(const std::string& file, const Refusal& refusal) {
        tell("bad", refusal.code, file, refusal.rule + (refusal.value.empty() ? "" : " (" + refusal.value + ")"),
             refusal.hint);
    }

    const DoctorArguments& arguments_;
    CommandContext& context_;
    std::vector<Found> certificates_;
    std::vector<FoundKey> keys_;
    std::vector<std::pair<Found*, Result<ChainReport>>> chains_;    ///< of those that are no link of another one's
    RevokedKeys revoked_keys_;                                      ///< by the register, and by lists of what is here
    std::vector<std::pair<std::string, std::string>> given_lists_;  ///< file, PEM
    std::vector<std::string> lists_, authorities_;
    Instant now_{};
};

void Examination::tell(std::string_view verdict, const std::string& code, const std::string& where,
                       const std::string& what, const std::string& hint) {
    if (verdict == "bad") context_.exit_code = kRefused;
    if (context_.json) {
        std::string out = "{";
        appendMember("verdict", verdict, out);
        appendMember("code", code, out);
        appendMember("where", where, out);
        appendMember("what", what, out);
        appendMember("hint", hint, out);
        std::cout << out << "}\n";
        return;
    }
    say(fmt::format("{:<8} {}: {}{}{}", verdict, where, code.empty() ? "" : code + ": ", what,
                    hint.empty() ? "" : "\n         what to do: " + hint));
}

void Examination::readKey(const std::string& file, const std::string& text) {
    const auto key = PrivateKey::fromPem(text);
    if (!key) return bad(file, key.error());
    const auto request = CertificateRequest::fromPem(CertificateRequest::make(*key, "x", "x"));
    if (!request) return bad(file, request.error());
    keys_.push_back({file, request->key_digest, fmt::format("a private key, {}", nameOf(key->kind())), ""});
}

void Examination::readOne(const std::string& file) {
    const std::string text = asPem(readFile(file, kCertificateFileBytesMax));
    bool is_known = false;
    if (text.find("PRIVATE KEY-----") != std::string::npos) {
        readKey(file, text);
        is_known = true;
    }
    if (text.find("CERTIFICATE REQUEST-----") != std::string::npos) {
        is_known = true;
        const auto request = CertificateRequest::fromPem(text);
        if (request) {
            keys_.push_back({file, request->key_digest,
                             fmt::format("a request of {}, {} key", request->subject, nameOf(request->key)),
                             "caseway cert issue " + file + " --system DEPARTMENT/SYSTEM"});
        } else {
            bad(file, request.error());
        }
    }
    if (text.find("X509 CRL-----") != std::string::npos) {
        is_known = true;
        lists_.push_back(text);
        given_lists_.emplace_back(file, text);
    }
    if (text.find("BEGIN CERTIFICATE-----") != std::string::npos) {
        is_known = true;
        const auto blocks = certificatesOfPem(text);
        if (!blocks) return bad(file, blocks.error());
        for (const std::string& der : *blocks) {
            auto facts = factsOfDer(der);
            if (facts)
                certificates_.push_back({file, der, std::move(*facts)});
            else
                bad(file, facts.error());
        }
    }
    if (is_known) return;
    const ForeignForm form = formInsteadOfKey(text);
    if (form.what.empty())
        tell("bad", "certificate_not_good", file, "no certificate, request, key or revocation list",
             "PEM, or a certificate, request or list in DER");
    else
        tell("bad", "certificate_not_good", file, form.what, form.hint);
}

/// Those of the installation. A department has none: its chain may end at the authority that the center handed over.
void Examination::readAuthorities() {
    const Settings settings = context_.settings();
    if (!std::filesystem::exists(settings.data)) {
        for (const Found& found : certificates_) {
            if (!found.facts.is_authority || !found.facts.is_self_signed) continue;
            authorities_.push_back(found.der);
            tell("warning", "self_signed", found.file, "taken for the trusted end of the chain: no register is here",
                 "compare its fingerprint with its owner: " + found.facts.id.text());
        }
        return;
    }
    RegisterContent content = readInstalledRegister(settings);
    revoked_keys_ = std::move(content.revoked_keys);
    for (const auto& [name, authority] : content.authorities) {
        authorities_.push_back(authority.der);
        if (!authority.list_pem.empty()) lists_.push_back(authority.list_pem);
    }
}

void Examination::checkChains() {
    for (Found& found : certificates_) {
        // A link of another one's chain is examined there.
        const bool is_link = std::any_of(certificates_.begin(), certificates_.end(), [&](const Found& other) {
            return found.facts.is_authority && other.der != found.der && other.facts.issuer == found.facts.subject;
        });
        if (is_link) continue;
        ChainInput input{found.der, {}, authorities_, lists_, now_};
        for (const Found& other : certificates_)
            if (other.der != found.der) input.between.push_back(other.der);
        chains_.emplace_back(&found, checkChain(input));
    }
}

bool isRevokedItself(const ChainReport& report, const CertificateFacts& facts) {
    return std::any_of(report.findings.begin(), report.findings.end(), [&](const ChainFinding& finding) {
        return finding.code == "certificate_revoked" && finding.link == facts.subject;
    });
}

/// The register takes no certificate over a key of which one was revoked, whatever its serial number: so it is told of
/// here.
void Examination::judgeRevokedKeys() {
    for (const auto& [found, report] : chains_)
        if (report && isRevokedItself(*report, found->facts))
            revoked_keys_.emplace(found->facts.key_digest, RevokedKey{found->facts.serial});
    for (auto& [found, report] : chains_) {
        if (!report || isRevokedItself(*report, found->facts)) continue;
        const auto revoked = revoked_keys_.find(found->facts.key_digest);
        if (revoked == revoked_keys_.end()) continue;
        report->findings.push_back({"certificate_revoked", found->facts.subject,
                                    "its key is revoked: by the certificate " + revoked->second.serial + " over it",
                                    "make a new key and have it signed: caseway cert request --key NEW.key"});
    }
}

void Examination::examineKeys() {
    for (const FoundKey& key : keys_) {
        const auto revoked = revoked_keys_.find(key.digest);
        if (revoked == revoked_keys_.end())
            tell("good", "", key.file, key.what, key.hint);
        else
            tell("bad", "certificate_revoked", key.file,
                 fmt::format("{}: the certificate {} over this key was revoked", key.what, revoked->second.serial),
                 "make a new key: caseway cert request --key NEW.key");
    }
}

void Examination::examineChains() {
    for (auto& [found, report] : chains_) {
        if (!report) {
            bad(found->file, report.error());
            continue;
        }
        // An authority signs certificates, no messages, and may have a key with which none can be signed (P-384).
        const CertificateFacts& facts = found->facts;
        std::erase_if(report->findings, [&](const ChainFinding& finding) {
            return facts.is_authority && finding.link == facts.subject &&
                   (finding.code == "usage_wrong" ||
                    (finding.code == "key_too_weak" && !facts.key.starts_with("RSA ")));
        });
        for (ChainFinding& finding : report->findings) {
            if (facts.is_authority && finding.link == facts.subject && finding.code == "certificate_expired")
                finding.hint = "ask it for its new certificate, then: caseway cert ca add NAME FILE";
            tell(finding.is_bad ? "bad" : "warning", finding.code, found->file + ": " + finding.link, finding.what,
                 finding.hint);
        }
        if (report->isGood())
            tell("good", "", found->file,
                 fmt::format("{}, {} key, good until {}, {} links{}", facts.subject, facts.key,
                             toRfc3339(facts.not_after), report->links.size(),
                             report->ends_at_authority ? " up to " + report->links.back().subject : ""),
                 "");
    }
}

/// Who signed each list that was given, of when it is and what it holds.
void Examination::examineLists() {
    std::vector<std::string> issuers = authorities_;
    for (const Found& found : certificates_) issuers.push_back(found.der);
    for (const auto& [file, pem] : given_lists_) {
        const auto list = RevocationList::unverified(pem);
        if (!list) {
            bad(file, list.error());
            continue;
        }
        const std::string what =
            fmt::format("a revocation list of {}, of {}, number {}, {} revoked, {}", list->issuer,
                        toRfc3339(list->this_update), list->number, list->revoked.size(),
                        list->next_update ? "the next by " + toRfc3339(*list->next_update) : "no next one announced");
        std::optional<Refusal> refusal;
        bool is_signed = false, is_issuer_here = false;
        for (const std::string& der : issuers) {
            const auto facts = factsOfDer(der);
            if (!facts || facts->subject != list->issuer) continue;
            const auto verified = RevocationList::fromPem(pem, der);
            is_issuer_here = true;
            is_signed = is_signed || verified.ok();
            if (!verified) refusal = verified.error();
        }
        if (is_issuer_here && !is_signed)
            bad(file, *refusal);
        else if (!list->weak_digest.empty())
            tell("bad", "signature_too_weak", file, what + ": it is signed over " + list->weak_digest,
                 "ask the authority for a list that is signed with SHA-256 or SM3");
        else if (list->this_update > now_ + Limits{}.ahead)
            tell("bad", "revocation_list_ahead", file, what + ": it is dated in the future",
                 "check this machine's clock; else ask the authority, whose clock is ahead, for a new list");
        else if (list->next_update && *list->next_update < now_)
            tell("warning", "revocation_list_old", file, what + ": it should have been renewed",
                 "fetch the new one: caseway cert ca crl NAME FILE");
        else if (!is_issuer_here)
            tell("warning", "issuer_missing", file, what + "; its authority is not here, so nobody knows who signed it",
                 "give the authority's certificate too");
        else
            tell("good", "", file, what, "");
    }
}

void Examination::compareKeys() {
    if (certificates_.empty()) return;
    for (const FoundKey& key : keys_) {
        const bool fits = std::any_of(certificates_.begin(), certificates_.end(),
                                      [&](const Found& found) { return found.facts.key_digest == key.digest; });
        if (fits)
            tell("good", "", key.file, "its key is that of a certificate here", "");
        else
            tell("bad", "key_mismatch", key.file, "its key is not that of any certificate here",
                 "find the key that the request was made with, or make a new request: caseway cert request");
    }
}

void Examination::run() {
    now_ = SystemClock().now();
    if (!arguments_.at.empty()) {
        const auto at = parseRfc3339(arguments_.at);
        if (!at)
            throw Fault(FaultCode::ConfigurationBad, "--at " + arguments_.at + " is no time",
                        "RFC 3339, such as 2026-05-04T08:30:00+08:00");
        now_ = *at;
    }
    for (const std::string& file : arguments_.files) readOne(file);
    readAuthorities();
    checkChains();
    judgeRevokedKeys();
    examineKeys();
    examineChains();
    examineLists();
    compareKeys();
}

}  // namespace

void addCertDoctorCommand(CLI::App& group, CommandContext& context) {
    CLI::App* command =
        group.add_subcommand("doctor", "what is wrong with certificates, requests and keys; what to do");
    const auto arguments = std::make_shared<DoctorArguments>();
    command->add_option("FILE", arguments->files, "certificates, their issuers, a key, a request, lists; in any order")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--at", arguments->at, "as of this time, RFC 3339 (default: now)")->type_name("TIME");
    addCommonOptions(
        *command, context,
        "  caseway cert doctor permits.pem permits.key\n  caseway cert doctor permits.pem issuer.pem root.pem");
    command->callback([arguments, &context] { Examination(*arguments, context).run(); });
}

}  // namespace caseway
