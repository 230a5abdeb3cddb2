// tests/unit/pipeline/signed_answer_test.cpp - pages that came in HTTP answers which the department's server signed:
// taken with the certificate in their leaf, refused by themselves, tried again, verified with the log.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/answer_signing.hpp"
#include "tests/unit/pipeline/reconciling_fixture.hpp"

using namespace caseway;
using namespace caseway::test;
namespace data = boost::unit_test::data;

namespace {

struct Page {
    std::string text;
    std::optional<AnswerHead> answer;
};

class Answers final : public Connector {
public:
    explicit Answers(std::vector<Page> pages) : pages_(std::move(pages)) {}
    std::vector<CheckStep> check() override { return {}; }
    std::vector<SourceObject> discover() override { return {}; }
    PageEnd read(const Cursor& from, const PageLimits&, PageSink& sink) override {
        const std::size_t at = from.empty() ? 0 : std::stoul(from);
        sink.payload({"/cases", "application/json", 0, pages_.at(at).answer});
        sink.bytes(pages_[at].text);
        return {std::to_string(at + 1), at + 1 == pages_.size(), 0, {}};
    }
    void acknowledge(const Cursor&) override {}
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>&) override { return {}; }

private:
    std::vector<Page> pages_;
};

Page signedPage(const std::string& text, const Party& by = housing(), const AnswerForm& form = {}) {
    return {text, signedHeadOf(signedAnswer(text, by, form))};
}

struct Answered : Reconciling {
    using Reconciling::Reconciling;
    Run runPages(std::vector<Page> pages) {
        Answers source(std::move(pages));
        PulledPages other = ledgerWith(compiled(kPermitMapping), std::string(kConnector));
        return runWith(source, other, RunKind::Next, 0);
    }
    MessageRow newest(std::size_t nth = 0) { return memory.reader().messages({}).at(nth); }
};

Page jwsPage(const std::string& text, const std::string& header = R"({"alg":"ES256"})", const Party& by = housing()) {
    return {text, signedHeadOf(jwsAnswer(text, header, false, by))};
}

const std::string kOne = pageOf({record("a")});
constexpr std::size_t kSpools[] = {std::size_t{1} << 20, 50};

}  // namespace

BOOST_AUTO_TEST_SUITE(SignedAnswers)

BOOST_AUTO_TEST_CASE(a_signed_answer_is_taken_and_its_leaf_says_by_which_certificate) {
    for (const std::size_t spool_above : kSpools) {
        Answered p(spool_above);
        p.signatures = SignatureRule::Required;
        const Run run = p.runPages({signedPage(kOne), signedPage(pageOf({record("b")}))});
        BOOST_TEST(run.counts.records.fresh == 2);
        BOOST_TEST(run.counts.payloads_refused == 0);
        BOOST_TEST(p.keyOf() == housing().keyId().text());
        BOOST_TEST(nameOf(p.newest().origin) == "pulled");
        BOOST_TEST(p.verdict() == "good");
        BOOST_TEST(p.bundleVerdict() == "good");
    }
}

/// The body is read once for both digests: an exported log gives it no second time.
BOOST_AUTO_TEST_CASE(one_that_states_sha512_alone_is_taken_and_verifies_where_it_was_exported) {
    for (const std::size_t spool_above : kSpools) {
        Answered p(spool_above);
        p.signatures = SignatureRule::Required;
        AnswerForm form;
        form.is_wide = true;
        const Run run = p.runPages({signedPage(kOne, housing(), form)});
        BOOST_TEST(run.counts.records.fresh == 1);
        BOOST_TEST(p.keyOf() == housing().keyId().text());
        BOOST_TEST(p.verdict() == "good");
        BOOST_TEST(p.bundleVerdict() == "good");
    }
}

BOOST_AUTO_TEST_CASE(a_detached_jws_is_taken_likewise) {
    for (const std::size_t spool_above : kSpools) {
        Answered p(spool_above);
        p.signatures = SignatureRule::Required;
        const Run run = p.runPages({jwsPage(kOne), jwsPage(pageOf({record("b")}))});
        BOOST_TEST(run.counts.records.fresh == 2);
        BOOST_TEST(p.keyOf() == housing().keyId().text());
        BOOST_TEST(p.verdict() == "good");
        BOOST_TEST(p.bundleVerdict() == "good");
    }
}

