// tests/unit/pipeline/borne_signature_test.cpp - pulled payloads that bear a signature: what is taken, what is refused
// by itself, what the log says of it and finds when it is changed.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>

#include "gateway/formats/envelope/xml_envelope.hpp"
#include "gateway/log/bundle.hpp"
#include "tests/support/document_signing.hpp"
#include "tests/unit/pipeline/reconciling_fixture.hpp"

using namespace caseway;
using namespace caseway::test;
namespace data = boost::unit_test::data;

namespace {

constexpr std::string_view kXmlMapping = R"(mapping: housing.permit
source: {format: xml, records: /Package/Case}
fields:
  source_case_no: id
  data_version: version
  status: status
  apply_time: applied
)";

std::string caseOf(const std::string& id, const std::string& status = "10", int version = 1) {
    return "<Case><id>" + id + "</id><version>" + std::to_string(version) + "</version><status>" + status +
           "</status><applied>2026-05-01 08:00:00</applied></Case>";
}
std::string package(const std::string& inside, const SignatureTemplate& form = {}) {
    return "<Package>" + inside + form.text() + "</Package>";
}
std::string signedPackage(const std::string& inside, const Party& by = housing()) {
    return signedBy(by, package(inside));
}

struct Borne : Reconciling {
    using Reconciling::Reconciling;

