// connectors/sftp/sftp_reader.cpp - a window of requests; an answer that is shorter than asked begins it anew.
#include "connectors/sftp/sftp_reader.hpp"

#include <fmt/format.h>

#include "connectors/sdk/exchange_folder/name_pattern.hpp"
#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/turn_wait.hpp"

namespace caseway {
namespace {
constexpr std::uint32_t kRequestBytes = 32 * 1024;  ///< what every server gives at once
constexpr std::size_t kRequestsMost = 16;
}  // namespace

FileEntry entryOf(std::string name, const sftp_attributes_struct& found) {
    const std::int64_t ns = std::int64_t{found.mtime} * 1'000'000'000;
    return {.name = std::move(name),
            .bytes = found.size,
            .modified_ns = ns,
            .touched_ns = ns,
            .inode = 0,
            .regular = found.type == SSH_FILEXFER_TYPE_REGULAR,
            .folder = found.type == SSH_FILEXFER_TYPE_DIRECTORY};
}

SftpReader::SftpReader(std::shared_ptr<SshSession> session, const CallBudget& budget, SftpFileHandle file,
                       std::string name, std::shared_ptr<RequestPace> pace)
    : session_(std::move(session)),
      budget_(budget),
      file_(std::move(file)),
      name_(std::move(name)),
      pace_(std::move(pace)),
      piece_(kRequestBytes, '\0') {
    bytes_ = entry().bytes;
}

SftpReader::~SftpReader() {
    if (!asked_.empty()) session_->cut();
}

FileEntry SftpReader::entry() {
    const Awaiting awaiting = session_->await(budget_);
    const SftpAttributesHandle found(sftp_fstat(file_.get()));
    if (found) return entryOf(name_, *found);
    if (!session_->isUsable()) throw session_->lost(budget_);
    throw transientFault("files_failed", shownName(name_), "the server cannot tell its size: " + session_->lastError(),
                         "ask the department to look at the server's disk");
}

void SftpReader::ask() {
    while (asked_.size() < kRequestsMost && ask_at_ < bytes_) {
        const std::uint64_t wanted = std::min<std::uint64_t>(kRequestBytes, bytes_ - ask_at_);
        waitForTurn(*pace_, budget_, shownName(name_), wanted);
        const Awaiting awaiting = session_->await(budget_);
        const int id = sftp_async_read_begin(file_.get(), kRequestBytes);
        if (id < 0) throw session_->lost(budget_);
        asked_.push_back({static_cast<std::uint32_t>(id), ask_at_});
        ask_at_ += kRequestBytes;
    }
}

int SftpReader::answer(const Request& request) {
    const Awaiting awaiting = session_->await(budget_);
    int got = SSH_AGAIN;
    while (got == SSH_AGAIN && session_->isUsable())
        got = sftp_async_read(file_.get(), piece_.data(), kRequestBytes, request.id);
    return got;
}

std::string_view SftpReader::next() {
    ask();
    if (asked_.empty()) return {};
    const Request request = asked_.front();
    const int got = answer(request);
    asked_.pop_front();
    if (got < 0) {
        asked_.clear();  // none of them will be answered
        session_->cut();
        if (budget_.passed() || !session_->isUsable() || sftp_get_error(session_->sftp()) == SSH_FX_OK)
            throw session_->lost(budget_);
        throw transientFault("files_failed", shownName(name_), "the server cannot read on: " + session_->lastError(),
                             "ask the department to look at the server's disk");
    }
    const std::uint64_t wanted = std::min<std::uint64_t>(kRequestBytes, bytes_ - request.offset);
    if (got > 0 && static_cast<std::uint64_t>(got) < wanted) {
        // The requests behind this one began too far on: they are taken off the line, and asked for again.
        const std::string kept = piece_.substr(0, static_cast<std::size_t>(got));
        while (!asked_.empty()) {
            const Request other = asked_.front();
            asked_.pop_front();
            answer(other);
        }
        ask_at_ = request.offset + static_cast<std::uint64_t>(got);
        sftp_seek64(file_.get(), ask_at_);
        piece_.replace(0, kept.size(), kept);
    }
    return {piece_.data(), static_cast<std::size_t>(got)};
}

}  // namespace caseway
