// gateway/daemon/report_endpoints.hpp - the morning report over the admin socket, as page, JSON, CSV or text. Described
// in docs/formats/admin-openapi.json.
#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "gateway/daemon/report_source.hpp"
#include "gateway/daemon/router.hpp"

namespace caseway {

/// One report at a time is made, so that the workers stay free for messages; others are asked to come again.
class ReportEndpoints {
public:
    /// Makes the report of a date, or of the last night. Throws Fault.
    using Maker = std::function<MorningReport(std::optional<std::chrono::local_days>)>;
    ReportEndpoints(const Settings& settings, Maker make) : settings_(settings), make_(std::move(make)) {}
    std::vector<Endpoint> endpoints();

private:
    Response report(const RequestHead& head, const std::string& night);

    const Settings& settings_;
    Maker make_;
    std::atomic<bool> is_busy_ = false;
};

}  // namespace caseway
