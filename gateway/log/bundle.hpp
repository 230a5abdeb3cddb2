// gateway/log/bundle.hpp - a whole log as one file that can be checked elsewhere with nothing but the public key:
// NDJSON, streaming both ways. Format: docs/formats/message-log.md.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "gateway/formats/json/document.hpp"
#include "gateway/log/log_source.hpp"

namespace caseway {

/// Takes the next bytes of the bundle.
using BundleSink = std::function<void(std::string_view bytes)>;

/// Bytes of an envelope that stand in the line's order and not as a body: above what any setting lets into the store
/// (limits.spool_above_bytes: 1 GiB) and what the gateway writes beside a leaf itself (reports of reconciliations).
inline constexpr std::size_t kBundleHeadMax = 1088ULL * 1024 * 1024;

/// Writes everything of `source` from its first leaf on. Returns the number of leaves.
/// Refusals: leaf_missing, malformed_leaf: such a log must be verified in place, not exported. Throws Fault of source
/// and sink.
Result<std::uint64_t> exportBundle(LogSource& source, const BundleSink& sink);

/// Reads a bundle: lines in the order of the format, as the exporter writes them, and nothing between them, so that
/// what the verifier has not seen is not there. Lines up to 256 KiB, envelope heads up to kBundleHeadMax, 10,000
/// certificates.
class BundleSource final : public LogSource {
public:
    /// `bytes` must outlive the source.
    explicit BundleSource(ByteSource& bytes);
    ~BundleSource() override;
    Result<bool> nextLeaf(LogIndex& index, std::string& leaf) override;
    std::optional<StoredEnvelope> envelope() override;
    ByteSource* outcomes(LogIndex lines_of) override;
    std::optional<CheckpointRow> nextCheckpoint(std::uint64_t up_to) override;
    std::optional<std::string> certificate(const KeyId& id) override;
    std::vector<KeyId> certificateIds() override;
    void rewind() override;

private:
    class Chunks;
    /// What the last line belongs to.
    enum class Part {
        None,
        Header,
        Certificate,
        Leaf,
        Envelope,
        Body,
        EnvelopeEnd,
        Outcomes,
        OutcomesEnd,
        Head,
        LogEnd
    };
    /// The part that a line of this kind begins or goes on with; nothing where it may not stand here.
    std::optional<Part> partOf(std::string_view kind) const;
    /// Parses the next line into value_, unless one waits; false at the end and after a refusal.
    bool peek();
    bool peek(std::string_view kind);
    void take() { value_ = nullptr; }
    std::string_view member(const char* name) const;
    void refuse(std::string rule);
    bool readLine(std::string_view& line);
    bool takeChunk(std::string& bytes);
    void keepCertificate();
    void readHeader();
    bool endsHere();
    bool isAsWritten(std::string_view line);
    void skipRest();

    ByteSource& bytes_;
    std::string buffer_, written_;
    std::size_t at_ = 0;
    std::uint64_t line_number_ = 0;
    std::uint64_t leaves_ = 0;
    JsonTree tree_;
    const JsonValue* value_ = nullptr;  ///< the line that waits
    std::optional<Refusal> refusal_;
    bool begun_ = false;
    Part part_ = Part::None;
    std::map<KeyId, std::string> certificates_;
    std::unique_ptr<Chunks> chunks_;
};

}  // namespace caseway
