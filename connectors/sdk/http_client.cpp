// connectors/sdk/http_client.cpp - libcurl with everything named: protocols, sizes, and what curl_dialing.hpp sets.
#include "connectors/sdk/http_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <exception>

#include "connectors/sdk/call_budget.hpp"
#include "connectors/sdk/certificate_dates.hpp"
#include "connectors/sdk/curl_dialing.hpp"
#include "connectors/sdk/curl_handles.hpp"
#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/host_lookup.hpp"
#include "connectors/sdk/http_faults.hpp"
#include "connectors/sdk/turn_wait.hpp"

namespace caseway {
namespace {

constexpr std::size_t kFieldBytesMax = 256 * 1024;  ///< all fields of one answer
constexpr std::int64_t kAgeMost = 366 * 86400;

/// Method, body and fields; the list lives until the exchange is over.
CurlList setRequest(CURL* curl, const WebRequest& request, bool own_origin) {
    setCurl(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    setCurl(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    setCurl(curl, CURLOPT_HTTP09_ALLOWED, 0L);
    setCurl(curl, CURLOPT_FOLLOWLOCATION, 0L);
    if (request.takes_compressed) setCurl(curl, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    setCurl(curl, CURLOPT_USERAGENT, "caseway");
    if (request.method == "HEAD") {
        setCurl(curl, CURLOPT_NOBODY, 1L);
    } else if (request.body) {
        setCurl(curl, CURLOPT_POST, 1L);
        setCurl(curl, CURLOPT_POSTFIELDS, request.body->data());
        setCurl(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
        if (request.method != "POST") setCurl(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
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
    if (!request.takes_compressed) add("Accept-Encoding: identity");
    add("Expect:");  // libcurl would wait a second for servers that do not know it
    setCurl(curl, CURLOPT_HTTPHEADER, fields.get());
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

std::optional<std::chrono::seconds> HttpAnswer::clockAhead() const {
    const std::time_t date = curl_getdate(field("date").c_str(), nullptr);
    if (date == -1 || began == 0) return std::nullopt;
    const std::string age = field("age");
    std::int64_t waited = 0;
    std::from_chars(age.data(), age.data() + age.size(), waited);
    return std::chrono::seconds(date + std::clamp<std::int64_t>(waited, 0, kAgeMost) - began);
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
    bool has_too_large_head = false;
    bool stopping = false;

    void setUp(CURL* curl) {
        setCurl(curl, CURLOPT_OPENSOCKETFUNCTION, &Exchange::openSocket);
        setCurl(curl, CURLOPT_OPENSOCKETDATA, this);
        setCurl(curl, CURLOPT_WRITEFUNCTION, &Exchange::takeBody);
        setCurl(curl, CURLOPT_WRITEDATA, this);
        setCurl(curl, CURLOPT_HEADERFUNCTION, &Exchange::takeField);
        setCurl(curl, CURLOPT_HEADERDATA, this);
        setCurl(curl, CURLOPT_NOPROGRESS, 0L);
        setCurl(curl, CURLOPT_XFERINFOFUNCTION, &Exchange::progress);
        setCurl(curl, CURLOPT_XFERINFODATA, this);
    }

    static curl_socket_t openSocket(void* given, curlsocktype, curl_sockaddr* address) {
        auto& self = *static_cast<Exchange*>(given);
        return openJudged(*address, self.host, self.surroundings, self.thrown);
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
            self.too_large = self.has_too_large_head = true;
            return CURL_WRITEFUNC_ERROR;
        }
        std::string_view line(bytes, count);
        while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
        if (line.starts_with("HTTP/")) {  // 1xx and the proxy's own come before
            self.answer.fields.clear();
            self.answer.began = std::time(nullptr);
        }
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
    waitForTurn(state_->pace, state_->budget);
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
    setCurl(curl, CURLOPT_ERRORBUFFER, state_->words);
    setCurl(curl, CURLOPT_URL, request.address.url.c_str());
    setTimes(curl, dialing_, left);
    setProxy(curl, dialing_);
    const CurlList tunnel = setTunnel(curl, dialing_, proxied, request.address.port);
    setTls(curl, dialing_, own_origin);
    state_->dates->watch(curl);
    exchange.setUp(curl);
    const CurlList fields = setRequest(curl, request, own_origin);
    const CURLcode code = curl_easy_perform(curl);
    if (exchange.stopping) state_->budget.mustGoOn(where);
    if (exchange.has_too_large_head) {
        throw configFault("answer_too_large", where, fmt::format("a head of more than {} bytes", kFieldBytesMax),
                          "no setting raises it: ask the department what it sends in the fields of its answers");
    }
    if (exchange.too_large) {
        throw configFault("answer_too_large", where, fmt::format("more than {} bytes", dialing_.answer_bytes),
                          "ask for smaller pages, or raise `limits.answer_bytes`");
    }
    if (code != CURLE_OK) {
        if (exchange.thrown) std::rethrow_exception(exchange.thrown);
        long answered = 0;
        curl_easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &answered);
        if (answered / 100 == 4) throw faultOfTunnel(answered, proxied, request.address.port, where);
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
