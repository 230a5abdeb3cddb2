// tests/fuzz/certificate_files_fuzz.cpp - requests, certificates, chains and revocation lists out of any bytes, PEM or
// DER.
#include "gateway/formats/crypto/certificate_request.hpp"
#include "gateway/formats/crypto/chain_check.hpp"
#include "gateway/formats/crypto/issue_certificate.hpp"
#include "gateway/formats/crypto/pem_text.hpp"
#include "gateway/formats/crypto/revocation_list.hpp"

using namespace caseway;

namespace {

struct Authority {
    Instant now = *parseRfc3339("2026-05-04T08:30:00Z");
    PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    std::string der = makeAuthority(key, "fuzz", {now, now + std::chrono::hours(24)});
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Authority kAuthority;
    const std::string_view bytes = textOf({data, size});
    static_cast<void>(CertificateRequest::fromDer(bytes));
    const auto request = CertificateRequest::fromPem(bytes);
    if (request) {
        const Validity validity{kAuthority.now, kAuthority.now + std::chrono::hours(1)};
        const std::string issued = issueCertificate(*request, "a", "b", validity, kAuthority.der, kAuthority.key);
        CASEWAY_CHECK(factsOfDer(issued).ok());
    }
    static_cast<void>(RevocationList::fromPem(bytes, kAuthority.der));
    static_cast<void>(RevocationList::unverified(asPem(std::string(bytes))));
    static_cast<void>(checkChain({std::string(bytes), {}, {kAuthority.der}, {std::string(bytes)}, kAuthority.now}));
    const auto blocks = certificatesOfPem(bytes);
    if (blocks)
        static_cast<void>(
            checkChain({blocks->front(), *blocks, {kAuthority.der}, {std::string(bytes)}, kAuthority.now}));
    return 0;
}
