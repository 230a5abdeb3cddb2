// gateway/base/fault.hpp - the world is at fault (disk, database, network): the one exception class of the project.
// Adapters translate at their edge; caught only in the request handler, the worker loop and main.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace caseway {

enum class FaultCode {
    StoreUnavailable,    ///< locked, gone, disk full; nothing was written: answer 503, try again
    StoreCommitUnknown,  ///< a commit may or may not have happened: stop, reopen, read the head
    StoreCorrupt,        ///< what is stored does not fit together: stop and tell the operator
    FileUnavailable,     ///< a file could not be read or written
    ConfigurationBad,    ///< configuration, key or register folder cannot be used
    NetworkUnavailable,  ///< a peer did not answer
    CryptoUnavailable,   ///< the signing device or library failed
};

/// The stable name of a code, e.g. "store_unavailable"; listed in docs/errors.md.
std::string_view nameOf(FaultCode code);

/// `what()` carries the whole text: code, operation, path or object, the library's own words.
class Fault : public std::runtime_error {
public:
    Fault(FaultCode code, const std::string& detail, std::string hint = {});
    FaultCode code() const { return code_; }
    /// what() without the code: for who tells the code by itself. As long as the fault.
    std::string_view detail() const;
    /// What the operator should do; may be empty.
    const std::string& hint() const { return hint_; }
    /// True where the same call may succeed later without anybody acting.
    bool isTransient() const { return code_ == FaultCode::StoreUnavailable || code_ == FaultCode::NetworkUnavailable; }

private:
    FaultCode code_;
    std::string hint_;
};

}  // namespace caseway
