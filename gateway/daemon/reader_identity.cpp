// gateway/daemon/reader_identity.cpp - identity and rights of a reader.
#include "gateway/daemon/reader_identity.hpp"

#include <algorithm>

#include "gateway/daemon/department_codes.hpp"
#include "gateway/daemon/message_endpoint.hpp"
#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/crypto/digest.hpp"

namespace caseway {
namespace {

ReaderIdentity identityOf(const RegisteredSystem& system, const KeyRing& ring) {
    ReaderIdentity reader;
    reader.system = system.id;
    reader.auditor = system.auditor;
    reader.departments.push_back(departmentOf(system));
    reader.on_behalf_of = system.on_behalf_of;
    for (const std::string& department : system.may_read) {
        if (department == "*") reader.sees_all = true;
        for (std::string& code : departmentCodes(ring, department)) reader.departments.push_back(std::move(code));
    }
    return reader;
}

RejectedMessage rejected(std::string code, std::string rule, std::string hint) {
    RejectedMessage rejection;
    rejection.refusal = {std::move(code), "client certificate", {}, std::move(rule), std::move(hint), {}};
    rejection.http_status = 401;
    return rejection;
}

}  // namespace

bool ReaderIdentity::hasDepartment(const std::string& code) const {
    return std::find(departments.begin(), departments.end(), code) != departments.end();
}

bool ReaderIdentity::mayRead(const CaseRow& row) const {
    return sees_all || hasDepartment(row.department) ||
           (row.by_window && row.owner.department() == system.department() &&
            std::find(on_behalf_of.begin(), on_behalf_of.end(), row.department) != on_behalf_of.end());
}

bool ReaderIdentity::mayReadMessagesOf(const RegisteredSystem& sender) const {
    return sees_all || sender.id == system || hasDepartment(departmentOf(sender));
}

void ReaderIdentity::restrict(CaseFilter& filter) const {
    if (sees_all) return;
    filter.departments = departments;
    if (!on_behalf_of.empty()) filter.windows_of = system.department();
}

Result<ReaderIdentity, RejectedMessage> identifyReader(const RequestHead& head, const Register& known,
                                                       const Verifier& verifier, const Clock& clock) {
    if (head.count("Signature") != 0) {
        auto reader = verifier.verifyRead(signedPartsOf(head));
        if (!reader) return std::move(reader).error();
        return identityOf(*reader->system, *reader->key_ring);
    }
    if (!head.peer_certificate)
        return rejected("not_authenticated", "reading needs a registered client certificate or a signed request",
                        "connect with --cert and --key of your system, or sign the request: docs/formats/messages.md");
    const auto ring = known.current();
    const RegisteredCertificate* registered = ring->certificate(KeyId(sha256(*head.peer_certificate)));
    const RegisteredSystem* system = registered == nullptr ? nullptr : ring->system(registered->owner);
    if (system == nullptr)
        return rejected("unknown_key", "the client certificate is not registered", "register it for your system");
    if (registered->revoked_at)
        return rejected("certificate_revoked", "the client certificate was revoked by its authority",
                        "make a new key, have it signed and registered");
    if (system->suspended) {
        RejectedMessage rejection{Verifier::suspended(system->id), 403};
        return rejection;
    }
    const auto certificate = Certificate::fromDer(registered->der);
    if (!certificate)
        return rejected("certificate_not_good", "the client certificate cannot be used", "register another one");
    if (clock.now() > (*certificate)->notAfter())
        return rejected("certificate_expired", "the client certificate has expired", "register its successor");
    if (clock.now() < (*certificate)->notBefore())
        return rejected("certificate_not_yet_valid", "the client certificate is not valid yet",
                        "check the clock, or use the former one");
    return identityOf(*system, *ring);
}

}  // namespace caseway
