// gateway/daemon/metrics.hpp - figures for Prometheus: counted where things happen, written as text when asked. No
// personal data: codes, systems and outcomes are the only labels.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "gateway/adapters/http/http_counters.hpp"
#include "gateway/daemon/expiry_watch.hpp"
#include "gateway/daemon/report_desk.hpp"
#include "gateway/pipeline/committer.hpp"
#include "gateway/pipeline/message_job.hpp"

namespace caseway {

class Metrics {
public:
    /// Counts one answered message. Callable concurrently.
    void count(const MessageNews& news);
    /// Prometheus text of everything.
    std::string text(const HttpCounters& http, const CommitterFigures& committer, std::uint64_t log_size,
                     std::uint64_t last_change, std::size_t large_waiting, const ExpiryWatch& expiries,
                     const ReportDesk& reports) const;

private:
    struct Series {
        std::string binding, outcome;
        auto operator<=>(const Series&) const = default;
    };
    mutable std::mutex mutex_;
    std::map<Series, std::uint64_t> messages_;
    std::map<std::string, std::uint64_t> refusals_;
    RefusedByCode record_refusals_;
    RecordCounts records_;
    std::map<SystemId, std::uint64_t> encodings_differ_;
};

}  // namespace caseway
