// gateway/adapters/http/body_stream.cpp - see body_stream.hpp.
#include "gateway/adapters/http/body_stream.hpp"

#include "gateway/adapters/http/response_writer.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;

}  // namespace

BodyStream::BodyStream(std::shared_ptr<Mailbox> mailbox, SpoolPool& pool, const FaultReport& report,
                       ConnectionId connection, std::unique_ptr<ByteSource> source, bool chunked)
    : mailbox_(std::move(mailbox)),
      pool_(pool),
      report_(report),
      connection_(connection),
      source_(std::move(source)),
      chunked_(chunked) {}

void BodyStream::turn() {
    Mail mail;
    mail.kind = Mail::Kind::StreamPiece;
    mail.connection = connection_;
    try {
        std::string piece(kPieceBytes, '\0');
        const auto count = source_->read(piece);
        mail.last = count == 0;
        piece.resize(count);
        mail.wire = chunked_ ? writeChunk(piece) : std::move(piece);
    } catch (const std::exception& error) {
        if (report_) report_(error.what());
        mail.kind = Mail::Kind::StreamFailed;
    }
    mailbox_->post(std::move(mail));
}

}  // namespace caseway
