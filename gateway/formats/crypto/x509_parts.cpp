// gateway/formats/crypto/x509_parts.cpp - shared steps on OpenSSL's X.509 objects.
#include "gateway/formats/crypto/x509_parts.hpp"

#include <fmt/format.h>

#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

[[noreturn]] void failed(const char* what) {
    throw Fault(FaultCode::CryptoUnavailable, std::string(what) + ": " + takeOpensslErrors());
}

/// A signing context of the key: digest by its kind, SM2 with the standard user id.
OpensslPtr<EVP_MD_CTX> signingContext(const PrivateKey& key) {
    OpensslPtr<EVP_MD_CTX> hashing(EVP_MD_CTX_new());
    EVP_PKEY_CTX* context = nullptr;  // owned by hashing
    if (EVP_DigestSignInit(hashing.get(), &context, digestOf(usualAlgorithm(key.kind())), nullptr, handleOf(key)) != 1)
        failed("a signature could not be begun");
    if (key.kind() == KeyKind::Sm2 && EVP_PKEY_CTX_set1_id(context, kSm2StandardId.data(), kSm2StandardId.size()) != 1)
        failed("SM2 user id");
    return hashing;
}

ASN1_OCTET_STRING* idString(std::string_view id) {
    ASN1_OCTET_STRING* const text = ASN1_OCTET_STRING_new();
    CASEWAY_CHECK(text != nullptr && ASN1_OCTET_STRING_set(text, reinterpret_cast<const unsigned char*>(id.data()),
                                                           static_cast<int>(id.size())) == 1);
    return text;
}

/// X509_CRL_verify knows no user id: SM2 over the signed part, by hand.
bool verifiesSm2(X509_CRL* list, EVP_PKEY* issuer) {
    const ASN1_BIT_STRING* signature = nullptr;
    X509_CRL_get0_signature(list, &signature, nullptr);
    unsigned char* bytes = nullptr;
    const int size = i2d_re_X509_CRL_tbs(list, &bytes);
    if (size <= 0) return false;
    const OpensslPtr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, issuer, nullptr));
    const OpensslPtr<EVP_MD_CTX> hashing(EVP_MD_CTX_new());
    bool good = context && EVP_PKEY_CTX_set1_id(context.get(), kSm2StandardId.data(), kSm2StandardId.size()) == 1;
    EVP_MD_CTX_set_pkey_ctx(hashing.get(), context.get());
    good = good &&
           EVP_DigestVerifyInit(hashing.get(), nullptr, digestOf(SignatureAlgorithm::Sm2Sm3), nullptr, issuer) == 1 &&
           EVP_DigestVerify(hashing.get(), signature->data, static_cast<std::size_t>(signature->length), bytes,
                            static_cast<std::size_t>(size)) == 1;
    OPENSSL_free(bytes);
    return good;
}

}  // namespace

std::optional<Instant> instantOf(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    using namespace std::chrono;
    const year_month_day day(year(parts.tm_year + 1900), month(static_cast<unsigned>(parts.tm_mon + 1)),
                             std::chrono::day(static_cast<unsigned>(parts.tm_mday)));
    return sys_days(day) + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

void setTime(ASN1_TIME* time, Instant instant) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
    CASEWAY_CHECK(ASN1_TIME_set(time, static_cast<time_t>(seconds)) != nullptr);
}

