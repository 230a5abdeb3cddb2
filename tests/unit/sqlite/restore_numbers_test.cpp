// tests/unit/sqlite/restore_numbers_test.cpp - from where changes and cases are numbered once a backup is in place.
#include <boost/test/unit_test.hpp>

#include "gateway/adapters/sqlite/sqlite_store.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;
using fixture::TemporaryFolder;

BOOST_AUTO_TEST_SUITE(RestoredNumbers)

/// Who had read on, and whoever was given a number, may stand beyond the backup.
BOOST_AUTO_TEST_CASE(numbers_behind_a_restore_were_given_to_nobody) {
    const TemporaryFolder folder;
    const auto put = [](Store& store, ChangeNo from, ChangeNo to) {
        const auto writer = store.beginWrite();
        for (ChangeNo number = from; number <= to; ++number)
            writer->putChange({number, static_cast<CaseId>(number), 0, number});
        writer->commit();
    };
    {
        const auto store = openSqliteStore({.folder = folder / "data"});
        put(*store, 1, 3);
        store->backupTo(folder / "copy");
        put(*store, 4, 6);
    }
    restoreFrom(folder / "copy", folder / "data", true);
    const auto store = openSqliteStore({.folder = folder / "data"});
    BOOST_TEST(store->reader().lastChange() == 6U);
    put(*store, 7, 8);
    BOOST_TEST(store->reader().lastChange() == 8U);
    const auto read_on = store->reader().changes(5, 10);
    BOOST_TEST_REQUIRE(read_on.size() == 2U);
    BOOST_TEST(read_on.front().number == 7U);
    restoreFrom(folder / "copy", folder / "fresh");  // nobody knows what was lost
    BOOST_TEST(openSqliteStore({.folder = folder / "fresh"})->reader().lastChange() > 1'000'000U);
}

BOOST_AUTO_TEST_SUITE_END()
