// connectors/sdk/tls_stream.cpp - libcurl connects and encrypts (CURLOPT_CONNECT_ONLY), poll waits.
#include "connectors/sdk/tls_stream.hpp"

#include <fmt/format.h>
#include <sys/poll.h>

#include <algorithm>

#include "connectors/sdk/curl_dialing.hpp"
#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/host_lookup.hpp"
#include "connectors/sdk/http_faults.hpp"

namespace caseway {
namespace {

constexpr std::chrono::milliseconds kLook{200};  ///< for the word to stop
constexpr std::chrono::milliseconds kBeyond{5};  ///< libcurl counts whole milliseconds

ConnectorFault tooSlow(const std::string& where, std::chrono::milliseconds longest) {
    return transientFault("timed_out", where, fmt::format("silent for {} s", longest.count() / 1000),
                          "ask the department whether its system is slow; or raise `timeout_seconds`");
}

/// TLS 1.3 tells only after the handshake what it thinks of our certificate.
bool refusesCertificate(const std::string& words) {
    if (words.find(" alert ") == std::string::npos) return false;
    for (const char* reason : {"certificate", "unknown ca", "access denied", "handshake failure"})
        if (words.find(reason) != std::string::npos) return true;
    return false;
}

ConnectorFault faultOf(int code, const std::string& words, const std::string& where) {
    if (refusesCertificate(words))
        return configFault("client_certificate_refused", where, words,
                           "give a certificate that the department knows in `tls.certificate` and `tls.key`");
    return faultOfTransport(code, words, where);
}

}  // namespace

std::string bracketed(const std::string& host) {
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

std::string TlsPeer::shown() const {
    return fmt::format("{}:{}", bracketed(host), port);
}

struct TlsStream::State {
    TlsPeer peer;
    const ConnectorSurroundings surroundings;
    std::chrono::milliseconds silence_most;
    const CallBudget* budget;
    std::string dialled;  ///< the other side, or the proxy
    std::exception_ptr thrown{};
    char words[CURL_ERROR_SIZE] = {};
    CurlList tunnel{};
    CurlHandle curl{};
    curl_socket_t socket = CURL_SOCKET_BAD;

    static curl_socket_t openSocket(void* given, curlsocktype, curl_sockaddr* address) {
        auto& self = *static_cast<State*>(given);
        return openJudged(*address, self.dialled, self.surroundings, self.thrown);
    }
    static int progress(void* given, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<State*>(given)->budget->stopping() ? 1 : 0;
    }
    void setUp(const HttpDialing& dialing);
    void connect(const HttpDialing& dialing);
};

void TlsStream::State::setUp(const HttpDialing& dialing) {
    const std::string& name = peer.server_name.empty() ? peer.host : peer.server_name;
    setCurl(curl.get(), CURLOPT_ERRORBUFFER, static_cast<char*>(words));
    setCurl(curl.get(), CURLOPT_URL, fmt::format("https://{}:{}/", bracketed(name), peer.port).c_str());
    setCurl(curl.get(), CURLOPT_PROTOCOLS_STR, "https");
    setCurl(curl.get(), CURLOPT_CONNECT_ONLY, 1L);
    setCurl(curl.get(), CURLOPT_SSL_ENABLE_ALPN, 0L);
    // a little beyond the call's end, so that the call's end is what is told
    setTimes(curl.get(), dialing, std::min(budget->left() + kBeyond, dialing.connect_time));
    setProxy(curl.get(), dialing);
    setTls(curl.get(), dialing, true);
    if (!peer.public_keys.empty())
        setCurl(curl.get(), CURLOPT_PINNEDPUBLICKEY, fmt::format("{}", fmt::join(peer.public_keys, ";")).c_str());
    setCurl(curl.get(), CURLOPT_OPENSOCKETFUNCTION, &State::openSocket);
    setCurl(curl.get(), CURLOPT_OPENSOCKETDATA, this);
    setCurl(curl.get(), CURLOPT_NOPROGRESS, 0L);
    setCurl(curl.get(), CURLOPT_XFERINFOFUNCTION, &State::progress);
    setCurl(curl.get(), CURLOPT_XFERINFODATA, this);
}

void TlsStream::State::connect(const HttpDialing& dialing) {
    const std::string where = peer.shown();
    std::string address = peer.host;
    dialled = peer.host;
    if (!dialing.proxy.empty()) {  // it hears the address that was judged, and no name
        address = lookUpAllowed(peer.host, peer.port, surroundings).front();
        dialled = parseWebAddress(dialing.proxy)->host;
    }
    setUp(dialing);
    tunnel = setTunnel(curl.get(), dialing, address, peer.port);
    const CURLcode code = curl_easy_perform(curl.get());
    if (thrown) std::rethrow_exception(thrown);
    if (code == CURLE_OK) {
        curl_easy_getinfo(curl.get(), CURLINFO_ACTIVESOCKET, &socket);
        return;
    }
    budget->mustGoOn(where);
    if (code == CURLE_OPERATION_TIMEDOUT) throw tooSlow(where, silence_most);
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_HTTP_CONNECTCODE, &status);
    if (status / 100 == 4) throw faultOfTunnel(status, address, peer.port, where);
    throw faultOf(code, static_cast<const char*>(words), where);
}

TlsStream::TlsStream(TlsPeer peer, const HttpDialing& dialing, const ConnectorSurroundings& surroundings,
                     const CallBudget& budget) {
    startLibcurl();
    state_.reset(new State{std::move(peer), surroundings, dialing.connect_time, &budget, {}});
    state_->curl.reset(curl_easy_init());
    CASEWAY_CHECK(state_->curl != nullptr);
    budget.mustGoOn(state_->peer.shown());
    state_->connect(dialing);
}

TlsStream::~TlsStream() = default;

void TlsStream::bound(const CallBudget& budget) {
    state_->budget = &budget;
}

void TlsStream::lost(int curl_code) {
    throw faultOf(curl_code, static_cast<const char*>(state_->words), state_->peer.shown());
}

void TlsStream::wait(short events) {
    const auto ends = CallBudget::Clock::now() + state_->silence_most;
    for (;;) {
        state_->budget->mustGoOn(state_->peer.shown());
        const auto rest = std::chrono::ceil<std::chrono::milliseconds>(ends - CallBudget::Clock::now());
        if (rest <= rest.zero()) throw tooSlow(state_->peer.shown(), state_->silence_most);
        pollfd polled{state_->socket, events, 0};
        ::poll(&polled, 1, static_cast<int>(std::min({rest, state_->budget->left(), kLook}).count()));
        if (polled.revents != 0) return;
    }
}

std::size_t TlsStream::read(char* buffer, std::size_t size) {
    for (;;) {
        std::size_t taken = 0;
        state_->words[0] = '\0';
        const CURLcode code = curl_easy_recv(state_->curl.get(), buffer, size, &taken);
        if (code == CURLE_OK && taken > 0) return taken;
        if (code == CURLE_OK)
            throw transientFault("connection_lost", state_->peer.shown(), "the other side closed the connection",
                                 "if it lasts, look at the other side's log");
        if (code != CURLE_AGAIN) lost(code);
        wait(POLLIN);
    }
}

void TlsStream::write(const char* bytes, std::size_t size) {
    while (size > 0) {
        std::size_t sent = 0;
        state_->words[0] = '\0';
        const CURLcode code = curl_easy_send(state_->curl.get(), bytes, size, &sent);
        bytes += sent;
        size -= sent;
        if (code != CURLE_OK && code != CURLE_AGAIN) lost(code);
        if (sent == 0) wait(POLLOUT);
    }
}

bool TlsStream::isStale() {
    char byte = 0;
    std::size_t taken = 0;
    return curl_easy_recv(state_->curl.get(), &byte, 1, &taken) != CURLE_AGAIN;
}

}  // namespace caseway
