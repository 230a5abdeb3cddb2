// gateway/register/judge_certificate.hpp - what a certificate, an authority and a revocation list are held against
// before they come into the register, whether a command brings them or an apply. For sources of this folder only.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/refusal.hpp"
#include "gateway/base/time.hpp"
#include "gateway/domain/file_tree.hpp"
#include "gateway/domain/register.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"

namespace caseway {

using Warn = std::function<void(std::string)>;

/// The chain of a system's certificate up to an authority of `content`, where it does not vouch for itself.
std::optional<Refusal> judgeChain(const RegisterContent& content, const std::string& der, Instant now,
                                  const Warn& warn);

/// An authority's own certificate: it may issue, is strong, in time, and no authority of `content` revoked it.
std::optional<Refusal> judgeAuthority(const RegisterContent& content, const std::string& der, Instant now,
                                      const Warn& warn);

/// That no certificate which is revoked, itself or with its issuer, is good again because `authority` goes or changes:
/// with it would go who knew. Refusal: revocation_would_go.
std::optional<Refusal> judgeForgotten(const RegisterContent& before, const RegisterContent& after,
                                      const std::string& authority);

/// Who has this certificate or this key already: another system of `content`, suspended or not, the certificate good or
/// not. Refusals: certificate_taken, key_taken. What releases a key: docs/decisions/0028.
std::optional<Refusal> judgeOwner(const RegisterContent& content, const SystemId& system,
                                  const CertificateFacts& facts);

/// That a certificate of our own authority is registered for the system that the authority wrote into it, and no other.
/// Refusal: certificate_of_another_system.
std::optional<Refusal> judgeSubject(const RegisterContent& content, const std::string& der, const SystemId& system);

/// A revocation list in PEM: its authority's, not of the future, and not older than `former_pem` (empty: there was
/// none).
std::optional<Refusal> judgeList(const RegisteredAuthority& authority, const std::string& pem,
                                 const std::string& former_pem, Instant now, const Warn& warn);

/// A key whose certificate was revoked is taken for disclosed: no other certificate makes it good again.
std::optional<Refusal> judgeKey(const RevokedKeys& revoked, const SystemId& system, const std::string& key_digest);

}  // namespace caseway
