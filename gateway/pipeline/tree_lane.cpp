// gateway/pipeline/tree_lane.cpp - a queue for each address, and one thread for all.
#include "gateway/pipeline/tree_lane.hpp"

#include <algorithm>
#include <string_view>
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
    const auto whose = whoseMustGo(document);
    if (!whose) return false;
    for (const std::string& address : *whose) {
        const auto from = waiting_.find(address);
        Waiting& its = from->second;
        its.bytes -= its.documents.back().bytes;
        waiting_bytes_ -= its.documents.back().bytes;
        turned_away.push_back(std::move(its.documents.back()));
        its.documents.pop_back();
        if (!its.documents.empty()) continue;
        turns_.erase(std::find(turns_.begin(), turns_.end(), address));
        waiting_.erase(from);
    }
    return true;
}

/// The addresses of which the last document has to go, one after the other; none where there is no room for `document`
/// even so: nobody is turned away in vain.
std::optional<std::deque<std::string>> TreeLane::whoseMustGo(const Document& document) const {
    struct Left {
        std::size_t bytes;
        std::deque<Document>::const_reverse_iterator last;
    };
    std::deque<std::string> whose;
    if (waiting_bytes_ + document.bytes <= kMostWaitingBytes) return whose;
    std::map<std::string_view, Left> left;
    for (const auto& [address, its] : waiting_) left.emplace(address, Left{its.bytes, its.documents.rbegin()});
    const auto same = left.find(document.from);
    for (std::size_t waiting = waiting_bytes_; waiting > 0 && waiting + document.bytes > kMostWaitingBytes;) {
        const auto most = std::max_element(left.begin(), left.end(), [](const auto& one, const auto& other) {
            return one.second.bytes < other.second.bytes;
        });
        Left& its = most->second;
        if (its.bytes <= (same == left.end() ? 0 : same->second.bytes) + document.bytes) return std::nullopt;
        waiting -= its.last->bytes;
        its.bytes -= its.last->bytes;
        ++its.last;
        whose.emplace_back(most->first);
    }
    return whose;
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