std::string textOfBio(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string nameText(const X509_NAME* name) {
    const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
    if (name == nullptr || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
        return {};
    return textOfBio(bio.get());
}

std::string serialText(const ASN1_INTEGER* serial) {
    const OpensslPtr<BIGNUM> number(ASN1_INTEGER_to_BN(serial, nullptr));
    char* const hex = number ? BN_bn2hex(number.get()) : nullptr;
    if (hex == nullptr) return {};
    std::string text(hex);
    OPENSSL_free(hex);
    for (char& c : text)
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    const std::size_t first = text.find_first_not_of('0');
    return first == std::string::npos ? "0" : text.substr(first);
}

void appendNamePart(X509_NAME* name, const char* part, std::string_view value) {
    CASEWAY_CHECK(X509_NAME_add_entry_by_txt(name, part, MBSTRING_UTF8,
                                             reinterpret_cast<const unsigned char*>(value.data()),
                                             static_cast<int>(value.size()), -1, 0) == 1);
}

void setRandomSerial(ASN1_INTEGER* serial) {
    std::array<unsigned char, 16> random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) failed("no random number");
    random[0] = static_cast<unsigned char>((random[0] & 0x3F) | 0x40);  // positive, of one length
    const OpensslPtr<BIGNUM> number(BN_bin2bn(random.data(), static_cast<int>(random.size()), nullptr));
    CASEWAY_CHECK(number && BN_to_ASN1_INTEGER(number.get(), serial) != nullptr);
}

void useStandardId(X509* certificate) {
    if (X509_get_signature_nid(certificate) == NID_SM2_with_SM3)
        X509_set0_distinguishing_id(certificate, idString(kSm2StandardId));
}
void useStandardId(X509_REQ* request) {
    if (X509_REQ_get_signature_nid(request) == NID_SM2_with_SM3)
        X509_REQ_set0_distinguishing_id(request, idString(kSm2StandardId));
}

bool isSignedBy(X509* certificate, EVP_PKEY* issuer) {
    const OpensslErrorScope errors;
    useStandardId(certificate);
    return issuer != nullptr && X509_verify(certificate, issuer) == 1;
}
bool isSignedByWithoutId(X509* certificate, EVP_PKEY* issuer) {
    const OpensslErrorScope errors;
    X509_set0_distinguishing_id(certificate, nullptr);
    const bool good = issuer != nullptr && X509_verify(certificate, issuer) == 1;
    useStandardId(certificate);
    return good;
}
bool isSignedBy(X509_CRL* list, EVP_PKEY* issuer) {
    const OpensslErrorScope errors;
    if (issuer == nullptr) return false;
    return EVP_PKEY_is_a(issuer, "SM2") == 1 ? verifiesSm2(list, issuer) : X509_CRL_verify(list, issuer) == 1;
}

std::string weakDigestOf(const X509_ALGOR* algorithm) {
    constexpr int kWeak[] = {NID_md2, NID_md4, NID_md5, NID_md5_sha1, NID_mdc2, NID_sha, NID_sha1, NID_ripemd160};
    const OpensslErrorScope errors;
    int digest = NID_undef;
    const ASN1_OBJECT* named = nullptr;
    X509_ALGOR_get0(&named, nullptr, nullptr, algorithm);
    if (const int kind = OBJ_obj2nid(named); kind != NID_rsassaPss) {
        OBJ_find_sigid_algs(kind, &digest, nullptr);
    } else {
        const OpensslPtr<RSA_PSS_PARAMS> given(static_cast<RSA_PSS_PARAMS*>(
            ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), algorithm->parameter)));
        if (given) digest = given->hashAlgorithm ? OBJ_obj2nid(given->hashAlgorithm->algorithm) : NID_sha1;
    }
    const bool is_weak = std::find(std::begin(kWeak), std::end(kWeak), digest) != std::end(kWeak);
    return is_weak ? OBJ_nid2sn(digest) : "";
}
std::string weakDigestOf(const X509* certificate) {
    const X509_ALGOR* algorithm = nullptr;
    X509_get0_signature(nullptr, &algorithm, certificate);
    return weakDigestOf(algorithm);
}
std::string weakDigestOf(const X509_REQ* request) {
    const X509_ALGOR* algorithm = nullptr;
    X509_REQ_get0_signature(request, nullptr, &algorithm);
    return weakDigestOf(algorithm);
}
std::string weakDigestOf(const X509_CRL* list) {
    const X509_ALGOR* algorithm = nullptr;
    X509_CRL_get0_signature(list, nullptr, &algorithm);
    return weakDigestOf(algorithm);
}

void signX509(X509* certificate, const PrivateKey& key) {
    if (X509_sign_ctx(certificate, signingContext(key).get()) <= 0) failed("a certificate could not be signed");
}
void signX509(X509_REQ* request, const PrivateKey& key) {
    if (X509_REQ_sign_ctx(request, signingContext(key).get()) <= 0) failed("a request could not be signed");
}
void signX509(X509_CRL* list, const PrivateKey& key) {
    if (X509_CRL_sign_ctx(list, signingContext(key).get()) <= 0) failed("a revocation list could not be signed");
}

std::string whyUnreadable(std::string_view der) {
    constexpr unsigned kSequence = 0x30, kLong = 0x80;
    const auto byte = [der](std::size_t at) { return at < der.size() ? static_cast<unsigned char>(der[at]) : 0U; };
    if (der.empty()) return "it is empty";
    if (byte(0) != kSequence) return "it does not begin as DER does: it is something else, or was altered";
    std::size_t begin = 2, size = byte(1);
    if (size > kLong && size <= kLong + 4) {
        const std::size_t count = size - kLong;
        for (size = 0; begin < 2 + count; ++begin) size = size << 8 | byte(begin);
    }
    if (begin + size > der.size())
        return fmt::format("it is {} bytes long and says {}: it was cut off, or altered after it was made", der.size(),
                           begin + size);
    return "it was altered after it was made, or damaged on its way";
}

std::vector<std::string> pemBlocks(std::string_view pem, std::string_view label, std::size_t most) {
    const OpensslErrorScope errors;
    std::vector<std::string> blocks;
    const OpensslPtr<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    while (blocks.size() < most && PEM_read_bio(bio.get(), &name, &header, &data, &size) == 1) {
        if (label == name) blocks.emplace_back(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_clear_free(data, static_cast<std::size_t>(size));
    }
    return blocks;
}

}  // namespace caseway
