// connectors/sftp/test/hostile_server_test.cpp - a server that speaks SFTP and means no good, or is broken: every call
// ends, and what is good of it is taken.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "connectors/sftp/sftp.hpp"
#include "connectors/sftp/test/fault_proxy.hpp"

using namespace caseway;

namespace {

struct Hostile {
    explicit Hostile(const std::string& does)
        : server("", "/usr/bin/python3 -B " CASEWAY_SOURCE_DIR "/connectors/sftp/test/hostile_sftp.py " + does) {}
    std::unique_ptr<Connector> open(const ConnectorSurroundings& surroundings = {}) const {
        return type.open(server.settings(department), surroundings);
    }
    fixture::SshServer server;
    fixture::ExchangeDepartment department;
    SftpType type;
};

/// What a reading brought, and the code of the fault that ended it.
struct Read {
    std::string names;
    std::string code = "none";
};
Read readAll(Connector& connector) {
    Read read;
    fixture::TextSink sink;
    std::size_t whole = 0;  // of the pages before a fault
    try {
        PageEnd end;
        for (Cursor from; !end.last; from = end.next) {
            end = connector.read(from, {}, sink);
            whole = sink.files.size();
        }
    } catch (const ConnectorFault& fault) {
        BOOST_TEST_MESSAGE(fault.parts().where << ": " << fault.parts().message << " / " << fault.parts().next_step);
        read.code = fault.parts().code;
    }
    sink.files.resize(whole);
    for (const std::string& name : sink.names()) read.names += name + " ";
    return read;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SftpHostileServer)

BOOST_DATA_TEST_CASE(a_listing_without_end_ends_at_the_word_to_stop, (std::vector<std::string>{"dots", "bare"}), does) {
    const Hostile hostile(does);
    ConnectorSurroundings surroundings;
    std::atomic<int> asked = 0;
    surroundings.stopping = [&] { return ++asked > 1'000; };
    BOOST_TEST(readAll(*hostile.open(surroundings)).code == "stopping");
}

// sshd calls itself OpenSSH for it, whose long names are lines of `ls -l`.
BOOST_DATA_TEST_CASE(a_listing_goes_by_the_attributes_whatever_the_long_names_are,
                     (std::vector<std::string>{"plain", "empty", "dos", "blank"}), does) {
    const Read read = readAll(*Hostile(does).open());
    BOOST_TEST(read.code == "none");
    BOOST_TEST(read.names == "a.xml b.xml c.xml ");
}

BOOST_DATA_TEST_CASE(a_listing_that_is_none_ends_the_call, (std::vector<std::string>{"broken", "other"}), does) {
    const Hostile hostile(does);
    const auto connector = hostile.open();
    for (int call = 0; call < 2; ++call) BOOST_TEST(readAll(*connector).code == "files_failed");
}

// Not by what the server said of a file before; and the next call has a connection of its own.
BOOST_DATA_TEST_CASE(a_listing_that_breaks_off_is_a_lost_connection, (std::vector<std::string>{"breaks", "torn"}),
                     does) {
    const Hostile hostile(does);
    const auto connector = hostile.open();
    for (int call = 0; call < 2; ++call) BOOST_TEST(readAll(*connector).code == "connection_lost");
}

BOOST_AUTO_TEST_CASE(a_listing_that_is_not_allowed_is_told_as_that) {
    BOOST_TEST(readAll(*Hostile("denied").open()).code == "folder_not_usable");
}

BOOST_AUTO_TEST_CASE(a_listing_of_files_without_end_is_too_full) {
    BOOST_TEST(readAll(*Hostile("files").open()).code == "folder_too_full");
}

BOOST_AUTO_TEST_CASE(a_size_beyond_all_bounds_is_refused) {
    BOOST_TEST(readAll(*Hostile("huge").open()).code == "file_refused");
}

BOOST_AUTO_TEST_CASE(answers_that_nobody_asked_for_end_the_call) {
    BOOST_TEST(readAll(*Hostile("flood").open()).code == "files_failed");
}

BOOST_AUTO_TEST_CASE(a_file_that_never_comes_whole_holds_up_none_of_the_others) {
    const Hostile hostile("short");
    for (int call = 0; call < 3; ++call) BOOST_TEST(readAll(*hostile.open()).code == "file_changed");
    const Read behind = readAll(*hostile.open());  // a run has one of its own
    BOOST_TEST(behind.code == "file_refused");
    BOOST_TEST(behind.names == "a.xml c.xml ");
}

BOOST_AUTO_TEST_CASE(the_word_to_stop_ends_a_call_that_waits) {
    const fixture::SshServer& server = fixture::SshServer::shared();
    fixture::FaultProxy proxy(server.port(), fixture::FaultProxy::After::Silence);
    fixture::ExchangeDepartment department;
    department.put("a.xml", std::string(1'000'000, 'a'));
    for (const std::uint64_t bytes : {0ULL, 500'000ULL}) {  // in the greeting, the file
        proxy.passes(bytes);
        ConnectorSurroundings surroundings;
        std::atomic<int> asked = 0;
        surroundings.stopping = [&] { return ++asked > 100 || (bytes == 0 && asked > 1); };
        const SftpType type;
        const std::string settings = server.settings(department, proxy.port());
        BOOST_TEST(readAll(*type.open(settings, surroundings)).code == "stopping", "after " << bytes << " bytes");
    }
}

BOOST_AUTO_TEST_SUITE_END()
