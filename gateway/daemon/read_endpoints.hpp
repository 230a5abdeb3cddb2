// gateway/daemon/read_endpoints.hpp - GET of messages, cases, changes: pages by key, only what the reader may see.
#pragma once

#include <vector>

#include "gateway/daemon/former_systems.hpp"
#include "gateway/daemon/reader_identity.hpp"
#include "gateway/daemon/router.hpp"
#include "gateway/log/message_log.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/record/case_number.hpp"

namespace caseway {

class ReadEndpoints {
public:
    ReadEndpoints(Store& store, MessageLog& log, const CaseNumbers& numbers, const Register& known,
                  const Verifier& verifier)
        : former_(store),
          reader_(store.reader()),
          log_(log),
          numbers_(numbers),
          register_(known),
          verifier_(verifier) {}
    std::vector<Endpoint> endpoints();

private:
    /// What was shown of it, for the line that tells who read what. Numbers of cases and changes, nothing of people.
    struct Shown {
        std::string first, last;
        std::size_t count = 0;
        void add(std::string number);
    };
    using Reading = Response (ReadEndpoints::*)(const ReaderIdentity& who, const RequestHead& head,
                                                const std::string& argument, Shown& shown);
    Endpoint reading(const EndpointAddress& address, std::string_view what, Reading action);
    Response message(const ReaderIdentity& who, const RequestHead& head, const std::string& id, Shown& shown);
    Response cases(const ReaderIdentity& who, const RequestHead& head, const std::string&, Shown& shown);
    void appendCase(const ReaderIdentity& who, const CaseRow& row, std::string& body, Shown& shown);
    Response oneCase(const ReaderIdentity& who, const RequestHead& head, const std::string& no, Shown& shown);
    Response changes(const ReaderIdentity& who, const RequestHead& head, const std::string&, Shown& shown);
    std::string changeJson(const ReaderIdentity& who, const ChangeRow& change);
    std::optional<MessageRow> findMessage(const ReaderIdentity& who, const MessageId& id);
    std::optional<MessageRow> newestUnder(const SystemId& sender, const MessageId& id);
    std::optional<MessageRow> findOfFormer(const ReaderIdentity& who, const std::shared_ptr<const KeyRing>& known,
                                           const MessageId& id);

    FormerSystems former_;
    StoreReader& reader_;
    MessageLog& log_;
    const CaseNumbers& numbers_;
    const Register& register_;
    const Verifier& verifier_;
};

}  // namespace caseway
