// gateway/pipeline/pulled_body.hpp - a payload that a connector reads: hashed as it comes, in memory while it is small,
// on disk beyond.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/base/byte_source.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/signature_look.hpp"
#include "gateway/pipeline/hash_beside.hpp"
#include "gateway/ports/run_ledger.hpp"

namespace caseway {

/// A file that is being written; gone without finish(). Throws Fault{FileUnavailable}.
class PulledSpool {
public:
    virtual ~PulledSpool() = default;
    virtual void write(std::string_view bytes) = 0;
    /// What has been written so far; also behind finish().
    virtual std::unique_ptr<ByteSource> source() const = 0;
    /// Durable under the name that the digest gives it. `is_utf8`: all of it is, strictly.
    virtual std::string finish(const Sha256& digest, bool is_utf8) = 0;
};
using SpoolMaker = std::function<std::unique_ptr<PulledSpool>()>;

class KeptBody final : public PulledBody {
public:
    KeptBody(const SpoolMaker& make_spool, std::size_t memory_max) : make_spool_(make_spool), memory_max_(memory_max) {}
    void write(std::string_view piece) override;
    std::uint64_t size() const override { return size_; }
    std::string identity() override { return toHex(digest()); }
    void drop() override;

    /// The following four once everything is written; each may be asked again. Of a dropped one the digest is that of
    /// all that came, and there are no bytes.
    const Sha256& digest();
    bool mayBearSignature() const { return glance_.maybe(); }
    /// Empty where the bytes are in memory. Throws Fault{FileUnavailable}.
    const std::string& file();
    const std::string& bytes() const { return memory_; }
    /// Wherever they are; without making them durable.
    std::unique_ptr<ByteSource> source() const;

private:
    const SpoolMaker& make_spool_;
    const std::size_t memory_max_;
    std::uint64_t size_ = 0;
    bool is_dropped_ = false;
    std::string memory_;
    std::unique_ptr<PulledSpool> spool_;
    std::string file_;
    Sha256Stream stream_;               ///< of what is in memory
    std::optional<HashBeside> beside_;  ///< of all, once it is spooled
    SignatureGlance glance_;
    std::optional<Sha256> digest_;
};

}  // namespace caseway
