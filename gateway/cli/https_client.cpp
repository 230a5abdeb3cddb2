// gateway/cli/https_client.cpp - requests with Poco's client sessions.
#include "gateway/cli/https_client.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/RejectCertificateHandler.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SSLManager.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/String.h>
#include <Poco/URI.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <vector>

#include "gateway/base/fault.hpp"
#include "gateway/cli/socket_deadline.hpp"

namespace caseway {
namespace {

using Poco::Net::Context;

Context::Ptr contextOf(const HttpTarget& target) {
    static const bool kInitialized = [] {
        Poco::Net::initializeSSL();
        Poco::Net::SSLManager::instance().initializeClient(nullptr, new Poco::Net::RejectCertificateHandler(false),
                                                           nullptr);
        return true;
    }();
    (void)kInitialized;
    Context::Params parameters;
    parameters.privateKeyFile = target.key_file;
    parameters.certificateFile = target.certificate_file;
    parameters.caLocation = target.ca_file;
    parameters.loadDefaultCAs = target.ca_file.empty();
    parameters.verificationMode = Context::VERIFY_STRICT;
    parameters.ecdhCurve = "X25519:P-256:P-384";
    return new Context(Context::TLS_CLIENT_USE, parameters);
}

constexpr std::chrono::seconds kUsualTime{600};
constexpr std::uint64_t kSlowestBytesPerSecond = 1024;  ///< the gateway takes no slower body either
const Poco::Timespan kSilence(120, 0);

std::chrono::seconds timeFor(const HttpTarget& target, std::uint64_t body_bytes) {
    if (target.most.count() != 0) return target.most;
    return kUsualTime + std::chrono::seconds(body_bytes / kSlowestBytesPerSecond);
}

Poco::Net::StreamSocket connectionTo(const Poco::URI& uri, const HttpTarget& target,
                                     std::chrono::steady_clock::time_point end) {
    if (uri.getScheme() != "https" && uri.getScheme() != "http")
        throw Fault(FaultCode::ConfigurationBad, "not an https:// address: " + target.url,
                    "give --url https://HOST:PORT");
    Poco::Net::StreamSocket socket;
    const Poco::Net::SocketAddress address(uri.getHost(), uri.getPort());
    // Up to a whole millisecond: Poco waits in whole ones, rounded down, and gave up just before the time was over.
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    socket.connect(address, std::clamp(Poco::Timespan(left.count() * 1000), Poco::Timespan(1000), kSilence));
    socket.setReceiveTimeout(kSilence);
    socket.setSendTimeout(kSilence);
    socket.setNoDelay(true);
    return socket;
}

/// Over a connection that is there, so that the handshake, too, is under its deadline. Poco's own session over TLS
/// takes no socket that is connected.
std::unique_ptr<Poco::Net::HTTPClientSession> sessionOver(const Poco::Net::StreamSocket& socket, const Poco::URI& uri,
                                                          const HttpTarget& target) {
    if (uri.getScheme() == "http") return std::make_unique<Poco::Net::HTTPClientSession>(socket);
    return std::make_unique<Poco::Net::HTTPClientSession>(
        Poco::Net::SecureStreamSocket::attach(socket, uri.getHost(), contextOf(target)));
}

void sendBody(std::ostream& out, ByteSource& body) {
    std::vector<char> buffer(64 * 1024);
    for (std::size_t count = body.read(buffer); count != 0; count = body.read(buffer))
        out.write(buffer.data(), static_cast<std::streamsize>(count));
}

/// Whole: Poco ends the stream without a word where the connection breaks off, and never where it does not.
std::string bodyOf(std::istream& in, const Poco::Net::HTTPResponse& response) {
    constexpr std::size_t kReplyMax = 64 * 1024 * 1024;
    std::string body;
    std::vector<char> buffer(64 * 1024);
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
        body.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
        if (body.size() > kReplyMax) throw Poco::Net::MessageException("the answer is over 64 MiB");
    }
    if (response.hasContentLength() && body.size() < static_cast<std::uint64_t>(response.getContentLength64()))
        throw Poco::Net::MessageException("the answer broke off");
    return body;
}

/// What to do about a failed request; the TLS library tells its kinds apart in words only.
std::string hintOf(const Poco::Exception& error, const HttpTarget& target) {
    const std::string text = error.displayText();
    const auto says = [&text](std::string_view words) { return text.find(words) != std::string::npos; };
    if (says("annot load") && !target.ca_file.empty())
        return target.ca_file + " is no certificate in PEM, or cannot be read: --ca takes the gateway's server.pem";
    if (says("wrong version number") || says("http request") || says("packet length too long"))
        return "this port does not speak TLS: give the port of the gateway's https address, not its health port";
    if (says("certificate verify failed"))
        return target.ca_file.empty()
                   ? "name the certificate of the gateway or of its CA with --ca"
                   : target.ca_file +
                         " is not the certificate of this gateway nor of its CA: ask the center for its server.pem";
    if (dynamic_cast<const Poco::Net::CertificateValidationException*>(&error) != nullptr)
        return "the gateway's certificate is good but not for this name: give the host name that it bears in --url, or "
               "let the center make one with this name (openssl x509 -in server.pem -noout -ext subjectAltName)";
    if (dynamic_cast<const Poco::Net::ConnectionRefusedException*>(&error) != nullptr || says("refused"))
        return "nothing listens there: is the gateway running, on this port, on an address that is reachable from here "
               "(listen.address)?";
    if (dynamic_cast<const Poco::Net::HostNotFoundException*>(&error) != nullptr ||
        dynamic_cast<const Poco::Net::DNSException*>(&error) != nullptr)
        return "no such host: check the name in --url";
    if (dynamic_cast<const Poco::TimeoutException*>(&error) != nullptr)
        return "no answer in time: is the gateway reachable from here, or a firewall between?";
    return "the connection ended before the answer was there: try again";
}

/// Nobody was there, or somebody else: what broke later may have been taken.
bool isNotReached(const Poco::Exception& error) {
    const std::string text = error.displayText();
    return dynamic_cast<const Poco::Net::CertificateValidationException*>(&error) != nullptr ||
           dynamic_cast<const Poco::Net::HostNotFoundException*>(&error) != nullptr ||
           dynamic_cast<const Poco::Net::DNSException*>(&error) != nullptr ||
           text.find("certificate verify failed") != std::string::npos || text.find("efused") != std::string::npos ||
           text.find("wrong version number") != std::string::npos || text.find("annot load") != std::string::npos;
}

}  // namespace

