// tests/bench/reconcile/floor.cpp - the floor of a reconciliation: libxml2's SAX parse of the whole set, for each
// record one look-up by its key and a comparison of its columns as they stand, then one pass over all keys. No mapping,
// no merge, no report. The database is bench_sync_floor's. usage: bench_reconcile_floor FILE.xml DATABASE
#include <libxml/parser.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr int kColumns = 16;

void check(int code) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) throw std::runtime_error(sqlite3_errstr(code));
}

struct Floor {
    sqlite3* database = nullptr;
    sqlite3_stmt* find = nullptr;
    std::string values[kColumns];
    std::vector<bool> seen;
    int column = -1, depth = 0;
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

void onStart(void* context, const xmlChar*, const xmlChar*, const xmlChar*, int, const xmlChar**, int, int,
             const xmlChar**) {
    auto& floor = *static_cast<Floor*>(context);
    if (++floor.depth == 2) floor.column = -1;
    if (floor.depth == 3) ++floor.column;
}
void onEnd(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    auto& floor = *static_cast<Floor*>(context);
    if (floor.depth-- == 2) floor.record();
}
void onText(void* context, const xmlChar* text, int length) {
    auto& floor = *static_cast<Floor*>(context);
    if (floor.depth == 3 && floor.column < kColumns)
        floor.values[floor.column].append(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
}

double cpuSeconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 3) throw std::runtime_error("usage: bench_reconcile_floor FILE.xml DATABASE");
    const auto began = std::chrono::steady_clock::now();
    Floor floor;
    check(sqlite3_open_v2(argv[2], &floor.database, SQLITE_OPEN_READWRITE, nullptr));
    check(sqlite3_prepare_v2(floor.database, "SELECT *, rowid FROM record WHERE code = ?1", -1, &floor.find, nullptr));
    xmlSAXHandler sax{};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = onStart;
    sax.endElementNs = onEnd;
    sax.characters = onText;
    std::ifstream file(argv[1], std::ios::binary);
    std::vector<char> buffer(64 * 1024);
    file.read(buffer.data(), 4);
    xmlParserCtxt* const parser = xmlCreatePushParserCtxt(&sax, &floor, buffer.data(), 4, nullptr);
    while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), file.gcount() > 0)
        if (xmlParseChunk(parser, buffer.data(), static_cast<int>(file.gcount()), 0) != 0)
            throw std::runtime_error("not well-formed");
    xmlParseChunk(parser, nullptr, 0, 1);
    xmlFreeParserCtxt(parser);
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
