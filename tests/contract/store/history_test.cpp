// tests/contract/store/history_test.cpp - the history of a case is whole while its row comes to lead to other records.
#include "gateway/ports/store_snapshot.hpp"
#include "tests/contract/store/store_places.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

CaseId open(StoreWriter& writer, const RecordKey& by, const char* source_case_no = "S-1") {
    CaseRow row = caseRow(source_case_no);
    row.stated_by = by;
    const CaseId id = writer.putCase(row);
    writer.putPatch({by.index, by.record, id, RecordOutcome::New, "{\"operation\":\"U\"}"});
    return id;
}

void change(StoreWriter& writer, CaseId id, const RecordKey& by, const std::optional<RecordKey>& stated_by) {
    CaseRow row = writer.caseById(id).value();
    row.stated_by = stated_by;
    writer.putCase(row);
    writer.putPatch({by.index, by.record, id, RecordOutcome::Changed, "{\"status\":\"10\"}"});
}

using Keys = std::vector<std::pair<LogIndex, std::uint64_t>>;

/// Told in the same way by everybody who reads histories.
Keys keysOf(Store& store, CaseId id) {
    Keys keys, after;
    const auto snapshot = store.snapshot();
    for (const PatchRow& row : store.reader().history(id, 10)) {
        keys.emplace_back(row.index, row.record);
        BOOST_TEST(row.case_id == id);
        BOOST_TEST(store.reader().patch(row.index, row.record).value().case_id == id);
    }
    for (const PatchRow& row : snapshot->historyAfter(id, 0, 0, 10)) after.emplace_back(row.index, row.record);
    BOOST_TEST((keys == after), "case " << id << ": " << keys.size() << " and " << after.size());
    return keys;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(StoreHistory)

STORE_CASE(stays_whole_whichever_record_the_case_comes_from) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    CaseId first = 0, second = 0, third = 0;
    {
        const auto writer = store->beginWrite();
        first = open(*writer, {1, 1});
        second = open(*writer, {1, 2}, "S-2");
        BOOST_TEST(writer->history(first, 10).size() == 1U);
        writer->commit();
    }
    BOOST_TEST((keysOf(*store, first) == Keys{{1, 1}}));
    {
        const auto writer = store->beginWrite();
        change(*writer, first, {2, 1}, RecordKey{2, 1});
        third = open(*writer, {2, 2}, "S-3");
        CaseRow moved = caseRow("S-3");  // not read before: the record that opened it may still wait somewhere
        moved.id = third;
        writer->putCase(moved);
        writer->putPatch({2, 3, third, RecordOutcome::Changed, "{\"status\":\"20\"}"});
        change(*writer, second, {2, 4}, RecordKey{1, 1});
        writer->commit();
    }
    BOOST_TEST((keysOf(*store, first) == Keys{{1, 1}, {2, 1}}));
    BOOST_TEST((keysOf(*store, second) == Keys{{1, 2}, {2, 4}}));
    BOOST_TEST((keysOf(*store, third) == Keys{{2, 2}, {2, 3}}));
    {
        const auto writer = store->beginWrite();
        change(*writer, first, {0, 7}, std::nullopt);
        writer->commit();
    }
    BOOST_TEST((keysOf(*store, first) == Keys{{0, 7}, {1, 1}, {2, 1}}));
    BOOST_TEST(store->reader().history(first, 2).size() == 2U);
    BOOST_TEST(store->snapshot()->historyAfter(first, 0, 7, 10).size() == 2U);
}

STORE_CASE(is_whole_of_cases_that_are_opened_behind_a_rollback) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    open(*store->beginWrite(), {1, 1});
    CaseId id = 0;
    {
        const auto writer = store->beginWrite();
        id = writer->putCase(caseRow("S-1"));
        writer->putPatch({1, 1, id, RecordOutcome::New, "{}"});
        change(*writer, id, {1, 2}, std::nullopt);
        writer->commit();
    }
    BOOST_TEST((keysOf(*store, id) == Keys{{1, 1}, {1, 2}}));
}

BOOST_AUTO_TEST_SUITE_END()
