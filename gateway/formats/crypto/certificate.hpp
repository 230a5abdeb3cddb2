// gateway/formats/crypto/certificate.hpp - a registered X.509 certificate, decoded: key id, validity, public key. The
// register vouches for it, so no chain is built. Source: RFC 5280.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "gateway/base/ids.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/formats/crypto/private_key.hpp"
#include "gateway/formats/crypto/public_key.hpp"

namespace caseway {

/// Immutable once made; callable concurrently.
class Certificate {
public:
    /// Exactly one DER certificate and nothing behind it. Refusal: certificate_not_good (unreadable, or a weak key).
    static Result<std::shared_ptr<const Certificate>> fromDer(std::string_view der);
    /// Exactly one "BEGIN CERTIFICATE" block; text around it is ignored. Refusal: certificate_not_good.
    static Result<std::shared_ptr<const Certificate>> fromPem(std::string_view pem);
    /// A self-signed certificate over `key`: samples and tests. Throws Fault{CryptoUnavailable}.
    /// `alternative_names`: for a server, as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1".
    static std::string selfSigned(const PrivateKey& key, std::string_view common_name, Instant not_before,
                                  Instant not_after, const std::string& alternative_names = {});

    const KeyId& id() const { return id_; }
    const std::string& der() const { return der_; }
    std::string pem() const;
    Instant notBefore() const { return not_before_; }
    Instant notAfter() const { return not_after_; }
    const std::string& subject() const { return subject_; }
    const PublicKey& key() const { return key_; }

private:
    Certificate(std::string_view der, PublicKey key);
    KeyId id_;
    std::string der_;
    Instant not_before_{};
    Instant not_after_{};
    std::string subject_;
    PublicKey key_;
};
using CertificatePtr = std::shared_ptr<const Certificate>;

/// Whether keys with which anybody can sign are told from others. What is checked again years later is not: it was
/// taken under the rules of its day.
enum class ForgeableKeys { Taken, Refused };

/// Decoded certificates by key id, the last used ones kept. Callable concurrently.
class CertificateCache {
public:
    explicit CertificateCache(std::size_t capacity = 1024, ForgeableKeys forgeable = ForgeableKeys::Taken)
        : capacity_(capacity), forgeable_(forgeable) {}
    /// The certificate with this id, decoded from `der` where it is not here yet, and its key examined only then.
    /// `id` must be the SHA-256 of `der`. Refusals: certificate_not_good, key_forgeable.
    Result<CertificatePtr> get(const KeyId& id, std::string_view der);
    std::size_t size() const;

private:
    struct HashOfId {
        std::size_t operator()(const KeyId& id) const;
    };
    using Order = std::list<CertificatePtr>;
    std::size_t capacity_;
    ForgeableKeys forgeable_;
    mutable std::mutex mutex_;
    Order order_;  ///< last used first
    std::unordered_map<KeyId, Order::iterator, HashOfId> places_;
};

}  // namespace caseway
