// gateway/daemon/reader_identity.hpp - who asks to read, by client certificate or signed request, and what that system
// may see.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/adapters/http/http_message.hpp"
#include "gateway/base/result.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/verify/verifier.hpp"

namespace caseway {

struct ReaderIdentity {
    SystemId system;
    bool sees_all = false;
    bool auditor = false;
    std::vector<std::string> departments;  ///< codes: its own and those it was granted, the same that decide on writing
    std::vector<std::string> on_behalf_of;  ///< codes: it may write for these, now

    /// The case's owning department, and a system of the department whose window opened it on behalf of the owning one,
    /// while that system may itself act for the owning one.
    bool mayRead(const CaseRow& row) const;
    /// What it sent itself, and the messages of systems of the departments that it may read.
    bool mayReadMessagesOf(const RegisteredSystem& sender) const;
    /// The same of a sender that is registered no more: `department` is the code that its leaf bears; empty: nobody's.
    bool mayReadMessagesOf(const std::string& department) const;
    /// The filter may still let rows through that mayRead() does not.
    void restrict(CaseFilter& filter) const;

private:
    bool hasDepartment(const std::string& code) const;
};

/// Refusals: not_authenticated (neither certificate nor signature), unknown_key, certificate_expired …, and those of
/// Verifier::verifyClient and verifyRead; the status stands beside.
Result<ReaderIdentity, RejectedMessage> identifyReader(const RequestHead& head, const Verifier& verifier);

}  // namespace caseway
