// tests/unit/daemon/sync_endpoints_test.cpp - orders over the admin socket: each mistake has its own code and names its
// member.
#include "gateway/daemon/sync_endpoints.hpp"

#include "gateway/formats/json/document.hpp"
#include "tests/unit/daemon/kept_response.hpp"
#include "tests/unit/daemon/office_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

struct OrderCase {
    const char* body;
    const char* told;  ///< status, code, where
};
const OrderCase kOrders[] = {
    {"", "400 malformed_json byte 0"},
    {"{", "400 malformed_json byte 1"},
    {R"({"action":"start","action":"cancel"})", "400 duplicate_name byte 26"},
    {R"({"action":{"a":{"b":1}}})", "400 too_deep byte 15"},
    {"[]", "400 member_missing action"},
    {"{}", "400 member_missing action"},
    {R"({"action":"stop"})", "400 operation_unknown action"},
    {R"({"action":1})", "400 member_unknown action"},
    {R"({"action":"cancel"})", "400 member_missing connector"},
    {R"({"action":"cancel","connector":"a/b/c","kind":"next"})", "400 member_unknown kind"},
    {R"({"action":"retry"})", "400 member_missing run"},
    {R"({"action":"retry","run":"1","connector":"a/b/c"})", "400 member_unknown connector"},
    {R"({"action":"start","kind":"next"})", "400 member_missing connector"},
    {R"({"action":"start","connector":"a/b/c"})", "400 member_missing kind"},
    {R"({"action":"start","connector":"a/b/c","kind":"all"})", "400 member_unknown kind"},
    {R"({"action":"start","connector":"a/b/c","kind":"retry"})", "400 member_unknown kind"},
    {R"({"action":"start","connector":"a/b/c","kind":"since"})", "400 member_missing since"},
    {R"({"action":"start","connector":"a/b/c","kind":"next","since":"x"})", "400 member_unknown since"},
    {R"({"action":"start","connector":"a/b/c","kind":"next","run":"1"})", "400 member_unknown run"},
    {R"({"action":"start","connector":"a/b/c","kind":"next","dry":true})", "400 member_unknown dry"},
    {R"({"action":"start","connector":"a/b/c","kind":"next","dry":"yes"})", "400 member_unknown dry"},
    {R"({"action":"start","connector":"a/b/c","kind":"next","repair":"both"})", "400 member_unknown repair"},
    {R"({"action":"start","connector":"a/b/c","kind":"reconcile","dry":"true"})", "400 member_unknown dry"},
    {R"({"action":"start","connector":"a/b/c","kind":"reconcile","repair":"all"})", "400 member_unknown repair"},
    {R"({"action":"start","connector":"a/b/c","kind":"reconcile","vanished_at_most":"101%"})",
     "400 member_out_of_range vanished_at_most"},
    {R"({"action":"start","connecter":"a/b/c","kind":"next"})", "400 member_unknown connecter"},
    // what is in order goes to the runner
    {R"({"action":"start","connector":"a/b/c","kind":"next"})", "422 connector_unknown connector"},
    {R"({"action":"retry","run":"7"})", "422 run_unknown run"},
    {R"({"action":"cancel","connector":"a/b/c"})", "422 connector_unknown connector"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(SyncOrders)

/// `idle` beside the time of an attempt would say two things.
BOOST_AUTO_TEST_CASE(a_run_that_the_store_keeps_out_waits) {
    Office office;
    office.opens({office.live(kName)});
    SyncEndpoints endpoints(*office.runner, office.memory.reader());
    const auto status = [&] {
        const auto kept = std::make_shared<KeptResponse>();
        endpoints.endpoints().at(0).action(Request(), "", Responder(kept));
        return kept->given.body;
    };
    BOOST_TEST(status().find(R"("state":"idle")") != std::string::npos, status());
    office.unfinished({});
    office.storeRefusesNext();
    office.runner->tick();
    office.awaitFailures(1);
    BOOST_TEST(office.waitsFor() == "store_unavailable");
    BOOST_TEST(status().find(R"("state":"waiting")") != std::string::npos, status());
}

BOOST_AUTO_TEST_CASE(tell_each_mistake_by_its_own_code) {
    Office office;
    office.opens({office.live(kName)});
    SyncEndpoints endpoints(*office.runner, office.memory.reader());
    const auto asked = [&](const std::string& body) {
        const auto kept = std::make_shared<KeptResponse>();
        Request request;
        request.body = body;
        endpoints.endpoints().at(1).action(std::move(request), "", Responder(kept));
        return std::move(kept->given);
    };
    for (const OrderCase& one : kOrders) {
        const Response answer = asked(one.body);
        JsonTree tree;
        const auto root = parseJson(answer.body, JsonLimits{}, tree);
        BOOST_REQUIRE(root.ok());
        const auto text = [&](const char* name) {
            const JsonValue* const value = (*root)->find(name);
            return value == nullptr ? std::string() : std::string(value->text);
        };
        BOOST_TEST(std::to_string(answer.status) + " " + text("code") + " " + text("where") == one.told, one.body);
        BOOST_TEST(!text("hint").empty(), one.body);
    }
    const Response mistyped = asked(R"({"action":"start","connecter":"a/b/c","kind":"next"})");
    BOOST_TEST(mistyped.body.find("did you mean 'connector'?") != std::string::npos, mistyped.body);
    BOOST_TEST(asked(std::string(R"({"action":"start","kind":"next","connector":")") + kName + "\"}").status == 200);
    office.next();
}

BOOST_AUTO_TEST_SUITE_END()
