// tests/unit/pipeline/rows_ahead_test.cpp - rows that were read ahead are those of now, whatever the slice has written.
#include "gateway/pipeline/rows_ahead.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/memory_store.hpp"
#include "tests/support/store_rows.hpp"

using namespace caseway;
using namespace caseway::fixture;
using namespace caseway::testing;

BOOST_AUTO_TEST_SUITE(KnownRows)

BOOST_AUTO_TEST_CASE(are_read_anew_where_the_slice_wrote_them) {
    MemoryStore store;
    const auto writer = store.beginWrite();
    for (const char* number : {"S-1", "S-2", "S-3", "S-4"}) writer->putCase(caseRow(number));
    std::vector<CaseRow> memory;
    RowsAhead rows(*writer, memory);
    BOOST_TEST_REQUIRE((rows.of(1) != nullptr && rows.of(2) != nullptr));
    for (const CaseId id : {CaseId{2}, CaseId{3}}) {  // taken already, and to come
        CaseRow row = writer->caseById(id).value();
        row.state = "written";
        writer->putCase(row);
        rows.written(id);
        BOOST_TEST_REQUIRE(rows.of(id) != nullptr);
        BOOST_TEST(rows.of(id)->state == "written");
    }
    BOOST_TEST_REQUIRE(rows.of(4) != nullptr);
    BOOST_TEST(rows.of(4)->id == 4);
    BOOST_TEST(rows.of(5) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
