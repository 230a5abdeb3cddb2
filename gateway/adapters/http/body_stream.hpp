// gateway/adapters/http/body_stream.hpp - a streamed answer: pieces of a ByteSource, read on a spool thread when the
// loop asks.
#pragma once

#include <memory>

#include "gateway/adapters/http/mailbox.hpp"
#include "gateway/adapters/http/spool_task.hpp"

namespace caseway {

class BodyStream final : public SpoolTask, public std::enable_shared_from_this<BodyStream> {
public:
    /// `chunked` false: the end of the connection is the end of the body (HTTP/1.0).
    BodyStream(std::shared_ptr<Mailbox> mailbox, SpoolPool& pool, const FaultReport& report, ConnectionId connection,
               std::unique_ptr<ByteSource> source, bool chunked);

    /// The loop: one StreamPiece or StreamFailed will come. Ask again only after it came.
    void pull() { pool_.submit(shared_from_this()); }

    void turn() override;

private:
    const std::shared_ptr<Mailbox> mailbox_;
    SpoolPool& pool_;
    const FaultReport& report_;
    const ConnectionId connection_;
    std::unique_ptr<ByteSource> source_;
    const bool chunked_;
};

}  // namespace caseway
