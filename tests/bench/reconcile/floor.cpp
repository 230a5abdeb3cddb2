// tests/bench/reconcile/floor.cpp - the floor of a reconciliation: libxml2's SAX parse of the whole set, for each
// record one look-up by its key and a comparison of its columns as they stand, then one pass over all keys. No mapping,
// no merge, no report. The database is bench_sync_floor's. usage: bench_reconcile_floor FILE.xml DATABASE
#include <chrono>
#include <cstdio>

#include "tests/bench/xml_rows.hpp"

using namespace caseway::bench;

namespace {

struct Floor : XmlRow {
    sqlite3* database = nullptr;
    sqlite3_stmt* find = nullptr;
    std::vector<bool> seen;
    long records = 0, same = 0, different = 0, missing = 0;

    void record() {
        ++records;
        check(sqlite3_bind_text(find, 1, values[0].data(), static_cast<int>(values[0].size()), SQLITE_STATIC));
        const int found = sqlite3_step(find);
        check(found);
        bool is_same = true;
        for (int i = 1; found == SQLITE_ROW && i < kColumns; ++i) {
            const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(find, i));
            is_same = is_same && text != nullptr && values[i] == text;
        }
        if (found == SQLITE_ROW) {
            const auto row = static_cast<std::size_t>(sqlite3_column_int64(find, kColumns));
            if (row >= seen.size()) seen.resize(2 * row + 64);
            seen[row] = true;
        }
        ++(found != SQLITE_ROW ? missing : is_same ? same : different);
        check(sqlite3_reset(find));
        for (std::string& value : values) value.clear();
    }
    long missingThere() {
        sqlite3_stmt* all = nullptr;
        check(sqlite3_prepare_v2(database, "SELECT rowid FROM record ORDER BY code", -1, &all, nullptr));
        long count = 0;
        while (sqlite3_step(all) == SQLITE_ROW) {
            const auto row = static_cast<std::size_t>(sqlite3_column_int64(all, 0));
            if (row >= seen.size() || !seen[row]) ++count;
        }
        sqlite3_finalize(all);
        return count;
    }
};

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 3) throw std::runtime_error("usage: bench_reconcile_floor FILE.xml DATABASE");
    const auto began = std::chrono::steady_clock::now();
    Floor floor;
    check(sqlite3_open_v2(argv[2], &floor.database, SQLITE_OPEN_READWRITE, nullptr));
    check(sqlite3_prepare_v2(floor.database, "SELECT *, rowid FROM record WHERE code = ?1", -1, &floor.find, nullptr));
    readXmlRows(argv[1], floor);
    const long missing_there = floor.missingThere();
    sqlite3_finalize(floor.find);
    sqlite3_close(floor.database);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf("%ld records = %ld same + %ld different + %ld missing here, %ld missing there: %.2f s %.2f s CPU\n",
                floor.records, floor.same, floor.different, floor.missing, missing_there, took.count(), cpuSeconds());
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_reconcile_floor: %s\n", error.what());
    return 1;
}
