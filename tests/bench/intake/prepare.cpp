// tests/bench/intake/prepare.cpp - registers the benchmark's systems in a data folder and signs their messages into
// request files for caseway_load, one a binding; makes the payload of a large batch. What it writes: README.md.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>

#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/http_envelope.hpp"
#include "gateway/formats/envelope/json_envelope.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"
#include "gateway/ports/clock.hpp"
#include "tests/bench/intake/record_text.hpp"

namespace caseway::bench {
namespace {

namespace fs = std::filesystem;
constexpr int kSystemsPerBinding = 3;
constexpr std::size_t kMessageBytes = 2048;

struct Sender {
    SystemId id;
    PrivateKey key;
    KeyId key_id;
};

template <class T>
T orFail(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + ": " + result.error().rule);
    return std::move(result).value();
}

void write(const fs::path& file, std::string_view text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

/// A new P-256 certificate, registered below DATA/systems; its key stands in DATA/bench-keys.
Sender registerSystem(const fs::path& data, const std::string& name, const std::string& mapping) {
    PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    const Instant now = SystemClock().now();
    const auto certificate = orFail(Certificate::fromDer(
        Certificate::selfSigned(key, name, now - std::chrono::hours(1), now + std::chrono::hours(24 * 30))));
    const fs::path folder = data / "systems" / "bench" / name;
    fs::create_directories(folder);
    fs::create_directories(data / "bench-keys");
    write(folder / "system.yaml",
          fmt::format("department_code: \"11350200004135017C\"\ndepartment_name: 住房和城乡建设局\nmappings: [{}]\n",
                      mapping));
    write(folder / "certificate.pem", certificate->pem());
    write(data / "bench-keys" / (name + ".pem"), certificate->pem());
    write(data / "bench-keys" / (name + ".key"), key.toPem());
    return {*SystemId::parse("bench/" + name), std::move(key), certificate->id()};
}

class Ids {
public:
    MessageId next() {
        std::array<std::uint8_t, 16> bytes{};
        for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random_());
        return MessageId::fromRandom(bytes);
    }
    std::uint64_t number() { return random_(); }

private:
    std::mt19937_64 random_{std::random_device{}()};
};

std::string requestText(const HttpRequest& request, std::string_view body) {
    std::string text = request.method + " " + request.target + " HTTP/1.1\r\nHost: localhost\r\n";
    for (const HttpField& field : request.fields) text += field.name + ": " + field.value + "\r\n";
    return text + fmt::format("Content-Length: {}\r\n\r\n", body.size()) + std::string(body);
}

/// `payload_bytes`: chosen so that head fields, signature and payload together are about 2 KB in each binding.
std::string signedRequest(const std::string& binding, const MessageHeader& header, const RecordText& record,
                          const Sender& sender) {
    HttpRequest request{"POST", "/v1/messages", {}};
    if (binding == "xml") {
        XmlMessage message{header, payloadOf(record, Format::Xml, kMessageBytes - 1230), false, {}, {}, "UTF-8"};
        request.fields.push_back({"Content-Type", "application/xml"});
        return requestText(request, orFail(signXml(message, sender.key, sender.key_id)));
    }
    if (binding == "json") {
        const std::string body = payloadOf(record, Format::Json, kMessageBytes * 3 / 4 - 420);
        request.fields.push_back({"Content-Type", "application/jose"});
        return requestText(request, orFail(signJson(header, body, sender.key, sender.key_id)));
    }
    const std::string body = payloadOf(record, Format::Xml, kMessageBytes - 800);
    request.fields.push_back({"Content-Type", "application/xml"});
    signHttp(request, header, sha256(body), SystemClock().now(), sender.key, sender.key_id,
             usualAlgorithm(sender.key.kind()));
    return requestText(request, body);
}

/// Two messages in three open a case, the third goes on with one of before. `prefix` keeps runs apart.
void prepareBinding(const fs::path& data, const std::string& binding, std::uint64_t count, const std::string& prefix) {
    const std::string mapping = binding == "json" ? "bench.json" : "bench.xml";
    std::vector<Sender> senders;
    for (int i = 0; i < kSystemsPerBinding; ++i)
        senders.push_back(registerSystem(data, fmt::format("{}{}{}", prefix, binding, i), mapping));
    std::ofstream out(data / (prefix + binding + ".requests"), std::ios::binary);
    Ids ids;
    std::uint64_t bytes = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const bool goes_on = i % 3 == 2 && i > 300;
        // Far enough back that the case is there before, and of a message that opened one.
        const std::uint64_t of = goes_on ? ids.number() % ((i - 200) / 3) * 3 : i;
        const Sender& sender = senders[of % senders.size()];
        MessageHeader header;
        header.message_id = ids.next();
        header.sender = sender.id;
        header.receiver = "center/gateway";
        header.sent_at_text = toRfc3339(SystemClock().now());
        header.sent_at = *parseRfc3339(header.sent_at_text);
        header.mapping = mapping;
        const RecordText record{fmt::format("{}{}{:09}", prefix, binding[0], of), goes_on ? 2 + i : 1, i};
        const std::string request = signedRequest(binding, header, record, sender);
        const auto size = static_cast<std::uint32_t>(request.size());
        const char length[4] = {static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                                static_cast<char>(size >> 8), static_cast<char>(size)};
        out.write(length, 4) << request;
        bytes += request.size();
    }
    if (!out.flush()) throw std::runtime_error("cannot write the requests");
    fmt::print("{} {}: {} requests, {} bytes each\n", prefix, binding, count, count == 0 ? 0 : bytes / count);
}

void makeBatch(const fs::path& file, std::uint64_t megabytes, const std::string& prefix) {
    std::ofstream out(file, std::ios::binary);
    const Frame frame = frameOf(Format::Xml);
    std::string text = frame.before;
    std::uint64_t written = 0, records = 0;
    for (; written + text.size() < megabytes * 1'000'000; ++records) {
        appendRecord({fmt::format("{}{:09}", prefix, records), 1, records}, Format::Xml, text);
        text += frame.between;
        if (text.size() < 1 << 20) continue;
        out << text;
        written += text.size();
        text.clear();
    }
    out << text << frame.after;
    if (!out.flush()) throw std::runtime_error("cannot write the batch");
    fmt::print("{} records\n", records);
}

}  // namespace
}  // namespace caseway::bench

int main(int argc, char** argv) try {
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "messages" && argc == 6)
        caseway::bench::prepareBinding(argv[2], argv[3], std::strtoull(argv[4], nullptr, 10), argv[5]);
    else if (what == "batch" && argc == 5)
        caseway::bench::makeBatch(argv[2], std::strtoull(argv[3], nullptr, 10), argv[4]);
    else
        throw std::runtime_error(
            "usage: bench_intake_prepare messages DATA xml|json|http COUNT PREFIX | batch FILE MB PREFIX");
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "bench_intake_prepare: {}\n", error.what());
    return 1;
}
