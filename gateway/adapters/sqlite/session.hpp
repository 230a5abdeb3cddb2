// gateway/adapters/sqlite/session.hpp - a connection with its prepared statements, and the pool that lends sessions to
// readers.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "gateway/adapters/sqlite/case_table.hpp"
#include "gateway/adapters/sqlite/change_table.hpp"
#include "gateway/adapters/sqlite/known_table.hpp"
#include "gateway/adapters/sqlite/log_table.hpp"
#include "gateway/adapters/sqlite/message_table.hpp"
#include "gateway/adapters/sqlite/repeat_table.hpp"
#include "gateway/adapters/sqlite/run_table.hpp"
#include "gateway/adapters/sqlite/standing_reads.hpp"
#include "gateway/adapters/sqlite/vanished_table.hpp"

namespace caseway {

struct ReadSession {
    ReadSession(const std::string& file, const ConnectionSettings& settings, std::size_t compress_from)
        : connection(file, settings),
          systems(connection),
          codec(compress_from),
          messages(connection, systems, codec),
          cases(connection, systems, codec),
          changes(connection),
          log(connection, codec),
          runs(connection),
          vanished(connection),
          known(connection),
          standings(connection, systems, codec) {}

    SqliteConnection connection;
    SystemDictionary systems;
    BodyCodec codec;
    MessageReads messages;
    CaseReads cases;
    ChangeReads changes;
    LogReads log;
    RunReads runs;
    VanishedReads vanished;
    KnownReads known;
    StandingReads standings;
};

/// The writer reads through its own connection, so it sees its own writes.
struct WriteSession : ReadSession {
    WriteSession(const std::string& file, const ConnectionSettings& settings, std::size_t compress_from)
        : ReadSession(file, settings, compress_from),
          message_writes(connection, systems, codec),
          case_writes(connection, systems, codec, ahead),
          change_writes(connection),
          log_writes(connection, codec),
          run_writes(connection),
          vanished_writes(connection),
          known_writes(connection),
          begin(connection.raw(), "BEGIN IMMEDIATE") {}

    KeyWindow ahead;
    MessageWrites message_writes;
    CaseWrites case_writes;
    ChangeWrites change_writes;
    LogWrites log_writes;
    RunWrites run_writes;
    VanishedWrites vanished_writes;
    KnownWrites known_writes;
    SqliteStatement begin;
};

/// A few read sessions, opened when first needed. Callable concurrently.
class ReaderPool {
public:
    class Lease {
    public:
        Lease(ReaderPool& pool, std::unique_ptr<ReadSession> session) : pool_(pool), session_(std::move(session)) {}
        ~Lease() { pool_.giveBack(std::move(session_)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        ReadSession* operator->() const { return session_.get(); }

    private:
        ReaderPool& pool_;
        std::unique_ptr<ReadSession> session_;
    };

    ReaderPool(std::string file, const ConnectionSettings& settings, std::size_t sessions)
        : file_(std::move(file)), settings_(settings), sessions_(sessions), unopened_(sessions) {}
    /// Waits while all are lent. Throws Fault{StoreUnavailable} after the busy timeout.
    Lease lend();
    /// Waits until all are given back and closes them; they are opened anew when needed. False where a reader keeps
    /// one.
    bool closeAll();

private:
    void giveBack(std::unique_ptr<ReadSession> session);

    std::string file_;
    ConnectionSettings settings_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<ReadSession>> idle_;
    const std::size_t sessions_;
    std::size_t unopened_;
};

}  // namespace caseway
