// tests/bench/intake/floor.cpp - what must be paid for each message of a request file whatever is built around it: its
// signature verified, by stock parts and by our own opening functions, and its leaf hashed into a tree. One JSON line
// of CPU times.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/http_envelope.hpp"
#include "gateway/formats/envelope/json_envelope.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"
#include "gateway/formats/merkle/compact_tree.hpp"
#include "gateway/formats/merkle/hash.hpp"
#include "tests/bench/intake/stock_parts.hpp"

namespace caseway::bench {
namespace {

double cpuMicroseconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto time = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
    };
    return time(usage.ru_utime) + time(usage.ru_stime);
}

std::string readFile(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

struct Parsed {
    HttpRequest request;
    std::string body;
};

Parsed parseRequest(std::string_view text) {
    const std::size_t end = text.find("\r\n\r\n");
    Parsed parsed{{"POST", "/v1/messages", {}}, std::string(text.substr(end + 4))};
    std::size_t at = text.find("\r\n") + 2;
    while (at < end) {
        const std::size_t stop = text.find("\r\n", at);
        const std::string_view line = text.substr(at, stop - at);
        const std::size_t colon = line.find(": ");
        parsed.request.fields.push_back({std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
        at = stop + 2;
    }
    return parsed;
}

std::vector<Parsed> readRequests(const std::filesystem::path& file, std::size_t most) {
    const std::string bytes = readFile(file);
    std::vector<Parsed> all;
    for (std::size_t at = 0; at + 4 <= bytes.size() && all.size() < most;) {
        std::size_t size = 0;
        for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(bytes[at++]);
        all.push_back(parseRequest(std::string_view(bytes).substr(at, size)));
        at += size;
    }
    if (all.empty()) throw std::runtime_error("no requests in " + file.string());
    return all;
}

bool opens(const std::string& binding, const Parsed& parsed, const KeyLookup& keys) {
    if (binding == "xml") return openXml(bytesOf(parsed.body), {}, keys).ok();
    if (binding == "json") return openJson(parsed.body, JwsForm::Compact, {}, keys).ok();
    auto head = openHttpHead(parsed.request, keys);
    return head.ok() && finishHttp(std::move(head).value(), sha256(parsed.body), parsed.body, true).ok();
}

/// Every certificate of the benchmark, decoded once, as the gateway's cache keeps them.
class Keys {
public:
    explicit Keys(const std::filesystem::path& systems) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(systems)) {
            if (entry.path().extension() != ".pem") continue;
            const auto certificate = Certificate::fromPem(readFile(entry.path()));
            const auto folder = entry.path().parent_path();
            const auto id =
                SystemId::parse(folder.parent_path().filename().string() + "/" + folder.filename().string());
            if (certificate && id) keys_[(*certificate)->id()] = {*certificate, *id};
        }
    }
    Result<std::vector<SigningKey>> operator()(const std::optional<SystemId>&,
                                               const std::optional<KeyId>& named) const {
        return std::vector<SigningKey>{keys_.at(*named)};
    }
    /// The key of the message that a request carries.
    const PublicKey& keyOf(const std::string& binding, const Parsed& parsed) const {
        std::optional<KeyId> used;
        const KeyLookup lookup = [&](const std::optional<SystemId>& sender, const std::optional<KeyId>& named) {
            used = named;
            return (*this)(sender, named);
        };
        if (!opens(binding, parsed, lookup)) throw std::runtime_error("a message does not verify");
        return keys_.at(*used).certificate->key();
    }

private:
    std::map<KeyId, SigningKey> keys_;
};

int run(const std::string& binding, const std::string& file, const std::string& data) {
    const auto requests = readRequests(file, 4000);
    const Keys keys(std::filesystem::path(data) / "systems");
    std::vector<std::pair<StockMessage, const PublicKey*>> stock;
    for (const Parsed& parsed : requests)
        stock.emplace_back(prepareStock(binding, parsed.request, parsed.body), &keys.keyOf(binding, parsed));
    double stock_verify = 1e12, verify = 1e12, hash = 1e12;
    for (int round = 0; round < 5; ++round) {
        double begun = cpuMicroseconds();
        for (const auto& [message, key] : stock)
            if (!stockVerifies(binding, message, *key)) throw std::runtime_error("stock parts do not verify a message");
        stock_verify = std::min(stock_verify, cpuMicroseconds() - begun);
        begun = cpuMicroseconds();
        for (const Parsed& parsed : requests)
            if (!opens(binding, parsed, std::cref(keys))) throw std::runtime_error("a message does not verify");
        verify = std::min(verify, cpuMicroseconds() - begun);
        CompactTree tree;
        const std::string leaf(720, 'x');
        begun = cpuMicroseconds();
        for (std::size_t i = 0; i < requests.size(); ++i) tree.append(leafHash(leaf));
        hash = std::min(hash, cpuMicroseconds() - begun);
    }
    const auto count = static_cast<double>(requests.size());
    fmt::print("{{\"stock_verify\":{:.2f},\"verify\":{:.2f},\"hash\":{:.2f}}}\n", stock_verify / count, verify / count,
               hash / count);
    return 0;
}

}  // namespace
}  // namespace caseway::bench

int main(int argc, char** argv) try {
    if (argc != 4) throw std::runtime_error("usage: bench_intake_floor xml|json|http REQUESTS DATA");
    return caseway::bench::run(argv[1], argv[2], argv[3]);
} catch (const std::exception& error) {
    fmt::print(stderr, "bench_intake_floor: {}\n", error.what());
    return 1;
}
