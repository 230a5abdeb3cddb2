// connectors/sftp/test/transfer_test.cpp - files over a line that breaks anywhere: never half a document, nothing lost.
#include <boost/test/unit_test.hpp>

#include "connectors/sftp/sftp.hpp"
#include "connectors/sftp/test/fault_proxy.hpp"
#include "connectors/sftp/test/ssh_server.hpp"

using namespace caseway;
using Names = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

std::string manyBytes(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i) + "\n";
    text.resize(size);
    return text;
}

struct Server {
    fixture::SshServer& server = fixture::SshServer::shared();
    fixture::ExchangeDepartment department;
    SftpType type;
    std::string out(const std::string& name) const { return department.folder / ("out/" + name); }
    std::unique_ptr<Connector> open(std::uint16_t port = 0, const std::string& more = R"(,"min_age_seconds":0)") const {
        return type.open(server.settings(department, port, more), {});
    }
};

/// Where the exchange is cut: in the greeting, the log-in, between files, in the middle of one, near the end.
const std::vector<std::uint64_t> kCuts = {0,      100,    1'500,   2'500,   3'500,   5'000,
                                          20'000, 90'000, 150'000, 250'000, 290'000, 305'000};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(SftpTransfer, Server)

BOOST_AUTO_TEST_CASE(a_large_file_comes_whole_through_the_window_of_requests) {
    const std::string content = manyBytes(20'000'001);
    department.put("large.xml", content);
    fixture::TextSink sink;
    open()->read("", {}, sink);
    BOOST_TEST((sink.files.at(0).second == content));
}

