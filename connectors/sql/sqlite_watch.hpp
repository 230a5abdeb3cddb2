// connectors/sql/sqlite_watch.hpp - ends a statement of SQLite that goes on too long. Its driver knows no time-out, and
// to cancel from another thread frees what the first still uses; so SQLite itself asks, in the statement's own thread,
// every some thousand steps, whether it may go on.
#pragma once

#include <chrono>
#include <functional>

#include "connectors/sql/sql_driver.hpp"

namespace caseway {

/// Of one connection; it must outlive it. For the thread that uses the connection.
class SqliteWatch {
public:
    using TimeLeft = std::function<std::chrono::milliseconds()>;
    SqliteWatch() = default;
    SqliteWatch(const SqliteWatch&) = delete;
    SqliteWatch& operator=(const SqliteWatch&) = delete;

    /// While it lives, a file that this thread opens is watched; of other families nothing is.
    class Attaching {
    public:
        Attaching(SqliteWatch& watch, SqlDriver family);
        ~Attaching();
        Attaching(const Attaching&) = delete;
        Attaching& operator=(const Attaching&) = delete;
    };

    /// From now on the driver may step for `longest`, and as long as `time_left` (may be empty) does not throw.
    void begin(std::chrono::seconds longest, const TimeLeft& time_left);
    /// Whether the step that began last was ended here.
    bool hasEnded() const { return has_ended_; }
    /// Nothing is ended any more: for what closes.
    void rest() { time_left_ = {}, ends_ = Clock::time_point::max(); }

    /// Whether the step must end: for SQLite's call.
    bool mustEnd();

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point ends_ = Clock::time_point::max();
    TimeLeft time_left_;
    bool has_ended_ = false;
};

}  // namespace caseway
