// gateway/pipeline/prepared_message.hpp - a message after verify and normalize, before the writer: everything that the
// transaction needs, owned, so that no tree or request must stay alive.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/base/refusal.hpp"
#include "gateway/domain/case_patch.hpp"
#include "gateway/domain/message.hpp"
#include "gateway/domain/register.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// A patch with its canonical JSON (what history keeps), or why there is none.
struct PreparedRecord {
    std::unique_ptr<CasePatch> patch;  ///< nullptr: refused
    std::string json;
    Refusal refusal;
};

struct PreparedMessage {
    MessageHeader header;
    Binding binding = Binding::Xml;
    Origin origin = Origin::Signed;
    Instant received_at{};
    Sha256 envelope_digest;
    Sha256 payload_digest;
    Sha256 content_digest;  ///< header and payload: what makes two messages the same
    KeyId certificate;
    std::string certificate_der;
    RegisteredSystem sender;
    std::string mapping;
    std::optional<Sha256> mapping_version;
    std::string mapping_files;  ///< archived once per version
    EnvelopeRow envelope;
    std::vector<PreparedRecord> records;
    std::optional<Refusal> refusal;  ///< of the whole message; records are empty then
    int refusal_status = 422;
};

}  // namespace caseway
