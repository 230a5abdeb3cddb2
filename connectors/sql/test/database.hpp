// connectors/sql/test/database.hpp - a department's table in PostgreSQL or SQLite, as the tests fill and change it.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>

#include "connectors/sdk/contract_suite.hpp"
#include "connectors/sql/odbc_connection.hpp"
#include "connectors/sql/test/postgres_server.hpp"

namespace caseway::fixture {

/// The department's own connection, with the department's rights; and the settings of ours.
class Database {
public:
    virtual ~Database() = default;
    virtual void run(const std::string& sql) = 0;
    virtual std::string value(const std::string& sql) = 0;
    /// Members of the settings that lead here, as JSON without braces.
    virtual std::string way() const = 0;
    virtual std::string timeType() const = 0;
};

class PostgresDatabase final : public Database {
public:
    /// One server for the whole program: starting one takes a second.
    static PostgresServer& server() {
        static PostgresServer server;
        return server;
    }
    explicit PostgresDatabase(std::string driver = "PostgreSQL Unicode", std::string database = "postgres")
        : driver_(std::move(driver)), database_(std::move(database)), owner_(wayOf("owner", "owner-hush")) {
        if (database_ != "postgres") return;
        run("DROP SCHEMA IF EXISTS share CASCADE");
        run("CREATE SCHEMA share");
        if (value("SELECT COUNT(*) FROM pg_roles WHERE rolname = 'center'") == "0")
            run("CREATE ROLE center LOGIN PASSWORD 'center;hush'");
        run("GRANT USAGE ON SCHEMA share TO center");
        run("ALTER DEFAULT PRIVILEGES IN SCHEMA share GRANT SELECT ON TABLES TO center");
    }
    void run(const std::string& sql) override { owner_.execute(sql); }
    std::string value(const std::string& sql) override { return owner_.value(sql); }
    std::string way() const override {
        return R"("driver":")" + driver_ + R"(","server":"127.0.0.1","port":)" + std::to_string(server().port()) +
               R"(,"database":")" + database_ +
               R"(","user":"center","password":"center;hush","options":{"SSLmode":"disable"},"schema":"share")";
    }
    std::string timeType() const override { return "timestamp(6)"; }

private:
    OdbcConnection::Way wayOf(const std::string& user, const std::string& password) const {
        OdbcConnection::Way way;
        way.text = "DRIVER={" + driver_ + "};Server=127.0.0.1;Port=" + std::to_string(server().port()) +
                   ";Database=" + database_ + ";UID=" + user + ";PWD=" + password + ";SSLmode=disable;";
        way.where = "test";
        return way;
    }
    std::string driver_, database_;
    OdbcConnection owner_;
};

class SqliteDatabase final : public Database {
public:
    SqliteDatabase() : file_(folder_ / "share.db") {
        sqlite3* opened = nullptr;
        if (sqlite3_open(file_.c_str(), &opened) != SQLITE_OK) throw std::runtime_error("sqlite3_open");
        link_.reset(opened);
        run("PRAGMA user_version = 1");
    }
    void run(const std::string& sql) override { ask(sql); }
    std::string value(const std::string& sql) override { return ask(sql); }
    const std::string& file() const { return file_; }
    sqlite3* link() { return link_.get(); }
    std::string way() const override { return R"("driver":"SQLite3","file":")" + file_ + "\""; }
    std::string timeType() const override { return "timestamp"; }

private:
    std::string ask(const std::string& sql) {
        std::string found;
        char* words = nullptr;
        const auto take = [](void* to, int count, char** texts, char**) {
            if (count > 0 && texts[0] != nullptr) *static_cast<std::string*>(to) = texts[0];
            return 0;
        };
        if (sqlite3_exec(link_.get(), sql.c_str(), take, &found, &words) != SQLITE_OK) {
            const std::string text = words != nullptr ? words : "?";
            sqlite3_free(words);
            throw std::runtime_error(sql + ": " + text);
        }
        return found;
    }
    struct Closing {
        void operator()(sqlite3* link) const { sqlite3_close(link); }
    };
    TemporaryFolder folder_;
    std::string file_;
    std::unique_ptr<sqlite3, Closing> link_;
};

/// `case_apply`: a number, a name, a time of change, a flag.
class CaseTable final : public OtherSide {
public:
    explicit CaseTable(Database& database) : database_(database) {
        if (database_.timeType() != "timestamp") prefix_ = "share.";
        database_.run("CREATE TABLE " + prefix_ +
                      "case_apply (id integer PRIMARY KEY, name varchar(100), fee numeric(12,2), "
                      "changed " +
                      database_.timeType() + ", sync_flag varchar(2))");
        // What README.md asks for, and no more.
        if (!prefix_.empty()) database_.run("GRANT UPDATE (sync_flag) ON share.case_apply TO center");
    }
    const std::string& prefix() const { return prefix_; }
    void fill(std::size_t records) override {
        database_.run("DELETE FROM " + prefix_ + "case_apply");
        for (std::size_t i = 0; i < records; ++i) add();
    }
    void add() override { addAt(++clock_); }
    void addAt(std::size_t second) {
        database_.run("INSERT INTO " + prefix_ + "case_apply VALUES (" + std::to_string(++made_) +
                      ", '\xE8\xAE\xB8\xE5\x8F\xAF', 12.50, '" + timeOf(second) + "', '0')");
    }
    bool change() override {
        ++clock_;
        database_.run("UPDATE " + prefix_ + "case_apply SET name = 'n" + std::to_string(clock_) + "', changed = '" +
                      timeOf(clock_) + "', sync_flag = '0' WHERE id = (SELECT MIN(id) FROM " + prefix_ + "case_apply)");
        return true;
    }
    bool removeUnread() override {
        database_.run("DELETE FROM " + prefix_ + "case_apply WHERE id = (SELECT MAX(id) FROM " + prefix_ +
                      "case_apply)");
        return true;
    }
    std::string state() override {
        return database_.value("SELECT " + (prefix_.empty() ? std::string("group_concat") : "string_agg") +
                               "(id || '|' || name || '|' || changed || '|' || sync_flag, ',') FROM (SELECT * FROM " +
                               prefix_ + "case_apply ORDER BY id) x");
    }
    std::size_t made() const { return made_; }
    std::size_t now() const { return clock_; }

private:
    static std::string timeOf(std::size_t second) {
        const std::string text =
            std::to_string(100'000'000 + second / 3600 * 10'000 + second / 60 % 60 * 100 + second % 60).substr(3);
        return "2026-01-01 " + text.substr(0, 2) + ":" + text.substr(2, 2) + ":" + text.substr(4, 2);
    }
    Database& database_;
    std::string prefix_;
    std::size_t made_ = 0, clock_ = 0;
};

}  // namespace caseway::fixture