    std::string jws(const std::string& body, const MessageHeader& header, const Party& by = housing(),
                    JwsForm form = JwsForm::Compact) {
        return *signJson(header, body, by.key, by.keyId(), form);
    }
    std::string newestCode() { return memory.reader().messages({}).at(0).refusal_code; }
    Run runXml(std::vector<std::string> texts) { return runMapped(kXmlMapping, std::move(texts)); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(BorneSignatures)

BOOST_AUTO_TEST_CASE(a_document_that_its_department_signed_is_mapped_and_its_leaf_says_by_which_certificate) {
    for (const std::size_t spool_above : {std::size_t{1} << 20, std::size_t{100}}) {
        Borne p(spool_above);
        const Run run = p.runXml({signedPackage(caseOf("a") + caseOf("b")), "<Package>" + caseOf("c") + "</Package>"});
        BOOST_TEST(run.counts.records.fresh == 3);
        BOOST_TEST(run.counts.payloads_refused == 0);
        BOOST_TEST(p.keyOf(1) == housing().keyId().text());
        BOOST_TEST(p.keyOf(0) == "none");
        BOOST_TEST(nameOf(p.leafOf(1).origin) == "pulled");
        BOOST_TEST(!p.leafOf(1).binding);
        BOOST_TEST(p.verdict() == "good");
    }
}

BOOST_AUTO_TEST_CASE(a_signed_message_is_the_same_message_whichever_way_it_comes) {
    for (const std::size_t spool_above : {std::size_t{1} << 20, std::size_t{100}}) {
        for (const JwsForm form : {JwsForm::Compact, JwsForm::Flattened}) {
            Borne p(spool_above);
            const MessageHeader header = p.header();
            const std::string body = pageOf({record("a"), record("b")});
            const std::string first = p.jws(body, header, housing(), form), second = p.jws(body, header);
            const Run run = p.run({first + "\n"});
            BOOST_TEST(run.counts.records.fresh == 2);
            BOOST_TEST(p.memory.reader().message(housing().id, header.message_id).has_value());
            BOOST_TEST((p.leafOf().sent_at == header.sent_at));
            const std::size_t leaves = p.log->size();
            const Answer pushed = p.takeSigned(second);
            BOOST_TEST(pushed.status == 200);
            BOOST_TEST(p.log->size() == leaves);
            const Run again = p.runWith(*std::make_unique<Pages>(std::vector<std::string>{second, second}), p.ledger,
                                        RunKind::Full, 0);
            BOOST_TEST(again.counts.payloads == 2);
            BOOST_TEST(again.counts.records.same == 4);
            BOOST_TEST(again.counts.records.fresh == 0);
            BOOST_TEST(p.memory.reader().messages({}).size() == 1);
            BOOST_TEST(p.verdict() == "good");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_message_that_was_sent_first_is_known_when_it_is_read) {
    Borne p;
    const MessageHeader header = p.header();
    p.take(header, pageOf({record("a"), record("b", "99x")}));
    const Run run = p.run({p.jws(pageOf({record("a"), record("b", "99x")}), header)});
    BOOST_TEST(run.counts.read == 2);
    BOOST_TEST(run.counts.records.fresh == 0);
    BOOST_TEST(run.counts.addUp());
    BOOST_TEST(nameOf(p.memory.reader().messages({}).at(0).origin) == "signed");
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(one_id_for_two_contents_is_a_conflict) {
    Borne p;
    const MessageHeader header = p.header();
    const Run run = p.run({p.jws(pageOf({record("a")}), header), p.jws(pageOf({record("a", "90", 2)}), header)});
    BOOST_TEST(run.counts.payloads_refused == 1);
    BOOST_TEST(p.newestCode() == "id_reused");
    BOOST_TEST(p.statusOf("a") == "10");
    BOOST_TEST(p.verdict() == "good");
    const std::string other = replaced(std::string(kPermitMapping), "fields:", "fields:\n  case_title: title");
    BOOST_TEST(p.retry(run, other).counts.payloads == 0);
}

BOOST_AUTO_TEST_CASE(an_older_signed_message_changes_nothing_that_a_newer_one_said) {
    Borne p;
    MessageHeader older = p.header(), newer = p.header();
    older.sent_at_text = "2024-05-04T08:30:00+08:00";  // far outside of the window for what is sent
    older.sent_at = instantOf(older.sent_at_text);
    const auto plain = [](std::string_view status) {
        return R"([{"id":"a","status":")" + std::string(status) + R"(","applied":"2026-05-01 08:00:00"}])";
    };
    p.run({p.jws(plain("90"), newer), p.jws(plain("10"), older)});
    BOOST_TEST(p.statusOf("a") == "90");
    BOOST_TEST(p.verdict() == "good");
}

struct Bad {
    const char* name;
    std::function<std::string(Borne&)> bytes;
    const char* code;
    bool is_xml = false;
    std::function<void(Borne&)> before = [](Borne&) {};
};
std::ostream& operator<<(std::ostream& out, const Bad& bad) {
    return out << bad.name;
}
MessageHeader with(MessageHeader header, const std::function<void(MessageHeader&)>& change) {
    change(header);
    return header;
}
const std::string kOne = pageOf({record("a")});
const Bad kBad[] = {
    {"a changed document", [](Borne&) { return replaced(signedPackage(caseOf("a")), "<id>a", "<id>b"); },
     "bad_signature", true},
    {"a document signed by another system", [](Borne&) { return signedPackage(caseOf("a"), police()); },
     "bad_signature", true},
    {"the same, naming its key",
     [](Borne&) {
         return signedBy(police(), package(caseOf("a"), {kInclusive, kEcdsaMethod, "", "", x509Of(police())}));
     },
     "unknown_key", true},
    {"an algorithm that nobody takes",
     [](Borne&) {
         return replaced(signedPackage(caseOf("a")), kEcdsaMethod, "http://www.w3.org/2000/09/xmldsig#rsa-sha1");
     },
     "signature_form_unknown", true},
    {"a revoked certificate", [](Borne&) { return signedPackage(caseOf("a")); }, "certificate_revoked", true,
     [](Borne& p) { p.known.ring->certificates[housing().keyId()].revoked_at = p.clock.now(); }},
    {"no certificate at all", [](Borne&) { return signedPackage(caseOf("a")); }, "unknown_key", true,
     [](Borne& p) { p.known.ring->certificates.erase(housing().keyId()); }},
    {"XSW: a forgery around a signed document",
     [](Borne&) { return package(caseOf("b") + signedPackage(caseOf("a")).substr(22)); }, "signature_form_unknown",
     true},
    {"XSW: a forged message around a signed one",
     [](Borne& p) {
         const std::string whole =
             *signXml({p.header(), "<Package>" + caseOf("a") + "</Package>", false, {}, {}, "UTF-8"}, housing().key,
                      housing().keyId());
         return replaced(whole, "<Body>", "<Body><Package xmlns=\"\">" + caseOf("b") + "</Package>");
     },
     "malformed_envelope", true},
    {"a message in XML, changed",
     [](Borne& p) {
         return replaced(*signXml({p.header(), "<Package>" + caseOf("a") + "</Package>", false, {}, {}, "UTF-8"},
                                  housing().key, housing().keyId()),
                         "<id>a", "<id>b");
     },
     "bad_signature", true},
    {"a message of another system", [](Borne& p) { return p.jws(kOne, p.header(police()), police()); }, "unknown_key"},
    {"a message in the name of another system", [](Borne& p) { return p.jws(kOne, p.header(police())); },
     "wrong_sender"},
    {"a message for another gateway",
     [](Borne& p) { return p.jws(kOne, with(p.header(), [](MessageHeader& h) { h.receiver = "other/gateway"; })); },
     "wrong_receiver"},
    {"a message of tomorrow",
     [](Borne& p) {
         return p.jws(kOne, with(p.header(), [&](MessageHeader& h) {
                          h.sent_at = p.clock.now() + std::chrono::hours(24);
                          h.sent_at_text = toRfc3339(h.sent_at);
                      }));
     },
     "sent_at_ahead"},
    {"a message for another mapping",
     [](Borne& p) { return p.jws(kOne, with(p.header(), [](MessageHeader& h) { h.mapping = "other"; })); },
     "mapping_not_allowed"},
    {"a JWS of another kind", [](Borne&) { return std::string("eyJhbGciOiJub25lIn0.e30.c2ln"); }, "malformed_envelope"},
    {"nothing signed where a signature is required", [](Borne&) { return kOne; }, "signature_missing", false,
     [](Borne& p) { p.signatures = SignatureRule::Required; }},
    {"a document that is too large to be verified", [](Borne&) { return signedPackage(caseOf("a")); },
     "signed_payload_too_large", true, [](Borne& p) { p.limits.tree_body_bytes = 500; }},
};

BOOST_DATA_TEST_CASE(a_bad_one_is_refused_by_itself_and_its_bytes_are_kept, data::make(kBad), bad) {
    for (const std::size_t spool_above : {std::size_t{1} << 20, std::size_t{50}}) {
        Borne p(spool_above);
        bad.before(p);
        const std::string bytes = bad.bytes(p);
        const std::string_view mapping = bad.is_xml ? kXmlMapping : kPermitMapping;
        const bool is_strict = p.signatures == SignatureRule::Required;
        const std::string unsigned_one = bad.is_xml ? "<Package>" + caseOf("z") + "</Package>" : pageOf({record("z")});
        const std::string good = is_strict ? p.jws(pageOf({record("z")}), p.header()) : unsigned_one;
        const Run run = p.runMapped(mapping, {bytes, good});
        BOOST_TEST(nameOf(run.state) == "partial");
        BOOST_TEST(run.trouble.value().code == "payload_refused");
        BOOST_TEST(run.counts.payloads == 2);
        BOOST_TEST(run.counts.payloads_refused == 1);
        BOOST_TEST(run.counts.records.fresh == 1);
        BOOST_TEST(p.statusOf("a") == "none");
        BOOST_TEST(p.statusOf("b") == "none");
        const MessageRow row = p.memory.reader().messages({}).at(1);
        BOOST_TEST(row.refusal_code == bad.code, row.answer);
        BOOST_TEST(!row.message_id);
        BOOST_TEST(p.keyOf(1) == "none");
        const auto envelope = p.memory.reader().envelope(row.index).value();
        const std::string kept = envelope.body_file.empty() ? envelope.head.substr(envelope.head.find('\n') + 1)
                                                            : p.bodies.at(envelope.body_file);
        BOOST_TEST(kept == bytes);
        BOOST_TEST(p.verdict() == "good");
    }
}

BOOST_AUTO_TEST_CASE(what_was_refused_for_its_key_is_taken_by_a_retry_once_that_is_registered) {
    Borne p;
    const RegisteredCertificate housings = p.known.ring->certificates[housing().keyId()];
    p.known.ring->certificates.erase(housing().keyId());
    const MessageHeader header = p.header();
    const Run run = p.run({p.jws(kOne, header)});
    BOOST_TEST(run.counts.payloads_refused == 1);
    p.known.ring->certificates[housing().keyId()] = housings;
    BOOST_TEST(p.retry(run, kPermitMapping).counts.records.fresh == 1);
    BOOST_TEST(p.memory.reader().message(housing().id, header.message_id).has_value());
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(a_retry_of_a_message_that_was_taken_has_an_id_of_its_own) {
    Borne p;
    const MessageHeader header = p.header();
    const Run run = p.run({p.jws(R"([{"id":"a","version":"x","status":"10"},)" + record("b") + "]", header)});
    BOOST_TEST(run.counts.records.refused == 1);
    const Run again = p.retry(run, replaced(std::string(kPermitMapping), "  data_version: version\n", ""));
    BOOST_TEST(again.counts.records.fresh == 1);
    BOOST_TEST((p.leafOf().message_id != header.message_id));
    BOOST_TEST((p.leafOf().sent_at == header.sent_at));
    BOOST_TEST(p.keyOf() == housing().keyId().text());
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(a_reconciliation_judges_a_signed_message_by_its_own_time) {
    Borne p;
    MessageHeader older = p.header();
    older.sent_at_text = "2024-05-04T08:30:00+08:00";
    older.sent_at = instantOf(older.sent_at_text);
    const std::string text = p.jws(R"([{"id":"a","status":"10","applied":"2026-05-01 08:00:00"}])", older);
    p.run({R"([{"id":"a","status":"90","applied":"2026-05-01 08:00:00"}])"});
    const Run run = p.reconcile({text, replaced(text, ".", ".x")});
    BOOST_TEST(run.reconciliation->counts.newer_here == 1);
    BOOST_TEST(run.reconciliation->counts.different == 0);
    BOOST_TEST(run.reconciliation->counts.payloads_refused == 1);
    BOOST_TEST(p.newestCode() == "bad_signature");
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(a_changed_signature_or_certificate_is_found_in_place_and_in_a_bundle) {
    for (const bool is_spooled : {false, true}) {
        Borne p(is_spooled ? 100 : 1 << 20);
        p.runXml({signedPackage(caseOf("a"))});
        BOOST_TEST(p.verdict() == "good");
        p.large->stop();  // its thread may still note in the store that it has left
        const LogIndex index = p.memory.reader().messages({}).at(0).index;
        const EnvelopeRow kept = p.memory.reader().envelope(index).value();
        EnvelopeRow changed = kept;
        std::string& text = is_spooled ? p.bodies.at(kept.body_file) : changed.head;
        const std::string whole = text;
        const std::string element = between(text, "<ds:SignatureValue>", "</ds:SignatureValue>");
        const char letter = element[30];
        text = replaced(text, element, std::string(element).replace(30, 1, 1, letter == 'A' ? 'B' : 'A'));
        {
            const auto writer = p.memory.beginWrite();
            writer->putEnvelope(index, changed);
            writer->commit();
        }
        const std::string found = p.verdict();
        BOOST_TEST((found.starts_with("signature_refused") || found.starts_with("envelope_changed")), found);
        std::string bundle;
        StoreSource source(p.memory.snapshot(),
                           [&p](const std::string& name) { return std::make_unique<MemorySource>(p.bodies.at(name)); });
        BOOST_REQUIRE(exportBundle(source, [&bundle](std::string_view bytes) { bundle += bytes; }).ok());
        MemorySource bytes(bundle);
        BundleSource read(bytes);
        Rechecker checker;
        VerifierOptions options;
        options.checker = &checker;
        const VerifyReport report = verifyLog(read, options);
        BOOST_TEST(!report.good());
        bool is_told = false;
        for (const Finding& one : report.findings.kept()) is_told = is_told || one.what == "signature_refused";
        BOOST_TEST(is_told);
        text = whole;
    }
}

BOOST_AUTO_TEST_SUITE_END()
