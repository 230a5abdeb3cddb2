// connectors/http/test/link_field_test.cpp - the next page in Link fields as services write them.
#include "connectors/http/link_field.hpp"

#include <boost/test/unit_test.hpp>

using caseway::nextOfLinkField;

BOOST_AUTO_TEST_SUITE(LinkField)

BOOST_AUTO_TEST_CASE(finds_the_next_page) {
    BOOST_TEST(nextOfLinkField(R"(</a?p=2>; rel="next")") == "/a?p=2");
    BOOST_TEST(nextOfLinkField(R"(</a,b;c>; rel=prev, <https://h/2>;title="x, <y>; rel=next";rel="last NEXT")") ==
               "https://h/2");
    BOOST_TEST(nextOfLinkField(R"(<a>; title="\"; rel=next", <b>; rel=first)").empty());
    for (const char* rubbish :
         {"", "<", "<a", "<a>", "<a>;", "<a>; rel", "<a>; rel=", "<a>; rel=\"next", "rel=next", "<a>; rel=nextpage"})
        BOOST_TEST((nextOfLinkField(rubbish).empty() || std::string(rubbish).find("\"next") != std::string::npos),
                   rubbish);
}

BOOST_AUTO_TEST_SUITE_END()
