// gateway/adapters/plugin/process_use.hpp - what a process holds now, as the kernel counts it: what no resource limit
// counts (memory that was filled and made read-only since) or counts for all processes of a user together (threads).
#pragma once

#include <cstdint>

namespace caseway {

struct ProcessUse {
    std::uint64_t memory_mib = 0;  ///< its own, in memory or swapped out, and its page tables; nothing that files back
    std::uint64_t threads = 0;
};
/// `status` is an open /proc/PID/status. Of a process that has ended: zeros.
ProcessUse processUse(int status);

}  // namespace caseway
