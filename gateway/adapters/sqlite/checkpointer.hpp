// gateway/adapters/sqlite/checkpointer.hpp - moves the write-ahead log into the database in the background, so that no
// commit waits for it. "Checkpoint" here is SQLite's word; the log's signed checkpoints are another thing.
#pragma once

#include <atomic>
#include <thread>

#include "gateway/adapters/sqlite/connection.hpp"
#include "gateway/adapters/sqlite/writer_gate.hpp"

namespace caseway {

/// A thread with a connection of its own. Most pages are copied while the writer goes on; only the few that came
/// meanwhile are copied with the gate closed, so that the write-ahead log can start again at its front.
class Checkpointer {
public:
    Checkpointer(const std::string& file, const ConnectionSettings& settings, WriterGate& gate, int start_at_pages);
    ~Checkpointer();
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    /// Tells how long the write-ahead log is after a commit. Cheap.
    void walHasPages(int pages);
    /// Before a transaction: waits for a checkpoint where the log has grown to several times what starts one, because
    /// nobody gave this thread the time. Returns at once otherwise, and after a while anyway: a reader of minutes keeps
    /// the log from starting again, and must not keep the writer.
    void letCatchUp();

private:
    void run();
    void checkpoint();
    int copyPages();

    SqliteConnection connection_;
    WriterGate& gate_;
    const int start_at_pages_;
    std::atomic<int> pages_{0}, stall_at_;
    std::mutex mutex_;
    std::condition_variable wake_, caught_up_;
    bool wanted_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace caseway
