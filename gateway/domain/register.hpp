// gateway/domain/register.hpp - who is known: departments' systems, their certificates and what each may do.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/ids.hpp"
#include "gateway/base/time.hpp"
#include "gateway/domain/registered_connector.hpp"

namespace caseway {

/// What became of the authority above a certificate, as far as registered authorities and their lists tell.
struct IssuerStanding {
    std::string
        authority;    ///< its name here; of several that signed (a renewed one under the same key) the last to end
    Instant until{};  ///< its end
    std::optional<Instant> revoked_at{};  ///< by an authority above it: its key is not good, whatever its certificate
};

/// One certificate of one system. `der` is the evidence; the public key inside fixes the algorithm.
struct RegisteredCertificate {
    KeyId id;
    SystemId owner;
    std::string der;
    std::optional<Instant> revoked_at{};     ///< by the authority that issued it
    std::string file{};                      ///< below the data folder
    std::optional<IssuerStanding> issuer{};  ///< nothing where no registered authority issued it
};

/// A system and its grants. A grant is deny by default: what is not named is not allowed.
struct RegisteredSystem {
    SystemId id;
    std::string department_code;  ///< 统一社会信用代码 of the department, compared with dept_code
    std::string department_name;
    std::vector<std::string> mappings;      ///< names of the mappings that it may name
    std::vector<std::string> on_behalf_of;  ///< department codes that it may write for (综合窗口)
    std::vector<std::string> may_read;  ///< departments (`housing`) whose cases it may read besides its own; "*" all
    bool auditor = false;               ///< may read entry bundles of the log
    bool suspended = false;             ///< known, but refused for the time being
    bool department_suspended = false;  ///< all systems of its department are
};

struct RegisteredDepartment {
    std::string name;   ///< `housing`
    std::string code;   ///< 统一社会信用代码
    std::string title;  ///< 住房和城乡建设局
    bool suspended = false;
};

/// A certificate authority that is trusted here: our own, or an outside one.
struct RegisteredAuthority {
    std::string name;  ///< of its folder; "own" is ours
    std::string der;
    std::string list_pem;                 ///< its revocation list; empty where none was handed in
    std::optional<Instant> revoked_at{};  ///< by a registered authority above it
};

/// A key of which a certificate was revoked: taken for disclosed, it is good in no other.
struct RevokedKey {
    std::string serial;  ///< of the certificate; of several the first to be revoked
    Instant at{};
};
using RevokedKeys = std::map<std::string, RevokedKey>;  ///< by publicKeyDigest()

struct RegisteredEntry {
    RegisteredSystem system;
    std::vector<RegisteredCertificate> certificates;
    std::map<std::string, RegisteredConnector> connectors{};  ///< by short name
};

/// Everything that the register's files say.
struct RegisterContent {
    std::map<std::string, RegisteredDepartment> departments;
    std::map<SystemId, RegisteredEntry> systems;
    std::map<std::string, RegisteredAuthority> authorities;
    RevokedKeys revoked_keys{};  ///< of registered certificates, and of all that our own authority issued
};

/// The code under which nothing of a system is taken for the time being; empty where it is active. Its own suspension
/// first: it outlasts its department's.
inline std::string_view suspensionOf(const RegisteredSystem& system) {
    if (system.suspended) return "system_suspended";
    return system.department_suspended ? "department_suspended" : "";
}

/// What stands for a department in its cases, for reading and writing alike: its code, or its short name where the
/// register has no code.
inline std::string departmentOf(const RegisteredSystem& system) {
    return system.department_code.empty() ? std::string(system.id.department()) : system.department_code;
}

}  // namespace caseway