BOOST_AUTO_TEST_CASE(a_line_that_breaks_while_reading_gives_no_page_and_later_the_whole) {
    department.put("a.xml", manyBytes(100'000));
    department.put("b.xml", manyBytes(200'000));
    fixture::FaultProxy proxy(server.port(), fixture::FaultProxy::After::Cut);
    std::size_t broken = 0;
    for (const std::uint64_t bytes : kCuts) {
        proxy.passes(bytes);
        fixture::TextSink sink;
        try {
            const PageEnd end = SftpType().open(server.settings(department, proxy.port()), {})->read("", {}, sink);
            BOOST_TEST(end.last);
            BOOST_TEST(
                (sink.files.at(0).second == manyBytes(100'000) && sink.files.at(1).second == manyBytes(200'000)));
        } catch (const ConnectorFault& fault) {
            BOOST_TEST((fault.kind() == ConnectorFaultKind::Transient),
                       "after " << bytes << " bytes: " << fault.what());
            ++broken;
        }
    }
    BOOST_TEST(broken >= kCuts.size() - 2);
    fixture::TextSink sink;
    open()->read("", {}, sink);
    BOOST_TEST((sink.files.at(1).second == manyBytes(200'000)));
}

BOOST_AUTO_TEST_CASE(a_connector_goes_on_after_its_line_broke) {
    department.put("a.xml", manyBytes(100'000));
    fixture::FaultProxy proxy(server.port(), fixture::FaultProxy::After::Cut);
    const auto connector = open(proxy.port());
    proxy.passes(60'000);
    fixture::TextSink half;
    BOOST_CHECK_THROW(connector->read("", {}, half), ConnectorFault);
    proxy.passes(~0ULL);
    fixture::TextSink sink;
    connector->read("", {}, sink);
    BOOST_TEST((sink.files.at(0).second == manyBytes(100'000)));
}

BOOST_AUTO_TEST_CASE(no_connection_leaves_a_descriptor_behind_however_it_ends) {
    const auto descriptors = [] {
        return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
    };
    department.put("a.xml", manyBytes(100'000));
    const auto before = descriptors();
    {
        fixture::FaultProxy proxy(server.port(), fixture::FaultProxy::After::Cut);
        for (const std::uint64_t bytes : kCuts) {
            proxy.passes(bytes);
            fixture::TextSink sink;
            try {
                open(proxy.port())->read("", {}, sink);
            } catch (const ConnectorFault&) {  // it broke: what it leaves is asked below
            }
        }
    }
    BOOST_TEST(descriptors() == before);
    for (int i = 0; i < 3; ++i) open()->check();
    BOOST_TEST(descriptors() == before);
}

BOOST_AUTO_TEST_CASE(a_line_that_breaks_while_archiving_loses_nothing_and_a_repetition_ends_it) {
    fixture::FaultProxy proxy(server.port(), fixture::FaultProxy::After::Cut);
    for (std::uint64_t bytes = 3'000; bytes < 7'000; bytes += 500) {
        department.fill(4);
        fixture::TextSink sink;
        const Cursor end = open()->read("", {}, sink).next;
        proxy.passes(bytes);
        try {
            open(proxy.port())->acknowledge(end);
        } catch (const ConnectorFault& fault) {
            BOOST_TEST((fault.kind() == ConnectorFaultKind::Transient), fault.what());
        }
        open()->acknowledge(end);
        BOOST_TEST(department.names("out").empty());
        Names archived;
        for (const std::string& name : department.names("archive"))
            archived.push_back(fixture::contentOf(department.folder / ("archive/" + name)));
        for (const auto& [name, content] : sink.files)
            BOOST_TEST(std::count(archived.begin(), archived.end(), content) >= 1, name << " after " << bytes);
    }
}

BOOST_AUTO_TEST_CASE(a_line_that_breaks_while_writing_shows_no_half_file) {
    fixture::FaultProxy proxy(server.port(), fixture::FaultProxy::After::Cut);
    const std::string content = manyBytes(200'000);
    for (std::uint64_t bytes = 0; bytes < 6'000; bytes += 750) {
        const std::string key = "item-" + std::to_string(bytes);
        proxy.passes(bytes);
        try {
            open(proxy.port())->write({{key, content}});
        } catch (const ConnectorFault& fault) {
            BOOST_TEST((fault.kind() == ConnectorFaultKind::Transient), fault.what());
        }
        const std::string path = department.folder / ("in/" + key + ".xml");
        if (fs::exists(path)) BOOST_TEST((fixture::contentOf(path) == content));
        const WriteOutcome again = open()->write({{key, content}}).at(0).outcome;
        BOOST_TEST((again == WriteOutcome::Written || again == WriteOutcome::Same));
        BOOST_TEST((fixture::contentOf(path) == content));
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_given_its_name_leaves_nothing_behind) {
    const fixture::SshServer refusing("-P rename");
    const auto connector = type.open(refusing.settings(department), {});
    try {
        connector->write({{"a", "<a/>"}});
        BOOST_ERROR("written");
    } catch (const ConnectorFault& fault) {
        BOOST_TEST(fault.parts().message.find("cannot be given its name") != std::string::npos, fault.what());
    }
    BOOST_TEST(department.names("in").empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_shrinks_or_grows_while_it_is_read_is_not_taken) {
    struct Changing final : PageSink {
        std::string path;
        std::uintmax_t size = 0;
        void payload(const PayloadHead&) override { fs::resize_file(path, size); }
        void bytes(std::string_view) override {}
    } sink;
    sink.path = out("a.xml");
    for (const std::uintmax_t size : {10'000U, 2'000'000U}) {
        department.put("a.xml", manyBytes(1'000'000));
        sink.size = size;
        BOOST_CHECK_EXCEPTION(open()->read("", {}, sink), ConnectorFault,
                              [](const ConnectorFault& fault) { return fault.parts().code == "file_changed"; });
    }
}

BOOST_AUTO_TEST_CASE(links_on_the_server_are_not_followed_and_names_in_gbk_are_kept) {
    const std::string name = "\xB0\xEC\xBC\xFE.xml";
    department.put("secret", "of the server");
    department.put(name, "<a/>");
    fs::create_symlink(out("secret"), out("link.xml"));
    const auto connector = open(0, R"(,"min_age_seconds":0,"error":")" + (department.folder / "error") + R"(")");
    fixture::TextSink sink;
    connector->acknowledge(connector->read("", {}, sink).next);
    BOOST_TEST(sink.names() == Names{"办件.xml"}, boost::test_tools::per_element());
    BOOST_TEST(department.names("archive") == Names{name}, boost::test_tools::per_element());
    BOOST_TEST(department.names("error") == (Names{"link.xml", "link.xml.reason.txt"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_check_sees_that_files_can_be_moved_and_leaves_nothing) {
    department.put("a.xml", "<a/>");
    const auto last = [&] { return open()->check().back(); };
    BOOST_TEST(last().good, last().detail);
    for (const char* folder : {"out", "archive", "error"})
        BOOST_TEST(!std::filesystem::exists(department.folder / (std::string(folder) + "/.caseway-test.part")), folder);
    BOOST_TEST(department.names("out") == Names{"a.xml"}, boost::test_tools::per_element());
    const CheckStep elsewhere = open(0, R"(,"error":"/proc")")->check().back();
    BOOST_TEST(!elsewhere.good);
    BOOST_TEST(elsewhere.name == "move into /proc");
    BOOST_TEST(elsewhere.next_step.find("one file system") != std::string::npos);
    BOOST_TEST(department.names("out") == Names{"a.xml"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_file_of_an_earlier_check_that_cannot_be_removed_hinders_none) {
    // A folder stands for it, which can be removed no more than a file in an archive that takes and never gives back.
    const fs::path stays(department.folder / "archive/.caseway-test.part");
    fs::create_directory(stays);
    const CheckStep last = open()->check().back();
    BOOST_TEST(last.good, last.detail);
    const auto left = std::distance(fs::directory_iterator(stays.parent_path()), fs::directory_iterator());
    BOOST_TEST(left == 1);
    BOOST_TEST(fs::is_empty(department.folder / "out"));
}

BOOST_AUTO_TEST_CASE(nothing_in_the_archive_is_overwritten) {
    for (int day = 0; day < 2; ++day) {
        department.put("a.xml", "<day number='" + std::to_string(day) + "'/>");
        const auto connector = open();
        fixture::TextSink sink;
        connector->acknowledge(connector->read("", {}, sink).next);
    }
    BOOST_TEST(department.names("archive").size() == 2U);
    BOOST_TEST(fixture::contentOf(department.folder / "archive/a.xml") == "<day number='0'/>");
}

BOOST_AUTO_TEST_SUITE_END()
