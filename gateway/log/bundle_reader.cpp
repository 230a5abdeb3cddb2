// gateway/log/bundle_reader.cpp - reading a bundle line by line; one line of look-ahead, bodies as they are asked for.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "gateway/base/base64.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/merkle/note.hpp"
#include "gateway/log/bundle.hpp"

namespace caseway {
namespace {

constexpr std::size_t kLineMax = 256 * 1024;
constexpr std::size_t kCertificatesMax = 10'000;

/// What a line of a kind bears besides it, in the order in which the exporter writes it.
struct Kind {
    std::string_view name;
    std::array<std::string_view, 2> members{};
};
constexpr std::array<Kind, 10> kKinds = {{{"caseway-log", {"version"}},
                                          {"certificate", {"der"}},
                                          {"leaf", {"index", "leaf"}},
                                          {"envelope"},
                                          {"body"},
                                          {"chunk", {"data"}},
                                          {"end"},
                                          {"outcomes"},
                                          {"checkpoint", {"note"}},
                                          {"log-end", {"leaves"}}}};

}  // namespace

/// The chunk lines that follow, up to the next line of another kind.
class BundleSource::Chunks final : public ByteSource {
public:
    explicit Chunks(BundleSource& bundle) : bundle_(bundle) {}
    std::size_t read(std::span<char> buffer) override {
        while (at_ == bytes_.size()) {
            at_ = 0;
            bytes_.clear();
            if (!bundle_.takeChunk(bytes_)) return 0;
            begun_ = true;
        }
        const std::size_t count = std::min(buffer.size(), bytes_.size() - at_);
        std::memcpy(buffer.data(), bytes_.data() + at_, count);
        at_ += count;
        return count;
    }
    /// Nothing to do before the first byte is read; afterwards the bundle has moved on.
    void rewind() override {
        if (begun_) throw Fault(FaultCode::FileUnavailable, "a bundle's bodies can be read only once");
    }

private:
    BundleSource& bundle_;
    std::string bytes_;
    std::size_t at_ = 0;
    bool begun_ = false;
};

BundleSource::BundleSource(ByteSource& bytes) : bytes_(bytes) {}
BundleSource::~BundleSource() = default;

void BundleSource::refuse(std::string rule) {
    refusal_ = Refusal{"malformed_bundle", "line " + std::to_string(line_number_), "", std::move(rule),
                       "export the log again; see docs/formats/message-log.md"};
    value_ = nullptr;
}

bool BundleSource::readLine(std::string_view& line) {
    for (;;) {
        const std::size_t end = buffer_.find('\n', at_);
        if (end != std::string::npos) {
            line = std::string_view(buffer_).substr(at_, end - at_);
            at_ = end + 1;
            ++line_number_;
            return true;
        }
        buffer_.erase(0, std::exchange(at_, 0));
        const std::size_t kept = buffer_.size();
        if (kept > kLineMax) return refuse("lines of at most 256 KiB"), false;
        buffer_.resize(kept + kLineMax);
        const std::size_t count = bytes_.read({buffer_.data() + kept, kLineMax});
        buffer_.resize(kept + count);
        if (count == 0) return kept == 0 ? false : (refuse("a newline at the end"), false);
    }
}

bool BundleSource::peek() {
    if (value_ != nullptr) return true;
    std::string_view line;
    if (refusal_) return false;
    if (!readLine(line)) {
        if (part_ != Part::LogEnd && !refusal_)
            refuse("a last line {\"kind\":\"log-end\"}: the bundle is cut off here");
        return false;
    }
    JsonLimits limits;
    limits.depth = 4;
    const auto value = parseJson(line, limits, tree_);
    if (!value) return refuse("a JSON object: " + value.error().where), false;
    value_ = *value;
    const auto part = partOf(member("kind"));
    if (!part) return refuse("a line of a known kind that may stand here"), false;
    if (!isAsWritten(line)) return refuse("the members of its kind, in their order, and nothing else"), false;
    part_ = *part;
    return part_ != Part::LogEnd || endsHere();
}

/// Whether the line is the one that the exporter writes for its values: what else stood in it, nobody would have seen.
bool BundleSource::isAsWritten(std::string_view line) {
    const auto kind =
        std::find_if(kKinds.begin(), kKinds.end(), [this](const Kind& one) { return one.name == member("kind"); });
    if (kind == kKinds.end() || value_->type != JsonValue::Type::Object) return false;
    written_ = "{\"kind\":\"";
    written_ += kind->name;
    written_ += '"';
    for (const std::string_view name : kind->members) {
        const JsonValue* const found = name.empty() ? nullptr : value_->find(name);
        if (found == nullptr) continue;
        written_ += ",\"";
        written_ += name;
        written_ += "\":";
        if (found->type == JsonValue::Type::String)
            appendJsonString(found->text, written_);
        else
            written_ += found->text;
    }
    written_ += '}';
    return written_ == line;
}

/// The last line says how many leaves there are, and nothing follows it. Always false: there is no line that waits.
bool BundleSource::endsHere() {
    if (member("leaves") != std::to_string(leaves_)) refuse("as many leaves as the last line says");
    take();
    return peek();
}

std::optional<BundleSource::Part> BundleSource::partOf(std::string_view kind) const {
    const auto is = [this](auto... parts) { return ((part_ == parts) || ...); };
    const bool is_between = is(Part::Leaf, Part::EnvelopeEnd, Part::OutcomesEnd, Part::Head);
    std::optional<Part> part;
    if (kind == "caseway-log" && is(Part::None)) part = Part::Header;
    if (kind == "certificate" && (is_between || is(Part::Header, Part::Certificate))) part = Part::Certificate;
    if (kind == "leaf" && (is_between || is(Part::Header, Part::Certificate))) part = Part::Leaf;
    if (kind == "envelope" && is(Part::Leaf)) part = Part::Envelope;
    if (kind == "body" && is(Part::Envelope)) part = Part::Body;
    if (kind == "chunk" && is(Part::Envelope, Part::Body, Part::Outcomes)) part = part_;
    if (kind == "end" && is(Part::Envelope, Part::Body)) part = Part::EnvelopeEnd;
    if (kind == "outcomes" && is(Part::Leaf, Part::EnvelopeEnd)) part = Part::Outcomes;
    if (kind == "end" && is(Part::Outcomes)) part = Part::OutcomesEnd;
    if (kind == "checkpoint" && is_between) part = Part::Head;
    if (kind == "log-end" && (is_between || is(Part::Header))) part = Part::LogEnd;
    return part;
}

bool BundleSource::peek(std::string_view kind) {
    return peek() && member("kind") == kind;
}

std::string_view BundleSource::member(const char* name) const {
    const JsonValue* found = value_->find(name);
    return found != nullptr && (found->type == JsonValue::Type::String || found->type == JsonValue::Type::Number)
               ? found->text
               : std::string_view();
}

bool BundleSource::takeChunk(std::string& bytes) {
    if (!peek("chunk")) return false;
    auto data = fromBase64(member("data"));
    if (!data || data->empty()) return refuse("base64 in \"data\""), false;
    bytes = std::move(*data);
    take();
    return true;
}

void BundleSource::keepCertificate() {
    auto der = fromBase64(member("der"));
    if (!der || certificates_.size() == kCertificatesMax)
        return refuse("base64 in \"der\", at most 10,000 certificates");
    const KeyId id(sha256(*der));
    if (!certificates_.emplace(id, std::move(*der)).second) return refuse("each certificate once");
    take();
}

void BundleSource::readHeader() {
    begun_ = true;
    if (!peek("caseway-log") || member("version") != "1")
        return refuse("a first line {\"kind\":\"caseway-log\",\"version\":1}");
    take();
}

Result<bool> BundleSource::nextLeaf(LogIndex& index, std::string& leaf) {
    if (!begun_) readHeader();
    while (peek()) {
        const std::string_view kind = member("kind");
        if (kind == "leaf") break;
        if (kind == "certificate")
            keepCertificate();
        else
            take();  // not asked for
    }
    if (refusal_) return *refusal_;
    if (value_ == nullptr) return false;
    const std::string_view number = member("index");
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), index);
    leaf = member("leaf");
    if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size() || leaf.empty()) {
        refuse("\"index\" and \"leaf\"");
        return *refusal_;
    }
    take();
    ++leaves_;
    return true;
}

