// connectors/http/test/signed_answer_test.cpp - a department's server that signs its answers, with openssl's signature:
// what the payload's head brings with it, also where the server compresses.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "connectors/http/test/rest_service.hpp"
#include "tests/support/answer_signing.hpp"

using namespace caseway;
using namespace caseway::fixture;
using namespace caseway::test;
namespace data = boost::unit_test::data;

namespace {

struct Kept final : PageSink {
    std::vector<PayloadHead> heads;
    std::string all;
    void payload(const PayloadHead& head) override { heads.push_back(head); }
    void bytes(std::string_view piece) override { all += piece; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(HttpSignedAnswers)

BOOST_DATA_TEST_CASE(a_signed_answer_comes_with_what_verifies_it, data::make({"rfc9421", "jws"}), form) {
    const FaultServer server;
    const TemporaryFolder folder;
    const std::string file = folder / "server.key";
    std::ofstream(file) << housing(KeyKind::Rsa).key.toPem();
    Rest rest(server);
    rest.fill(2);
    server.control(R"({"signing_key":")" + file + R"(","signing_form":")" + form + R"("})");
    const auto connector = open(settingsFor(server, kRecords + R"(,"parameters":{"kind":"7"})", "/signed"));
    for (int pass = 0; pass < 2; ++pass) {
        server.log();
        Kept kept;
        connector->read({}, {}, kept);
        BOOST_REQUIRE(kept.heads.size() == 1);
        BOOST_REQUIRE(kept.heads.front().answer.has_value());
        const AnswerHead& answer = *kept.heads.front().answer;
        BOOST_TEST(whyOf(opened(answer, kept.all, lookupOf({&housing(KeyKind::Rsa)}))) == "taken");
        BOOST_TEST(!answer.query.has_value());
        BOOST_TEST(!opened(answer, kept.all + " ", lookupOf({&housing(KeyKind::Rsa)})));
        // Compressed once, then never again.
        std::size_t asked = 0;
        const std::string log = server.log();
        for (std::size_t at = log.find("kind=7"); at != std::string::npos; at = log.find("kind=7", at + 1)) ++asked;
        BOOST_TEST(asked == (pass == 0 ? 2 : 1), log);
    }
}

BOOST_AUTO_TEST_CASE(an_unsigned_one_comes_with_nothing) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(1);
    Kept kept;
    open(settingsFor(server, kRecords))->read({}, {}, kept);
    BOOST_REQUIRE(kept.heads.size() == 1);
    BOOST_TEST(!kept.heads.front().answer.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
