// tests/unit/mappings/alternatives_test.cpp - which alternative of a field stands, what becomes of one that does not
// fit, and what is told of one that is refused.
#include "tests/unit/mappings/made_of.hpp"

using namespace caseway;
using namespace caseway::samples;

BOOST_AUTO_TEST_SUITE(Alternatives)

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_kept_although_a_later_alternative_or_a_default_stands) {
    const char* both = "<B>also-bad-long</B><C>361000</C>";
    check({{"  post_code: [{from: A, unfit: extra.x}, {from: B, unfit: extra.y}, C]\n", both,
            R"({"extra":{"y":"also-bad-long"},"post_code":"361000","source_case_no":"1"})"},
           {"  post_code: [{from: A, unfit: extra.x}, {from: B, unfit: extra.y}, {value: \"999999\"}]\n", both,
            R"({"extra":{"y":"also-bad-long"},"post_code":"999999","source_case_no":"1"})"},
           {"  post_code: [{from: A, unfit: extra.x}, {from: B, unfit: extra.y, default: \"999999\"}]\n", both,
            R"({"extra":{"y":"also-bad-long"},"post_code":"999999","source_case_no":"1"})"},
           {"  materials: {each: M, fields: {copies: [{from: A, unfit: file_name}, {from: B, unfit: ref}, C]}}\n",
            "<M><B>two</B><C>3</C></M><M><A>one</A><B>2</B></M>",
            R"({"materials":[{"copies":3,"ref":"two"},{"copies":2,"file_name":"one"}],"source_case_no":"1"})"},
           // What stands before it leaves nobody to look at it.
           {"  post_code: [{from: C, unfit: extra.x}, {from: B, unfit: extra.y}]\n", both,
            R"({"post_code":"361000","source_case_no":"1"})"},
           {"  contact_mobile: [C, {from: B, split: /, unfit: extra.y}]\n", "<C>138</C><B>13827938123/13827938124</B>",
            R"({"contact_mobile":"138","source_case_no":"1"})"},
           {"  contact_mobile: [C, {from: B, split: /, unfit: extra.y}]\n", "<B>13827938123/13827938124</B>",
            R"({"contact_mobile":"13827938123","extra":{"y":"13827938123/13827938124"},"source_case_no":"1"})"}});
}

BOOST_AUTO_TEST_CASE(two_that_do_not_fit_in_one_place_are_refused_whatever_stands_in_the_end) {
    const char* one_place = "<A>first-bad-one</A><B>also-bad-long</B><C>361000</C>";
    check({{"  post_code: [{from: A, unfit: extra.x}, {from: B, unfit: extra.x}, C]\n", one_place,
            "too_long post_code, line 1;"},
           {"  post_code: [{from: A, unfit: extra.x}, {from: B, unfit: extra.x, default: \"999999\"}]\n", one_place,
            "too_long post_code, line 1;"},
           {"  post_code: [{from: C, unfit: extra.x}, {from: A, unfit: extra.x}, {from: B, unfit: extra.x}]\n",
            one_place, R"({"post_code":"361000","source_case_no":"1"})"}});
}

BOOST_AUTO_TEST_CASE(behind_one_that_is_refused_nothing_else_is_told_of_the_field) {
    const char* too_long = "<B>toolong77</B>";
    check({{"  post_code: [{from: B, required: true}, {from: C}]\n", too_long, "too_long post_code, line 1;"},
           {"  post_code: [C, B, D, {from: E, required: true}]\n", too_long, "too_long post_code, line 1;"},
           {"  extra.x: [{from: B, codes: {a: b}}, {from: C, required: true}]\n", too_long,
            "code_unknown extra.x, line 1;"},
           {"  fees: {each: ., fields: {amount: [{from: B, required: true}, C]}}\n", too_long,
            "money_unreadable fees.amount, line 1, item 1;"},
           {"  post_code: [{from: B, required: true}, C]\n  region_code: [D, {from: B, required: true}]\n", too_long,
            "too_long post_code, line 1;pattern_broken region_code, line 1;"},
           {"  post_code: [{from: C}, {from: D, required: true}]\n", too_long, "required_missing post_code, line 1;"}});
}

BOOST_AUTO_TEST_SUITE_END()
