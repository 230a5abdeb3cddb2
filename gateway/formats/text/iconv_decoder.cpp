// gateway/formats/text/iconv_decoder.cpp - every encoding but GB 18030, by the C library's iconv, which is strict
// unless asked not to be.
#include <iconv.h>

#include <cerrno>
#include <string>

#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/formats/text/decoder.hpp"

namespace caseway {

namespace {

class IconvDecoder final : public Decoder {
public:
    explicit IconvDecoder(const std::string& label) : handle_(iconv_open("UTF-8", label.c_str())) {
        if (handle_ == kNone) {
            throw Fault(FaultCode::ConfigurationBad, "the C library cannot decode " + label,
                        "install the C library's character sets (libc6 gconv modules)");
        }
    }
    ~IconvDecoder() override { iconv_close(handle_); }
    IconvDecoder(const IconvDecoder&) = delete;
    IconvDecoder& operator=(const IconvDecoder&) = delete;

    Step decode(std::string_view in, std::span<char> out, bool last) override {
        char* from = const_cast<char*>(in.data());  // iconv's signature; it only reads
        std::size_t from_left = in.size();
        char* to = out.data();
        std::size_t to_left = out.size();
        Step step;
        if (iconv(handle_, &from, &from_left, &to, &to_left) == kFailed) step.broken = errno == EILSEQ;
        // A few encodings hold a character back until they know that no combining one follows.
        if (last && from_left == 0) iconv(handle_, nullptr, nullptr, &to, &to_left);
        step.consumed = in.size() - from_left;
        step.written = out.size() - to_left;
        return step;
    }
    void reset() override { iconv(handle_, nullptr, nullptr, nullptr, nullptr); }

private:
    static inline const iconv_t kNone = reinterpret_cast<iconv_t>(-1);  // NOLINT: iconv's own sentinel
    static constexpr auto kFailed = static_cast<std::size_t>(-1);
    iconv_t handle_;
};

}  // namespace

std::unique_ptr<Decoder> makeIconvDecoder(std::string_view label) {
    CASEWAY_CHECK(label.find('/') == label.npos);
    return std::make_unique<IconvDecoder>(std::string(label));
}

}  // namespace caseway
