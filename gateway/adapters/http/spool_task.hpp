// gateway/adapters/http/spool_task.hpp - work that may wait for a disk: bodies on their way in, streams on their way
// out.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "gateway/adapters/http/thread_pool.hpp"

namespace caseway {

class SpoolTask {
public:
    virtual ~SpoolTask() = default;
    /// One short turn on a spool thread; never called twice at a time for one task.
    virtual void turn() = 0;
};

using SpoolPool = ThreadPool<std::shared_ptr<SpoolTask>>;
using FaultReport = std::function<void(std::string_view)>;

}  // namespace caseway
