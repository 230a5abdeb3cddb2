// connectors/sdk/test/bounded_connector_test.cpp - a call that does not come back holds one thread, and no run.
#include <boost/test/unit_test.hpp>
#include <future>

#include "connectors/sdk/bounded_connector.hpp"
#include "connectors/sdk/test/former_call.hpp"

using namespace caseway;

namespace {

/// Waits in discover() until it is let go.
class Waiting final : public Connector {
public:
    explicit Waiting(std::shared_future<void> until) : until_(std::move(until)) {}
    std::vector<CheckStep> check() override { return {}; }
    std::vector<SourceObject> discover() override {
        until_.wait();
        return {};
    }
    PageEnd read(const Cursor&, const PageLimits&, PageSink&) override { return {}; }
    void acknowledge(const Cursor&) override {}
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>&) override { return {}; }

private:
    std::shared_future<void> until_;
};

std::string saidBy(Connector& connector) {
    try {
        connector.discover();
    } catch (const ConnectorFault& fault) {
        return fault.parts().code + ": " + fault.parts().message;
    }
    return "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(BoundedConnectors)

BOOST_AUTO_TEST_CASE(a_call_that_hangs_is_left_and_no_other_begun_until_it_ends) {
    std::promise<void> end;
    int looked = 0, left = 0;
    BoundedOpening opening{.open = [until = end.get_future().share()](
                                       const ConnectorSurroundings&) { return std::make_unique<Waiting>(until); },
                           .surroundings = {.deadline = std::chrono::milliseconds(1)},
                           .hanging = std::make_shared<HangingCalls>(),
                           .key = "k",
                           .where = "w",
                           .grace = std::chrono::milliseconds(0),
                           .look = [&] { ++looked; },
                           .left = [&] { ++left; }};
    const auto connector = makeBounded(opening), next_run = makeBounded(opening);
    BOOST_TEST(saidBy(*connector).starts_with("other_side_hangs: no answer"));
    BOOST_TEST(looked > 0);
    BOOST_TEST(left == 1);
    BOOST_TEST(saidBy(*connector).starts_with("other_side_hangs: a former call"));
    BOOST_TEST(saidBy(*next_run).starts_with("other_side_hangs: a former call"));
    end.set_value();
    BOOST_TEST(fixture::saidAfterFormerCall([&] { return saidBy(*next_run); }) == "none");
}

BOOST_AUTO_TEST_CASE(looking_at_a_folder_that_hangs_is_left_as_the_connector_is_opened) {
    std::promise<void> end;
    const std::shared_future<void> until = end.get_future().share();
    BoundedOpening opening{.open =
                               [until](const ConnectorSurroundings& gated) {
                                   gated.allow_folder("/mnt/gone");
                                   return std::make_unique<Waiting>(until);
                               },
                           .surroundings = {.allow_folder = [until](const std::string&) { until.wait(); }},
                           .hanging = std::make_shared<HangingCalls>(),
                           .key = "k",
                           .where = "w",
                           .open_within = std::chrono::milliseconds(1),
                           .grace = std::chrono::milliseconds(0)};
    const auto opened = [&opening]() -> std::string {
        try {
            makeBounded(opening);
        } catch (const ConnectorFault& fault) {
            return fault.parts().code + ": " + fault.parts().message;
        }
        return "none";
    };
    auto first = std::async(std::launch::async, opened);
    const bool is_held = first.wait_for(std::chrono::minutes(1)) != std::future_status::ready;
    if (is_held) end.set_value();
    BOOST_TEST_REQUIRE(!is_held);
    BOOST_TEST(first.get().starts_with("other_side_hangs: no answer"));
    BOOST_TEST(opened().starts_with("other_side_hangs: a former call"));
    end.set_value();
    opening.open_within = std::chrono::minutes(1);  // enough on a machine that is busy
    BOOST_TEST(fixture::saidAfterFormerCall(opened) == "none");
}

BOOST_AUTO_TEST_CASE(of_two_calls_that_were_left_beside_each_other_the_second_is_waited_for_too) {
    HangingCalls hanging;
    hanging.add("k");
    hanging.add("k");
    hanging.remove("k");
    BOOST_TEST(hanging.has("k"));
    hanging.remove("k");
    BOOST_TEST(!hanging.has("k"));
    hanging.remove("k");  // none waits: nothing to do
    BOOST_TEST(!hanging.has("k"));
}

BOOST_AUTO_TEST_SUITE_END()
