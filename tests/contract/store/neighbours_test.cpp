// tests/contract/store/neighbours_test.cpp - rows that come next to each other, and look-ups in the order of their keys
// or in none: whatever an adapter makes of the order, it answers the same.
#include <map>
#include <random>

#include "gateway/ports/store_snapshot.hpp"
#include "tests/contract/store/store_places.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

struct Rng {
    explicit Rng(std::uint32_t seed) : engine(seed) {}
    std::uint32_t below(std::uint32_t bound) {
        return std::uniform_int_distribution<std::uint32_t>(0, bound - 1)(engine);
    }
    std::mt19937 engine;
};

bool areSame(const ChangeRow& a, const ChangeRow& b) {
    return a.number == b.number && a.case_id == b.case_id && a.index == b.index && a.record == b.record;
}

/// A feed in which cases, leaves and records go up together for a while, then one of them does not.
std::vector<ChangeRow> randomFeed(Rng& rng, std::size_t size) {
    std::vector<ChangeRow> feed;
    ChangeRow next{1, 1, 0, 1};
    while (feed.size() < size) {
        feed.push_back(next);
        ++next.number;
        const std::uint32_t step = rng.below(12);
        next.case_id += step == 0 ? 2 : step == 1 ? 0 : 1;
        next.record += step == 2 ? 3 : 1;
        if (step == 3) ++next.index;
        if (step == 4) ++next.index, next.record = 1;
    }
    return feed;
}

void checkFeed(StoreReader& reader, const std::vector<ChangeRow>& feed, std::size_t written, Rng& rng) {
    BOOST_TEST_REQUIRE(reader.lastChange() == written);
    for (int i = 0; i < 20; ++i) {
        const std::size_t after = rng.below(static_cast<std::uint32_t>(written) + 3), limit = 1 + rng.below(20);
        const auto rows = reader.changes(after, limit);
        BOOST_TEST_REQUIRE(rows.size() == std::min(limit, written - std::min(after, written)));
        for (std::size_t at = 0; at < rows.size(); ++at)
            BOOST_TEST_REQUIRE(areSame(rows[at], feed[after + at]), "change " << after + at + 1);
    }
}

using Keys = std::vector<std::pair<LogIndex, std::uint64_t>>;

Keys keysOf(const std::vector<PatchRow>& history) {
    Keys keys;
    for (const PatchRow& row : history) keys.emplace_back(row.index, row.record);
    return keys;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(StoreNeighbours)

STORE_CASE(tell_the_feed_as_it_was_written) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        Rng rng(seed);
        const auto place = placeOf(adapter);
        const auto store = place->open();
        const auto feed = randomFeed(rng, 200);
        std::size_t written = 0;
        while (written < feed.size()) {
            const auto writer = store->beginWrite();
            const std::size_t end = std::min<std::size_t>(feed.size(), written + 1 + rng.below(60));
            for (std::size_t at = written; at < end; ++at) writer->putChange(feed[at]);
            checkFeed(*writer, feed, end, rng);
            if (rng.below(4) == 0) continue;  // never happened
            writer->commit();
            written = end;
            checkFeed(store->reader(), feed, written, rng);
        }
        const auto snapshot = store->snapshot();
        std::vector<StoredKey> keys;
        for (auto page = snapshot->keys(StoreTable::Change, std::nullopt, 7); !page.empty();
             page = snapshot->keys(StoreTable::Change, keys.back(), 7))
            keys.insert(keys.end(), page.begin(), page.end());
        BOOST_TEST_REQUIRE(keys.size() == feed.size(), "seed " << seed);
        for (std::size_t at = 0; at < keys.size(); ++at) BOOST_TEST_REQUIRE((keys[at] == StoredKey{at + 1, 0}));
        BOOST_TEST(snapshot->damage().empty());
    }
}

STORE_CASE(find_cases_in_any_order_of_their_numbers) {
    for (std::uint32_t seed = 1; seed <= 30; ++seed) {
        Rng rng(seed);
        const auto place = placeOf(adapter);
        const auto store = place->open();
        std::map<std::pair<std::string, std::string>, CaseId> known;  // committed ones: the lowest id of each key
        for (int transaction = 0; transaction < 12; ++transaction) {
            auto now = known;
            const auto writer = store->beginWrite();
            std::uint32_t number = rng.below(300);
            for (int i = 0; i < 80; ++i) {
                number = rng.below(8) == 0 ? rng.below(300) : number + rng.below(3);
                const std::string owner = rng.below(10) == 0 ? "water/meters" : "housing/permits";
                const std::string key = "S-" + std::to_string(1000 + number) + (rng.below(9) == 0 ? "x" : "");
                const auto row = writer->caseBySource(systemNamed(owner), key);
                const auto expected = now.find({owner, key});
                BOOST_TEST_REQUIRE(row.has_value() == (expected != now.end()), "seed " << seed << ' ' << key);
                if (row) BOOST_TEST_REQUIRE((row->id == expected->second && row->source_case_no == key));
                if (rng.below(row ? 20 : 2) == 0) {
                    const CaseId id = writer->putCase(caseRow(key, owner));
                    now.emplace(std::pair(owner, key), id);
                } else if (row && rng.below(3) == 0) {
                    CaseRow changed = *row;
                    if (rng.below(2) == 0 && changed.case_no.empty()) changed.case_no = "GH-" + std::to_string(row->id);
                    writer->putCase(changed);
                }
            }
            if (rng.below(3) == 0) continue;
            writer->commit();
            known = std::move(now);
        }
    }
}

STORE_CASE(read_cases_and_records_of_a_transaction_under_way_as_they_were_written) {
    struct Known {
        std::string status;
        Keys history;
    };
    for (std::uint32_t seed = 1; seed <= 30; ++seed) {
        Rng rng(seed);
        const auto place = placeOf(adapter);
        const auto store = place->open();
        std::map<CaseId, Known> known;  // committed ones
        LogIndex index = 0;
        for (int transaction = 0; transaction < 6; ++transaction) {
            auto now = known;
            const auto writer = store->beginWrite();
            for (int i = 0; i < 40; ++i, ++index) {
                const std::string status = std::to_string(index);
                CaseRow row = caseRow("S-" + status);
                const CaseId some =
                    now.empty() ? 0 : std::next(now.begin(), rng.below(static_cast<std::uint32_t>(now.size())))->first;
                if (some != 0 && rng.below(2) == 0) {
                    row = writer->caseById(some).value();
                    BOOST_TEST_REQUIRE(row.status == now[some].status, "seed " << seed << " case " << some);
                    const auto [told, record] = now[some].history.back();
                    const auto patch = writer->patch(told, record);
                    BOOST_TEST_REQUIRE((patch && patch->case_id == some), "seed " << seed << " case " << some);
                }
                row.status = status;
                if (rng.below(4) != 0) row.stated_by = RecordKey{index, 1};
                BOOST_TEST_REQUIRE(!writer->patch(index, 1));
                const CaseId id = writer->putCase(row);
                writer->putPatch({index, 1, id, RecordOutcome::New, "{}"});
                now[id].status = status;
                now[id].history.emplace_back(index, 1);
                if (rng.below(6) == 0) BOOST_TEST_REQUIRE((keysOf(writer->history(id, 99)) == now[id].history));
            }
            if (rng.below(3) == 0) continue;
            writer->commit();
            known = std::move(now);
            for (const auto& [id, one] : known)
                BOOST_TEST_REQUIRE((keysOf(store->reader().history(id, 99)) == one.history), "seed " << seed);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
