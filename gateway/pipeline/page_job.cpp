// gateway/pipeline/page_job.cpp - pages and runs in the writer's transaction.
#include "gateway/pipeline/page_job.hpp"

#include <algorithm>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/pipeline/mark_job.hpp"
#include "gateway/pipeline/message_counts.hpp"

namespace caseway {

void PageJob::apply(CommitContext& context) {
    Run behind = run_;
    if (!behind.reconciliation) behind.kills = {};  // of this page; a reconciliation begins anew each time
    RunPage page = page_;
    counts_ = {};
    const LogIndex first = context.log.size();
    for (std::size_t i = 0; i < messages_.size(); ++i) {
        at_ = i;
        messages_[i]->pageBeginsAt(first);
        messages_[i]->apply(context);
        const MessageRow& row = messages_[i]->row();
        (messages_[i]->isKnown() ? page.known : page.messages).push_back(row.index);
        counts_.add(messages_[i]->isKnown() ? countsOfKnown(context.writer, row) : countsOf(context.writer, row));
    }
    at_.reset();
    behind.counts.add(counts_);
    if (!cursor_.name.empty()) context.writer.putCursor(cursor_.name, cursor_.cursor);
    context.writer.putRunPage({run_.number, run_.pages, jsonOf(page)});
    context.writer.putRun({run_.number, run_.connector, false, jsonOf(behind)});
}

void PageJob::committed(MessageLog& log, StoreReader& reader) {
    for (const auto& message : messages_) message->committed(log, reader);
}

void PageJob::release() {
    PageResult result;
    result.counts = counts_;
    for (const auto& message : messages_) {
        message->release();
        result.messages.push_back(message->row());
    }
    result_.set_value(std::move(result));
}

void PageJob::failed(const Fault& fault) {
    for (const auto& message : messages_) message->failed(fault);
    result_.set_value({{}, {}, fault, at_});
}

void RunJob::apply(CommitContext& context) {
    told_ = run_;
    if (keepsItsEnd(context.writer)) return;
    if (told_.number == 0) told_.number = context.writer.putRun({0, told_.connector, false, {}});
    if (told_.reconciliation) keepOrder(context);
    if (told_.ended_at) {
        if (counts_anew_) countAnew(context.writer);
        LogEntry entry;
        entry.type = EntryType::Run;
        entry.sender = told_.system;
        entry.origin = Origin::Pulled;
        entry.received_at = *told_.ended_at;
        entry.detail = leafDetailOf(told_);
        if (!beside_.empty()) entry.envelope_digest = sha256(beside_);
        told_.log_index = context.log.append(context.writer, entry);
        if (!beside_.empty()) context.writer.putEnvelope(*told_.log_index, {beside_, {}});
    }
    context.writer.putRun({told_.number, told_.connector, told_.ended_at.has_value(), jsonOf(told_)});
}

/// A run has one end and one leaf: who comes later finds it as it ended.
bool RunJob::keepsItsEnd(StoreReader& reader) {
    const auto row = told_.number == 0 ? std::nullopt : reader.run(told_.number);
    if (!row || !row->ended) return false;
    if (auto ended = readRun(row->body)) told_ = std::move(ended).value();
    return true;
}

void RunJob::countAnew(StoreReader& reader) {
    told_.counts = countsOfRun(reader, told_.number, false, [&](LogIndex index) {
                       auto message = reader.message(index);
                       if (message && message->outcome == MessageOutcome::Received) message.reset();
                       return message;
                   }).value_or(told_.counts);
}

/// A reconciliation begins, perhaps anew: it is told where our side stands. One that ends without a report leaves no
/// marks, whatever ended it.
void RunJob::keepOrder(CommitContext& context) {
    std::optional<ReconcileBegan>& began = told_.reconciliation->began;
    const bool begins = !told_.ended_at && !began;
    if (begins || (told_.ended_at && beside_.empty())) takeBackMarks(context.writer, told_.number);
    if (!begins) return;
    began = ReconcileBegan{context.log.size(), context.writer.lastChange()};
    for (const LargeRow& row : context.writer.unfinishedLarge()) began->leaf = std::min(began->leaf, row.index);
}

void RunJob::committed(MessageLog&, StoreReader&) {
    result_.set_value({told_, std::nullopt});
}

void RunJob::failed(const Fault& fault) {
    result_.set_value({run_, fault});
}

}  // namespace caseway
