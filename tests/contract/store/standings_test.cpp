// tests/contract/store/standings_test.cpp - what cases stand on, read many at once, is what their whole rows say,
// before and after each write of the same transaction, also into rows that held others before.
#include "gateway/ports/case_standings.hpp"
#include "tests/contract/store/store_places.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

/// From each id on, in pages of each size: the same as a listing. An adapter without it has nothing to hold.
void checkAgainstListing(StoreReader& reader, CaseId last, std::vector<CaseRow>& rows) {
    auto* const standings = dynamic_cast<CaseStandings*>(&reader);
    if (standings == nullptr) return;
    for (CaseId from = 1; from <= last + 1; ++from)
        for (std::size_t limit = 1; limit <= static_cast<std::size_t>(last) + 1; ++limit) {
            CaseFilter filter;
            filter.after = from - 1;
            filter.include_deleted = true;
            filter.limit = limit;
            const std::vector<CaseRow> whole = reader.cases(filter);
            standings->standings(from, limit, rows);
            BOOST_TEST_REQUIRE(rows.size() == whole.size());
            for (std::size_t i = 0; i < rows.size(); ++i) {
                BOOST_TEST(rows[i].id == whole[i].id);
                BOOST_TEST((rows[i].owner == whole[i].owner));
                BOOST_TEST(rows[i].case_no == whole[i].case_no);
                BOOST_TEST(rows[i].state == whole[i].state);
                BOOST_TEST((rows[i].stated_by == whole[i].stated_by));
                BOOST_TEST((rows[i].repeated == whole[i].repeated));
            }
        }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(StoreStandings)

STORE_CASE(are_what_whole_rows_say) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    std::vector<CaseRow> rows;
    CaseRow repeated = caseRow("S-1"), numbered = caseRow("S-2", "civic/desk"), deleted = caseRow("S-3");
    repeated.stated_by = RecordKey{4, 2};
    numbered.case_no = "A-77";
    numbered.state = std::string(10'000, 'x');  // long enough to be kept compressed
    deleted.deleted = true;
    deleted.stated_by = RecordKey{4, 3};
    CaseId last = 0;
    written(*store, [&](StoreWriter& writer) {
        for (CaseRow* row : {&repeated, &numbered, &deleted}) last = row->id = writer.putCase(*row);
        checkAgainstListing(writer, last, rows);
        writer.putRepeat(repeated.id, {{7, 1}, second(1), second(7), messageIdOf(7)});
        checkAgainstListing(writer, last, rows);
    });
    checkAgainstListing(store->reader(), last, rows);
    written(*store, [&](StoreWriter& writer) {
        repeated.stated_by.reset();
        repeated.state = "";
        writer.putCase(repeated);
        writer.putRepeat(deleted.id, {{8, 1}, second(1), second(8), messageIdOf(8)});
        checkAgainstListing(writer, last, rows);
    });
    checkAgainstListing(store->reader(), last, rows);
}

BOOST_AUTO_TEST_SUITE_END()
