// tests/bench/sync/floor.cpp - the floor of a first synchronization: libxml2's SAX parse of the payload and one bare
// SQLite upsert a record, in WAL mode with synchronous=FULL, 1,000 records a transaction. No log, no history, no merge.
// usage: bench_sync_floor FILE.xml DATABASE; prints records, seconds and CPU seconds.
#include <chrono>
#include <cstdio>

#include "tests/bench/xml_rows.hpp"

using namespace caseway::bench;

namespace {

constexpr long kBatch = 1000;

struct Floor : XmlRow {
    sqlite3* database = nullptr;
    sqlite3_stmt* upsert = nullptr;
    long records = 0;

    void run(const char* sql) { check(sqlite3_exec(database, sql, nullptr, nullptr, nullptr)); }
    void record() {
        if (records % kBatch == 0) run("BEGIN");
        for (int i = 0; i < kColumns; ++i)
            check(
                sqlite3_bind_text(upsert, i + 1, values[i].data(), static_cast<int>(values[i].size()), SQLITE_STATIC));
        check(sqlite3_step(upsert));
        check(sqlite3_reset(upsert));
        for (std::string& value : values) value.clear();
        if (++records % kBatch == 0) run("COMMIT");
    }
};

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 3) throw std::runtime_error("usage: bench_sync_floor FILE.xml DATABASE");
    const auto began = std::chrono::steady_clock::now();
    Floor floor;
    check(sqlite3_open(argv[2], &floor.database));
    floor.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    floor.run(
        "CREATE TABLE record(code TEXT PRIMARY KEY, version TEXT, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, "
        "c14, c15)");
    check(sqlite3_prepare_v2(
        floor.database, "INSERT OR REPLACE INTO record VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)",
        -1, &floor.upsert, nullptr));
    readXmlRows(argv[1], floor);
    if (floor.records % kBatch != 0) floor.run("COMMIT");
    sqlite3_finalize(floor.upsert);
    sqlite3_close(floor.database);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf("%ld records %.2f s %.2f s CPU\n", floor.records, took.count(), cpuSeconds());
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_sync_floor: %s\n", error.what());
    return 1;
}
