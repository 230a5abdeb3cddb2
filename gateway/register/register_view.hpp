// gateway/register/register_view.hpp - the register as JSON for people's programs: commands, the admin socket, later
// the console. Forms: docs/formats/admin-openapi.json. And which certificates will end soon.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/domain/register.hpp"

namespace caseway {

/// Those that were registered, and those of which only their systems speak.
std::map<std::string, RegisteredDepartment> departmentsIn(const RegisterContent& content);
std::string departmentsJson(const RegisterContent& content);
std::string systemJson(const RegisterContent& content, const RegisteredEntry& entry, Instant now);
std::string systemsJson(const RegisterContent& content, Instant now);
/// Of one system, or of all where `system` is empty.
std::string certificatesJson(const RegisterContent& content, std::string_view system, Instant now);
std::string authoritiesJson(const RegisterContent& content, Instant now);

/// Something that ends: the last good certificate of a system, an authority, a revocation list. A certificate that has
/// a good successor beside it is no reason to warn.
struct Expiry {
    std::string whose;   ///< "housing/permits", "authority own"
    std::string key_id;  ///< of the certificate that ends last
    Instant at{};
    int warn_days = 30;  ///< no warning before: our own list lives 30 days, others' are renewed on their last one
    std::size_t certificates = 0;         ///< of an authority: how many of active systems rest on it
    std::optional<Instant> revoked_at{};  ///< of an authority
    bool isOfAuthority() const { return whose.starts_with("authority "); }
};
/// Each active system with certificates, each authority and its list, in their order.
std::vector<Expiry> expiriesOf(const RegisterContent& content);

/// The same of an expiry, within its `warn_days`.
std::optional<int> warningDays(const Expiry& expiry, Instant now);
/// 30, 7 or 1: the tightest of the three within which `at` lies; 0: over; nothing: far away.
std::optional<int> warningDays(Instant at, Instant now);

}  // namespace caseway
