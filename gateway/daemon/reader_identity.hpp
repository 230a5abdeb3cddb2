// gateway/daemon/reader_identity.hpp - who asks to read, by client certificate or signed request, and what that system
// may see.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/adapters/http/http_message.hpp"
#include "gateway/base/result.hpp"
#include "gateway/verify/verifier.hpp"

namespace caseway {

struct ReaderIdentity {
    SystemId system;
    std::string department_code;
    bool sees_all = false;
    bool auditor = false;
    std::vector<std::string> departments;  ///< `housing`, …: its own and those it was granted

    bool mayRead(const SystemId& owner) const;
};

/// Refusals: not_authenticated (neither certificate nor signature), unknown_key, certificate_expired …, and those of
/// Verifier::verifyRead; the status stands beside.
Result<ReaderIdentity, RejectedMessage> identifyReader(const RequestHead& head, const Register& known,
                                                       const Verifier& verifier, const Clock& clock);

}  // namespace caseway
