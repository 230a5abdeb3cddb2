// connectors/thrift/stream_transport.hpp - a TlsStream as Thrift's transport. For this folder only.
#pragma once

#include <thrift/transport/TVirtualTransport.h>

#include "connectors/sdk/tls_stream.hpp"

namespace caseway {

/// Throws what TlsStream throws: ConnectorFault.
class StreamTransport : public apache::thrift::transport::TVirtualTransport<StreamTransport> {
public:
    /// `stream` must outlive this.
    explicit StreamTransport(TlsStream& stream) : stream_(stream) {}
    std::uint32_t read(std::uint8_t* buffer, std::uint32_t length) {
        return static_cast<std::uint32_t>(stream_.read(reinterpret_cast<char*>(buffer), length));
    }
    void write(const std::uint8_t* bytes, std::uint32_t length) {
        stream_.write(reinterpret_cast<const char*>(bytes), length);
    }
    bool isOpen() const override { return true; }

private:
    TlsStream& stream_;
};

}  // namespace caseway
