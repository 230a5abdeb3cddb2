// tests/unit/log/hostile_store_test.cpp - a store in which somebody wrote what no gateway writes: verifying it ends,
// and says so in words that can be shown.
#include "gateway/log/key_walk.hpp"
#include "tests/unit/log/verifier_fixture.hpp"

using namespace caseway;
using namespace caseway::testing;

BOOST_AUTO_TEST_SUITE(HostileStore)

BOOST_AUTO_TEST_CASE(of_a_schema_that_is_not_ours_nothing_else_is_read) {
    LogFixture f;
    fill(f);
    f.store.tables().leaves.rows().erase(5);
    f.store.tables().foreign_schema = {"schema: view leaf is not as this program makes it"};
    const VerifyReport report = verifyStore(f);
    BOOST_TEST(report.has_foreign_schema);
    BOOST_TEST(report.entries == 0U);
    BOOST_TEST(told(report) ==
               "store_damaged at database expected  found schema: view leaf is not as this program makes it\n");
}

BOOST_AUTO_TEST_CASE(a_walk_over_added_rows_ends_where_no_more_of_them_are_told) {
    LogFixture f;
    f.commit(100);
    Findings findings(3);
    const auto snapshot = f.store.snapshot();
    KeyWalk(*snapshot, StoreTable::Leaf, "leaf", findings).finish();
    BOOST_TEST(findings.kept().size() == 3U);
    BOOST_TEST(findings.count() == 3U);
}

BOOST_AUTO_TEST_CASE(what_is_told_of_stored_bytes_can_be_shown) {
    Findings findings(2);
    findings.add("row_added", "system a\nthe log is good", "\x01", "\xff\xfe\xE2\x80\xAE 许可", "a hint");
    const Finding& told = findings.kept().front();
    BOOST_TEST(told.where == "system a?the log is good");
    BOOST_TEST(told.expected == "?");
    BOOST_TEST(told.found == "??? 许可");
    BOOST_TEST(told.hint == "a hint");
}

BOOST_AUTO_TEST_SUITE_END()
