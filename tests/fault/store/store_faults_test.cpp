// tests/fault/store/store_faults_test.cpp - every step of writing fails once, in each way; afterwards the whole store
// is looked at.
#include "tests/support/faulty_store.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/adapters/sqlite/sqlite_store.hpp"
#include "tests/support/store_rows.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

constexpr std::uint64_t kMessages = 3;

std::uint64_t sizeOf(Store& store) {
    const auto head = store.reader().lastCheckpoint();
    return head ? head->tree_size : 0;
}

/// What a writer does that keeps to the contract: a known failure is tried again, an unknown one asks the head first.
void writeAll(Store& store, const std::function<void()>& reopened) {
    for (std::uint64_t index = 0; index < kMessages;) {
        try {
            const auto writer = store.beginWrite();
            writeMessage(*writer, index);
            writer->commit();
            ++index;
        } catch (const Fault& fault) {
            if (fault.code() == FaultCode::StoreCommitUnknown) {
                reopened();
                index = sizeOf(store);
            } else {
                BOOST_REQUIRE(fault.isTransient());
            }
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(StoreFaults)

BOOST_AUTO_TEST_CASE(loses_and_doubles_nothing_whichever_step_fails) {
    std::uint64_t steps = 1;
    for (const Damage damage : {Damage::Failed, Damage::UnknownLost, Damage::UnknownPersisted}) {
        for (std::uint64_t at = 1; at <= steps; ++at) {
            const TemporaryFolder folder;
            SqliteOptions options;
            options.folder = folder / "data";
            auto store = openSqliteStore(options);
            FaultyStore faulty(*store);
            faulty.plan.at = at;
            faulty.plan.damage = damage;
            writeAll(faulty, [] {});
            BOOST_TEST(whatIsWrong(store->reader(), kMessages) == "", "step " << at);
            if (at == 1) steps = faulty.plan.steps;
            store.reset();
            store = openSqliteStore(options);
            BOOST_TEST(whatIsWrong(store->reader(), kMessages) == "", "reopened, step " << at);
        }
    }
    BOOST_TEST(steps >= kMessages * 9);
}

BOOST_AUTO_TEST_CASE(tells_a_lost_commit_from_a_persisted_one) {
    for (const Damage damage : {Damage::UnknownLost, Damage::UnknownPersisted}) {
        const TemporaryFolder folder;
        SqliteOptions options;
        options.folder = folder / "data";
        const auto store = openSqliteStore(options);
        FaultyStore faulty(*store);
        const auto writer = faulty.beginWrite();
        writeMessage(*writer, 0);
        faulty.plan = {1, damage, 0};
        BOOST_CHECK_THROW(writer->commit(), Fault);
        BOOST_TEST(sizeOf(faulty) == (damage == Damage::UnknownPersisted ? 1U : 0U));
    }
}

BOOST_AUTO_TEST_SUITE_END()
