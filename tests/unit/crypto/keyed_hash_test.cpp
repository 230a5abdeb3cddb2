// tests/unit/crypto/keyed_hash_test.cpp - hashes that depend on the key, the same on every processor. Source: the
// expected values of HighwayHash's own tests.
#include "gateway/formats/crypto/keyed_hash.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

BOOST_AUTO_TEST_SUITE(KeyedHashes)

BOOST_AUTO_TEST_CASE(are_those_of_highwayhash) {
    Sha256 key;
    for (std::size_t i = 0; i < key.bytes.size(); ++i) key.bytes[i] = static_cast<std::uint8_t>(i);
    std::string bytes;
    for (const char* expected :
         {"c7fe8f9d8f26ed0f6f3e097f765e5633", "a8e7813689a8b0d6b4dc9cebf91d29dc", "04da165a26ad153d68e832dc38560878"}) {
        BOOST_TEST(toHex(keyedHash(key, bytes)) == expected);
        bytes += static_cast<char>(bytes.size());
    }
}

BOOST_AUTO_TEST_CASE(of_another_key_are_others) {
    const Sha256 one = randomKey(), other = randomKey();
    BOOST_TEST((one != other));
    BOOST_TEST((keyedHash(one, "a record") == keyedHash(one, "a record")));
    BOOST_TEST((keyedHash(one, "a record") != keyedHash(other, "a record")));
    BOOST_TEST((keyedHash(one, "a record") != keyedHash(one, "a recorD")));
}

BOOST_AUTO_TEST_SUITE_END()
