// tests/unit/sqlite/key_set_test.cpp - a set on disk that leaves nothing there.
#include "gateway/adapters/sqlite/disk_key_set.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "gateway/base/fault.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;
using namespace caseway::fixture;

BOOST_AUTO_TEST_SUITE(DiskKeySet)

BOOST_AUTO_TEST_CASE(knows_what_was_put_and_has_no_name) {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "spool");
    const auto set = makeDiskKeySet(folder / "spool");
    BOOST_TEST(std::filesystem::is_empty(folder / "spool"));
    Sha256 key;
    for (int i = 0; i < 50'000; ++i) {
        key.bytes[0] = static_cast<std::uint8_t>(i);
        key.bytes[7] = static_cast<std::uint8_t>(i >> 8);
        BOOST_REQUIRE(!set->contains(key));
        BOOST_REQUIRE(set->insert(key));
        BOOST_REQUIRE(!set->insert(key));
        BOOST_REQUIRE(set->contains(key));
    }
}

BOOST_AUTO_TEST_CASE(says_where_it_cannot_be_made) {
    const TemporaryFolder folder;
    BOOST_CHECK_THROW(makeDiskKeySet(folder / "not-there"), Fault);
}

BOOST_AUTO_TEST_SUITE_END()
