// gateway/daemon/log_endpoints.hpp - the log as C2SP tlog-tiles, so that anybody's verifier works: checkpoint and hash
// tiles for everybody, entry bundles for auditors.
#pragma once

#include <vector>

#include "gateway/daemon/reader_identity.hpp"
#include "gateway/daemon/router.hpp"
#include "gateway/log/message_log.hpp"

namespace caseway {

class LogEndpoints {
public:
    LogEndpoints(StoreReader& reader, MessageLog& log, const Verifier& verifier)
        : reader_(reader), log_(log), verifier_(verifier) {}
    std::vector<Endpoint> endpoints();

private:
    Response checkpoint() const;
    Response tile(const RequestHead& head, const std::string& path) const;
    Response entries(const RequestHead& head, std::uint64_t n, std::uint32_t width, std::uint64_t tree_size) const;

    StoreReader& reader_;
    MessageLog& log_;
    const Verifier& verifier_;
};

}  // namespace caseway
