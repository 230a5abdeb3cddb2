// tests/unit/daemon/report_endpoints_test.cpp - the morning report over the admin socket: one at a time.
#include "gateway/daemon/report_endpoints.hpp"

#include <boost/test/unit_test.hpp>
#include <utility>

#include "gateway/base/fault.hpp"
#include "tests/unit/daemon/kept_response.hpp"

using namespace caseway;

namespace {

Response asked(ReportEndpoints& endpoints, const std::string& target) {
    const auto kept = std::make_shared<test::KeptResponse>();
    Request request;
    request.head.target = target;
    endpoints.endpoints().at(0).action(std::move(request), "latest", Responder(kept));
    return std::move(kept->given);
}

std::string fieldOf(const Response& response, const std::string& name) {
    for (const HttpField& field : response.fields)
        if (field.name == name) return field.value;
    return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ReportsAskedFor)

BOOST_AUTO_TEST_CASE(are_made_one_at_a_time_and_the_others_are_asked_to_come_again) {
    const Settings settings;
    Response meanwhile;
    bool fails = false;
    ReportEndpoints* itself = nullptr;
    ReportEndpoints endpoints(settings, [&](std::optional<std::chrono::local_days>) {
        meanwhile = asked(*itself, "/admin/v1/reports/latest");
        if (fails) throw Fault(FaultCode::StoreUnavailable, "locked", "wait");
        const TimeZone zone = TimeZone::find("Asia/Shanghai").value();
        const Night night = nightOf(std::chrono::local_days(std::chrono::year(2026) / 11 / 26), zone);
        MorningReport report{"center/gateway", night, zone, {}, false, {}};
        report.made_at = night.end;
        return report;
    });
    itself = &endpoints;
    const std::string target = "/admin/v1/reports/latest?format=json";
    BOOST_TEST(asked(endpoints, target).status == 200);
    BOOST_TEST(meanwhile.status == 503);
    BOOST_TEST(fieldOf(meanwhile, "Retry-After") == "5");
    BOOST_TEST(meanwhile.body.find("report_busy") != std::string::npos);
    fails = true;
    BOOST_CHECK_THROW(asked(endpoints, target), Fault);
    fails = false;
    BOOST_TEST(asked(endpoints, target).status == 200);  // a failure leaves nothing busy
}

BOOST_AUTO_TEST_SUITE_END()
