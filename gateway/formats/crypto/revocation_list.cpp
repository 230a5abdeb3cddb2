// gateway/formats/crypto/revocation_list.cpp - reading and making of revocation lists.
#include "gateway/formats/crypto/revocation_list.hpp"

#include <openssl/pem.h>

#include <algorithm>

#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/x509_parts.hpp"

namespace caseway {
namespace {

constexpr std::size_t kListBytesMax = 4 * 1024 * 1024;

Refusal notGood(std::string what) {
    return Refusal{"revocation_list_not_good", "revocation list", std::move(what),
                   "one X.509 CRL in PEM, at most 4 MiB",
                   "ask the authority for its current list: openssl crl -in FILE -out NEW.pem"};
}

OpensslPtr<X509> parsedCertificate(std::string_view der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    return OpensslPtr<X509>(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

std::uint64_t numberOf(X509_CRL* list) {
    const OpensslPtr<ASN1_INTEGER> number(
        static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(list, NID_crl_number, nullptr, nullptr)));
    std::uint64_t value = 0;
    return number && ASN1_INTEGER_get_uint64(&value, number.get()) == 1 ? value : 0;
}

/// Why this list does not say of every certificate of its issuer whether it is revoked; empty where it does. A part
/// that was taken for the whole would make revoked certificates good again.
std::string partOnly(X509_CRL* list) {
    if (X509_CRL_get_ext_by_NID(list, NID_delta_crl, -1) >= 0) return "a delta: it holds changes of another list alone";
    if (X509_CRL_get_ext_by_NID(list, NID_issuing_distribution_point, -1) >= 0)
        return "a list of one distribution point: it may hold a part of the certificates, or other issuers' ones";
    const auto isUnknown = [](const X509_EXTENSION* extension) {
        const int kind = OBJ_obj2nid(X509_EXTENSION_get_object(const_cast<X509_EXTENSION*>(extension)));
        return X509_EXTENSION_get_critical(extension) != 0 && kind != NID_crl_number &&
               kind != NID_authority_key_identifier && kind != NID_crl_reason && kind != NID_invalidity_date;
    };
    for (int i = 0; i < X509_CRL_get_ext_count(list); ++i)
        if (isUnknown(X509_CRL_get_ext(list, i))) return "a critical extension that is not understood here";
    STACK_OF(X509_REVOKED)* const revoked = X509_CRL_get_REVOKED(list);
    for (int i = 0; i < sk_X509_REVOKED_num(revoked); ++i) {
        const X509_REVOKED* const entry = sk_X509_REVOKED_value(revoked, i);
        for (int j = 0; j < X509_REVOKED_get_ext_count(entry); ++j)
            if (isUnknown(X509_REVOKED_get_ext(entry, j)))
                return "an entry with a critical extension that is not understood here";
    }
    return {};
}

Result<OpensslPtr<X509_CRL>> parsedList(std::string_view pem) {
    if (pem.size() > kListBytesMax) return notGood("larger than 4 MiB");
    const auto blocks = pemBlocks(pem, "X509 CRL", 2);
    if (blocks.size() != 1) return notGood(blocks.empty() ? "no BEGIN X509 CRL in it" : "more than one list");
    const auto* at = reinterpret_cast<const unsigned char*>(blocks.front().data());
    OpensslPtr<X509_CRL> parsed(d2i_X509_CRL(nullptr, &at, static_cast<long>(blocks.front().size())));
    if (!parsed) return notGood("cannot be read: " + whyUnreadable(blocks.front()));
    return parsed;
}

Result<RevocationList> contentOf(X509_CRL* parsed) {
    RevocationList list;
    list.issuer = nameText(X509_CRL_get_issuer(parsed));
    const auto this_update = instantOf(X509_CRL_get0_lastUpdate(parsed));
    if (!this_update) return notGood("its time cannot be read");
    list.this_update = *this_update;
    list.next_update = instantOf(X509_CRL_get0_nextUpdate(parsed));
    list.number = numberOf(parsed);
    list.weak_digest = weakDigestOf(parsed);
    STACK_OF(X509_REVOKED)* const revoked = X509_CRL_get_REVOKED(parsed);
    for (int i = 0; i < sk_X509_REVOKED_num(revoked); ++i) {
        const X509_REVOKED* const entry = sk_X509_REVOKED_value(revoked, i);
        list.revoked.push_back({serialText(X509_REVOKED_get0_serialNumber(entry)),
                                instantOf(X509_REVOKED_get0_revocationDate(entry)).value_or(list.this_update)});
    }
    std::sort(list.revoked.begin(), list.revoked.end(),
              [](const RevokedCertificate& a, const RevokedCertificate& b) { return a.serial < b.serial; });
    return list;
}

void addExtensions(X509_CRL* list, X509* authority, std::uint64_t number) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, authority, nullptr, nullptr, list, 0);
    const OpensslPtr<X509_EXTENSION> key(X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid"));
    CASEWAY_CHECK(key && X509_CRL_add_ext(list, key.get(), -1) == 1);
    const OpensslPtr<ASN1_INTEGER> value(ASN1_INTEGER_new());
    CASEWAY_CHECK(ASN1_INTEGER_set_uint64(value.get(), number) == 1 &&
                  X509_CRL_add1_ext_i2d(list, NID_crl_number, value.get(), 0, 0) == 1);
}

void addRevoked(X509_CRL* list, const RevokedCertificate& revoked) {
    OpensslPtr<X509_REVOKED> entry(X509_REVOKED_new());
    BIGNUM* number = nullptr;
    CASEWAY_CHECK(BN_hex2bn(&number, revoked.serial.c_str()) > 0);
    const OpensslPtr<BIGNUM> owned(number);
    const OpensslPtr<ASN1_INTEGER> serial(BN_to_ASN1_INTEGER(number, nullptr));
    const OpensslPtr<ASN1_TIME> at(ASN1_TIME_new());
    setTime(at.get(), revoked.at);
    CASEWAY_CHECK(X509_REVOKED_set_serialNumber(entry.get(), serial.get()) == 1 &&
                  X509_REVOKED_set_revocationDate(entry.get(), at.get()) == 1 &&
                  X509_CRL_add0_revoked(list, entry.get()) == 1);
    static_cast<void>(entry.release());  // the list owns it now
}

}  // namespace

Result<RevocationList> RevocationList::unverified(std::string_view pem) {
    const OpensslErrorScope errors;
    const auto parsed = parsedList(pem);
    if (!parsed) return parsed.error();
    return contentOf(parsed->get());
}

Result<RevocationList> RevocationList::fromPem(std::string_view pem, std::string_view issuer_der) {
    const OpensslErrorScope errors;
    const auto parsed = parsedList(pem);
    if (!parsed) return parsed.error();
    X509_CRL* const list = parsed->get();
    const OpensslPtr<X509> issuer = parsedCertificate(issuer_der);
    if (!issuer || X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(issuer.get())) != 0 ||
        !isSignedBy(list, X509_get0_pubkey(issuer.get())))
        return Refusal{"revocation_list_not_signed", "revocation list", nameText(X509_CRL_get_issuer(list)),
                       "signed by the authority " + (issuer ? nameText(X509_get_subject_name(issuer.get())) : ""),
                       "take the list of this authority; an altered one proves nothing"};
    if (const std::string partial = partOnly(list); !partial.empty()) return notGood(partial);
    return contentOf(list);
}

