// gateway/formats/crypto/chain_check.cpp - the walk from a certificate to its authority.
#include "gateway/formats/crypto/chain_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gateway/formats/crypto/forgeable_key.hpp"
#include "gateway/formats/crypto/revocation_list.hpp"
#include "gateway/formats/crypto/x509_parts.hpp"

namespace caseway {
namespace {

constexpr std::size_t kLinksMax = 10;
constexpr std::chrono::days kSoon{30};

/// One certificate of the input, decoded both ways.
struct Link {
    OpensslPtr<X509> handle;
    CertificateFacts facts;
    std::string der;
    bool is_trusted = false;
};

class Walk {
public:
    explicit Walk(const ChainInput& input) : input_(input) {}
    std::optional<Refusal> read();
    ChainReport go();

private:
    std::optional<Refusal> add(const std::string& der, bool is_trusted);
    void find(const char* code, const Link& link, std::string what, std::string hint, bool is_bad = true);
    void judgeTime(const Link& link);
    void judgeKey(const Link& link);
    void judgeUsage(const Link& leaf);
    void judgePurposes(const Link& leaf);
    void judgeIssuer(const Link& issuer, std::size_t between);
    void judgeRevocation(const Link& link, const Link& issuer);
    const Link* issuerOf(const Link& link);
    /// The same without a finding where there is none.
    const Link* knownIssuerOf(const Link& link, const Link** of_this_name = nullptr) const;
    void judgeAbove(const Link& anchor, std::size_t between);
    void tellNoIssuer(const Link& link, const Link* of_this_name);
    void askLibrary();

