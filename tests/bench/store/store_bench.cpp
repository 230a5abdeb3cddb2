// tests/bench/store/store_bench.cpp - what one message costs in the SQLite store, fresh and grown, beside the bare
// insert of its bytes. Run: bench_store FOLDER [MESSAGES [BATCH]] [name=value …]; prints microseconds of CPU a message
// and the p99 of commits.
#include <sqlite3.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <random>

#include "gateway/adapters/sqlite/sqlite_store.hpp"
#include "tests/support/store_rows.hpp"

namespace {

using namespace caseway;

double cpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double residentMib() {
    long pages = 0;
    if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
        if (std::fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
        std::fclose(file);
    }
    return static_cast<double>(pages) * 4096.0 / 1048576.0;
}

/// Text that looks like a signed message: field names that repeat, values and a signature that do not.
class Bodies {
public:
    explicit Bodies(std::uint64_t seed) : random_(seed) {}
    std::string random(std::size_t count) {
        static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        std::string text(count, '0');
        for (char& c : text) c = kDigits[random_() & 63];
        return text;
    }
    std::string record(std::size_t fields) {
        std::string text = "{";
        for (std::size_t i = 0; i < fields; ++i)
            text += "\"field_name_" + std::to_string(i) + "\":\"" + random(20) + "\",";
        text.back() = '}';
        return text;
    }
    std::string envelope(bool base64) {
        if (base64) return random(2400);
        std::string text = "<Message xmlns=\"urn:caseway:exchange:1\"><Header><MessageId>" + random(36) +
                           "</MessageId></Header><Body>";
        for (int i = 0; i < 20; ++i)
            text += "<ElementName" + std::to_string(i) + ">" + random(28) + "</ElementName" + std::to_string(i) + ">";
        return text + "</Body><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">" + random(900) +
               "</ds:Signature></Message>";
    }
    std::uint64_t number() { return random_(); }

private:
    std::mt19937_64 random_;
};

struct Prepared {
    std::vector<std::string> envelopes, patches, leaves;
};

Prepared prepare(bool base64) {
    Bodies bodies(7);
    Prepared prepared;
    for (int i = 0; i < 512; ++i) {
        prepared.envelopes.push_back(bodies.envelope(base64));
        prepared.patches.push_back(bodies.record(15));
        prepared.leaves.push_back("{\"type\":\"message\",\"d\":\"" + bodies.random(520) + "\"}");
    }
    return prepared;
}

void writeOne(StoreWriter& writer, LogIndex index, const Prepared& prepared, Bodies& bodies, ChangeNo& change,
              CaseId known) {
    const std::size_t pick = static_cast<std::size_t>(index) & 511;
    MessageRow message = fixture::messageRow(index, index % 3 == 0   ? "housing/permits"
                                                    : index % 3 == 1 ? "water/meters"
                                                                     : "trade/shops");
    std::array<std::uint8_t, 16> id{};
    const std::uint64_t halves[2] = {bodies.number(), bodies.number()};
    std::memcpy(id.data(), halves, 16);
    message.message_id = MessageId::fromRandom(id);
    message.answer =
        "{\"outcome\":\"accepted\",\"records\":{\"new\":1,\"changed\":0,\"same\":0,\"stale\":0,\"refused\":0},"
        "\"refusals\":[]}";
    if (writer.message(*message.sender, *message.message_id)) std::abort();
    writer.putMessage(message);
    writer.putEnvelope(index, {prepared.envelopes[pick], ""});
    writer.putOutcomeLines(
        index, "{\"case\":1,\"outcome\":\"new\",\"patch\":\"0123456789abcdef0123456789abcdef0123456789abcdef\"}\n");
    CaseRow row;
    if (known != 0) {  // one message in three goes on with a case that is there
        row = writer.caseById(known).value();
    } else {
        row = fixture::caseRow("P" + std::to_string(bodies.number() % 1000000007), message.sender->text());
        if (writer.caseBySource(row.owner, row.source_case_no)) row.source_case_no += "b";
    }
    row.state = prepared.patches[(pick * 7) & 511];
    row.last_change = ++change;
    const CaseId case_id = writer.putCase(row);
    writer.putPatch(
        {index, 1, case_id, known != 0 ? RecordOutcome::Changed : RecordOutcome::New, prepared.patches[pick]});
    writer.putChange({change, case_id, index, 1});
    writer.putLeaf(index, prepared.leaves[pick]);
    if (index % 256 == 255) writer.putTile(0, index / 256, std::string(8192, static_cast<char>(index)));
}

void report(const char* what, std::uint64_t at, std::uint64_t count, double cpu, double wall,
            std::vector<double>& commits) {
    std::sort(commits.begin(), commits.end());
    const auto part = [&](double q) {
        return commits[static_cast<std::size_t>(static_cast<double>(commits.size() - 1) * q)] * 1e3;
    };
    std::printf(
        "%-8s at %8llu: %6.2f us CPU/message, %7.0f messages/s; transaction p50 %.2f p99 %.2f max %.2f ms; resident "
        "%.0f MiB\n",
        what, static_cast<unsigned long long>(at), cpu * 1e6 / static_cast<double>(count),
        static_cast<double>(count) / wall, part(0.5), part(0.99), part(1.0), residentMib());
    std::fflush(stdout);
    commits.clear();
}

/// A row of the same bytes a message, no compression: `bare`, without any index; `stock`, with ten columns beside the
/// bytes and an index on each, as one finds it where messages are stored.
void floorRun(const char* what, const std::string& folder, std::uint64_t count, std::uint64_t batch,
              const Prepared& prepared, int columns) {
    const std::string file = folder + "/floor.db";
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file + suffix);
    sqlite3* database = nullptr;
    sqlite3_open(file.c_str(), &database);
    const auto run = [&](const std::string& sql) {
        if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) std::abort();
    };
    std::string names, marks, indexes;
    for (int i = 1; i <= columns; ++i) {
        names += ", c" + std::to_string(i);
        marks += ", ?" + std::to_string(i + 1);
        indexes += "CREATE INDEX i" + std::to_string(i) + " ON t(c" + std::to_string(i) + ");";
    }
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(id INTEGER PRIMARY KEY, bytes BLOB" + names +
        ");" + indexes);
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(database, ("INSERT INTO t(bytes" + names + ") VALUES (?1" + marks + ")").c_str(), -1, &insert,
                       nullptr);
    Bodies bodies(13);
    const double start = cpuSeconds();
    const auto wall = std::chrono::steady_clock::now();
    std::vector<double> commits;
    for (std::uint64_t at = 0; at < count; at += batch) {
        const auto began = std::chrono::steady_clock::now();
        run("BEGIN IMMEDIATE");
        for (std::uint64_t i = at; i < at + batch; ++i) {
            const std::string bytes = prepared.envelopes[i & 511] + prepared.patches[i & 511] +
                                      prepared.patches[(i * 7) & 511] + prepared.leaves[i & 511];
            sqlite3_bind_blob(insert, 1, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
            for (int column = 0; column < columns; ++column)  // ids, times and states in turn
                if (column % 3 == 0)
                    sqlite3_bind_text(insert, column + 2, bodies.random(24).c_str(), -1, SQLITE_TRANSIENT);
                else
                    sqlite3_bind_int64(insert, column + 2, static_cast<sqlite3_int64>(column % 3 == 1 ? i : i % 8));
            if (sqlite3_step(insert) != SQLITE_DONE) std::abort();
            sqlite3_reset(insert);
        }
        run("COMMIT");
        commits.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
    report(what, count, count, cpuSeconds() - start, seconds, commits);
    sqlite3_finalize(insert);
    sqlite3_close(database);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr,
                     "usage: bench_store FOLDER [MESSAGES [BATCH]] [compress_from=N] [cache_kib=N] [page=N] "
                     "[checkpoint=BYTES] [base64=1]\n");
        return 2;
    }
    std::map<std::string, std::int64_t> named = {
        {"compress_from", -1}, {"cache_kib", -1}, {"page", -1}, {"checkpoint", -1}, {"base64", 0}};
    std::vector<std::uint64_t> plain;
    for (int i = 2; i < argc; ++i) {
        const std::string text = argv[i];
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos) {
            plain.push_back(std::stoull(text));
        } else {
            named[text.substr(0, equals)] = std::stoll(text.substr(equals + 1));
        }
    }
    const std::uint64_t total = plain.empty() ? 500'000 : plain[0];
    const std::uint64_t batch = plain.size() < 2 ? 50 : plain[1];
    const std::string folder = argv[1];
    std::filesystem::create_directories(folder);
    SqliteOptions options;
    options.folder = folder + "/data";
    if (named["compress_from"] >= 0) options.compress_from = static_cast<std::size_t>(named["compress_from"]);
    if (named["cache_kib"] > 0) options.writer_cache_kib = static_cast<int>(named["cache_kib"]);
    if (named["page"] > 0) options.page_bytes = static_cast<int>(named["page"]);
    if (named["checkpoint"] > 0) options.checkpoint_at_bytes = named["checkpoint"];
    std::filesystem::remove_all(options.folder);
    const Prepared prepared = prepare(named["base64"] != 0);
    floorRun("bare", folder, 20'000, batch, prepared, 0);
    floorRun("stock", folder, 20'000, 100, prepared, 10);
    const auto store = openSqliteStore(options);
    Bodies bodies(11);
    std::vector<double> commits;
    const std::uint64_t window = 20'000;
    ChangeNo change = 0;
    double cpu = cpuSeconds();
    auto wall = std::chrono::steady_clock::now();
    for (std::uint64_t at = 0; at < total; at += batch) {
        const auto began = std::chrono::steady_clock::now();
        const auto writer = store->beginWrite();
        for (LogIndex index = at; index < at + batch; ++index) {
            const CaseId known =
                index % 3 == 2 && change > 10 ? static_cast<CaseId>(1 + bodies.number() % (change / 2)) : 0;
            writeOne(*writer, index, prepared, bodies, change, known);
        }
        writer->putCheckpoint({at + batch, "caseway.example/log\n" + std::string(160, 'n')});
        writer->commit();
        commits.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
        if ((at + batch) % window == 0) {
            const auto now = std::chrono::steady_clock::now();
            const std::uint64_t done = at + batch;
            if (done == window || done % (window * 5) == 0 || done + batch > total) {
                report("store", done, window, cpuSeconds() - cpu, std::chrono::duration<double>(now - wall).count(),
                       commits);
            }
            commits.clear();
            cpu = cpuSeconds();
            wall = std::chrono::steady_clock::now();
        }
    }
    std::printf("database %.0f MiB, log %.0f MiB\n",
                static_cast<double>(std::filesystem::file_size(options.folder + "/caseway.db")) / 1048576.0,
                static_cast<double>(std::filesystem::file_size(options.folder + "/caseway.db-wal")) / 1048576.0);
}
