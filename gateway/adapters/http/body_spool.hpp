// gateway/adapters/http/body_spool.hpp - carries a body from the poll loop to its sink, and says when the loop must
// hold back.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "gateway/adapters/http/mailbox.hpp"
#include "gateway/adapters/http/spool_task.hpp"

namespace caseway {

class BodySpool final : public SpoolTask, public std::enable_shared_from_this<BodySpool> {
public:
    BodySpool(std::shared_ptr<Mailbox> mailbox, SpoolPool& pool, const FaultReport& report, ConnectionId connection,
              std::function<std::unique_ptr<BodySink>()> open, std::size_t hold_back_bytes);

    /// The loop: the next bytes. True: read no more until SpoolMoved comes.
    bool append(std::string_view bytes);
    /// The loop: the body is whole. SpoolDone or SpoolFailed follows.
    void end();
    /// The loop: the body broke off or nobody wants it. The sink is destroyed unfinished, on a spool thread.
    void abandon();

    void turn() override;

private:
    void schedule();
    bool pass(std::string_view batch, bool finish);

    const std::shared_ptr<Mailbox> mailbox_;
    SpoolPool& pool_;
    const FaultReport& report_;
    const ConnectionId connection_;
    const std::function<std::unique_ptr<BodySink>()> open_;
    const std::size_t hold_back_bytes_;
    std::unique_ptr<BodySink> sink_;  // spool threads only, one turn at a time

    std::mutex mutex_;
    std::string pending_;
    std::size_t unspooled_ = 0;
    bool scheduled_ = false;
    bool held_back_ = false;
    bool ended_ = false;
    bool abandoned_ = false;
    bool over_ = false;  // done or failed: nothing more is taken
};

}  // namespace caseway
