// tests/contract/store/listing_test.cpp - order, pages and filters of every listing.
#include "tests/contract/store/store_places.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

std::vector<CaseId> idsOf(const std::vector<CaseRow>& rows) {
    std::vector<CaseId> ids;
    for (const CaseRow& row : rows) ids.push_back(row.id);
    return ids;
}

std::vector<LogIndex> indexesOf(const std::vector<MessageRow>& rows) {
    std::vector<LogIndex> indexes;
    for (const MessageRow& row : rows) indexes.push_back(row.index);
    return indexes;
}

using Ids = std::vector<CaseId>;
using Indexes = std::vector<LogIndex>;

/// Six cases, ids 1 to 6, owners by turns: housing/permits, housing/rents, water/meters.
void putSixCases(Store& store) {
    const auto writer = store.beginWrite();
    const char* owners[] = {"housing/permits", "housing/rents", "water/meters"};
    for (int i = 0; i < 6; ++i) {
        CaseRow row = caseRow(i < 3 ? "S-A" : "S-B", owners[i % 3]);
        row.status = i % 2 == 0 ? "accepted" : "done";
        row.deleted = i == 5;
        writer->putCase(row);
    }
    writer->commit();
}

void putMessages(Store& store, LogIndex from, LogIndex to) {
    const auto writer = store.beginWrite();
    for (LogIndex index = from; index < to; ++index) {
        writeMessage(*writer, index, index % 2 == 0 ? "housing/permits" : "water/meters");
    }
    writer->commit();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(StoreListing)

STORE_CASE(pages_cases_in_ascending_order) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    putSixCases(*store);
    CaseFilter filter;
    filter.include_deleted = true;
    filter.limit = 4;
    BOOST_TEST(idsOf(store->reader().cases(filter)) == (Ids{1, 2, 3, 4}));
    filter.after = 4;
    BOOST_TEST(idsOf(store->reader().cases(filter)) == (Ids{5, 6}));
    filter.after = 6;
    BOOST_TEST(idsOf(store->reader().cases(filter)) == Ids{});
}

STORE_CASE(filters_cases) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    putSixCases(*store);
    StoreReader& reader = store->reader();
    CaseFilter filter;
    BOOST_TEST(idsOf(reader.cases(filter)) == (Ids{1, 2, 3, 4, 5}));
    filter.departments = {"code-of-housing"};
    BOOST_TEST(idsOf(reader.cases(filter)) == (Ids{1, 2, 4, 5}));
    filter.departments = {"code-of-water", "code-of-housing", "code-of-housing", "housing"};
    filter.limit = 3;
    BOOST_TEST(idsOf(reader.cases(filter)) == (Ids{1, 2, 3}));
    filter.after = 2;
    BOOST_TEST(idsOf(reader.cases(filter)) == (Ids{3, 4, 5}));
    filter.include_deleted = true;
    filter.limit = 10;
    BOOST_TEST(idsOf(reader.cases(filter)) == (Ids{3, 4, 5, 6}));
    filter.source_case_no = "S-B";
    filter.status = "done";
    BOOST_TEST(idsOf(reader.cases(filter)) == (Ids{4, 6}));
    filter.departments.clear();
    BOOST_TEST(idsOf(reader.cases(filter)) == (Ids{4, 6}));
    filter.departments = {"housing"};
    BOOST_TEST(idsOf(reader.cases(filter)) == Ids{});
}

STORE_CASE(does_not_take_a_department_for_the_beginning_of_another) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    {
        const auto writer = store->beginWrite();
        writer->putCase(caseRow("S-1", "housing/a"));
        writer->putCase(caseRow("S-1", "housing2/a"));
        writer->commit();
    }
    CaseFilter filter;
    filter.departments = {"code-of-housing"};
    BOOST_TEST(idsOf(store->reader().cases(filter)) == (Ids{1}));
}

