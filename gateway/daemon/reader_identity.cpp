// gateway/daemon/reader_identity.cpp - identity and rights of a reader.
#include "gateway/daemon/reader_identity.hpp"

#include <algorithm>

#include "gateway/daemon/department_codes.hpp"
#include "gateway/daemon/message_endpoint.hpp"

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

bool ReaderIdentity::mayReadMessagesOf(const std::string& department) const {
    return sees_all || (!department.empty() && hasDepartment(department));
}

void ReaderIdentity::restrict(CaseFilter& filter) const {
    if (sees_all) return;
    filter.departments = departments;
    if (!on_behalf_of.empty()) filter.windows_of = system.department();
}

Result<ReaderIdentity, RejectedMessage> identifyReader(const RequestHead& head, const Verifier& verifier) {
    if (head.count("Signature") != 0) {
        auto reader = verifier.verifyRead(signedPartsOf(head));
        if (!reader) return std::move(reader).error();
        return identityOf(*reader->system, *reader->key_ring);
    }
    if (!head.peer_certificate)
        return RejectedMessage{
            {"not_authenticated",
             "client certificate",
             {},
             "reading needs a registered client certificate or a signed request",
             "connect with --cert and --key of your system, or sign the request: docs/formats/messages.md",
             {}},
            401};
    auto client = verifier.verifyClient(*head.peer_certificate);
    if (!client) return std::move(client).error();
    return identityOf(*client->system, *client->key_ring);
}

}  // namespace caseway
