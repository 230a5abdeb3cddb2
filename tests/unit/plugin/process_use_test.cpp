// tests/unit/plugin/process_use_test.cpp - what is counted as a process's memory: its pages, swapped ones, and the
// tables that map them, which grow by mapping one page over and over.
#include <fcntl.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>

#include <fstream>

#include "gateway/adapters/plugin/process_use.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(ProcessUseOfPlugins)

BOOST_AUTO_TEST_CASE(counts_pages_swapped_pages_and_page_tables) {
    const fixture::TemporaryFolder folder;
    const std::string file = folder / "status";
    std::ofstream(file)
        << "Name:\tx\nVmPTE:\t  204800 kB\nRssAnon:\t    2048 kB\nRssFile:\t   99999 kB\nVmSwap:\t    1024 kB\n"
           "Threads:\t7\n";
    const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    const ProcessUse use = processUse(opened);
    ::close(opened);
    BOOST_TEST(use.memory_mib == 203U);
    BOOST_TEST(use.threads == 7U);
}

BOOST_AUTO_TEST_SUITE_END()
