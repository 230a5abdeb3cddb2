// gateway/log/damaged_row.hpp - rows whose stored bytes can no longer be decoded, while the log is verified.
#pragma once

#include "gateway/base/fault.hpp"

namespace caseway {

/// What `read` reads, or `damaged` where the stored bytes can no longer be decoded: the verifier tells of the row where
/// it is looked at by itself, and goes on, as it does with bytes that were changed and still can.
template <class Read>
auto readOr(Read read, decltype(read()) damaged = {}) {
    try {
        return read();
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::StoreCorrupt) throw;
        return damaged;
    }
}

}  // namespace caseway
