// tests/contract/store/runs_test.cpp - cursors, runs and pages come back as they were given, with their transaction.
#include "tests/contract/store/store_places.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

std::vector<std::uint64_t> numbersOf(const std::vector<RunRow>& rows) {
    std::vector<std::uint64_t> numbers;
    for (const RunRow& row : rows) numbers.push_back(row.number);
    return numbers;
}

using Numbers = std::vector<std::uint64_t>;

}  // namespace

BOOST_AUTO_TEST_SUITE(StoreRuns)

STORE_CASE(a_cursor_is_what_was_put_last) {
    const auto place = placeOf(adapter);
    const std::string bytes("{\"after\":\"\xE5\x8A\x9E\"}\0x", 16);
    {
        const auto store = place->open();
        BOOST_TEST(!store->reader().cursor("housing/permits/outbox"));
        written(*store, [](StoreWriter& writer) { writer.putCursor("housing/permits/outbox", "1"); });
        written(*store, [&](StoreWriter& writer) {
            writer.putCursor("housing/permits/outbox", bytes);
            writer.putCursor("housing/permits/other", "");
        });
    }
    const auto store = place->open();
    BOOST_TEST(store->reader().cursor("housing/permits/outbox").value() == bytes);
    BOOST_TEST(store->reader().cursor("housing/permits/other").value() == "");
}

STORE_CASE(a_cursor_of_a_transaction_that_did_not_commit_is_not_there) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    written(*store, [](StoreWriter& writer) { writer.putCursor("a/b/c", "1"); });
    {
        const auto writer = store->beginWrite();
        writer->putCursor("a/b/c", "2");
        writer->putRunPage({1, 1, "{}"});
        BOOST_TEST(writer->putRun({0, "a/b/c", false, "{}"}) == 1);
        BOOST_TEST(writer->cursor("a/b/c").value() == "2");
        BOOST_TEST(store->reader().cursor("a/b/c").value() == "1");
    }
    BOOST_TEST(store->reader().cursor("a/b/c").value() == "1");
    BOOST_TEST(store->reader().runs("", 0, 10).empty());
    BOOST_TEST(store->reader().runPages(1, 0, 10).empty());
}

STORE_CASE(a_note_of_the_report_is_what_was_put_last) {
    const auto place = placeOf(adapter);
    {
        const auto store = place->open();
        BOOST_TEST(!store->reader().reportNote("seen/a/b/c"));
        written(*store, [](StoreWriter& writer) { writer.putReportNote("seen/a/b/c", "{}"); });
        written(*store, [](StoreWriter& writer) { writer.putReportNote("seen/a/b/c", "{\"base\":1}"); });
        const auto writer = store->beginWrite();
        writer->putReportNote("seen/a/b/c", "lost");
    }
    BOOST_TEST(place->open()->reader().reportNote("seen/a/b/c").value() == "{\"base\":1}");
}

STORE_CASE(runs_are_numbered_without_gaps_and_listed_newest_first) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    written(*store, [](StoreWriter& writer) {
        for (const char* connector : {"a/b/c", "a/b/d", "a/b/c", "a/b/c"})
            writer.putRun({0, connector, false, "begun"});
    });
    written(*store, [](StoreWriter& writer) { BOOST_TEST(writer.putRun({3, "a/b/c", true, "ended"}) == 3); });
    BOOST_TEST(numbersOf(store->reader().runs("", 0, 10)) == (Numbers{4, 3, 2, 1}));
    BOOST_TEST(numbersOf(store->reader().runs("a/b/c", 0, 2)) == (Numbers{4, 3}));
    BOOST_TEST(numbersOf(store->reader().runs("a/b/c", 3, 2)) == (Numbers{1}));
    BOOST_TEST(numbersOf(store->reader().unfinishedRuns()) == (Numbers{1, 2, 4}));
    const RunRow run = store->reader().run(3).value();
    BOOST_TEST(run.connector == "a/b/c");
    BOOST_TEST(run.ended);
    BOOST_TEST(run.body == "ended");
    BOOST_TEST(!store->reader().run(5));
}

STORE_CASE(pages_belong_to_their_run) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    written(*store, [](StoreWriter& writer) {
        for (std::uint64_t page = 1; page <= 5; ++page) writer.putRunPage({7, page, std::to_string(page)});
        writer.putRunPage({6, 9, "before"});
        writer.putRunPage({8, 1, "behind"});
        writer.putRunPage({7, 2, "again"});
    });
    const auto pages = store->reader().runPages(7, 1, 3);
    BOOST_REQUIRE(pages.size() == 3);
    BOOST_TEST(pages[0].page == 2);
    BOOST_TEST(pages[0].body == "again");
    BOOST_TEST(pages[2].page == 4);
    BOOST_TEST(store->reader().runPages(7, 4, 10).size() == 1);
    BOOST_TEST(store->reader().runPages(9, 0, 10).empty());
}

STORE_CASE(a_mark_is_of_the_run_that_made_it_first) {
    const auto place = placeOf(adapter);
    const Instant at{std::chrono::seconds(1000)};
    {
        const auto store = place->open();
        BOOST_TEST(!store->reader().vanished(1));
        written(*store, [&](StoreWriter& writer) {
            for (const CaseId id : {7, 3, 5}) writer.putVanished({id, 1, at});
            writer.putVanished({3, 2, at + std::chrono::seconds(9)});
            writer.removeVanished(5);
            writer.removeVanished(99);
        });
    }
    const auto store = place->open();
    BOOST_TEST(store->reader().vanished(3).value().run == 1);
    BOOST_TEST((store->reader().vanished(3).value().at == at));
    BOOST_TEST(!store->reader().vanished(5));
    const auto marks = store->reader().vanishedAfter(0, 10);
    BOOST_REQUIRE(marks.size() == 2);
    BOOST_TEST(marks[1].case_id == 7);
    BOOST_TEST(store->reader().vanishedAfter(3, 10).size() == 1);
    BOOST_TEST(store->reader().vanishedAfter(0, 1).size() == 1);
}

STORE_CASE(keys_of_a_system_come_in_the_order_of_their_numbers) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    std::vector<CaseId> ids;
    written(*store, [&](StoreWriter& writer) {
        for (const char* number : {"c", "a", "b", "a"}) ids.push_back(writer.putCase(caseRow(number)));
        writer.putCase(caseRow("a", "housing/archive"));
    });
    const SystemId owner = SystemId::parse("housing/permits").value();
    std::string seen;
    for (CaseKey after;;) {
        const auto keys = store->reader().caseKeys(owner, after, 3);
        if (keys.empty()) break;
        for (const CaseKey& key : keys) seen += key.source_case_no + std::to_string(key.id - ids.front());
        after = keys.back();
    }
    BOOST_TEST(seen == "a1a3b2c0");
    BOOST_TEST(store->reader().caseKeys(SystemId::parse("no/body").value(), {}, 10).empty());
}

BOOST_AUTO_TEST_SUITE_END()