    const ChainInput& input_;
    std::vector<Link> all_;  ///< the judged one first
    ChainReport report_;
};

std::optional<Refusal> Walk::add(const std::string& der, bool is_trusted) {
    auto facts = factsOfDer(der);
    if (!facts) return facts.error();
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    Link link{OpensslPtr<X509>(d2i_X509(nullptr, &at, static_cast<long>(der.size()))), std::move(*facts), der,
              is_trusted};
    useStandardId(link.handle.get());
    for (Link& known : all_)
        if (known.der == der) {
            known.is_trusted = known.is_trusted || is_trusted;
            return std::nullopt;
        }
    all_.push_back(std::move(link));
    return std::nullopt;
}

std::optional<Refusal> Walk::read() {
    if (auto refusal = add(input_.certificate, false)) return refusal;
    for (const std::string& der : input_.between)
        if (auto refusal = add(der, false)) return refusal;
    for (const std::string& der : input_.authorities)
        if (auto refusal = add(der, true)) return refusal;
    return std::nullopt;
}

void Walk::find(const char* code, const Link& link, std::string what, std::string hint, bool is_bad) {
    report_.findings.push_back({code, link.facts.subject, std::move(what), std::move(hint), is_bad});
}

void Walk::judgeTime(const Link& link) {
    const bool is_leaf = &link == &all_.front();
    if (input_.now < link.facts.not_before)
        find("certificate_not_yet_valid", link, "valid only from " + toRfc3339(link.facts.not_before),
             "check this machine's clock; else use the former certificate until then");
    else if (input_.now > link.facts.not_after)
        find("certificate_expired", link, "expired at " + toRfc3339(link.facts.not_after),
             is_leaf ? "make a new request and have it signed: caseway cert request, then caseway cert issue"
                     : "ask the authority for its new certificate, then: caseway cert ca add NAME FILE");
    else if (link.facts.not_after - input_.now < kSoon)
        find("expires_soon", link,
             fmt::format("expires in {} days, at {}",
                         std::chrono::duration_cast<std::chrono::days>(link.facts.not_after - input_.now).count(),
                         toRfc3339(link.facts.not_after)),
             "put its successor beside it now; both are good meanwhile", false);
}

void Walk::judgeKey(const Link& link) {
    const bool is_leaf = &link == &all_.front();
    const bool is_short = link.facts.key.starts_with("RSA ") && !link.facts.weakness.empty();
    // An authority may use what no message is signed with (P-384), but no short key.
    if (!link.facts.weakness.empty() && (is_leaf || is_short))
        find("key_too_weak", link, link.facts.weakness, "make a new key: caseway cert request --kind P-256 …");
    if (const std::string why = whyForgeable(X509_get0_pubkey(link.handle.get())); !why.empty())
        find("key_forgeable", link, why,
             is_leaf ? "make a new key and treat what was signed with this one as signed by nobody"
                     : "trust nothing that it issued; ask the authority for a certificate over another key");
    const std::string weak = link.facts.is_self_signed ? std::string() : weakDigestOf(link.handle.get());
    if (!weak.empty())
        find("signature_too_weak", link, "signed over " + weak,
             "ask the authority for one that is signed with SHA-256 or SM3");
}

void Walk::judgeUsage(const Link& leaf) {
    const std::uint32_t usage = X509_get_key_usage(leaf.handle.get());
    if (usage != UINT32_MAX && (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
        find("usage_wrong", leaf, "its key usage allows no signatures",
             "ask for a signing certificate (of an SM2 pair: the signing one, not the encryption one)");
    judgePurposes(leaf);
}

/// Where a certificate names purposes, it is for no other (RFC 5280 §4.2.1.12): of those that are there, an
/// authenticating, a mail's and a document's signature come near to a message's. Many that were issued for a server of
/// TLS name that one alone without meaning it; where the extension is critical, they mean it.
void Walk::judgePurposes(const Link& leaf) {
    constexpr std::uint32_t kSigning = XKU_SSL_CLIENT | XKU_SMIME | XKU_ANYEKU;
    constexpr const char* kDocuments[] = {"1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.311.10.3.12"};
    const std::uint32_t known = X509_get_extended_key_usage(leaf.handle.get());
    if (known == UINT32_MAX || (known & kSigning) != 0) return;
    int is_critical = 0;
    const OpensslPtr<EXTENDED_KEY_USAGE> named(static_cast<EXTENDED_KEY_USAGE*>(
        X509_get_ext_d2i(leaf.handle.get(), NID_ext_key_usage, &is_critical, nullptr)));
    std::string purposes;
    for (int i = 0; named && i < sk_ASN1_OBJECT_num(named.get()); ++i) {
        std::array<char, 128> text{};
        const ASN1_OBJECT* const purpose = sk_ASN1_OBJECT_value(named.get(), i);
        OBJ_obj2txt(text.data(), text.size(), purpose, 1);
        for (const char* const one : kDocuments)
            if (std::string_view(text.data()) == one) return;
        OBJ_obj2txt(text.data(), text.size(), purpose, 0);
        purposes += (purposes.empty() ? "" : ", ") + std::string(text.data());
    }
    find("usage_wrong", leaf,
         fmt::format("its extended key usage {}names other purposes alone: {}", is_critical == 1 ? "(critical) " : "",
                     purposes),
         "ask for one without extended key usage, or with clientAuth, emailProtection or documentSigning",
         is_critical == 1);
}

/// `between`: authorities between it and whose certificate is judged, those that certified themselves apart (RFC 5280
/// §4.2.1.9); the judged one counts where it is an authority itself, since it is to issue.
void Walk::judgeIssuer(const Link& issuer, std::size_t between) {
    const std::uint32_t usage = X509_get_key_usage(issuer.handle.get());
    if (!issuer.facts.is_authority)
        find("issuer_no_authority", issuer, "it signed another certificate, but is no authority (CA:FALSE)",
             "the certificate below was not issued by an authority: ask for one that was");
    else if (usage != UINT32_MAX && (usage & KU_KEY_CERT_SIGN) == 0)
        find("usage_wrong", issuer, "its key usage allows no signing of certificates", "ask the authority");
    const long depth = X509_get_pathlen(issuer.handle.get());
    if (depth >= 0 && between > static_cast<std::size_t>(depth))
        find("usage_wrong", issuer,
             fmt::format("at most {} authorities may stand below it (path length), and {} do", depth, between),
             "ask for a certificate of an authority that may issue it");
}

void Walk::judgeRevocation(const Link& link, const Link& issuer) {
    for (const std::string& pem : input_.lists) {
        const auto list = RevocationList::fromPem(pem, issuer.der);
        if (!list) continue;  // another authority's
        if (list->next_update && *list->next_update < input_.now)
            find("revocation_list_old", issuer,
                 "its revocation list should have been renewed at " + toRfc3339(*list->next_update),
                 "fetch the new one: caseway cert ca crl NAME FILE", false);
        if (!list->weak_digest.empty())
            find("signature_too_weak", issuer, "its revocation list is signed over " + list->weak_digest,
                 "ask the authority for a list that is signed with SHA-256 or SM3", false);
        if (const RevokedCertificate* const revoked = list->find(link.facts.serial))
            find("certificate_revoked", link, "revoked by its authority at " + toRfc3339(revoked->at),
                 "take it out of the register; make a new key, have it signed and register that");
    }
}

const Link* Walk::knownIssuerOf(const Link& link, const Link** of_this_name) const {
    for (const bool trusted : {true, false})
        for (const Link& candidate : all_) {
            if (candidate.is_trusted != trusted || &candidate == &link ||
                X509_NAME_cmp(X509_get_subject_name(candidate.handle.get()), X509_get_issuer_name(link.handle.get())) !=
                    0)
                continue;
            if (of_this_name != nullptr && *of_this_name == nullptr) *of_this_name = &candidate;
            if (isSignedBy(link.handle.get(), X509_get0_pubkey(candidate.handle.get()))) return &candidate;
        }
    return nullptr;
}

const Link* Walk::issuerOf(const Link& link) {
    const Link* of_this_name = nullptr;
    const Link* const issuer = knownIssuerOf(link, &of_this_name);
    if (issuer == nullptr) tellNoIssuer(link, of_this_name);
    return issuer;
}

/// Whether it counts among the authorities below another.
bool isCounted(const Link& link) {
    return link.facts.is_authority && link.facts.subject != link.facts.issuer;
}

/// A chain may end at `anchor`, but where one above it is known too, that one may have revoked it, or never allowed it
/// to issue.
void Walk::judgeAbove(const Link& anchor, std::size_t between) {
    const Link* link = &anchor;
    for (std::size_t links = 0; links < kLinksMax && !link->facts.is_self_signed; ++links) {
        const Link* const issuer = knownIssuerOf(*link);
        if (issuer == nullptr) return;
        if (isCounted(*link)) ++between;
        judgeIssuer(*issuer, between);
        judgeRevocation(*link, *issuer);
        link = issuer;
    }
}

void Walk::tellNoIssuer(const Link& link, const Link* of_this_name) {
    if (of_this_name == nullptr) {
        find("issuer_missing", link, "its issuer is not here: " + link.facts.issuer,
             "give the authority's certificate too (the center hands its own over: caseway cert ca print own > "
             "ca.pem); to "
             "trust another: caseway cert ca add NAME FILE");
    } else if (of_this_name->facts.key == "SM2" &&
               isSignedByWithoutId(link.handle.get(), X509_get0_pubkey(of_this_name->handle.get()))) {
        find("sm2_user_id_missing", link, "signed with the empty SM2 user id",
             "have it signed with the user id 1234567812345678: openssl … -sigopt distid:1234567812345678");
    } else {
        find("issuer_differs", link, "its signature is not that of " + of_this_name->facts.subject,
             "altered, or another authority of the same name issued it: ask that one for its certificate");
    }
}

/// Whatever the walk did not think of.
void Walk::askLibrary() {
    const OpensslErrorScope errors;
    const OpensslPtr<X509_STORE> store(X509_STORE_new());
    const OpensslPtr<STACK_OF(X509)> between(sk_X509_new_null());
    for (const Link& link : all_) {
        if (link.is_trusted)
            X509_STORE_add_cert(store.get(), link.handle.get());
        else
            sk_X509_push(between.get(), link.handle.get());
    }
    const OpensslPtr<X509_STORE_CTX> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), all_.front().handle.get(), between.get());
    X509_STORE_CTX_set_time(context.get(), 0,
                            std::chrono::floor<std::chrono::seconds>(input_.now).time_since_epoch().count());
    X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_PARTIAL_CHAIN);
    if (X509_verify_cert(context.get()) == 1) return;
    const int code = X509_STORE_CTX_get_error(context.get());
    find("chain_refused", all_.front(), std::string("OpenSSL: ") + X509_verify_cert_error_string(code),
         "ask the authority that issued it");
}

ChainReport Walk::go() {
    const Link* link = &all_.front();
    std::size_t between = 0;
    judgeUsage(*link);
    while (true) {
        report_.links.push_back(link->facts);
        judgeTime(*link);
        judgeKey(*link);
        if (link->is_trusted) {
            report_.ends_at_authority = true;
            judgeAbove(*link, between);
            break;
        }
        if (link->facts.is_self_signed) {
            if (link == &all_.front())
                find("self_signed", *link, "signed by itself: only the register vouches for it",
                     "nothing, where its owner handed it over in person; else have it signed by an authority", false);
            else
                find("issuer_not_trusted", *link, "no authority that is registered here",
                     "check its fingerprint with its owner, then: caseway cert ca add NAME FILE");
            break;
        }
        const Link* const issuer = report_.links.size() < kLinksMax ? issuerOf(*link) : nullptr;
        if (issuer == nullptr) break;
        // The last certificate is not counted, whatever it may do. Source: RFC 5280 §4.2.1.9.
        if (link != &all_.front() && isCounted(*link)) ++between;
        judgeIssuer(*issuer, between);
        judgeRevocation(*link, *issuer);
        link = issuer;
    }
    if (report_.isGood() && report_.ends_at_authority) askLibrary();
    if (report_.isGood() && !report_.ends_at_authority && report_.links.size() >= kLinksMax)
        find("chain_refused", all_.front(), "more than 10 links", "give the links between it and its authority only");
    return std::move(report_);
}

}  // namespace

bool ChainReport::isGood() const {
    return std::none_of(findings.begin(), findings.end(), [](const ChainFinding& finding) { return finding.is_bad; });
}

Result<ChainReport> checkChain(const ChainInput& input) {
    const OpensslErrorScope errors;
    Walk walk(input);
    if (auto refusal = walk.read()) return std::move(*refusal);
    return walk.go();
}

}  // namespace caseway
