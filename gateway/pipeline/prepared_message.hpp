// gateway/pipeline/prepared_message.hpp - a message after verify and normalize, before the writer: everything that the
// transaction needs, owned, so that no tree or request must stay alive.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/refusal.hpp"
#include "gateway/domain/case_patch.hpp"
#include "gateway/domain/known_record.hpp"
#include "gateway/domain/message.hpp"
#include "gateway/domain/reconciliation.hpp"
#include "gateway/pipeline/doubled_numbers.hpp"
#include "gateway/pipeline/encoding_note.hpp"
#include "gateway/ports/key_ring.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/record/patch_json.hpp"
#include "gateway/record/record_claims.hpp"

namespace caseway {

/// A patch, or what the recorder needs in its place, or why there is none.
struct PreparedRecord {
    std::unique_ptr<CasePatch> patch;  ///< of a message that is applied at once
    /// Of the patch, made before the writer has it: it has enough to do. Of a refusal, of what could be read of its
    /// numbers; empty where nothing could.
    PatchText text;
    Refusal refusal;
    std::optional<RecordMark> mark{};        ///< of a patch: by what it can be known next time
    std::unique_ptr<RecordClaims> claims{};  ///< of a large message: all that is kept of the patch beside its text
};

/// Whether the history gets a row of it.
inline bool hasRow(const PreparedRecord& record) {
    return !record.text.json.empty();
}

struct PreparedMessage {
    MessageHeader header;
    std::optional<MessageId> claimed_id{};  ///< where has_header is false: for the answer, never for a decision
    bool has_header = true;  ///< false: signed, but its header could not be read; only the sender in it is known
    Binding binding = Binding::Xml;
    bool by_connection = false;  ///< no signature says whose it is, the client certificate of the connection does
    Origin origin = Origin::Signed;
    Instant received_at{};
    Sha256 envelope_digest;
    std::optional<Sha256> payload_digest;
    std::optional<Sha256> content_digest;  ///< header and payload: what makes two messages the same
    std::optional<Sha256> signed_digest;   ///< where that is not known: of what was signed, however it is written
    KeyId certificate;
    std::string certificate_der;
    std::shared_ptr<const KeyRing> key_ring;  ///< keeps `system`
    const RegisteredSystem* system = nullptr;
    std::string mapping;
    std::optional<Sha256> mapping_version;
    std::shared_ptr<const std::string> mapping_files;  ///< archived once per version
    EnvelopeRow envelope;
    Repair repair = Repair::Both;  ///< of a reconciliation: what of its records is taken
    std::optional<PulledSet> set{};  ///< in which doubled numbers are looked for
    std::vector<PreparedRecord> records;
    std::uint64_t found = 0;         ///< records, as the mapping counted them
    std::optional<EncodingNote> encoding_note{};
    std::optional<Refusal> refusal;  ///< of the whole message; records are empty then
    int refusal_status = 422;
    /// Whether a refused message keeps its id for itself: only what went through verification whole does.
    bool claims_id = true;
};

}  // namespace caseway
