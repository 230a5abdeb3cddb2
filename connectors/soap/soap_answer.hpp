// connectors/soap/soap_answer.hpp - what an envelope holds: a fault, or the department's document as it wrote it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connectors/soap/soap_version.hpp"
#include "gateway/base/result.hpp"

namespace caseway {

struct SoapFault {
    std::string code;    ///< local part: `Client`, `Receiver`, …
    std::string reason;  ///< as the other side says it: not masked
    /// The other side blames what was sent, not itself.
    bool blamesSender() const;
};

/// Which element is the payload, and whether it is the document or a text that is one.
struct SoapPayloadRule {
    std::string name;        ///< empty: the first element of the body
    std::string name_space;  ///< of `name`
    bool is_text = false;
};

struct SoapAnswer {
    std::optional<SoapFault> fault{};
    std::string document{};  ///< UTF-8; empty where there is a fault
    bool is_signed = false;  ///< a WS-Security signature stands in its head: over the envelope, never over the document
};

/// `utf8`: the envelope, decoded. Refusals: malformed_xml and what else the reader says; not_soap, payload_missing,
/// payload_not_single, payload_has_elements (where a text was expected).
Result<SoapAnswer> readSoapAnswer(std::string_view utf8, SoapVersion version, const SoapPayloadRule& rule);

}  // namespace caseway
