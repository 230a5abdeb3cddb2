// gateway/pipeline/large_messages.hpp - applies large messages in short slices behind their `received` leaf, resumable
// after a crash, and ends each with one `outcome` leaf. Small messages pass between the slices. A fresh start and a
// resumption are the same code.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/limits.hpp"
#include "gateway/log/store_source.hpp"
#include "gateway/pipeline/committer.hpp"
#include "gateway/pipeline/mapping_shelf.hpp"
#include "gateway/ports/key_ring.hpp"
#include "gateway/record/recorder.hpp"

namespace caseway {

class LargeMessages {
public:
    struct Parts {
        Store& store;
        Committer& committer;
        Recorder& recorder;
        const MappingShelf& mappings;
        const Register& known;
        BodyOpener open_body;
        Limits limits;
        std::function<void(std::string_view)> say;  ///< a line for the operating log
    };
    /// Starts the thread; takes up what a former run left unfinished.
    explicit LargeMessages(Parts parts);
    ~LargeMessages();

    /// A message has its `received` leaf. Callable concurrently.
    void enqueue(LogIndex index);
    /// Ends after the slice under way; the rest is taken up at the next start.
    void stop();
    std::size_t waiting() const;

private:
    void work();
    void apply(const LargeRow& row);

    Parts parts_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<LogIndex> queue_;
    bool stopping_ = false;
    bool busy_ = false;
    std::thread thread_;
};

}  // namespace caseway
