// gateway/adapters/http/tls_context.hpp - a listener's TLS settings as one SSL_CTX made by Poco, replaceable while
// serving. Client certificates prove possession of their key here and nothing else: who may, is the register's matter.
#pragma once

#include <memory>
#include <mutex>

#include "gateway/adapters/http/http_config.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace caseway {

class TlsContext {
public:
    /// Throws Fault{ConfigurationBad} if certificate, key or CA cannot be used; Fault{FileUnavailable} where a file
    /// cannot be read, breaks off, or the key is another certificate's: that may be otherwise in a moment.
    explicit TlsContext(const ListenerConfig& config);
    ~TlsContext();

    /// Loads the files again; the ticket keys stay, so that sessions begun before are resumed after. Any thread.
    void reload();

    /// A new server-side SSL of the current certificate, owned by the caller. Throws Fault{CryptoUnavailable}.
    ssl_st* newSession();

private:
    struct Loaded;
    static std::shared_ptr<Loaded> load(const ListenerConfig& config);

    const ListenerConfig config_;
    std::mutex mutex_;
    std::shared_ptr<Loaded> loaded_;
};

}  // namespace caseway
