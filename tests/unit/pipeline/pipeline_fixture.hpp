// tests/unit/pipeline/pipeline_fixture.hpp - the stages wired over a store in memory: requests in, answers out, the log
// checked after.
#pragma once

#include <array>
#include <future>
#include <string>

#include "gateway/audit/records_verifier.hpp"
#include "gateway/formats/crypto/ed25519.hpp"
#include "gateway/formats/envelope/json_envelope.hpp"
#include "gateway/formats/envelope/recheck.hpp"
#include "gateway/log/bundle.hpp"
#include "gateway/log/store_source.hpp"
#include "gateway/log/verifier.hpp"
#include "gateway/normalize/mapping_loader.hpp"
#include "gateway/pipeline/exchange.hpp"
#include "gateway/pipeline/large_messages.hpp"
#include "tests/support/faulty_store.hpp"
#include "tests/support/memory_bodies.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/register_fixture.hpp"

namespace caseway::test {

constexpr std::string_view kPermitMapping = R"(mapping: housing.permit
source: {format: json, records: "$[*]"}
fields:
  case_no: no
  source_case_no: id
  data_version: version
  status: status
  apply_time: applied
  dept_code: dept
)";

inline ShelvedMapping compiled(std::string_view yaml) {
    auto spec = loadMappingSpec(yaml, "mapping.yaml");
    CASEWAY_CHECK(spec.ok());
    auto mapping = Mapping::compile(std::move(spec).value());
    CASEWAY_CHECK(mapping.ok());
    return {std::move(mapping).value(), std::make_shared<const std::string>(yaml)};
}

/// An Ed25519 key of this run.
class TestSigner final : public Signer {
public:
    std::array<std::uint8_t, 32> publicKey() const override {
        std::array<std::uint8_t, 32> raw{};
        const std::string text = public_.rawEd25519();
        std::copy(text.begin(), text.end(), raw.begin());
        return raw;
    }
    std::array<std::uint8_t, 64> sign(ByteView message) override {
        const std::string signature = key_.sign(SignatureAlgorithm::Ed25519, message);
        std::array<std::uint8_t, 64> raw{};
        std::copy(signature.begin(), signature.end(), raw.begin());
        return raw;
    }

private:
    PrivateKey key_ = PrivateKey::generate(KeyKind::Ed25519);
    PublicKey public_ = PublicKey::fromPem(key_.publicPem()).value();
};

class Rechecker final : public EnvelopeChecker {
public:
    Result<CheckedEnvelope> check(Binding binding, const StoredEnvelope& envelope, std::string_view der) override {
        auto content =
            envelope.head_only ? recheckHead(envelope.head, der) : recheck(binding, envelope.head, der, envelope.body);
        return checked(content);
    }
    bool isSigned(Binding binding, const StoredEnvelope& envelope, std::string_view der) override {
        return isSignedWith(binding, envelope.head, der);
    }
    Result<CheckedEnvelope> checkPulled(const StoredEnvelope& envelope, std::string_view der) override {
        return checked(recheckPulled(envelope.head, envelope.body, der));
    }

private:
    static Result<CheckedEnvelope> checked(const Result<SignedContent>& content) {
        if (!content) return content.error();
        const MessageHeader& said = content->header;
        return CheckedEnvelope{said.message_id,         said.sender,  content->payload_digest,
                               content->content_digest, said.sent_at, said.mapping};
    }
};

