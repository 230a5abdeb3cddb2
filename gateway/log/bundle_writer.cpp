// gateway/log/bundle_writer.cpp - exporting a log.
#include <set>
#include <vector>

#include "gateway/base/base64.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/log/bundle.hpp"
#include "gateway/log/leaf.hpp"

namespace caseway {
namespace {

constexpr std::size_t kChunk = 48 * 1024;

class BundleWriter {
public:
    explicit BundleWriter(const BundleSink& sink) : sink_(sink), buffer_(kChunk) {}

    void mark(std::string_view kind) {
        line_ = "{\"kind\":\"";
        line_ += kind;
        line_ += "\"}\n";
        sink_(line_);
    }
    void chunk(std::string_view bytes) {
        line_ = "{\"kind\":\"chunk\",\"data\":\"";
        line_ += toBase64(bytesOf(bytes));
        line_ += "\"}\n";
        sink_(line_);
    }
    void chunks(std::string_view bytes) {
        for (; !bytes.empty(); bytes.remove_prefix(std::min(kChunk, bytes.size()))) chunk(bytes.substr(0, kChunk));
    }
    void chunks(ByteSource& source) {
        while (const std::size_t count = source.read(buffer_)) chunk({buffer_.data(), count});
    }
    void leaf(LogIndex index, std::string_view leaf) {
        line_ = "{\"kind\":\"leaf\",\"index\":" + std::to_string(index) + ",\"leaf\":";
        appendJsonString(leaf, line_);
        line_ += "}\n";
        sink_(line_);
    }
    void text(std::string_view kind, std::string_view name, std::string_view value) {
        line_ = "{\"kind\":\"";
        line_ += kind;
        line_ += "\",\"";
        line_ += name;
        line_ += "\":";
        appendJsonString(value, line_);
        line_ += "}\n";
        sink_(line_);
    }

private:
    const BundleSink& sink_;
    std::vector<char> buffer_;
    std::string line_;
};

void writeEnvelope(const StoredEnvelope& envelope, BundleWriter& out) {
    out.mark("envelope");
    out.chunks(envelope.head);
    if (envelope.body != nullptr) {
        out.mark("body");
        out.chunks(*envelope.body);
    }
    out.mark("end");
}

}  // namespace

Result<std::uint64_t> exportBundle(LogSource& source, const BundleSink& sink) {
    BundleWriter out(sink);
    sink("{\"kind\":\"caseway-log\",\"version\":1}\n");
    std::set<KeyId> written;
    LogIndex index = 0;
    std::uint64_t count = 0;
    for (std::string leaf;;) {
        const auto more = source.nextLeaf(index, leaf);
        if (!more) return more.error();
        if (!*more) break;
        if (leaf.empty())
            return Refusal{"leaf_missing", "leaf " + std::to_string(index), "", "every leaf up to the last checkpoint",
                           "run: caseway log verify"};
        const auto entry = parseLeaf(leaf);
        if (!entry) return entry.error();
        if (entry->certificate && written.insert(*entry->certificate).second)
            if (const auto der = source.certificate(*entry->certificate))
                out.text("certificate", "der", toBase64(bytesOf(*der)));
        out.leaf(index, leaf);
        if (entry->envelope_digest)
            if (const auto envelope = source.envelope()) writeEnvelope(*envelope, out);
        if (entry->outcomes_root) {
            if (ByteSource* lines = source.outcomes(entry->received_index.value_or(index))) {
                out.mark("outcomes");
                out.chunks(*lines);
                out.mark("end");
            }
        }
        while (const auto head = source.nextCheckpoint(index + 1)) out.text("checkpoint", "note", head->note);
        ++count;
    }
    sink("{\"kind\":\"log-end\",\"leaves\":" + std::to_string(count) + "}\n");
    return count;
}

}  // namespace caseway
