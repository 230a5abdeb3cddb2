// tests/unit/daemon/router_test.cpp - which endpoint a request is for, and what a target that fits none is told.
#include "gateway/daemon/router.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

namespace {

RequestHead request(std::string method, std::string target, std::string_view listener = "public") {
    RequestHead head;
    head.method = std::move(method);
    head.target = std::move(target);
    head.listener = listener;
    return head;
}

Router sample() {
    std::vector<Endpoint> endpoints;
    for (const EndpointAddress& address : std::initializer_list<EndpointAddress>{{"public", "GET", "/things"},
                                                                                 {"public", "POST", "/things"},
                                                                                 {"public", "GET", "/things/{no}"},
                                                                                 {"public", "GET", "/files/{path}"},
                                                                                 {"health", "GET", "/well"}})
        endpoints.push_back({address, {}});
    return Router(std::move(endpoints));
}

/// "GET /things/{no} <argument>", or the status and the methods that are allowed.
std::string told(const RequestHead& head) {
    static const Router router = sample();
    const RouteMatch match = router.match(head);
    if (match.endpoint == nullptr) return std::to_string(match.status) + " " + match.allow;
    return std::string(match.endpoint->address.method) + " " + std::string(match.endpoint->address.pattern) + " <" +
           match.argument + ">";
}

std::string shown(const std::optional<std::vector<std::pair<std::string, std::string>>>& parameters) {
    if (!parameters) return "broken";
    std::string text;
    for (const auto& [name, value] : *parameters) text += name + "=" + value + ";";
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RouterMatch)

BOOST_AUTO_TEST_CASE(finds_the_endpoint_of_method_and_path) {
    BOOST_TEST(told(request("GET", "/things")) == "GET /things <>");
    BOOST_TEST(told(request("POST", "/things")) == "POST /things <>");
    BOOST_TEST(told(request("GET", "/things?after=3")) == "GET /things <>");
    BOOST_TEST(told(request("GET", "/things/17")) == "GET /things/{no} <17>");
}

BOOST_AUTO_TEST_CASE(tells_of_the_server_the_methods_that_its_listener_has) {
    BOOST_TEST(told(request("OPTIONS", "*")) == "204 GET, OPTIONS, POST");
    BOOST_TEST(told(request("OPTIONS", "*", "health")) == "204 GET, OPTIONS");
    BOOST_TEST(told(request("OPTIONS", "/things")).starts_with("405 "));
}

BOOST_AUTO_TEST_CASE(takes_head_as_get) {
    BOOST_TEST(told(request("HEAD", "/things/17")) == "GET /things/{no} <17>");
}

BOOST_AUTO_TEST_CASE(gives_slashes_only_to_a_path) {
    BOOST_TEST(told(request("GET", "/things/1/2")) == "404 ");
    BOOST_TEST(told(request("GET", "/files/0/x001/234")) == "GET /files/{path} <0/x001/234>");
}

BOOST_AUTO_TEST_CASE(wants_a_text_for_the_braces) {
    BOOST_TEST(told(request("GET", "/things/")) == "404 ");
    BOOST_TEST(told(request("GET", "/files/")) == "404 ");
    BOOST_TEST(told(request("GET", "/files")) == "404 ");
}

BOOST_AUTO_TEST_CASE(answers_404_where_no_path_fits) {
    BOOST_TEST(told(request("GET", "/")) == "404 ");
    BOOST_TEST(told(request("GET", "/Things")) == "404 ");
    BOOST_TEST(told(request("GET", "/things2")) == "404 ");
    BOOST_TEST(told(request("GET", "//things")) == "404 ");
}

BOOST_AUTO_TEST_CASE(answers_405_with_the_methods_that_the_path_has) {
    BOOST_TEST(told(request("PUT", "/things")) == "405 GET, POST");
    BOOST_TEST(told(request("POST", "/things/17")) == "405 GET");
    BOOST_TEST(told(request("get", "/things/17")) == "405 GET");
}

BOOST_AUTO_TEST_CASE(keeps_the_listeners_apart) {
    BOOST_TEST(told(request("GET", "/well")) == "404 ");
    BOOST_TEST(told(request("GET", "/well", "health")) == "GET /well <>");
    BOOST_TEST(told(request("GET", "/things", "health")) == "404 ");
}

BOOST_AUTO_TEST_CASE(decodes_the_argument_once) {
    BOOST_TEST(told(request("GET", "/things/a%20b")) == "GET /things/{no} <a b>");
    BOOST_TEST(told(request("GET", "/things/%E5%8A%9E")) == "GET /things/{no} <办>");
    BOOST_TEST(told(request("GET", "/things/%2541")) == "GET /things/{no} <%41>");
    BOOST_TEST(told(request("GET", "/things/a%2Fb")) == "GET /things/{no} <a/b>");
}

BOOST_AUTO_TEST_CASE(does_not_decode_the_path_itself) {
    BOOST_TEST(told(request("GET", "/%74hings")) == "404 ");
    BOOST_TEST(told(request("GET", "/things%2F17")) == "404 ");
}

BOOST_AUTO_TEST_CASE(refuses_broken_escapes_and_control_characters) {
    for (const char* target : {"/things/%", "/things/%4", "/things/%4g", "/things/%00", "/things/a%0Ab", "/things/%7f"})
        BOOST_TEST(told(request("GET", target)) == "404 ", target);
}

BOOST_AUTO_TEST_CASE(refuses_what_no_answer_could_repeat) {
    for (const char* target : {"/things/%ff", "/things/a%80b", "/things/%C0%AF", "/things/%ED%A0%80", "/things/%E5%8A"})
        BOOST_TEST(told(request("GET", target)) == "404 ", target);
    BOOST_TEST(shown(queryParameters("a=%ff")) == "broken");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(QueryParameters)

BOOST_AUTO_TEST_CASE(keep_their_order_and_are_decoded) {
    BOOST_TEST(shown(queryParameters("")) == "");
    BOOST_TEST(shown(queryParameters("b=2&a=1")) == "b=2;a=1;");
    BOOST_TEST(shown(queryParameters("n%61me=a%26b%3Dc")) == "name=a&b=c;");
}

BOOST_AUTO_TEST_CASE(split_at_the_first_equals_sign) {
    BOOST_TEST(shown(queryParameters("a=b=c")) == "a=b=c;");
    BOOST_TEST(shown(queryParameters("a")) == "a=;");
    BOOST_TEST(shown(queryParameters("a=")) == "a=;");
}

BOOST_AUTO_TEST_CASE(leave_a_plus_sign_as_it_is) {
    BOOST_TEST(shown(queryParameters("a=1+2")) == "a=1+2;");
}

BOOST_AUTO_TEST_CASE(refuse_a_name_that_comes_twice) {
    BOOST_TEST(shown(queryParameters("a=1&a=1")) == "broken");
    BOOST_TEST(shown(queryParameters("a=1&b=2&%61=3")) == "broken");
    BOOST_TEST(shown(queryParameters("a=1&&b=2&&")) == "broken");
}

BOOST_AUTO_TEST_CASE(refuse_broken_escapes_and_control_characters) {
    for (const char* query : {"a=%", "a=%4", "a=%zz", "%=1", "a=%00", "a=%0d%0a", "a=\x7f"})
        BOOST_TEST(shown(queryParameters(query)) == "broken", query);
}

BOOST_AUTO_TEST_SUITE_END()
