// connectors/sql/test/hostile_server_test.cpp - a server that sends without end, or says nothing any more: neither
// takes the memory nor a thread for ever.
#include <Poco/Pipe.h>
#include <Poco/PipeStream.h>
#include <Poco/Process.h>

#include <boost/test/unit_test.hpp>

#include "connectors/sdk/test/former_call.hpp"
#include "connectors/sql/driver_line.hpp"
#include "connectors/sql/test/case_settings.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

class HostilePostgres {
public:
    explicit HostilePostgres(const std::string& does)
        : process_(Poco::Process::launch("/usr/bin/python3",
                                         {"-B", CASEWAY_SOURCE_DIR "/connectors/sql/test/hostile_postgres.py", does},
                                         &in_, &out_, nullptr)) {
        Poco::PipeInputStream lines(out_);
        lines >> port_;
    }
    ~HostilePostgres() {
        in_.close();  // it ends by itself
        process_.wait();
    }
    HostilePostgres(const HostilePostgres&) = delete;
    HostilePostgres& operator=(const HostilePostgres&) = delete;
    std::string settings() const {
        return R"({"driver":"PostgreSQL Unicode","server":"127.0.0.1","port":)" + std::to_string(port_) +
               R"(,"database":"d","user":"u","table":"t","key":["id"],)" + kFlag + "}";
    }
    std::uint16_t port() const { return port_; }

private:
    Poco::Pipe in_, out_;
    Poco::ProcessHandle process_;
    std::uint16_t port_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(SqlHostileServer)

BOOST_AUTO_TEST_CASE(rows_without_end_are_cut_off) {
    const HostilePostgres server("rows");
    const auto read = readPages(*open(server.settings()));
    BOOST_REQUIRE(read.fault.has_value());
    BOOST_TEST(read.fault->parts().code == "answer_too_large");
    BOOST_TEST((read.fault->kind() == ConnectorFaultKind::Config));
    BOOST_TEST(read.fault->parts().next_step.find("page_records") != std::string::npos);
    BOOST_TEST(DriverLine::socketsTo({"127.0.0.1", server.port()}).empty());
}

BOOST_AUTO_TEST_CASE(a_call_that_was_left_holds_no_thread_and_the_next_one_may_begin) {
    const HostilePostgres server("silence");
    ConnectorSurroundings surroundings;
    surroundings.deadline = std::chrono::milliseconds(100);
    const auto type = makeSqlType();
    const auto saidByRead = [&] {
        const auto read = readPages(*type->open(server.settings(), surroundings));
        return read.fault ? read.fault->parts().code + ": " + read.fault->parts().message : std::string("none");
    };
    BOOST_TEST(saidByRead().starts_with("other_side_hangs: no answer"));
    const std::string next = saidAfterFormerCall(saidByRead);
    BOOST_TEST(next.starts_with("other_side_hangs: no answer"), next);
}

BOOST_AUTO_TEST_CASE(large_values_of_an_honest_server_are_read_in_smaller_pages) {
    PostgresDatabase database;
    database.run("CREATE TABLE share.large (id integer PRIMARY KEY, body text, sync_flag varchar(2))");
    database.run("INSERT INTO share.large SELECT n, repeat('x', 30000000), '0' FROM generate_series(1, 12) n");
    database.run("GRANT UPDATE (sync_flag) ON share.large TO center");
    const auto connector = open("{" + database.way() + R"(,"table":"large","key":["id"],)" + kFlag + "}");
    BOOST_TEST(codeOf(readPages(*connector)) == "answer_too_large");
    const auto read = readPages(*connector, {}, {.records = 2});
    BOOST_TEST(codeOf(read) == "none");
    BOOST_TEST(read.records == 12);
    BOOST_TEST(count(read.bytes, "cell_too_large") == 12);
}

BOOST_AUTO_TEST_CASE(rows_that_were_given_and_are_looked_at_again_may_be_more_than_one_statement_may_give) {
    PostgresDatabase database;
    database.run("CREATE TABLE share.large (id integer PRIMARY KEY, body text, mark date)");
    database.run("INSERT INTO share.large SELECT n, repeat('x', 95000000), '2026-01-01' FROM generate_series(1, 2) n");
    const auto connector = open("{" + database.way() + R"(,"table":"large","key":["id"],)" +
                                R"("watermark":{"column":"mark","overlap":86400}})");
    const auto read = readPages(*connector, {}, {.records = 1});
    BOOST_TEST(codeOf(read) == "none");
    BOOST_TEST(read.records == 2);
    const auto again = readPages(*connector, read.next, {.records = 1});
    BOOST_TEST(codeOf(again) == "none");
    BOOST_TEST(again.records == 0);
}

BOOST_AUTO_TEST_SUITE_END()
