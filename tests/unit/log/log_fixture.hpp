// tests/unit/log/log_fixture.hpp - a log in memory with invented messages: what the suites of this folder start from.
#pragma once

#include <string>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/crypto/ed25519.hpp"
#include "gateway/log/message_log.hpp"
#include "gateway/log/outcome_lines.hpp"
#include "gateway/log/verifier.hpp"
#include "tests/support/memory_store.hpp"

namespace caseway::testing {

class SeedSigner final : public Signer {
public:
    explicit SeedSigner(std::uint8_t seed = 7) : key_(Ed25519PrivateKey::fromSeed({seed})) {}
    std::array<std::uint8_t, 32> publicKey() const override { return key_.publicKey(); }
    std::array<std::uint8_t, 64> sign(ByteView message) override {
        if (fails) throw Fault(FaultCode::CryptoUnavailable, "the signing device is gone");
        return key_.sign(message);
    }
    bool fails = false;

private:
    Ed25519PrivateKey key_;
};

inline constexpr const char* kOrigin = "center/gateway/log";

inline MessageId idOf(std::uint64_t n) {
    std::array<std::uint8_t, 16> bytes{};
    for (int i = 0; i < 8; ++i) bytes[15 - i] = static_cast<std::uint8_t>(n >> 8 * i);
    return MessageId::fromBytes(bytes);
}

/// An envelope's "signature" in these tests: its text says id, sender and payload.
inline std::string envelopeOf(std::uint64_t n) {
    return idOf(n).text() + " housing/permits payload " + std::to_string(n);
}

inline Instant sentAt() {
    return *parseRfc3339("2026-05-04T08:29:58Z");
}
inline constexpr std::string_view kMappingFiles = "mapping";
inline constexpr std::string_view kAnswer = R"("outcome":"partial")";

class TextChecker final : public EnvelopeChecker {
public:
    Result<CheckedEnvelope> check(Binding, const StoredEnvelope& envelope, std::string_view) override {
        const auto id = MessageId::parse(std::string_view(envelope.head).substr(0, 36));
        if (!id || !envelope.head.starts_with(id->text() + " housing/permits payload "))
            return Refusal{"bad_signature", "Signature", "", "", ""};
        ++checked;
        return CheckedEnvelope{*id,
                               *SystemId::parse("housing/permits"),
                               sha256(envelope.head.substr(53)),
                               sha256(envelope.head),
                               sentAt(),
                               "housing.permit"};
    }
    std::uint64_t checked = 0;
};

struct LogFixture {
    MemoryStore store;
    SeedSigner signer;
    std::unique_ptr<MessageLog> log = MessageLog::open(store.reader(), signer, kOrigin);
    std::string certificate = "certificate of housing/permits";
    bool is_old = false;      ///< leaves as they were before schema 3
    bool is_refused = false;  ///< every record of the message is

    LogEntry entryOf(std::uint64_t n, const OutcomeLines& lines) const {
        LogEntry entry;
        entry.message_id = idOf(n);
        entry.sender = SystemId::parse("housing/permits");
        entry.binding = Binding::Json;
        entry.received_at = Instant(std::chrono::microseconds(1'780'000'000'000'000 + n));
        entry.envelope_digest = sha256(envelopeOf(n));
        entry.payload_digest = sha256(envelopeOf(n).substr(53));
        entry.certificate = KeyId(sha256(certificate));
        entry.mapping_version = sha256(kMappingFiles);
        entry.sent_at = sentAt();
        entry.department = "11350200004135017C";
        entry.answer_digest = sha256(kAnswer);
        if (is_old) entry.sent_at.reset(), entry.answer_digest.reset();
        entry.outcome = MessageOutcome::Partial;
        entry.counts = RecordCounts{1, 0, 0, 0, 1};
        if (is_refused) entry.outcome = MessageOutcome::Refused, entry.counts = RecordCounts{0, 0, 0, 0, 2};
        entry.outcomes_root = lines.root();
        return entry;
    }
    static OutcomeLines linesOf(std::uint64_t n) {
        OutcomeLines lines;
        RecordTrace trace;
        trace.case_id = static_cast<std::int64_t>(n);
        trace.change = n;
        trace.patch = sha256("record 1 of " + envelopeOf(n));
        lines.add(1, RecordOutcome::New, "44010020260001-" + std::to_string(n), trace);
        const Refusal refusal{"required_missing",           "source_case_no",          "",
                              "every record must state it", "let the mapping fill it", 2};
        lines.add(2, RecordOutcome::Refused, "", {}, &refusal);
        return lines;
    }
    /// What a row says besides the columns that its test is about.
    static void fillRow(std::uint64_t n, MessageRow& row) {
        row.mapping = "housing.permit";
        row.content_digest = sha256(envelopeOf(n));
        row.answer = kAnswer;
    }
    LogIndex add(StoreWriter& writer, std::uint64_t n) {
        OutcomeLines lines = linesOf(n);
        const LogEntry entry = entryOf(n, lines);
        const LogIndex index = log->append(writer, entry);
        MessageRow row;
        row.index = index;
        row.sender = entry.sender;
        row.message_id = entry.message_id;
        row.binding = Binding::Json;
        row.outcome = *entry.outcome;
        row.counts = *entry.counts;
        row.received_at = entry.received_at;
        fillRow(n, row);
        writer.putMessage(row);
        writer.putMappingVersion(*entry.mapping_version, kMappingFiles);
        writer.putMeta(kLogOriginMeta, kOrigin);
        writer.putEnvelope(index, {envelopeOf(n), ""});
        writer.putOutcomeLines(index, lines.take());
        writer.putCertificate(*entry.certificate, certificate);
        return index;
    }
    /// One commit of `count` messages; returns the tree size.
    std::uint64_t commit(std::uint64_t count) {
        const auto writer = store.beginWrite();
        log->begin();
        for (std::uint64_t i = 0; i < count; ++i) add(*writer, log->size());
        const std::uint64_t size = log->seal(*writer);
        writer->commit();
        return size;
    }
    NoteKey key() const { return NoteKey(kOrigin, signer.publicKey()); }
};

}  // namespace caseway::testing
