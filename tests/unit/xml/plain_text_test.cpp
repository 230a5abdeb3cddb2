// tests/unit/xml/plain_text_test.cpp - which character data stands for itself.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

#include "gateway/formats/xml/plain_text.hpp"

using namespace caseway;

namespace {

/// What is looked at, and how many bytes of it are plain; kNotPlain: none can be said to be.
struct Look {
    std::string ahead;
    std::size_t plain;
};
std::ostream& operator<<(std::ostream& out, const Look& look) {
    return out << look.ahead;
}

const Look kLooks[] = {
    {"<", 0},
    {"GX1</Code>", 3},
    {"exactly sixteen.<", 16},
    {"建筑工程施工许可证核发<", 33},
    {"（甲）、“乙”：，！<", 30},
    {"\uFFFD\uF8FF\uFEFF<", 9},
    {"\U0001F600\u007F\u0080<", 7},
    {"a > b \"c\" 'd' [e<", 16},
    {"", kNotPlain},
    {"no tag follows", kNotPlain},
    {"no tag follows, sixteen and more", kNotPlain},
    {"a&amp;b<", kNotPlain},
    {"a long text, and then a reference &#65;<", kNotPlain},
    {"]]><", kNotPlain},
    {"a]<", kNotPlain},
    {"a\nb<", kNotPlain},
    {"a\rb<", kNotPlain},
    {"a\tb<", kNotPlain},
    {std::string("a\0b<", 4), kNotPlain},
    {"a\x1F<", kNotPlain},
    {"\uFFFE<", kNotPlain},
    {"a\uFFFF<", kNotPlain},
    {"（（（（（\uFFFF<", kNotPlain},
    {"cut off \xEF", kNotPlain},
    {"cut off \xEF\xBC", kNotPlain},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(PlainText)

BOOST_DATA_TEST_CASE(ends_at_the_first_tag_where_nothing_is_to_be_judged, boost::unit_test::data::make(kLooks), look) {
    BOOST_TEST(plainTextBefore(look.ahead) == look.plain);
    if (look.plain != kNotPlain) BOOST_TEST(plainTextBefore(look.ahead + std::string(40, '<') + "\n&") == look.plain);
}

BOOST_AUTO_TEST_CASE(is_found_wherever_it_ends_in_a_block) {
    for (std::size_t size = 0; size < 70; ++size) {
        BOOST_TEST(plainTextBefore(std::string(size, 'x') + "<") == size);
        BOOST_TEST(plainTextBefore(std::string(size, 'x') + "&<") == kNotPlain);
        BOOST_TEST(plainTextBefore(std::string(size, 'x') + "（<") == size + 3);
    }
}

BOOST_AUTO_TEST_SUITE_END()
