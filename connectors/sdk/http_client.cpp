// connectors/sdk/http_client.cpp - libcurl with everything named: protocols, versions, addresses, sizes and times.
#include "connectors/sdk/http_client.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <exception>
#include <mutex>

#include "connectors/sdk/call_budget.hpp"
#include "connectors/sdk/certificate_dates.hpp"
#include "connectors/sdk/curl_handles.hpp"
#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/host_lookup.hpp"
#include "connectors/sdk/http_faults.hpp"
#include "connectors/sdk/request_pace.hpp"
#include "gateway/base/check.hpp"

namespace caseway {
namespace {

constexpr std::size_t kFieldBytesMax = 256 * 1024;  ///< all fields of one answer

void startLibcurl() {
    static std::once_flag once;
    std::call_once(once, [] { CASEWAY_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

template <class Value>
void set(CURL* curl, CURLoption option, Value value) {
    CASEWAY_CHECK(curl_easy_setopt(curl, option, value) == CURLE_OK);
}

void setBlob(CURL* curl, CURLoption option, const std::string& text) {
    if (text.empty()) return;
    curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
    set(curl, option, &blob);
}

void setTimes(CURL* curl, const HttpDialing& dialing, std::chrono::milliseconds left) {
    set(curl, CURLOPT_NOSIGNAL, 1L);
    set(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(dialing.connect_time, left).count()));
    set(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    set(curl, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(dialing.slow_bytes));
    set(curl, CURLOPT_LOW_SPEED_TIME, static_cast<long>(dialing.slow_time.count()));
}

void setProxy(CURL* curl, const HttpDialing& dialing) {
    set(curl, CURLOPT_PROXY, dialing.proxy.c_str());  // an empty one also shuts out the environment's
    set(curl, CURLOPT_NOPROXY, "");
    set(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (dialing.proxy_user.empty()) return;
    set(curl, CURLOPT_PROXYUSERNAME, dialing.proxy_user.c_str());
    set(curl, CURLOPT_PROXYPASSWORD, dialing.proxy_password.c_str());
}

/// Through the proxy by CONNECT to `address` and no name: whoever answers there is still asked for by name, in TLS and
/// in Host.
CurlList setTunnel(CURL* curl, const WebAddress& target, const std::string& address) {
    CurlList to;
    if (address.empty()) return to;
    const std::string host = address.find(':') == std::string::npos ? address : "[" + address + "]";
    to.reset(curl_slist_append(nullptr, fmt::format("::{}:{}", host, target.port).c_str()));
    set(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
    set(curl, CURLOPT_CONNECT_TO, to.get());
    return to;
}

/// `own_origin`: this is the configured host, so it may see our certificate.
void setTls(CURL* curl, const HttpDialing& dialing, bool own_origin) {
    set(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(curl, CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    set(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!dialing.authorities.empty()) {
        set(curl, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
        setBlob(curl, CURLOPT_CAINFO_BLOB, dialing.authorities);
    }
    if (!own_origin) return;
    setBlob(curl, CURLOPT_SSLCERT_BLOB, dialing.certificate);
    setBlob(curl, CURLOPT_SSLKEY_BLOB, dialing.key);
    if (!dialing.key_password.empty()) set(curl, CURLOPT_KEYPASSWD, dialing.key_password.c_str());
}

/// Method, body and fields; the list lives until the exchange is over.
CurlList setRequest(CURL* curl, const WebRequest& request, bool own_origin) {
    set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    set(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(curl, CURLOPT_HTTP09_ALLOWED, 0L);
    set(curl, CURLOPT_FOLLOWLOCATION, 0L);
    set(curl, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    set(curl, CURLOPT_USERAGENT, "caseway");
    if (request.method == "HEAD") {
        set(curl, CURLOPT_NOBODY, 1L);
    } else if (request.body) {
        set(curl, CURLOPT_POST, 1L);
        set(curl, CURLOPT_POSTFIELDS, request.body->data());
        set(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
        if (request.method != "POST") set(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    CurlList fields;
    const auto add = [&](const std::string& line) {
        curl_slist* longer = curl_slist_append(fields.get(), line.c_str());
        CASEWAY_CHECK(longer != nullptr);
        static_cast<void>(fields.release());
        fields.reset(longer);
    };
    for (const auto& [name, value] : request.fields) add(value.empty() ? name + ";" : name + ": " + value);
    if (own_origin)
        for (const auto& [name, value] : request.credentials) add(name + ": " + value);
    add("Expect:");  // libcurl would wait a second for servers that do not know it
    set(curl, CURLOPT_HTTPHEADER, fields.get());
    return fields;
}

}  // namespace

std::string HttpAnswer::field(const std::string& name) const {
    const auto found = std::find_if(fields.rbegin(), fields.rend(), [&](const auto& one) { return one.first == name; });
    return found != fields.rend() ? found->second : std::string();
}

std::int64_t HttpAnswer::answeredMs() const {
    const std::time_t date = curl_getdate(field("date").c_str(), nullptr);
    return static_cast<std::int64_t>(date != -1 ? date : std::time(nullptr)) * 1000;
}

struct HttpClient::State {
    CurlHandle curl;
    RequestPace pace;
    CallBudget budget;
    char words[CURL_ERROR_SIZE] = {};         ///< libcurl writes them as long as the handle lives
    std::unique_ptr<CertificateDates> dates;  ///< and so may OpenSSL
};

/// What libcurl's callbacks see of one exchange. An exception never crosses libcurl: it waits in `thrown`.
struct HttpClient::Exchange {
    const ConnectorSurroundings& surroundings;
    const HttpDialing& dialing;
    std::string host;  ///< that is dialled: the other side's, or the proxy's
    HttpAnswer answer{};
    std::size_t field_bytes = 0;
    std::exception_ptr thrown{};
    bool too_large = false;
    bool stopping = false;

    void setUp(CURL* curl) {
        set(curl, CURLOPT_OPENSOCKETFUNCTION, &Exchange::openSocket);
        set(curl, CURLOPT_OPENSOCKETDATA, this);
        set(curl, CURLOPT_WRITEFUNCTION, &Exchange::takeBody);
        set(curl, CURLOPT_WRITEDATA, this);
        set(curl, CURLOPT_HEADERFUNCTION, &Exchange::takeField);
        set(curl, CURLOPT_HEADERDATA, this);
        set(curl, CURLOPT_NOPROGRESS, 0L);
        set(curl, CURLOPT_XFERINFOFUNCTION, &Exchange::progress);
        set(curl, CURLOPT_XFERINFODATA, this);
    }

    static curl_socket_t openSocket(void* given, curlsocktype, curl_sockaddr* address) {
        auto& self = *static_cast<Exchange*>(given);
        char text[INET6_ADDRSTRLEN] = {};
        std::uint16_t port = 0;
        if (address->family == AF_INET) {
            const auto* in = reinterpret_cast<const sockaddr_in*>(&address->addr);
            inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
            port = ntohs(in->sin_port);
        } else if (address->family == AF_INET6) {
            const auto* in = reinterpret_cast<const sockaddr_in6*>(&address->addr);
            inet_ntop(AF_INET6, &in->sin6_addr, text, sizeof text);
            port = ntohs(in->sin6_port);
        } else {
            return CURL_SOCKET_BAD;
        }
        try {
            if (self.surroundings.allow_destination) self.surroundings.allow_destination(self.host, text, port);
        } catch (...) {
            self.thrown = std::current_exception();
            return CURL_SOCKET_BAD;
        }
        return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    }

    static std::size_t takeBody(char* bytes, std::size_t, std::size_t count, void* given) {
        auto& self = *static_cast<Exchange*>(given);
        if (self.answer.body.size() + count > self.dialing.answer_bytes) {
            self.too_large = true;
            return CURL_WRITEFUNC_ERROR;
        }
        self.answer.body.append(bytes, count);
        return count;
    }

    static std::size_t takeField(char* bytes, std::size_t, std::size_t count, void* given) {
        auto& self = *static_cast<Exchange*>(given);
        self.field_bytes += count;
        if (self.field_bytes > kFieldBytesMax) {
            self.too_large = true;
            return CURL_WRITEFUNC_ERROR;
        }
        std::string_view line(bytes, count);
        while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
        if (line.starts_with("HTTP/")) self.answer.fields.clear();  // 1xx and the proxy's own come before
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || line.starts_with("HTTP/")) return count;
        std::string name(line.substr(0, colon));
        for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        std::string_view value = line.substr(colon + 1);
        while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
        while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
        self.answer.fields.emplace_back(std::move(name), value);
        return count;
    }

    static int progress(void* given, curl_off_t, curl_off_t received, curl_off_t, curl_off_t) {
        auto& self = *static_cast<Exchange*>(given);
        self.stopping = self.surroundings.stopping && self.surroundings.stopping();
        if (static_cast<std::uint64_t>(received) > self.dialing.answer_bytes) self.too_large = true;
        return self.stopping || self.too_large ? 1 : 0;
    }
};

HttpClient::HttpClient(HttpDialing dialing, ConnectorSurroundings surroundings)
    : dialing_(std::move(dialing)), surroundings_(std::move(surroundings)) {
    startLibcurl();
    if (dialing_.certificate.empty() != dialing_.key.empty()) {
        throw configFault("bad_setting", "/tls", "a certificate without its key, or a key without certificate",
                          "give `tls.certificate` and `tls.key` together");
    }
    if (!dialing_.proxy.empty() && !parseWebAddress(dialing_.proxy)) {
        throw configFault("bad_setting", "/proxy/url", "no http or https address without user and password",
                          "write http://host:port; the user stands in `proxy.user`");
    }
    state_ = std::make_unique<State>(State{CurlHandle(curl_easy_init()),
                                           RequestPace(dialing_.requests_per_second),
                                           CallBudget(surroundings_),
                                           {},
                                           std::make_unique<CertificateDates>()});
    CASEWAY_CHECK(state_->curl != nullptr);
}

HttpClient::~HttpClient() = default;

void HttpClient::beginCall() {
    state_->budget = CallBudget(surroundings_);
}

void HttpClient::waitForTurn() {
    const auto turn = state_->pace.take(std::chrono::steady_clock::now());
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    while (std::chrono::steady_clock::now() < turn) {
        state_->budget.mustGoOn({});
        never.wait_until(lock, std::min(turn, std::chrono::steady_clock::now() + std::chrono::milliseconds(50)));
    }
}

std::vector<std::string> HttpClient::lookUp(const WebAddress& address) {
    if (dialing_.proxy.empty()) return lookUpAllowed(address.host, address.port, surroundings_);
    askForProxied(address);
    const WebAddress proxy = *parseWebAddress(dialing_.proxy);
    return lookUpAllowed(proxy.host, proxy.port, surroundings_);
}

/// The name is looked up here and the proxy is told the address, so that what it dials is what was judged. What this
/// machine cannot resolve is asked for with an empty address; nothing where there is no list and no address.
std::string HttpClient::askForProxied(const WebAddress& address) {
    const std::vector<std::string> found = lookUpHost(address.host, address.port);
    if (surroundings_.allow_destination) {
        if (found.empty()) surroundings_.allow_destination(address.host, "", address.port);
        for (const std::string& one : found) surroundings_.allow_destination(address.host, one, address.port);
    }
    return found.empty() ? std::string() : found.front();
}

HttpAnswer HttpClient::exchange(const WebRequest& request) {
    WebRequest current = request;
    for (std::uint32_t hop = 0;; ++hop) {
        const bool own_origin = current.address.sameOrigin(request.address);
        HttpAnswer answer = exchangeOnce(current, own_origin);
        const int status = answer.status;
        if (status < 300 || status >= 400 || status == 304) return answer;
        const auto refuse = [&](const std::string& why) {
            return configFault("redirect_refused", current.address.shown(), why,
                               "give the address to which it leads, if that is right");
        };
        const auto target = resolveWebAddress(current.address, answer.field("location"));
        if (!target) throw refuse("it leads to no http or https address");
        if (hop == dialing_.redirects) throw refuse(fmt::format("more than {} redirects", dialing_.redirects));
        if (current.address.scheme == "https" && target->scheme == "http") throw refuse("it leads from https to http");
        const bool reading = current.method == "GET" || current.method == "HEAD";
        const bool same_method = status == 307 || status == 308;
        if (!reading && !same_method)
            throw refuse(fmt::format("status {} would turn {} into GET", status, current.method));
        if (!reading && !target->sameOrigin(request.address)) throw refuse("what is sent may not go to another host");
        current.address = *target;
    }
}

HttpAnswer HttpClient::exchangeOnce(const WebRequest& request, bool own_origin) {
    const std::string where = request.address.shown();
    waitForTurn();
    state_->budget.mustGoOn(where);
    const auto left = std::min(state_->budget.left(), dialing_.total_time);
    Exchange exchange{surroundings_, dialing_, request.address.host};
    std::string proxied;
    if (!dialing_.proxy.empty()) {
        proxied = askForProxied(request.address);
        exchange.host = parseWebAddress(dialing_.proxy)->host;
    }
    CURL* curl = state_->curl.get();
    curl_easy_reset(curl);
    state_->words[0] = '\0';
    set(curl, CURLOPT_ERRORBUFFER, state_->words);
    set(curl, CURLOPT_URL, request.address.url.c_str());
    setTimes(curl, dialing_, left);
    setProxy(curl, dialing_);
    const CurlList tunnel = setTunnel(curl, request.address, proxied);
    setTls(curl, dialing_, own_origin);
    state_->dates->watch(curl);
    exchange.setUp(curl);
    const CurlList fields = setRequest(curl, request, own_origin);
    const CURLcode code = curl_easy_perform(curl);
    if (exchange.stopping) state_->budget.mustGoOn(where);
    if (exchange.too_large) {
        throw configFault("answer_too_large", where, fmt::format("more than {} bytes", dialing_.answer_bytes),
                          "ask for smaller pages, or raise `limits.answer_bytes`");
    }
    if (code != CURLE_OK) {
        if (exchange.thrown) std::rethrow_exception(exchange.thrown);
        long tunnel = 0;
        curl_easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &tunnel);
        if (tunnel / 100 == 4)
            throw configFault(
                "proxy_refused", where,
                fmt::format("the proxy answered CONNECT {}:{} with {}", proxied, request.address.port, tunnel),
                tunnel == 407 ? "check `proxy.user` and `proxy.password`"
                              : "let the proxy open tunnels to this address and port");
        if (code == CURLE_PEER_FAILED_VERIFICATION && !state_->dates->found().empty())
            throw configFault("certificate_not_trusted", where, state_->dates->found(),
                              "ask the department for a new certificate, and check this machine's clock; nothing is "
                              "exchanged until then");
        throw faultOfTransport(code, state_->words, where);
    }
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    exchange.answer.status = static_cast<int>(status);
    exchange.answer.address = request.address;
    return std::move(exchange.answer);
}

}  // namespace caseway
