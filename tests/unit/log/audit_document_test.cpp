// tests/unit/log/audit_document_test.cpp - a change of the register in the log: what its leaf says, and that a document
// that was exchanged is found.
#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/log/audit_document.hpp"
#include "gateway/log/leaf.hpp"

using namespace caseway;

namespace {

AuditDocument sample() {
    return {"li",
            "1000",
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            "grant_added",
            "housing/permits",
            {{"systems/housing/permits/system.yaml", "mappings: []\n"}},
            {{"systems/housing/permits/system.yaml", "mappings: [\"住\"]\n"}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(AuditDocuments)

BOOST_AUTO_TEST_CASE(travel_as_canonical_json) {
    const std::string json = sample().json();
    const auto read = AuditDocument::read(json);
    BOOST_REQUIRE(read.ok());
    BOOST_TEST(read->json() == json);
    BOOST_TEST(read->after.begin()->second == "mappings: [\"住\"]\n");
    BOOST_TEST(json.find("claimed") == std::string::npos);  // as documents were before there was one
    AuditDocument behind_sudo = sample();
    behind_sudo.by_claimed = "wang";
    const auto claimed = AuditDocument::read(behind_sudo.json());
    BOOST_REQUIRE(claimed.ok());
    BOOST_TEST(claimed->by_claimed == "wang");
    BOOST_TEST(auditDifference(auditEntry(sample(), json, Instant{}), behind_sudo.json()).empty());
    for (const char* broken : {"", "[]", "{}", "{\"after\":1}"}) BOOST_TEST(!AuditDocument::read(broken).ok(), broken);
}

BOOST_AUTO_TEST_CASE(make_a_leaf_without_login_names) {
    const std::string json = sample().json();
    const LogEntry entry = auditEntry(sample(), json, *parseRfc3339("2026-05-04T08:30:00Z"));
    std::string leaf;
    appendLeaf(entry, leaf);
    BOOST_TEST(parseLeaf(leaf).ok());
    BOOST_TEST(leaf.find("\"li\"") == std::string::npos);
    BOOST_TEST(detailText(entry, "by") == "uid 1000");
    BOOST_TEST(detailText(entry, "before") ==
               toHex(sha256("{\"systems/housing/permits/system.yaml\":\"mappings: []\\n\"}")));
    BOOST_TEST(auditDifference(entry, json).empty());
}

BOOST_AUTO_TEST_CASE(that_say_something_else_than_their_leaf_are_found) {
    const LogEntry entry = auditEntry(sample(), sample().json(), Instant{});
    const auto differs = [&](auto change) {
        AuditDocument other = sample();
        change(other);
        return auditDifference(entry, other.json());
    };
    BOOST_TEST(differs([](AuditDocument& other) { other.before.clear(); }) == "before");
    BOOST_TEST(differs([](AuditDocument& other) { other.after.begin()->second += "x"; }) == "after");
    BOOST_TEST(differs([](AuditDocument& other) { other.by_uid = "0"; }) == "by");
    BOOST_TEST(differs([](AuditDocument& other) { other.event = "grant_revoked"; }) == "event");
    BOOST_TEST(differs([](AuditDocument& other) { other.subject = "x"; }) == "subject");
}

BOOST_AUTO_TEST_SUITE_END()