std::string addressMistake(const std::string& url) {
    try {
        const Poco::URI uri(url);
        if (uri.getHost().empty()) return "it names no host";
        if (!uri.getUserInfo().empty()) return "it names a user";
        const std::string behind = uri.getPathEtc();
        return behind.empty() || behind == "/" ? std::string() : "a path stands in it";
    } catch (const Poco::SyntaxException&) {
        return "it cannot be read; a port is a number from 1 to 65535";
    }
}

HttpReply exchange(const HttpTarget& target, const std::string& method, const std::string& path,
                   const std::vector<std::pair<std::string, std::string>>& fields, ByteSource* body,
                   std::uint64_t body_bytes) {
    bool is_sent = false;  // a part of it, perhaps
    const std::chrono::seconds time = timeFor(target, body_bytes);
    std::optional<SocketDeadline> deadline;
    const auto isOver = [&deadline] { return deadline && deadline->passed(); };
    const auto end = std::chrono::steady_clock::now() + time;
    try {
        const Poco::URI uri(target.url);
        const Poco::Net::StreamSocket socket = connectionTo(uri, target, end);
        deadline.emplace(socket.impl()->sockfd(), end);
        const auto session = sessionOver(socket, uri, target);
        Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
        request.setHost(uri.getHost(), uri.getPort());
        for (const auto& [name, value] : fields) request.add(name, value);
        if (body != nullptr) request.setContentLength64(static_cast<Poco::Int64>(body_bytes));
        std::ostream& out = session->sendRequest(request);
        is_sent = true;
        if (body != nullptr) sendBody(out, *body);
        Poco::Net::HTTPResponse response;
        HttpReply reply;
        reply.body = bodyOf(session->receiveResponse(response), response);
        if (isOver()) throw Poco::TimeoutException("the answer is not whole");
        reply.status = response.getStatus();
        for (const auto& [name, value] : response) reply.fields[Poco::toLower(name)] = value;
        return reply;
    } catch (const Poco::Exception& e) {
        const bool is_connecting = !deadline && dynamic_cast<const Poco::TimeoutException*>(&e) != nullptr;
        const bool is_late = isOver() || (is_connecting && std::chrono::steady_clock::now() >= end);
        const std::string what =
            target.url + ": " + (is_late ? fmt::format("not done within {} s", time.count()) : e.displayText());
        const std::string hint =
            is_late ? "the other side, or what stands between, hardly answers: try again later" : hintOf(e, target);
        if (!is_sent && (is_late || is_connecting || isNotReached(e)))
            throw NothingSent(FaultCode::NetworkUnavailable, what, hint);
        throw Fault(FaultCode::NetworkUnavailable, what, hint);
    }
}

}  // namespace caseway
