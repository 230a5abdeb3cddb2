// tests/unit/base/ids_test.cpp - what is an id and what is not.
#include "gateway/base/ids.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

BOOST_AUTO_TEST_SUITE(Ids)

BOOST_AUTO_TEST_CASE(system_id_is_department_slash_system) {
    const auto id = SystemId::parse("housing/permits_2-a");
    BOOST_REQUIRE(id);
    BOOST_TEST(id->department() == "housing");
    BOOST_TEST(id->system() == "permits_2-a");
    for (const char* text :
         {"", "housing", "/permits", "housing/", "housing/a/b", "Housing/a", "housing/a b", "housing/..", "住建/a"})
        BOOST_TEST(!SystemId::parse(text), text);
    BOOST_TEST(!SystemId::parse("a/" + std::string(100, 'b')));
}

BOOST_AUTO_TEST_CASE(message_id_is_a_uuid_of_any_letter_case) {
    const auto id = MessageId::parse("0190A2B4-0000-7000-8000-00000000ABCD");
    BOOST_REQUIRE(id);
    BOOST_TEST(id->text() == "0190a2b4-0000-7000-8000-00000000abcd");
    for (const char* text : {"", "0190a2b4000070008000000000000001", "{0190a2b4-0000-7000-8000-000000000001}",
                             "0190a2b4-0000-7000-8000-00000000000g", "0190a2b4-00007-000-8000-000000000001"})
        BOOST_TEST(!MessageId::parse(text), text);
    BOOST_TEST(MessageId::fromRandom({}).text() == "00000000-0000-4000-8000-000000000000");
}

BOOST_AUTO_TEST_CASE(key_id_is_lower_case_hex_only) {
    const std::string hex(64, 'a');
    BOOST_TEST(KeyId::parse(hex)->text() == hex);
    BOOST_TEST(!KeyId::parse(std::string(64, 'A')));
    BOOST_TEST(!KeyId::parse(std::string(63, 'a')));
}

BOOST_AUTO_TEST_SUITE_END()
