// gateway/daemon/sync_ways.hpp - how runs of connectors reach the payload folder and the operating log.
#pragma once

#include <memory>
#include <string>

#include "gateway/adapters/files/payload_folder.hpp"
#include "gateway/daemon/sync_runner.hpp"
#include "gateway/domain/run.hpp"
#include "gateway/pipeline/pulled_body.hpp"

namespace caseway {

/// A pulled payload that is too large for memory, on its way to the payload folder.
class PayloadSpool final : public PulledSpool {
public:
    explicit PayloadSpool(PayloadFolder& payloads) : payloads_(payloads), file_(payloads.create()) {}
    void write(std::string_view bytes) override { file_->write(bytes); }
    std::string finish(const Sha256& digest, bool is_utf8) override {
        std::string name = file_->finish(digest);
        if (is_utf8) payloads_.foundUtf8(name);
        return name;
    }
    std::unique_ptr<ByteSource> source() const override { return file_->source(); }

private:
    PayloadFolder& payloads_;
    std::unique_ptr<SpoolFile> file_;
};

/// A line of the operating log: a warning where the run did not come to its end.
/// `files_wait`: files that wait longer at a source are warned of.
void tellRun(const Run& run, std::chrono::seconds files_wait);
/// Prometheus text: of which connectors a run is at work now, of whatever kind but dry: what a row says of a run that
/// nobody carries out counts not.
std::string runningMetrics(const SyncStatus& status);
/// Prometheus text: which connectors are left alone for a while, because their runs failed again and again. The first
/// kMostConnectorsShown by name, as the other figures of runs.
std::string circuitMetrics(const SyncStatus& status);
/// Prometheus text: whose run is unfinished and waits for its next attempt, and for what.
std::string waitingMetrics(const SyncStatus& status);
/// Prometheus text: how often no run began at its time, by reason.
std::string passedOverMetrics(const SyncStatus& status);
/// It could not be finished now; the gateway takes it up again.
void tellUnfinishedRun(const std::string& connector, const std::string& fault);

}  // namespace caseway
