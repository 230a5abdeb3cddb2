// gateway/pipeline/message_entry.cpp - a message's leaf and rows.
#include "gateway/pipeline/message_entry.hpp"

#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/record/admission.hpp"

namespace caseway {
namespace {

LogEntry entryOf(const PreparedMessage& message, const EntryFacts& facts) {
    LogEntry entry;
    entry.type = facts.type;
    if (message.has_header) {
        entry.message_id = message.header.message_id;
        entry.sent_at = message.header.sent_at;
    }
    if (message.system != nullptr) entry.department = departmentOf(*message.system);
    entry.answer_digest = sha256(facts.answer);
    entry.sender = message.header.sender;
    entry.origin = message.origin;
    entry.received_at = message.received_at;
    entry.envelope_digest = message.envelope_digest;
    entry.payload_digest = message.payload_digest;
    if (message.origin == Origin::Signed) {
        if (!message.by_connection) entry.binding = message.binding;  // without one no signature is claimed
        entry.certificate = message.certificate;
    } else if (!message.certificate_der.empty()) {
        entry.certificate = message.certificate;  // of the signature that the payload bears
    }
    entry.mapping_version = message.mapping_version;
    entry.outcome = facts.outcome;
    if (facts.outcomes_root) {
        entry.counts = facts.counts;
        entry.outcomes_root = facts.outcomes_root;
    }
    entry.refusal_code = facts.refusal_code;
    return entry;
}

}  // namespace

MessageRow putMessageEntry(CommitContext& context, const PreparedMessage& message, const EntryFacts& facts) {
    MessageRow row;
    row.index = context.log.append(context.writer, entryOf(message, facts));
    row.sender = message.header.sender;
    if (facts.claims_id) row.message_id = message.header.message_id;
    row.binding = message.binding;
    row.origin = message.origin;
    row.outcome = facts.outcome;
    if (message.content_digest) row.content_digest = *message.content_digest;
    row.mapping = message.mapping;
    row.refusal_code = facts.refusal_code;
    row.counts = facts.counts;
    row.received_at = message.received_at;
    row.answer = facts.answer;
    context.writer.putMessage(row);
    context.writer.putEnvelope(row.index, message.envelope);
    if (!message.certificate_der.empty()) context.writer.putCertificate(message.certificate, message.certificate_der);
    if (message.mapping_version) context.writer.putMappingVersion(*message.mapping_version, *message.mapping_files);
    return row;
}

}  // namespace caseway
