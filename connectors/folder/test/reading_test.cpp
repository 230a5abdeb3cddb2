// connectors/folder/test/reading_test.cpp - what a real exchange folder holds besides good files.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "connectors/folder/test/folder_fixture.hpp"

using namespace caseway;
using fixture::Folder;
using fixture::Names;
namespace fs = std::filesystem;

BOOST_FIXTURE_TEST_SUITE(FolderReading, Folder)

BOOST_AUTO_TEST_CASE(a_file_that_was_just_touched_is_left_alone_until_it_is_old) {
    department.put("a.xml", "<a/>");
    const auto connector = open("");
    now = std::chrono::system_clock::now() + std::chrono::seconds(20);
    BOOST_TEST(namesRead(*connector).empty());
    BOOST_TEST(withheldBy(*connector).starts_with("1 files wait for their marker or are too young"));
    now += std::chrono::seconds(20);
    BOOST_TEST(namesRead(*connector) == Names{"a.xml"}, boost::test_tools::per_element());
    BOOST_TEST(withheldBy(*connector) == "");
}

BOOST_AUTO_TEST_CASE(what_each_file_waits_for_is_told_by_name) {
    const auto told = [this](const std::string& settings) {
        const auto connector = open(settings);
        const std::string look = connector->check().back().detail;
        const std::string withheld = withheldBy(*connector);
        BOOST_TEST(look.find(withheld.substr(withheld.find(": ") + 2)) != std::string::npos, look + " / " + withheld);
        return look;
    };
    department.put("a.xml", "<a/>");
    department.put("A_2.XMLX", "<a/>");
    BOOST_TEST(told(R"(,"marker":"{name}.ok")") ==
               "0 ready, 1 waiting, 0 that cannot be taken; `a.xml` waits for `a.xml.ok`; 1 fit none of the patterns "
               "*.xml, *.json, such as `A_2.XMLX`");
    BOOST_TEST(told(R"(,"marker":"{stem}.done")").find("`a.xml` waits for `a.done`") != std::string::npos);
    department.put("a.xml.ok", "");
    fs::last_write_time(out("a.xml.ok"), fs::last_write_time(out("a.xml")) - std::chrono::seconds(5));
    BOOST_TEST(
        told(R"(,"marker":"{name}.ok")").find("`a.xml` waits for a newer `a.xml.ok`: it was written after that") !=
        std::string::npos);
    department.put("b.xml", "");
    fs::remove(out("a.xml.ok"));
    BOOST_TEST(told("").starts_with("1 ready, 1 waiting, 0 that cannot be taken; `b.xml` is empty; 1 fit none"));
    now = std::chrono::system_clock::now();
    BOOST_TEST(told("").find("`a.xml` waits until nobody has touched it for 30 seconds (min_age_seconds)") !=
               std::string::npos);
    for (char name = 'c'; name <= 'f'; ++name) department.put(std::string(1, name) + ".xml", "<c/>");
    BOOST_TEST(told("").find("; and 1 more wait") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(files_that_wait_for_their_marker_are_counted_with_the_age_of_the_oldest) {
    const auto waiting = [this](Cursor from = {}) {  // each run has a connector of its own
        const auto connector = open(R"(,"marker":"{name}.ok")");
        fixture::TextSink sink;
        PageEnd end;
        do end = connector->read(from, {}, sink), from = end.next;
        while (!end.last);
        return std::pair(end.waiting.value_or(WaitingFiles{}), from);
    };
    BOOST_TEST((waiting().first == WaitingFiles{}));
    department.put("a.xml", "<a/>");
    department.put("a.xml.ok", "");
    const auto [none, cursor] = waiting();
    BOOST_TEST(none.count == 0U);
    const auto before = std::chrono::system_clock::now();
    department.put("b.xml", "<b/>");
    department.put("c.xml", "<c/>");
    const WaitingFiles two = waiting(cursor).first;
    BOOST_TEST(two.count == 2U);
    BOOST_TEST((two.since >= before - std::chrono::seconds(1) && two.since < now));
    fs::remove(out("a.xml.ok"));  // it was read: nobody waits for its marker
    BOOST_TEST(waiting(cursor).first.count == 2U);
    department.put("b.xml.ok", "");
    BOOST_TEST(waiting(cursor).first.count == 1U);
}

BOOST_AUTO_TEST_CASE(a_file_with_a_second_name_is_refused_and_so_is_one_of_ours_in_anothers_folder) {
    fixture::TemporaryFolder elsewhere;
    const fs::path secret = elsewhere / "another's.xml";
    std::ofstream(secret) << "<secret/>";
    fs::create_hard_link(secret, out("a.xml"));
    department.put("b.xml", "<b/>");
    fixture::TextSink sink;
    const auto refused = [&] {
        try {
            readAll(*open(""), sink);
        } catch (const ConnectorFault& fault) {
            return fault.parts().code + " " + fault.parts().message;
        }
        return std::string("nothing");
    };
    BOOST_TEST(
        refused().starts_with("file_refused 1 file cannot be taken (the others were read): `a.xml`: it has 2 names"));
    BOOST_TEST(sink.names() == Names{"b.xml"}, boost::test_tools::per_element());
    if (::geteuid() != 0) return;
    // the first name went, and the gateway's own file has just the one in the department's folder
    fs::remove(secret);
    constexpr uid_t kNobody = 65534;
    BOOST_REQUIRE(::chown((department.folder / "out").c_str(), kNobody, kNobody) == 0);
    BOOST_REQUIRE(::chown(out("b.xml").c_str(), kNobody, kNobody) == 0);
    BOOST_TEST(refused().find("`a.xml`: it belongs to the gateway's own user") != std::string::npos, refused());
}

BOOST_AUTO_TEST_CASE(a_file_that_grows_while_it_is_read_is_not_taken) {
    department.put("a.xml", std::string(1'000'000, 'a'));
    struct Growing final : PageSink {
        std::string path;
        void payload(const PayloadHead&) override {}
        void bytes(std::string_view) override { std::ofstream(path, std::ios::app) << "more"; }
    } sink;
    sink.path = out("a.xml");
    const auto connector = open("");
    BOOST_CHECK_EXCEPTION(connector->read("", {}, sink), ConnectorFault, [](const ConnectorFault& fault) {
        return fault.kind() == ConnectorFaultKind::Transient && fault.parts().code == "file_changed";
    });
    fixture::TextSink whole;
    readAll(*connector, whole);
    BOOST_TEST(whole.files.at(0).second == fixture::contentOf(out("a.xml")));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_rewritten_in_its_size_while_it_is_read_is_not_taken) {
    department.put("a.xml", std::string(1'000'000, 'a'));
    std::filesystem::last_write_time(out("a.xml"),
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    struct Rewriting final : PageSink {
        std::string path;
        void payload(const PayloadHead&) override { std::ofstream(path, std::ios::in) << "b"; }
        void bytes(std::string_view) override {}
    } sink;
    sink.path = out("a.xml");
    BOOST_CHECK_EXCEPTION(open("")->read("", {}, sink), ConnectorFault,
                          [](const ConnectorFault& fault) { return fault.parts().code == "file_changed"; });
}

BOOST_AUTO_TEST_CASE(a_file_that_another_one_replaced_since_the_listing_waits_for_the_next) {
    department.put("a.xml", "<a/>");
    department.put("b.xml", "<b/>");
    struct Replacing final : PageSink {
        Folder* folder = nullptr;
        Names names;
        void payload(const PayloadHead& head) override {
            names.push_back(head.name);
            folder->department.put("b.xml", "<another b/>");
        }
        void bytes(std::string_view) override {}
    } sink;
    sink.folder = this;
    const auto connector = open("");
    const PageEnd end = connector->read("", {}, sink);
    BOOST_TEST(sink.names == Names{"a.xml"}, boost::test_tools::per_element());
    BOOST_TEST(end.withheld.find("1 were gone before their turn") != std::string::npos, end.withheld);
    fixture::TextSink next;
    open("")->read(end.next, {}, next);
    BOOST_TEST(next.files.at(0).second == "<another b/>");
}

BOOST_AUTO_TEST_CASE(markers_go_to_the_archive_before_their_files) {
    department.put("a.xml", "<a/>");
    department.put("b.xml", "<b/>");
    department.put("a.xml.ok", "");
    const auto connector = open(R"(,"marker":"{name}.ok")");
    fixture::TextSink sink;
    const Cursor end = readAll(*connector, sink);
    BOOST_TEST(sink.names() == Names{"a.xml"}, boost::test_tools::per_element());
    connector->acknowledge(end);
    BOOST_TEST(department.names("out") == Names{"b.xml"}, boost::test_tools::per_element());
    BOOST_TEST(department.names("archive") == (Names{"a.xml", "a.xml.ok"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nothing_in_the_archive_is_overwritten) {
    for (int day = 0; day < 3; ++day) {
        department.put("a.xml", "<day number='" + std::to_string(day) + "'/>");
        const auto connector = open("");
        fixture::TextSink sink;
        connector->acknowledge(readAll(*connector, sink));
    }
    BOOST_TEST(department.names("archive").size() == 3U);
    BOOST_TEST(fixture::contentOf(department.folder / "archive/a.xml") == "<day number='0'/>");
}

BOOST_AUTO_TEST_CASE(a_file_replaced_after_it_was_read_is_not_archived_but_read) {
    const std::string by_marker = R"(,"marker":"{name}.ok")";
    department.put("a.xml", "<first/>");
    department.put("a.xml.ok", "");
    const auto connector = open(by_marker);
    fixture::TextSink sink;
    const Cursor end = readAll(*connector, sink);
    department.put("a.xml", "<second one/>");
    department.put("a.xml.ok", "\n");
    connector->acknowledge(end);
    open(by_marker)->acknowledge(end);
    BOOST_TEST(department.names("archive").empty());
    fixture::TextSink again;
    readAll(*open(by_marker), again, end);
    BOOST_TEST(again.files.at(0).second == "<second one/>");
}

/// One that broke off, and is made whole where it lies or is given anew behind the archive.
BOOST_AUTO_TEST_CASE(a_file_that_changed_after_it_was_taken_is_read_again) {
    for (const bool is_archived : {false, true}) {
        department.put("a.xml", "<half>");
        const auto connector = open("");
        fixture::TextSink sink;
        const Cursor end = readAll(*connector, sink);
        if (is_archived) connector->acknowledge(end);
        BOOST_TEST(namesRead(*open(""), end).empty());
        department.put("a.xml", "<half></half>");
        fixture::TextSink again;
        readAll(*open(""), again, end);
        BOOST_REQUIRE(again.files.size() == 1U);
        BOOST_TEST(again.files.front().second == "<half></half>");
    }
}

BOOST_AUTO_TEST_CASE(a_late_file_with_an_early_name_is_read) {
    department.put("m.xml", "<m/>");
    const auto connector = open("");
    fixture::TextSink sink;
    const Cursor end = readAll(*connector, sink);
    department.put("a.xml", "<a/>");
    BOOST_TEST(namesRead(*open(""), end) == Names{"a.xml"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(links_pipes_and_large_files_do_not_hold_the_rest_and_go_to_the_error_folder) {
    department.put("secret", "not for the department");
    fs::create_symlink(out("secret"), out("link.xml"));
    BOOST_REQUIRE(::mkfifo(out("pipe.xml").c_str(), 0600) == 0);
    department.put("large.xml", std::string(200, 'x'));
    department.put("z.xml", "<z/>");
    const std::string more = R"(,"max_file_bytes":100)";
    BOOST_TEST(codeOf(*open(more)) == "file_refused");  // without an error folder: told, after the rest

    const std::string with_error = more + R"(,"error":")" + (department.folder / "error") + R"(")";
    const auto connector = open(with_error);
    fixture::TextSink sink;
    const Cursor end = readAll(*connector, sink);
    BOOST_TEST(sink.names() == Names{"z.xml"}, boost::test_tools::per_element());
    const auto next = open(with_error);
    next->acknowledge(end);
    const auto told = [&] {
        fixture::TextSink none;
        try {
            readAll(*next, none, end);
        } catch (const ConnectorFault& fault) {
            return fault.parts().code + " " + fault.parts().message;
        }
        return std::string("nothing");
    };
    const std::string first = told();
    BOOST_TEST(first.starts_with("file_refused 3 files cannot be taken (the others were read): `"), first);
    BOOST_TEST(first.find("`link.xml`: it is a link or a special file") != std::string::npos, first);
    BOOST_TEST(told() == "nothing");
    BOOST_TEST(department.names("out") == Names{"secret"}, boost::test_tools::per_element());
    BOOST_TEST(department.names("error") == (Names{"large.xml", "large.xml.reason.txt", "link.xml",
                                                   "link.xml.reason.txt", "pipe.xml", "pipe.xml.reason.txt"}),
               boost::test_tools::per_element());
    BOOST_TEST(fixture::contentOf(department.folder / "error/large.xml.reason.txt").find("max_file_bytes") !=
               std::string::npos);
    BOOST_TEST(fs::is_symlink(department.folder / "error/link.xml"));
}

BOOST_AUTO_TEST_CASE(a_file_that_becomes_a_link_after_the_listing_is_not_followed) {
    department.put("a.xml", "<a/>");
    department.put("b.xml", "<b/>");
    struct Swapping final : PageSink {
        Folder* folder = nullptr;
        Names names;
        void payload(const PayloadHead& head) override {
            names.push_back(head.name);
            fs::remove(folder->out("b.xml"));
            fs::create_symlink("/etc/passwd", folder->out("b.xml"));
        }
        void bytes(std::string_view) override {}
    } sink;
    sink.folder = this;
    open("")->read("", {}, sink);
    BOOST_TEST(sink.names == Names{"a.xml"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_folder_behind_a_link_is_a_config_fault) {
    fs::create_directory_symlink(department.folder / "out", department.folder / "link");
    const auto connector = type.open(R"({"folder":")" + (department.folder / "link") + R"("})", {});
    BOOST_TEST(codeOf(*connector) == "folder_not_usable");
    BOOST_TEST(!connector->check().back().good);
}

BOOST_AUTO_TEST_CASE(folders_are_asked_for_before_anything_is_opened) {
    Names asked;
    ConnectorSurroundings surroundings;
    surroundings.allow_folder = [&](const std::string& folder) { asked.push_back(folder); };
    open("", surroundings);
    BOOST_TEST(asked == (Names{department.folder / "out", department.folder / "archive", department.folder / "in"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_name_in_gbk_is_read_shown_and_archived_as_it_is) {
    const std::string name = "\xB0\xEC\xBC\xFE.xml";
    department.put(name, "<a/>");
    const auto connector = open("");
    fixture::TextSink sink;
    connector->acknowledge(readAll(*connector, sink));
    BOOST_TEST(sink.names() == Names{"办件.xml"}, boost::test_tools::per_element());
    BOOST_TEST(department.names("archive") == Names{name}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(many_files_keep_the_cursor_small_where_they_are_archived) {
    department.fill(2'500);
    const auto connector = open("");
    Cursor from;
    std::size_t files = 0;
    while (true) {
        fixture::TextSink sink;
        const PageEnd end = connector->read(from, {.records = 100}, sink);
        files += sink.files.size();
        BOOST_TEST(end.next.size() <= 4U + 100 * 12);
        connector->acknowledge(end.next);
        from = end.next;
        if (end.last) break;
    }
    BOOST_TEST(files == 2'500U);
    BOOST_TEST(department.names("archive").size() == 2'500U);
}

BOOST_AUTO_TEST_CASE(more_kept_files_than_a_cursor_holds_are_a_config_fault) {
    department.fill(ReadMarks::kMost + 1);
    const auto connector = open("");
    BOOST_TEST(codeOf(*connector) == "too_many_files_kept");
}

BOOST_AUTO_TEST_CASE(a_file_of_gigabytes_passes_in_small_pieces) {
    const std::uint64_t size = 3ULL << 30;
    std::ofstream(out("large.xml")).close();
    fs::resize_file(out("large.xml"), size);  // a hole: no disk is used
    struct Counting final : PageSink {
        std::uint64_t bytes_seen = 0;
        std::size_t longest = 0;
        void payload(const PayloadHead&) override {}
        void bytes(std::string_view piece) override {
            bytes_seen += piece.size(), longest = std::max(longest, piece.size());
        }
    } sink;
    open(R"(,"max_file_bytes":4294967296)")->read("", {}, sink);
    BOOST_TEST(sink.bytes_seen == size);
    BOOST_TEST(sink.longest <= 1024U * 1024);
}

BOOST_AUTO_TEST_SUITE_END()
