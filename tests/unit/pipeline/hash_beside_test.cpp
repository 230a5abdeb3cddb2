// tests/unit/pipeline/hash_beside_test.cpp - the digest is that of the whole, however it came in pieces; who gives up
// half way ends the thread.
#include "gateway/pipeline/hash_beside.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "gateway/formats/text/encoding.hpp"

using namespace caseway;

namespace {

/// Bytes that tell their place.
std::string bytesOf(std::size_t count) {
    std::string bytes(count, '\0');
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<char>((i * 2654435761U) >> 13);
    return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(HashingBeside)

BOOST_AUTO_TEST_CASE(gives_the_digest_of_the_whole) {
    constexpr std::size_t kPiece = 256 * 1024;
    std::mt19937 random(7);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, kPiece - 1, kPiece, kPiece + 1, 4 * kPiece, 9 * kPiece + 17})
        for (const std::size_t most : {std::size_t{1000}, kPiece, 3 * kPiece}) {
            const std::string whole = bytesOf(size);
            Sha256Stream begun;
            const std::size_t before = std::min<std::size_t>(size, 10);
            begun.update(std::string_view(whole).substr(0, before));
            HashBeside beside(std::move(begun), {std::string_view(whole).substr(0, before)});
            std::string given;  // changes behind each call
            for (std::size_t at = before; at < size; at += given.size()) {
                given = whole.substr(at, 1 + random() % most);
                beside.update(given);
            }
            BOOST_TEST((beside.finish() == sha256(whole)), size << " bytes in pieces of up to " << most);
            BOOST_TEST(beside.isUtf8() == isUtf8(whole));
        }
}

BOOST_AUTO_TEST_CASE(tells_whether_the_whole_is_utf8) {
    const std::string text = "办件" + std::string(300'000, 'x') + "𠮷";
    for (const std::size_t seen : {0, 1, 3, 4})
        for (const std::string& whole : {text, text + "\xE5", text.substr(0, text.size() - 1), "\xB0\xEC" + text}) {
            Sha256Stream begun;
            const std::string_view before = std::string_view(whole).substr(0, seen);
            begun.update(before);
            HashBeside beside(std::move(begun), {before});
            for (std::size_t at = seen; at < whole.size(); at += 1000) beside.update(whole.substr(at, 1000));
            beside.finish();
            BOOST_TEST(beside.isUtf8() == isUtf8(whole));
        }
}

BOOST_AUTO_TEST_CASE(may_be_given_up) {
    HashBeside beside(Sha256Stream(), {});
    beside.update(bytesOf(3'000'000));
}

BOOST_AUTO_TEST_SUITE_END()
