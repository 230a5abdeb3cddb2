// tests/contract/store/durability_test.cpp - what was committed survives closing, killing and copying; concurrent
// readers see whole states.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/contract/store/store_places.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

void putMessages(Store& store, LogIndex from, LogIndex to) {
    const auto writer = store.beginWrite();
    for (LogIndex index = from; index < to; ++index) writeMessage(*writer, index);
    writer->commit();
}

/// A process of its own that may be killed at any moment.
class Victim {
public:
    template <class Work>
    explicit Victim(Work&& work) {
        int ends[2] = {-1, -1};
        BOOST_REQUIRE(::pipe(ends) == 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::close(ends[0]);
            work(ends[1]);
            ::_exit(0);
        }
        ::close(ends[1]);
        read_end_ = ends[0];
    }
    ~Victim() {
        kill();
        ::close(read_end_);
    }
    /// The next number that the victim wrote; 0 where it is gone.
    std::uint64_t next() const {
        std::uint64_t number = 0;
        return ::read(read_end_, &number, sizeof number) == sizeof number ? number : 0;
    }
    void kill() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }

private:
    pid_t pid_ = 0;
    int read_end_ = -1;
};

void tell(int write_end, std::uint64_t number) {
    if (::write(write_end, &number, sizeof number) != sizeof number) ::_exit(1);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(StoreDurability)

STORE_CASE(keeps_everything_over_closing_and_opening) {
    const auto place = placeOf(adapter);
    putMessages(*place->open(), 0, 5);
    const auto store = place->open();
    BOOST_TEST(whatIsWrong(store->reader(), 5) == "");
    putMessages(*store, 5, 7);
    BOOST_TEST(whatIsWrong(store->reader(), 7) == "");
}

STORE_CASE(forgets_a_transaction_that_was_killed_in_its_middle) {
    const auto place = placeOf(adapter);
    {
        Victim victim([&](int out) {
            const auto store = place->open();
            putMessages(*store, 0, 3);
            const auto writer = store->beginWrite();
            for (LogIndex index = 3; index < 2000; ++index) writeMessage(*writer, index);
            tell(out, 1);
            ::pause();
        });
        BOOST_TEST(victim.next() == 1U);
    }
    const auto store = place->open();
    BOOST_TEST(whatIsWrong(store->reader(), 3) == "");
    putMessages(*store, 3, 4);
    BOOST_TEST(whatIsWrong(store->reader(), 4) == "");
}

STORE_CASE(loses_nothing_acknowledged_when_killed_under_load) {
    const auto place = placeOf(adapter);
    std::uint64_t size = 0;
    for (int round = 0; round < 5; ++round) {
        std::uint64_t acknowledged = size;
        {
            Victim victim([&](int out) {
                const auto store = place->open();
                for (LogIndex index = size;; index += 3) {
                    putMessages(*store, index, index + 3);
                    tell(out, index + 3);
                }
            });
            for (int i = 0; i < 20 + 7 * round; ++i) acknowledged = victim.next();
        }
        BOOST_REQUIRE(acknowledged > size);
        const auto store = place->open();
        const auto head = store->reader().lastCheckpoint();
        BOOST_REQUIRE(head.has_value());
        size = head->tree_size;
        BOOST_TEST(size >= acknowledged);
        BOOST_TEST(whatIsWrong(store->reader(), size) == "");
    }
}

STORE_CASE(shows_concurrent_readers_whole_transactions) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    std::atomic<bool> done{false};
    std::atomic<int> torn{0};
    std::atomic<int> reads{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            StoreReader& reader = store->reader();
            while (!done || reads == 0) {
                const auto head = reader.lastCheckpoint();
                const std::uint64_t size = head ? head->tree_size : 0;
                // Ten messages a transaction: no head in between is ever seen, and all below a head is there.
                if (size % 10 != 0) ++torn;
                if (size != 0 && (!reader.leaf(size - 1) || !reader.message(size - 1) || !reader.envelope(0))) ++torn;
                if (reader.changes(0, 1'000'000).size() % 10 != 0 || reader.lastChange() % 10 != 0) ++torn;
                CaseFilter filter;
                filter.departments = {"code-of-housing", "code-of-water"};
                filter.limit = 1'000'000;
                if (reader.cases(filter).size() % 10 != 0) ++torn;
                ++reads;
            }
        });
    }
    for (LogIndex index = 0; index < 400; index += 10) putMessages(*store, index, index + 10);
    done = true;
    for (std::thread& reader : readers) reader.join();
    BOOST_TEST(torn == 0);
    BOOST_TEST(whatIsWrong(store->reader(), 400) == "");
}

STORE_CASE(lets_writers_of_several_threads_take_turns) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i) {
        writers.emplace_back([&] {
            for (int n = 0; n < 10; ++n) {
                const auto writer = store->beginWrite();
                const auto head = writer->lastCheckpoint();
                writeMessage(*writer, head ? head->tree_size : 0);
                writer->commit();
            }
        });
    }
    for (std::thread& writer : writers) writer.join();
    BOOST_TEST(whatIsWrong(store->reader(), 40) == "");
}

STORE_CASE(copies_one_moment_while_the_gateway_goes_on) {
    const auto place = placeOf(adapter);
    const TemporaryFolder folder;
    {
        const auto store = place->open();
        putMessages(*store, 0, 300);
        std::atomic<bool> done{false};
        std::thread writer([&] {
            for (LogIndex index = 300; !done; index += 5) putMessages(*store, index, index + 5);
        });
        store->backupTo(folder / "copy");
        done = true;
        writer.join();
        BOOST_TEST(faultOf([&] { store->backupTo(folder / "copy"); }).has_value());
    }
    const auto copy = place->openBackup(folder / "copy");
    const std::uint64_t size = copy->reader().lastCheckpoint().value().tree_size;
    BOOST_TEST(size >= 300U);
    BOOST_TEST(size % 5 == 0U);
    BOOST_TEST(whatIsWrong(copy->reader(), size) == "");
}

BOOST_AUTO_TEST_SUITE_END()
