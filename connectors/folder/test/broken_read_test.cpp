// connectors/folder/test/broken_read_test.cpp - a file that never comes whole does not keep the others from coming.
#include <boost/test/unit_test.hpp>

#include "connectors/folder/folder.hpp"
#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/test/exchange_department.hpp"

using namespace caseway;
using Names = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(FolderBrokenRead)

BOOST_AUTO_TEST_CASE(a_file_in_whose_middle_reading_ends_comes_last_and_holds_up_none_of_the_others) {
    fixture::ExchangeDepartment department;
    const FolderType type;
    const auto open = [&] { return type.open(department.settings(), {}); };
    for (const char* name : {"a.xml", "b.xml", "c.xml"}) department.put(name, "<a/>");
    struct Failing final : PageSink {  // at b.xml: as a bad sector, a call that ends in it, a file that grows
        fixture::TextSink good;
        bool fails = true;
        void payload(const PayloadHead& head) override { good.payload(head); }
        void bytes(std::string_view piece) override {
            if (fails && good.files.back().first == "b.xml") throw transientFault("files_failed", "b.xml", "no", "");
            good.bytes(piece);
        }
    } sink;
    const auto first = open();
    BOOST_CHECK_THROW(first->read("", {}, sink), ConnectorFault);
    sink.good.files.clear();
    const auto next = open();  // as a run that is tried again, or the next one
    const PageEnd page = next->read("", {}, sink);
    BOOST_TEST(sink.good.names() == (Names{"a.xml", "c.xml"}), boost::test_tools::per_element());
    BOOST_TEST(!page.last);
    BOOST_CHECK_THROW(next->read(page.next, {}, sink), ConnectorFault);
    sink.fails = false;
    sink.good.files.clear();
    BOOST_TEST(open()->read(page.next, {}, sink).last);
    BOOST_TEST(sink.good.names() == Names{"b.xml"}, boost::test_tools::per_element());
    sink.good.files.clear();
    open()->read("", {}, sink);  // it is one like the others again
    BOOST_TEST(sink.good.names() == (Names{"a.xml", "b.xml", "c.xml"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
