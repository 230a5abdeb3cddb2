// gateway/adapters/http/body_spool.cpp - see body_spool.hpp. `scheduled_` makes sure of one turn at a time.
#include "gateway/adapters/http/body_spool.hpp"

#include "gateway/base/fault.hpp"

namespace caseway {

BodySpool::BodySpool(std::shared_ptr<Mailbox> mailbox, SpoolPool& pool, const FaultReport& report,
                     ConnectionId connection, std::function<std::unique_ptr<BodySink>()> open,
                     std::size_t hold_back_bytes)
    : mailbox_(std::move(mailbox)),
      pool_(pool),
      report_(report),
      connection_(connection),
      open_(std::move(open)),
      hold_back_bytes_(hold_back_bytes) {}

void BodySpool::schedule() {
    if (scheduled_ || over_) return;
    scheduled_ = true;
    pool_.submit(shared_from_this());
}

bool BodySpool::append(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    pending_.append(bytes);
    unspooled_ += bytes.size();
    schedule();
    if (unspooled_ > hold_back_bytes_ && !over_) held_back_ = true;
    return held_back_;
}

void BodySpool::end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    schedule();
}

void BodySpool::abandon() {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    schedule();
}

bool BodySpool::pass(std::string_view batch, bool finish) {
    Mail failed;
    failed.kind = Mail::Kind::SpoolFailed;
    failed.connection = connection_;
    try {
        if (sink_ == nullptr) sink_ = open_();
        if (!batch.empty()) sink_->write(batch);
        if (finish) sink_->finish();
        return true;
    } catch (const Fault& fault) {
        if (report_) report_(fault.what());
        failed.response = problem(503, nameOf(fault.code()), "the body could not be kept", "try again later");
        failed.response.fields.push_back({"Retry-After", "10"});
    } catch (const std::exception& error) {
        if (report_) report_(error.what());
        failed.response = problem(500, "internal_error", "the body could not be kept");
    }
    sink_.reset();
    mailbox_->post(std::move(failed));
    return false;
}

void BodySpool::turn() {
    std::string batch;
    bool finish = false;
    {
        const std::lock_guard lock(mutex_);
        if (abandoned_) over_ = true;
        if (!over_) {
            batch.swap(pending_);
            finish = ended_;
        }
    }
    if (over_) {
        sink_.reset();
        return;
    }
    const bool passed = pass(batch, finish);
    const std::lock_guard lock(mutex_);
    scheduled_ = false;
    over_ = finish || !passed;
    unspooled_ -= batch.size();
    Mail mail;
    mail.connection = connection_;
    if (over_) {
        pending_.clear();
        if (!passed) return;
        mail.kind = Mail::Kind::SpoolDone;
        mail.sink = std::move(sink_);
        return mailbox_->post(std::move(mail));
    }
    if (held_back_ && unspooled_ <= hold_back_bytes_ / 2) {
        held_back_ = false;
        mail.kind = Mail::Kind::SpoolMoved;
        mailbox_->post(std::move(mail));
    }
    if (!pending_.empty() || ended_ || abandoned_) schedule();
}

}  // namespace caseway
