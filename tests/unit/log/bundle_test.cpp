// tests/unit/log/bundle_test.cpp - an exported log: every line of it matters.
#include "tests/unit/log/verifier_fixture.hpp"

using namespace caseway;
using namespace caseway::testing;

BOOST_AUTO_TEST_SUITE(Bundle)

BOOST_AUTO_TEST_CASE(every_line_matters) {
    LogFixture f;
    f.commit(4);
    f.commit(3);
    const std::string bundle = exported(f);
    const std::size_t last_head = bundle.rfind("{\"kind\":\"checkpoint\"");
    std::size_t lines = 0;
    for (std::size_t at = 0; at < bundle.size(); ++lines) {
        const std::size_t end = bundle.find('\n', at) + 1;
        const std::string without = bundle.substr(0, at) + bundle.substr(end);
        // Without an inner head nothing is unproved: the next one covers its leaves.
        const bool inner_head = bundle.compare(at, 20, "{\"kind\":\"checkpoint\"") == 0 && at != last_head;
        BOOST_TEST(verifyBundle(f, without).good() == inner_head, bundle.substr(at, 60));
        BOOST_TEST(has(verifyBundle(f, bundle.substr(0, at)), "source_malformed"), "cut off at line " << lines);
        at = end;
    }
    BOOST_TEST(lines > 40U);
}

BOOST_AUTO_TEST_CASE(a_changed_byte_never_passes_for_the_log) {
    LogFixture f;
    f.commit(2);
    const std::string bundle = exported(f);
    for (std::size_t i = 0; i < bundle.size(); ++i) {
        std::string changed = bundle;
        changed[i] ^= 1;
        BOOST_TEST(!verifyBundle(f, changed).good(),
                   "byte " << i << " of " << bundle.substr(bundle.rfind('\n', i) + 1, 80));
    }
}

BOOST_AUTO_TEST_CASE(heads_that_prove_more_than_the_leaves_tell_a_cut) {
    LogFixture f;
    for (int i = 0; i < 4; ++i) f.commit(1);
    const std::string bundle = exported(f);
    BOOST_TEST(verifyBundle(f, bundle).good());
    // The last leaf and what is stored of it, without its head; then only the leaf's own line.
    const std::size_t leaf = bundle.rfind("{\"kind\":\"leaf\""), head = bundle.rfind("{\"kind\":\"checkpoint\"");
    BOOST_TEST(has(verifyBundle(f, bundle.substr(0, leaf) + bundle.substr(head)), "log_truncated", "checkpoint 4"));
    BOOST_TEST(
        has(verifyBundle(f, bundle.substr(0, leaf) + bundle.substr(bundle.find('\n', leaf) + 1)), "source_malformed"));
    // A head ahead of its leaves in the middle.
    const std::size_t first = bundle.find("{\"kind\":\"checkpoint\"");
    BOOST_TEST(has(verifyBundle(f, bundle.substr(0, first) + bundle.substr(head) + bundle.substr(first)),
                   "log_truncated", "checkpoint 4"));
}

BOOST_AUTO_TEST_CASE(refuses_lines_that_belong_to_nothing) {
    LogFixture f;
    f.commit(2);
    const std::string bundle = exported(f);
    const std::string chunk = "{\"kind\":\"chunk\",\"data\":\"AAAA\"}\n", end = "{\"kind\":\"end\"}\n";
    for (const std::string& stray :
         {chunk, end, "{\"kind\":\"envelope\"}\n" + chunk + end, "{\"kind\":\"outcomes\"}\n" + chunk + end,
          std::string("{\"kind\":\"body\"}\n"), std::string("{\"kind\":\"caseway-log\",\"version\":1}\n"),
          std::string("{\"kind\":\"certificate\",\"der\":\"AAAA\"}\n"), std::string("{\"kind\":\"other\"}\n")})
        BOOST_TEST(has(verifyBundle(f, bundle + stray), "source_malformed"), stray);
}

BOOST_AUTO_TEST_CASE(refuses_what_the_verifier_would_not_see) {
    LogFixture f;
    f.commit(2);
    const std::string bundle = exported(f);
    std::size_t lines = 0;
    for (std::size_t at = 0; at < bundle.size(); ++lines) {
        const std::size_t end = bundle.find('\n', at);
        const std::string line = bundle.substr(at, end - at);
        const std::string body = line.substr(1, line.size() - 2);
        const std::string spelled = line.substr(0, 2) + "\\u006bind" + line.substr(6);  // the name of `kind`
        for (const std::string& other :
             {"{" + body + ",\"note2\":\"x\"}", "{\"a\":1," + body + "}", line + "\r", line + " ", " " + line,
              "{" + body + " }", spelled, "{" + body + ",\"version\":null}"})
            BOOST_TEST(has(verifyBundle(f, bundle.substr(0, at) + other + bundle.substr(end)), "source_malformed"),
                       other);
        at = end + 1;
    }
    BOOST_TEST(lines > 10U);
}

BOOST_AUTO_TEST_CASE(bears_each_certificate_that_a_leaf_names_once_and_no_other) {
    LogFixture f;
    f.commit(2);
    const std::string bundle = exported(f);
    const std::size_t at = bundle.find("{\"kind\":\"certificate\""),
                      leaf = bundle.find("{\"kind\":\"leaf\",\"index\":1");
    const std::string line = bundle.substr(at, bundle.find('\n', at) + 1 - at);
    for (const std::size_t place : {at, leaf}) {
        BOOST_TEST(has(verifyBundle(f, bundle.substr(0, place) + line + bundle.substr(place)), "source_malformed"));
        const VerifyReport report = verifyBundle(
            f, bundle.substr(0, place) + "{\"kind\":\"certificate\",\"der\":\"AAAA\"}\n" + bundle.substr(place));
        BOOST_TEST(report.findings.count() == 1U);
        BOOST_TEST(has(report, "source_malformed", "certificate " + toHex(sha256(std::string(3, '\0')))), told(report));
    }
    // Read more than once, where ids do not fit into the memory.
    MemorySource bytes(bundle);
    BundleSource source(bytes);
    VerifierOptions options;
    options.ids_in_memory = 1;
    BOOST_TEST(verifyLog(source, options).good(), told(verifyLog(source, options)));
}