const RevokedCertificate* RevocationList::find(std::string_view serial) const {
    const auto at = std::lower_bound(revoked.begin(), revoked.end(), serial,
                                     [](const RevokedCertificate& a, std::string_view b) { return a.serial < b; });
    return at != revoked.end() && at->serial == serial ? &*at : nullptr;
}

std::string makeRevocationList(const RevocationList& list, std::string_view authority_der, const PrivateKey& key) {
    const OpensslErrorScope errors;
    const OpensslPtr<X509> authority = parsedCertificate(authority_der);
    CASEWAY_CHECK(authority != nullptr);
    const OpensslPtr<X509_CRL> made(X509_CRL_new());
    X509_CRL_set_version(made.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(made.get(), X509_get_subject_name(authority.get()));
    const OpensslPtr<ASN1_TIME> time(ASN1_TIME_new());
    setTime(time.get(), list.this_update);
    X509_CRL_set1_lastUpdate(made.get(), time.get());
    if (list.next_update) {
        setTime(time.get(), *list.next_update);
        X509_CRL_set1_nextUpdate(made.get(), time.get());
    }
    addExtensions(made.get(), authority.get(), list.number);
    for (const RevokedCertificate& revoked : list.revoked) addRevoked(made.get(), revoked);
    X509_CRL_sort(made.get());
    signX509(made.get(), key);
    const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
    CASEWAY_CHECK(PEM_write_bio_X509_CRL(bio.get(), made.get()) == 1);
    return textOfBio(bio.get());
}

}  // namespace caseway
