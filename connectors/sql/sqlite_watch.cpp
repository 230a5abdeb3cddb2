// connectors/sql/sqlite_watch.cpp - the driver uses the same SQLite as we do (a shared library), which calls us for
// each file that is opened (sqlite3_auto_extension); where a driver brought one of its own, nothing is watched, and
// bounded_connector.hpp leaves the call behind.
#include "connectors/sql/sqlite_watch.hpp"

#include <sqlite3.h>

#include <mutex>

#include "connectors/sdk/faults.hpp"

namespace caseway {
namespace {

constexpr int kStepsApart = 10'000;  ///< of SQLite's machine: some tenths of a millisecond

thread_local SqliteWatch* attaching = nullptr;

int ask(void* watch) {
    return static_cast<SqliteWatch*>(watch)->mustEnd() ? 1 : 0;
}

int watchOpened(sqlite3* opened, char**, const struct sqlite3_api_routines*) {
    if (attaching != nullptr) sqlite3_progress_handler(opened, kStepsApart, &ask, attaching);
    return SQLITE_OK;
}

}  // namespace

SqliteWatch::Attaching::Attaching(SqliteWatch& watch, SqlDriver family) {
    static std::once_flag once;
    // The declared type is that of no extension: SQLite calls it with these three.
    std::call_once(once, [] { sqlite3_auto_extension(reinterpret_cast<void (*)()>(&watchOpened)); });
    if (family == SqlDriver::Sqlite) attaching = &watch;
}

SqliteWatch::Attaching::~Attaching() {
    attaching = nullptr;
}

void SqliteWatch::begin(std::chrono::seconds longest, const TimeLeft& time_left) {
    ends_ = Clock::now() + longest;
    time_left_ = time_left;
    has_ended_ = false;
}

/// No exception crosses SQLite.
bool SqliteWatch::mustEnd() {
    try {
        if (time_left_) time_left_();
        has_ended_ = has_ended_ || Clock::now() >= ends_;
    } catch (const ConnectorFault&) {
        has_ended_ = true;
    }
    return has_ended_;
}

}  // namespace caseway