/// As of a report of a reconciliation with very many differences.
BOOST_AUTO_TEST_CASE(envelopes_of_many_megabytes_travel_too) {
    struct HeadChecker : EnvelopeChecker {
        Result<CheckedEnvelope> check(Binding, const StoredEnvelope& envelope, std::string_view) override {
            return CheckedEnvelope{idOf(0), *SystemId::parse("housing/permits"), sha256(envelope.head), {}, sentAt()};
        }
    };
    LogFixture f;
    const std::string head(20 * 1024 * 1024, 'x');
    OutcomeLines lines = LogFixture::linesOf(0);
    LogEntry entry = f.entryOf(0, lines);
    entry.envelope_digest = entry.payload_digest = sha256(head);
    const auto writer = f.store.beginWrite();
    f.log->begin();
    f.log->append(*writer, entry);
    writer->putEnvelope(0, {head, ""});
    writer->putOutcomeLines(0, lines.take());
    writer->putCertificate(*entry.certificate, f.certificate);
    f.log->seal(*writer);
    writer->commit();
    HeadChecker checker;
    VerifierOptions options;
    options.keys = {f.key()};
    options.checker = &checker;
    const std::string bundle = exported(f);
    MemorySource bytes(bundle);
    BundleSource reader(bytes);
    BOOST_TEST(verifyLog(reader, options).good(), told(verifyLog(reader, options)));
    static_assert(kBundleHeadMax > 1024UL * 1024 * 1024, "limits.spool_above_bytes");
}

BOOST_AUTO_TEST_CASE(large_bodies_travel_in_chunks) {
    /// Holds a body against the digest that the leaf carries.
    struct BodyChecker : EnvelopeChecker {
        Result<CheckedEnvelope> check(Binding, const StoredEnvelope& envelope, std::string_view) override {
            if (envelope.body == nullptr) return Refusal{"no_body", "", "", "", ""};
            Sha256Stream stream;
            std::array<char, 1000> buffer;
            while (const std::size_t count = envelope.body->read(buffer))
                stream.update(std::string_view(buffer.data(), count));
            return CheckedEnvelope{idOf(0), *SystemId::parse("housing/permits"), stream.finish(), {}, sentAt()};
        }
    };
    LogFixture f;
    std::string body(1'000'000, 'x');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 % 251);
    OutcomeLines lines = LogFixture::linesOf(0);
    LogEntry entry = f.entryOf(0, lines);
    entry.binding = Binding::Http;
    entry.payload_digest = sha256(body);
    const auto writer = f.store.beginWrite();
    f.log->begin();
    f.log->append(*writer, entry);
    writer->putEnvelope(0, {envelopeOf(0), "body-1"});
    writer->putOutcomeLines(0, lines.take());
    writer->putCertificate(*entry.certificate, f.certificate);
    f.log->seal(*writer);
    writer->commit();
    StoreSource source(f.store.snapshot(), [&](const std::string& name) -> std::unique_ptr<ByteSource> {
        return name == "body-1" ? std::make_unique<MemorySource>(body) : nullptr;
    });
    std::string bundle;
    BOOST_TEST(exportBundle(source, [&](std::string_view bytes) { bundle += bytes; }).ok());
    BodyChecker checker;
    VerifierOptions options;
    options.keys = {f.key()};
    options.checker = &checker;
    MemorySource bytes(bundle);
    BundleSource reader(bytes);
    BOOST_TEST(verifyLog(reader, options).good(), told(verifyLog(reader, options)));
}

BOOST_AUTO_TEST_CASE(takes_no_number_for_an_index_that_is_none) {
    LogFixture f;
    f.commit(2);
    const std::string bundle = exported(f);
    const std::string first = "{\"kind\":\"leaf\",\"index\":0,";
    for (const std::string number : {"18446744073709551616", "1000000000000000000000000000000",
                                     "\"18446744073709551616\"", "\"\"", "1e30", "0.0"}) {
        std::string changed = bundle;
        changed.replace(changed.find(first), first.size(), "{\"kind\":\"leaf\",\"index\":" + number + ",");
        BOOST_TEST(has(verifyBundle(f, changed), "source_malformed"), number);
    }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_a_bundle) {
    LogFixture f;
    for (const std::string& text :
         {std::string(), std::string("x\n"), std::string("{}\n"),
          std::string("{\"kind\":\"caseway-log\",\"version\":2}\n"),
          std::string("{\"kind\":\"caseway-log\",\"version\":1}\n{\"kind\":\"other\"}\n"),
          std::string("{\"kind\":\"caseway-log\",\"version\":1}\n{\"kind\":\"leaf\",\"index\":-1,\"leaf\":\"x\"}\n"),
          std::string("{\"kind\":\"caseway-log\",\"version\":1}\n{\"kind\":\"leaf\",\"index\":0}\n"),
          std::string("{\"kind\":\"caseway-log\",\"version\":1}"), std::string(600'000, 'x')})
        BOOST_TEST(has(verifyBundle(f, text), "source_malformed"), text.substr(0, 80));
}

BOOST_AUTO_TEST_SUITE_END()
