// gateway/pipeline/tree_lane.hpp - where large XML documents are read: one at a time, on a thread of their own. A tree
// takes a dozen times its text and a second of work, and anybody may send one: on the workers a handful of them would
// stand before every small message. Addresses take turns, so that nobody's documents stand before all of another's.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace caseway {

class TreeLane {
public:
    struct Document {
        std::string from;  ///< who takes turns: the group of a client's address
        std::size_t bytes = 0;
        std::function<void()> read;       ///< on the lane's thread; must not throw
        std::function<void()> turn_away;  ///< instead, on the thread of whoever submits: there is no room
    };

    /// Of documents that wait behind the first: what anybody sends must not fill the memory that bodies share.
    static constexpr std::size_t kMostWaitingBytes = 16 * 1024 * 1024;

    TreeLane() : thread_([this] { work(); }) {}
    ~TreeLane() { stop(); }
    TreeLane(const TreeLane&) = delete;
    TreeLane& operator=(const TreeLane&) = delete;

    /// Returns at once. Where there is no room, the last document of the address with the most bytes is turned away:
    /// this one, unless another address has more than this one would have. Callable concurrently.
    void submit(Document document);
    /// Waits for the document that is read; those that wait are dropped, neither read nor turned away.
    void stop();

private:
    struct Waiting {
        std::deque<Document> documents;
        std::size_t bytes = 0;
    };
    void work();
    Document next();
    bool makeRoom(const Document& document, std::deque<Document>& turned_away);
    std::optional<std::deque<std::string>> whoseMustGo(const Document& document) const;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::map<std::string, Waiting> waiting_;  ///< by address, none without documents
    std::deque<std::string> turns_;           ///< each address of `waiting_` once
    std::size_t waiting_bytes_ = 0;
    bool is_over_ = false;
    std::thread thread_;
};

}  // namespace caseway
