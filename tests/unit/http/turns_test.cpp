// tests/unit/http/turns_test.cpp - the order in which requests of several clients come to a worker.
#include "gateway/adapters/http/turns.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace caseway;

namespace {

struct Asked {
    char client;
    int number;
};

std::string orderOf(Turns<Asked>& turns, std::size_t most = 100) {
    std::string order;
    for (; !turns.empty() && most != 0; --most) {
        order += turns.front().client + std::to_string(turns.front().number) + " ";
        turns.pop();
    }
    return order;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(TurnsOfClients)

BOOST_AUTO_TEST_CASE(one_who_asks_for_much_holds_up_nobody_else) {
    Turns<Asked> turns;
    BOOST_TEST(turns.empty());
    for (int i = 1; i <= 4; ++i) turns.push({'a', i});
    turns.push({'b', 1});
    turns.push({'c', 1});
    turns.push({'b', 2});
    BOOST_TEST(orderOf(turns, 3) == "a1 b1 c1 ");
    turns.push({'c', 2});  // it had its turn, and comes behind those who wait for theirs
    BOOST_TEST(orderOf(turns) == "a2 b2 c2 a3 a4 ");
    turns.push({'a', 5});
    BOOST_TEST(orderOf(turns) == "a5 ");
}

BOOST_AUTO_TEST_SUITE_END()
