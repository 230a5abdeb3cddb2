// gateway/formats/crypto/x509_parts.hpp - the steps that certificates, requests and revocation lists share: times,
// names, serial numbers, extensions, signing with the key's algorithm. For sources of this folder only.
// Source: RFC 5280; SM2 with the standard user id: GB/T 35276.
#pragma once

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"
#include "gateway/formats/crypto/private_key.hpp"

namespace caseway {

constexpr std::string_view kSm2StandardId = "1234567812345678";

std::optional<Instant> instantOf(const ASN1_TIME* time);
void setTime(ASN1_TIME* time, Instant instant);
/// RFC 2253, UTF-8 kept readable.
std::string nameText(const X509_NAME* name);
/// Lower-case hex without leading zeros, "0" at least.
std::string serialText(const ASN1_INTEGER* serial);
void appendNamePart(X509_NAME* name, const char* part, std::string_view value);
/// A positive random serial of 127 bits.
void setRandomSerial(ASN1_INTEGER* serial);

/// The bytes that a BIO gathered.
std::string textOfBio(BIO* bio);

/// Sets the user id under which an SM2 signature is checked; of others OpenSSL would refuse one.
void useStandardId(X509* certificate);
void useStandardId(X509_REQ* request);

/// Whether the key of `issuer` made the signature of `certificate` or list, SM2 with the standard user id.
bool isSignedBy(X509* certificate, EVP_PKEY* issuer);
bool isSignedBy(X509_CRL* list, EVP_PKEY* issuer);
/// The same with the empty user id, which OpenSSL uses where nobody names one. Only for saying what went wrong.
bool isSignedByWithoutId(X509* certificate, EVP_PKEY* issuer);

/// The digest under a signature that nobody should believe any more (MD5, SHA-1 and older): its name; empty: another
/// one. Collisions of these can be made, so that one signature stands for two contents.
std::string weakDigestOf(const X509_ALGOR* algorithm);
std::string weakDigestOf(const X509* certificate);
std::string weakDigestOf(const X509_REQ* request);
std::string weakDigestOf(const X509_CRL* list);

/// Signs with the usual algorithm of the key. Throws Fault{CryptoUnavailable}.
void signX509(X509* certificate, const PrivateKey& key);
void signX509(X509_REQ* request, const PrivateKey& key);
void signX509(X509_CRL* list, const PrivateKey& key);

/// Why DER that cannot be read as what it should be cannot, in words that go on "cannot be read: ". OpenSSL's own text
/// names its functions, and nothing that anybody could do.
std::string whyUnreadable(std::string_view der);

/// Every PEM block with this label, decoded, in its order; at most `most`.
std::vector<std::string> pemBlocks(std::string_view pem, std::string_view label, std::size_t most);

}  // namespace caseway