BOOST_AUTO_TEST_CASE(the_log_finds_an_answer_that_was_changed) {
    Answered p;
    p.runPages({signedPage(kOne)});
    const LogIndex index = p.newest().index;
    EnvelopeRow changed = p.memory.reader().envelope(index).value();
    changed.head = replaced(changed.head, "\"status\":200", "\"status\":203");
    {
        const auto writer = p.memory.beginWrite();
        writer->putEnvelope(index, changed);
        writer->commit();
    }
    BOOST_TEST(p.verdict() != "good");
}

BOOST_AUTO_TEST_CASE(what_the_payload_bears_itself_goes_first) {
    Answered p;
    const MessageHeader header = p.header();
    const std::string text = *signJson(header, kOne, housing().key, housing().keyId(), JwsForm::Compact);
    const Run run = p.runPages({signedPage(text)});
    BOOST_TEST(run.counts.records.fresh == 1);
    BOOST_TEST(p.memory.reader().message(housing().id, header.message_id).has_value());
    BOOST_TEST(p.verdict() == "good");
}

struct Bad {
    const char* name;
    std::function<Page(Answered&)> page;
    const char* code;
};
std::ostream& operator<<(std::ostream& out, const Bad& bad) {
    return out << bad.name;
}
const Bad kBad[] = {
    {"other content",
     [](Answered&) {
         return Page{kOne, signedPage(pageOf({record("b")})).answer};
     },
     "digest_mismatch"},
    {"another system's signature", [](Answered&) { return signedPage(kOne, police()); }, "bad_signature"},
    {"the same, naming its key",
     [](Answered&) {
         AnswerForm form;
         form.parameters = ";keyid=\"" + police().keyId().text() + "\"";
         return signedPage(kOne, police(), form);
     },
     "unknown_key"},
    {"of tomorrow",
     [](Answered&) {
         AnswerForm form;
         form.parameters = ";created=4102444800";
         return signedPage(kOne, housing(), form);
     },
     "sent_at_ahead"},
    {"expired",
     [](Answered&) {
         AnswerForm form;
         form.parameters = ";created=1000000000;expires=1000000300";
         return signedPage(kOne, housing(), form);
     },
     "signature_expired"},
    {"a detached JWS of another system", [](Answered&) { return jwsPage(kOne, R"({"alg":"ES256"})", police()); },
     "bad_signature"},
    {"a detached JWS that is over", [](Answered&) { return jwsPage(kOne, R"({"alg":"ES256","exp":1000000300})"); },
     "signature_expired"},
    {"a detached JWS over more than memory verifies",
     [](Answered& p) {
         p.limits.tree_body_bytes = 40;
         return jwsPage(kOne);
     },
     "signed_payload_too_large"},
    {"a revoked certificate",
     [](Answered& p) {
         p.known.ring->certificates[housing().keyId()].revoked_at = p.clock.now();
         return signedPage(kOne);
     },
     "certificate_revoked"},
    {"a signature that leaves the content out, where one is required",
     [](Answered& p) {
         p.signatures = SignatureRule::Required;
         return signedPage(kOne, housing(), {R"("@status")", "\"@status\": 200\n\"@signature-params\": P"});
     },
     "signature_missing"},
};

BOOST_DATA_TEST_CASE(a_bad_one_is_refused_by_itself_and_kept, data::make(kBad), bad) {
    for (const std::size_t spool_above : kSpools) {
        Answered p(spool_above);
        const Run run = p.runPages({bad.page(p)});
        BOOST_TEST(run.counts.payloads_refused == 1);
        BOOST_TEST(p.statusOf("a") == "none");
        BOOST_TEST(p.newest().refusal_code == bad.code, p.newest().answer);
        BOOST_TEST(p.keyOf() == "none");
        BOOST_TEST(p.verdict() == "good");
    }
}

BOOST_AUTO_TEST_CASE(a_retry_verifies_it_again_as_of_when_it_was_read) {
    Answered p;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(p.clock.now()).time_since_epoch().count();
    AnswerForm form;
    form.parameters = ";created=" + std::to_string(seconds) + ";expires=" + std::to_string(seconds + 300);
    const RegisteredCertificate housings = p.known.ring->certificates[housing().keyId()];
    p.known.ring->certificates.erase(housing().keyId());
    const Run run = p.runPages({signedPage(kOne, housing(), form)});
    BOOST_TEST(run.counts.payloads_refused == 1);
    p.known.ring->certificates[housing().keyId()] = housings;
    BOOST_TEST(p.retry(run, kPermitMapping, std::chrono::hours(1)).counts.records.fresh == 1);
    BOOST_TEST(p.keyOf() == housing().keyId().text());
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_SUITE_END()
