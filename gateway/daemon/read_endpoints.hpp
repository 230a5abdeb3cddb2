// gateway/daemon/read_endpoints.hpp - GET of messages, cases, changes: pages by key, only what the reader may see.
#pragma once

#include <vector>

#include "gateway/daemon/reader_identity.hpp"
#include "gateway/daemon/router.hpp"
#include "gateway/log/message_log.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/record/case_number.hpp"

namespace caseway {

class ReadEndpoints {
public:
    ReadEndpoints(StoreReader& reader, MessageLog& log, const CaseNumbers& numbers, const Register& known,
                  const Verifier& verifier)
        : reader_(reader), log_(log), numbers_(numbers), register_(known), verifier_(verifier) {}
    std::vector<Endpoint> endpoints();

private:
    using Reading = Response (ReadEndpoints::*)(const ReaderIdentity& who, const RequestHead& head,
                                                const std::string& argument);
    Endpoint reading(const EndpointAddress& address, Reading action);
    Response message(const ReaderIdentity& who, const RequestHead& head, const std::string& id);
    Response cases(const ReaderIdentity& who, const RequestHead& head, const std::string&);
    void appendCase(const ReaderIdentity& who, const CaseRow& row, std::string& body);
    Response oneCase(const ReaderIdentity& who, const RequestHead& head, const std::string& no);
    Response changes(const ReaderIdentity& who, const RequestHead& head, const std::string&);
    std::string changeJson(const ReaderIdentity& who, const ChangeRow& change);
    std::optional<MessageRow> findMessage(const ReaderIdentity& who, const MessageId& id);

    StoreReader& reader_;
    MessageLog& log_;
    const CaseNumbers& numbers_;
    const Register& register_;
    const Verifier& verifier_;
};

}  // namespace caseway
