// gateway/formats/settings/secret_reference.hpp - how a connector's file names a secret that stands elsewhere:
// {secret: "store:NAME"}, "file:NAME" or "env:NAME". Who looks it up: gateway/daemon/secret_lookup.hpp. The name says
// nothing of a department: it is always the connector's own, or one that is for all.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caseway {

struct SecretReference {
    enum class Place { Store, File, Environment };
    Place place = Place::Store;
    std::string name;

    /// "store:sftp_password"; nothing where it is not of that form.
    static std::optional<SecretReference> parse(std::string_view text);
    std::string text() const;
};

/// A secret as its owner names it, `housing/permits_sftp`: of a department, or `all/NAME`, which the connectors of
/// every department may name. Without a department, `permits_sftp`: kept before secrets had one, and open to nobody.
struct SecretId {
    std::string department;
    std::string name;

    /// Nothing where it is neither.
    static std::optional<SecretId> parse(std::string_view text);
    std::string text() const { return department.empty() ? name : department + "/" + name; }
    friend bool operator==(const SecretId&, const SecretId&) = default;
};

/// A-Z, a-z, 0-9, `_`, `-` and `.`, not first; at most 100 characters: never a way out of a folder.
bool isSecretName(std::string_view name);

}  // namespace caseway
