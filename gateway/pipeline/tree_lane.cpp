// gateway/pipeline/tree_lane.cpp - a queue for each address, and one thread for all.
#include "gateway/pipeline/tree_lane.hpp"

#include <algorithm>
#include <utility>

namespace caseway {

void TreeLane::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
    waiting_.clear();
    turns_.clear();
}

void TreeLane::submit(Document document) {
    std::deque<Document> turned_away;
    {
        const std::lock_guard lock(mutex_);
        if (is_over_ || !makeRoom(document, turned_away)) {
            turned_away.push_back(std::move(document));
        } else {
            Waiting& same = waiting_[document.from];
            if (same.documents.empty()) turns_.push_back(document.from);
            same.bytes += document.bytes;
            waiting_bytes_ += document.bytes;
            same.documents.push_back(std::move(document));
        }
    }
    wake_.notify_one();
    for (const Document& one : turned_away) one.turn_away();
}

/// True: it fits, or nothing waits at all.
bool TreeLane::makeRoom(const Document& document, std::deque<Document>& turned_away) {
    while (waiting_bytes_ > 0 && waiting_bytes_ + document.bytes > kMostWaitingBytes) {
        const auto most = std::max_element(waiting_.begin(), waiting_.end(), [](const auto& one, const auto& other) {
            return one.second.bytes < other.second.bytes;
        });
        const auto same = waiting_.find(document.from);
        if (most->second.bytes <= (same == waiting_.end() ? 0 : same->second.bytes) + document.bytes) return false;
        Waiting& from = most->second;
        from.bytes -= from.documents.back().bytes;
        waiting_bytes_ -= from.documents.back().bytes;
        turned_away.push_back(std::move(from.documents.back()));
        from.documents.pop_back();
        if (!from.documents.empty()) continue;
        turns_.erase(std::find(turns_.begin(), turns_.end(), most->first));
        waiting_.erase(most);
    }
    return true;
}

TreeLane::Document TreeLane::next() {
    const auto from = waiting_.find(turns_.front());
    turns_.pop_front();
    Document document = std::move(from->second.documents.front());
    from->second.documents.pop_front();
    from->second.bytes -= document.bytes;
    waiting_bytes_ -= document.bytes;
    if (from->second.documents.empty())
        waiting_.erase(from);
    else
        turns_.push_back(from->first);
    return document;
}

void TreeLane::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return is_over_ || !turns_.empty(); });
        if (is_over_) return;
        {
            const Document document = next();
            lock.unlock();
            document.read();
        }
        lock.lock();
    }
}

}  // namespace caseway