std::optional<StoredEnvelope> BundleSource::envelope() {
    if (!peek("envelope")) return std::nullopt;
    take();
    StoredEnvelope envelope;
    for (std::string bytes; takeChunk(bytes);) {
        if (envelope.head.size() + bytes.size() > kBundleHeadMax)
            return refuse("an envelope of at most 1088 MiB"), std::nullopt;
        envelope.head += bytes;
    }
    if (peek("body")) {
        take();
        chunks_ = std::make_unique<Chunks>(*this);
        envelope.body = chunks_.get();
    }
    return envelope;
}

/// The rest of an envelope or of lines that nobody read to their end.
void BundleSource::skipRest() {
    while (peek("chunk") || peek("body") || peek("end")) take();
}

ByteSource* BundleSource::outcomes(LogIndex) {
    skipRest();
    if (!peek("outcomes")) return nullptr;
    take();
    chunks_ = std::make_unique<Chunks>(*this);
    return chunks_.get();
}

/// Every head at its place, whatever it claims: one that is ahead of its leaves proves that leaves are gone.
std::optional<CheckpointRow> BundleSource::nextCheckpoint(std::uint64_t up_to) {
    skipRest();
    if (peek("envelope") || peek("outcomes")) refuse("nothing that the leaf before does not ask for");
    if (!peek("checkpoint")) return std::nullopt;
    CheckpointRow row{0, std::string(member("note"))};
    const auto claimed = readCheckpoint(row.note);
    // What cannot be read is handed on as it is: the verifier tells what is wrong with it.
    row.tree_size = claimed.ok() ? claimed->tree_size : up_to;
    take();
    return row;
}

std::vector<KeyId> BundleSource::certificateIds() {
    std::vector<KeyId> ids;
    for (const auto& [id, der] : certificates_) ids.push_back(id);
    return ids;
}

std::optional<std::string> BundleSource::certificate(const KeyId& id) {
    const auto found = certificates_.find(id);
    if (found == certificates_.end()) return std::nullopt;
    return found->second;
}

void BundleSource::rewind() {
    bytes_.rewind();
    certificates_.clear();
    buffer_.clear();
    at_ = 0;
    line_number_ = 0;
    leaves_ = 0;
    value_ = nullptr;
    refusal_.reset();
    begun_ = false;
    part_ = Part::None;
}

}  // namespace caseway
