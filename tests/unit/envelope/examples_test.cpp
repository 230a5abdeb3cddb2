// tests/unit/envelope/examples_test.cpp - the files of docs/formats/examples say what docs/formats/messages.md says of
// them.
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <map>

#include "gateway/formats/envelope/header_fields.hpp"
#include "gateway/formats/envelope/recheck.hpp"
#include "tests/support/signing_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

const std::string kFolder = CASEWAY_SOURCE_DIR "/docs/formats/examples/";

std::string example(const std::string& name) {
    std::ifstream file(kFolder + name, std::ios::binary);
    BOOST_REQUIRE_MESSAGE(file, name);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::map<std::string, std::string> digests() {
    std::map<std::string, std::string> all;
    std::ifstream file(kFolder + "digests.txt");
    for (std::string line; std::getline(file, line);)
        all[line.substr(0, line.rfind(' '))] = line.substr(line.rfind(' ') + 1);
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Examples)

BOOST_AUTO_TEST_CASE(verify_and_have_the_digests_that_they_claim) {
    const auto certificate = Certificate::fromPem(example("certificate.pem"));
    BOOST_REQUIRE(certificate);
    auto expected = digests();
    BOOST_TEST((*certificate)->id().text() == expected["key id"]);
    const struct {
        Binding binding;
        const char* file;
        std::string name;
    } kExamples[] = {{Binding::Xml, "message.xml", "message.xml"},
                     {Binding::Json, "message.jose", "message.jose"},
                     {Binding::Http, "stored-envelope.http", "message.http"}};
    for (const auto& entry : kExamples) {
        const auto content = recheck(entry.binding, example(entry.file), (*certificate)->der());
        BOOST_REQUIRE_MESSAGE(content.ok(), whyOf(content));
        BOOST_TEST(toHex(content->payload_digest.bytes) == expected[entry.name + " payload"]);
        BOOST_TEST(toHex(content->content_digest.bytes) == expected[entry.name + " content"]);
        BOOST_TEST(toHex(content->envelope_digest.bytes) == expected[entry.name + " envelope"]);
        BOOST_TEST(canonicalHeader(content->header) == example("header.json"));
    }
    BOOST_TEST(recheck(Binding::Json, example("message.jose.json"), (*certificate)->der()).ok());
}

BOOST_AUTO_TEST_SUITE_END()
