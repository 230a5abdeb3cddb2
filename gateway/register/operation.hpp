// gateway/register/operation.hpp - one thing that an administrator asks of the register, as the commands and the admin
// socket say it: {"operation":"system.add","system":"housing/permits",…}. The table of operations stands here, for
// code, OpenAPI and tests alike.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"

namespace caseway {

struct OperationKind {
    std::string_view name;
    std::string_view event;     ///< of the audit leaf
    std::string_view required;  ///< members, space-separated: name[] a list, name{} files, name? true or false
    std::string_view optional;
};

inline constexpr std::array<OperationKind, 34> kOperationKinds{{
    {"department.add", "department_added", "department code name", ""},
    {"department.remove", "department_removed", "department", ""},
    {"department.suspend", "department_suspended", "department", ""},
    {"department.resume", "department_resumed", "department", ""},
    {"system.add", "system_added", "system", "mappings[] on_behalf_of[] may_read[] auditor? certificate"},
    {"system.remove", "system_removed", "system", ""},
    {"system.suspend", "system_suspended", "system", ""},
    {"system.activate", "system_activated", "system", ""},
    {"system.grant", "grant_added", "system", "mappings[] on_behalf_of[] may_read[] auditor?"},
    {"system.revoke_grant", "grant_revoked", "system", "mappings[] on_behalf_of[] may_read[] auditor?"},
    {"certificate.add", "certificate_added", "system certificate", ""},
    {"certificate.remove", "certificate_removed", "system key_id", ""},
    {"certificate.issue", "certificate_issued", "system request", "days"},
    {"certificate.revoke", "certificate_revoked", "serial", ""},
    {"authority.init", "authority_added", "", "name kind days"},
    {"authority.add", "authority_added", "authority certificate", ""},
    {"authority.remove", "authority_removed", "authority", ""},
    {"authority.list", "revocation_list_replaced", "authority list", ""},
    {"authority.renew_list", "revocation_list_replaced", "", ""},
    {"mapping.add", "mapping_added", "folder mapping", "replace? plan"},
    {"mapping.remove", "mapping_removed", "mapping", ""},
    {"connector.add", "connector_added", "connector document", ""},
    {"connector.set", "connector_changed", "connector document", "plan"},
    {"connector.test", "connector_tested", "connector", "records accept_refusals? run unmask? reason"},
    {"connector.activate", "connector_activated", "connector", ""},
    {"connector.suspend", "connector_suspended", "connector", ""},
    {"connector.resume", "connector_resumed", "connector", ""},
    {"connector.rollback", "connector_rolled_back", "connector", "version"},
    {"connector.remove", "connector_removed", "connector", ""},
    {"secret.set", "secret_set", "secret value", ""},
    {"secret.bind", "secret_bound", "secret", ""},
    {"secret.remove", "secret_removed", "secret", ""},
    {"message.unmask", "message_unmasked", "message reason", ""},
    {"apply", "register_applied", "files{}", "plan"},
}};

struct Operation {
    const OperationKind* kind = nullptr;
    std::map<std::string, std::string> texts;
    std::map<std::string, std::vector<std::string>> lists;
    std::map<std::string, std::string> files;  ///< apply: path to bytes

    /// The text of a member; empty where it was not given.
    std::string text(const std::string& member) const;
    std::vector<std::string> list(const std::string& member) const;

    /// From its JSON, at most 32 MiB. Refusals: operation_unknown, member_missing, member_unknown, malformed_json.
    static Result<Operation> read(std::string_view json);
    /// Its JSON, as read() takes it.
    std::string json() const;
};

/// The kind with this name; nullptr where none.
const OperationKind* operationNamed(std::string_view name);

}  // namespace caseway
