// tests/contract/store/repeats_test.cpp - whatever order cases are said again and changed in, in nights of many runs of
// neighbours as of single ones, each case and each record has its newest repetition and no other one.
#include <map>
#include <random>

#include "gateway/ports/case_standings.hpp"
#include "gateway/ports/store_snapshot.hpp"
#include "tests/contract/store/store_places.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

constexpr CaseId kCases = 24;
constexpr int kSeeds = 6, kNights = 20;

/// What must be there: by case the record that it stands on, by record its newest repetition.
struct Expected {
    std::map<CaseId, CaseRow> rows;
    std::map<std::pair<LogIndex, std::uint64_t>, Repeat> repeats;

    std::optional<Repeat> of(const CaseRow& row) const {
        if (!row.stated_by) return std::nullopt;
        const auto found = repeats.find({row.stated_by->index, row.stated_by->record});
        return found == repeats.end() ? std::nullopt : std::optional(found->second);
    }
};

/// One message: it says cases again or changes them, from some case on, with gaps, and perhaps some of them twice.
void applyNight(StoreWriter& writer, LogIndex night, std::mt19937& random, Expected& expected) {
    const auto below = [&](std::uint32_t bound) { return static_cast<std::uint32_t>(random() % bound); };
    std::uint64_t record = 0;
    for (std::uint32_t pass = 0; pass <= below(2); ++pass)
        for (CaseId id = 1 + below(kCases); id <= kCases; ++id) {
            ++record;
            CaseRow& row = expected.rows.at(id);
            const std::uint32_t what = below(20);
            if (what == 0) continue;
            if (what == 1) ++record;
            if (what <= 3 || !row.stated_by) {
                row.stated_by.reset();
                if (what != 3) row.stated_by = RecordKey{night, record};
                if (row.stated_by) writer.putPatch({night, record, id, RecordOutcome::Changed, "{}"});
                writer.putCase(row);
            } else {
                const bool has_time = what != 4;
                const Repeat repeat{{night, record},
                                    has_time ? std::nullopt : std::optional(second(static_cast<std::int64_t>(night))),
                                    second(static_cast<std::int64_t>(night)),
                                    messageIdOf(night)};
                writer.putRepeat(id, repeat);
                expected.repeats.insert_or_assign({row.stated_by->index, row.stated_by->record}, repeat);
            }
            if (what == 5) BOOST_REQUIRE((writer.caseById(id).value().repeated == expected.of(row)));
        }
}

void checkNight(Store& store, const Expected& expected, int seed) {
    for (const auto& [id, row] : expected.rows)
        BOOST_REQUIRE_MESSAGE(store.reader().caseById(id).value().repeated == expected.of(row), "seed " << seed);
    const auto snapshot = store.snapshot();
    std::vector<StoredKey> keys;
    for (const auto& [record, repeat] : expected.repeats) {
        keys.push_back({record.first, record.second});
        BOOST_REQUIRE_MESSAGE(snapshot->repeatOf({record.first, record.second}) == repeat, "seed " << seed);
    }
    std::vector<StoredKey> found;
    for (auto page = snapshot->keys(StoreTable::Repeat, std::nullopt, 7); !page.empty();
         page = snapshot->keys(StoreTable::Repeat, found.back(), 7))
        found.insert(found.end(), page.begin(), page.end());
    BOOST_REQUIRE_MESSAGE(found == keys, "seed " << seed);
    BOOST_REQUIRE_MESSAGE(snapshot->damage().empty(), "seed " << seed);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(StoreRepeats)

STORE_CASE(come_with_the_case_that_stands_on_the_record) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    const auto repeatOf = [](LogIndex index) {
        return Repeat{{index, 3}, second(1), second(static_cast<std::int64_t>(index)), messageIdOf(index)};
    };
    CaseRow row = caseRow("S-1");
    row.stated_by = RecordKey{4, 1};
    written(*store, [&](StoreWriter& writer) {
        row.id = writer.putCase(row);
        for (const std::uint64_t record : {1, 2, 3})
            writer.putPatch({4, record, row.id, RecordOutcome::New, std::to_string(record)});
        writer.putCase(caseRow("S-2"));
        writer.putRepeat(row.id, repeatOf(90));
        BOOST_TEST((writer.caseById(row.id).value().repeated == repeatOf(90)));
        row.stated_by = RecordKey{4, 2};
        writer.putCase(row);
        BOOST_TEST(!writer.caseById(row.id).value().repeated);
        writer.putRepeat(row.id, repeatOf(7));
        row.status = "decided";
        writer.putCase(row);  // on the same record
        BOOST_TEST((writer.caseById(row.id).value().repeated == repeatOf(7)));
    });
    written(*store, [&](StoreWriter& writer) { writer.putRepeat(row.id, repeatOf(8)); });
    StoreReader& reader = store->reader();
    for (const auto& found : {reader.caseById(row.id), reader.caseBySource(row.owner, "S-1"),
                              std::optional(reader.cases({.departments = {row.department}}).at(0))})
        BOOST_TEST((found.value().stated_by == RecordKey{4, 2} && found.value().repeated == repeatOf(8)));
    BOOST_TEST(!reader.caseBySource(row.owner, "S-2").value().stated_by);
    const auto isTold = [&] {
        const auto snapshot = store->snapshot();
        const std::vector<StoredKey> expected{{4, 1}, {4, 2}};
        return snapshot->repeatOf({4, 1}) == repeatOf(90) && snapshot->repeatOf({4, 2}) == repeatOf(8) &&
               !snapshot->repeatOf({4, 3}) && snapshot->keys(StoreTable::Repeat, std::nullopt, 10) == expected &&
               snapshot->damage().empty();
    };
    BOOST_TEST(isTold());
    row.stated_by.reset();
    written(*store, [&](StoreWriter& writer) { writer.putCase(row); });
    BOOST_TEST((!reader.caseById(row.id).value().stated_by && !reader.caseById(row.id).value().repeated));
    BOOST_TEST(isTold());
}

STORE_CASE(are_the_newest_of_each_record_after_any_nights) {
    for (int seed = 1; seed <= kSeeds; ++seed) {
        std::mt19937 random(static_cast<std::uint32_t>(seed));
        const auto place = placeOf(adapter);
        const auto store = place->open();
        Expected expected;
        {
            const auto writer = store->beginWrite();
            for (CaseId id = 1; id <= kCases; ++id) {
                CaseRow row = caseRow("S-" + std::to_string(id));
                row.stated_by = RecordKey{0, static_cast<std::uint64_t>(id)};
                BOOST_TEST_REQUIRE((row.id = writer->putCase(row)) == id);
                writer->putPatch({0, static_cast<std::uint64_t>(id), id, RecordOutcome::New, "{}"});
                expected.rows.emplace(id, row);
            }
            writer->commit();
        }
        for (LogIndex night = 1; night <= kNights; ++night) {
            Expected after = expected;
            const auto writer = store->beginWrite();
            applyNight(*writer, night, random, after);
            if (random() % 5 == 0) continue;  // killed before its commit
            writer->commit();
            expected = std::move(after);
            checkNight(*store, expected, seed);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