STORE_CASE(lists_a_windows_case_to_the_owning_department_and_to_the_window) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    {
        const auto writer = store->beginWrite();
        CaseRow opened = caseRow("W-1", "civic/window");
        opened.department = "code-of-housing";
        opened.by_window = true;
        writer->putCase(opened);
        writer->putCase(caseRow("W-2", "civic/window"));
        writer->putCase(caseRow("S-1"));
        CaseRow alias = caseRow("W-1");
        alias.department.clear();
        alias.deleted = true;
        writer->putCase(alias);
        writer->commit();
    }
    const auto listed = [&](std::string code, std::string window, std::string number) {
        CaseFilter filter;
        filter.departments = {std::move(code)};
        filter.windows_of = std::move(window);
        filter.source_case_no = std::move(number);
        filter.include_deleted = true;
        return idsOf(store->reader().cases(filter));
    };
    BOOST_TEST(listed("code-of-housing", "housing", "") == (Ids{1, 3}));
    BOOST_TEST(listed("code-of-housing", "", "W-1") == (Ids{1}));
    BOOST_TEST(listed("code-of-civic", "civic", "") == (Ids{1, 2}));
    BOOST_TEST(listed("code-of-civic", "civic", "W-1") == (Ids{1}));
    BOOST_TEST(listed("code-of-civic", "", "") == (Ids{2}));
    BOOST_TEST(listed("code-of-water", "water", "") == Ids{});
    CaseFilter both;
    both.departments = {"code-of-housing", "code-of-civic"};
    both.windows_of = "civic";
    both.limit = 2;
    BOOST_TEST(idsOf(store->reader().cases(both)) == (Ids{1, 2}));
}

STORE_CASE(pages_messages_newest_first) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    putMessages(*store, 0, 5);
    MessageFilter filter;
    filter.limit = 2;
    BOOST_TEST(indexesOf(store->reader().messages(filter)) == (Indexes{4, 3}));
    filter.before = 3;
    BOOST_TEST(indexesOf(store->reader().messages(filter)) == (Indexes{2, 1}));
    filter.before = 0;
    BOOST_TEST(indexesOf(store->reader().messages(filter)) == Indexes{});
}

STORE_CASE(filters_messages) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    putMessages(*store, 0, 5);
    {
        const auto writer = store->beginWrite();
        MessageRow row = messageRow(5);
        row.outcome = MessageOutcome::Refused;
        writer->putMessage(row);
        writer->commit();
    }
    StoreReader& reader = store->reader();
    MessageFilter filter;
    filter.sender = systemNamed("water/meters");
    BOOST_TEST(indexesOf(reader.messages(filter)) == (Indexes{3, 1}));
    filter.sender = systemNamed("never/seen");
    BOOST_TEST(indexesOf(reader.messages(filter)) == Indexes{});
    filter = {};
    filter.outcome = "refused";
    BOOST_TEST(indexesOf(reader.messages(filter)) == (Indexes{5}));
    filter.outcome = "no such outcome";
    BOOST_TEST(indexesOf(reader.messages(filter)) == Indexes{});
    filter = {};
    filter.since = second(2);
    filter.until = second(4);
    BOOST_TEST(indexesOf(reader.messages(filter)) == (Indexes{3, 2}));
}

STORE_CASE(numbers_the_feed_without_gaps) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    putMessages(*store, 0, 3);
    {
        const auto dropped = store->beginWrite();
        writeMessage(*dropped, 3);
    }
    putMessages(*store, 3, 6);
    BOOST_TEST(whatIsWrong(store->reader(), 6) == "");
    const auto page = store->reader().changes(2, 3);
    BOOST_REQUIRE(page.size() == 3U);
    BOOST_TEST((page[0].number == 3 && page[0].index == 2 && page[0].record == 1));
    BOOST_TEST(page[2].number == 5U);
    BOOST_TEST(store->reader().changes(6, 10).empty());
}

STORE_CASE(gives_the_history_of_one_case_in_order) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    {
        const auto writer = store->beginWrite();
        writer->putPatch({5, 1, 2, RecordOutcome::Stale, "{\"c\":1}"});
        writer->putPatch({0, 2, 2, RecordOutcome::New, "{\"a\":1}"});
        writer->putPatch({0, 3, 1, RecordOutcome::New, "{\"x\":1}"});
        writer->putPatch({0, 11, 2, RecordOutcome::Changed, "{\"b\":1}"});
        writer->putPatch({6, 1, 0, RecordOutcome::Refused, ""});
        writer->commit();
    }
    const auto rows = store->reader().history(2, 10);
    BOOST_REQUIRE(rows.size() == 3U);
    BOOST_TEST((rows[0].patch == "{\"a\":1}" && rows[1].record == 11 && rows[2].index == 5));
    BOOST_TEST((rows[2].outcome == RecordOutcome::Stale && rows[2].case_id == 2));
    BOOST_TEST(store->reader().history(2, 2).size() == 2U);
    BOOST_TEST(store->reader().history(0, 10).empty());
    BOOST_TEST(store->reader().patch(6, 1).value().case_id == 0);
    BOOST_TEST(!store->reader().patch(6, 2));
}

BOOST_AUTO_TEST_SUITE_END()