struct Pipeline {
    caseway::testing::MemoryStore memory;
    fixture::FaultyStore store{memory};
    TestSigner signer;
    FixedClock clock;
    FixedRegister known;
    MappingShelf mappings;
    Limits limits;
    std::unique_ptr<MessageLog> log = MessageLog::open(memory.reader(), signer, "center/gateway/log");
    Recorder recorder{RecorderConfig{}};
    Verifier verifier{known, clock, "center/gateway", limits};
    Committer committer{store, *log, clock, {.gather_time = std::chrono::hours(1)}};  // nobody comes but by take()
    std::vector<std::string> strangers;  ///< code and leaf of each that is to be kept, of the writer's thread
    Unauthenticated unauthenticated{
        committer, clock, 2, [this](const UnauthenticatedNews& news) {
            strangers.push_back(news.refusal.code + " " +
                                (news.log_index ? std::to_string(*news.log_index) : "without a leaf"));
        }};
    std::array<std::promise<std::uint64_t>, 2> ended;  ///< new records of the first large messages that have an outcome
    std::size_t told = 0;
    std::unique_ptr<LargeMessages> large;
    Exchange exchange{{verifier, mappings, committer, recorder, unauthenticated, clock, limits,
                       [](const MessageNews&) {},
                       [this](LogIndex index, const SystemId& sender) { large->enqueue(index, sender); }}};
    caseway::testing::MemoryBodies bodies;
    std::uint8_t next_id = 1;

    explicit Pipeline(std::size_t spool_above = 1024 * 1024) : limits(limitsWith(spool_above)) {
        known.ring->add(housing(), {"housing.permit"});
        known.ring->add(police(), {"housing.permit"});
        known.ring->systems[housing().id].department_code = "11350200004135017C";
        known.ring->systems[police().id].department_code = "11520103009423114G";
        mappings.replace({{"housing.permit", compiled(kPermitMapping)}});
        large = std::make_unique<LargeMessages>(LargeMessages::Parts{
            store, committer, recorder, mappings, known,
            [this](const std::string& name) { return std::make_unique<MemorySource>(bodies.at(name)); }, limits,
            [](std::string_view) {},
            [this](const MessageNews& news) {
                if (told < ended.size()) ended[told++].set_value(news.counts.fresh);
            },
            1});
    }
    /// In the order of the gateway: the writer still tells of large messages while it ends.
    ~Pipeline() {
        large->stop();
        committer.stop();
    }
    static Limits limitsWith(std::size_t spool_above) {
        Limits limits;
        limits.spool_above_bytes = spool_above;
        return limits;
    }

    MessageHeader header(const Party& party = housing()) {
        MessageHeader header = sampleHeader();
        header.message_id = MessageId::fromBytes({next_id++});
        header.sender = party.id;
        return header;
    }
    Answer take(const MessageHeader& header, std::string_view body, const Party& party = housing()) {
        return takeSigned(*signJson(header, body, party.key, party.keyId()));
    }
    Answer takeSigned(std::string envelope) {
        std::promise<Answer> answered;
        const HttpRequest request{"POST", "/v1/messages", {{"Content-Type", "application/jose"}}};
        exchange.take(request, std::move(envelope), [&](Answer answer) { answered.set_value(std::move(answer)); });
        return answered.get_future().get();
    }
    /// Recomputes the whole log; the first finding, or "good".
    std::string verdict() {
        StoreSource source = stored();
        VerifyReport report = verified(source);
        verifyRecords(*source.store(), report.findings);
        return firstOf(report);
    }
    /// The same of a log that was exported, with nothing but the key.
    std::string bundleVerdict() {
        StoreSource source = stored();
        std::string bundle;
        if (const auto written = exportBundle(source, [&](std::string_view bytes) { bundle += bytes; }); !written)
            return written.error().code;
        MemorySource bytes(bundle);
        BundleSource exported(bytes);
        return firstOf(verified(exported));
    }

private:
    StoreSource stored() {
        return {memory.snapshot(),
                [this](const std::string& name) { return std::make_unique<MemorySource>(bodies.at(name)); }};
    }
    VerifyReport verified(LogSource& source) {
        Rechecker checker;
        VerifierOptions options;
        options.checker = &checker;
        options.keys.push_back(NoteKey::parse(log->verifierKey()).value());
        return verifyLog(source, options);
    }
    static std::string firstOf(const VerifyReport& report) {
        if (report.good()) return "good";
        const Finding& first = report.findings.kept().front();
        return first.what + " at " + first.where + " expected " + first.expected + " found " + first.found;
    }
};

}  // namespace caseway::test
