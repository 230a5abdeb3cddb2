// tests/fuzz/thrift_call_fuzz.cpp - hostile bytes as the content of a frame. Whatever is read must not be larger than
// the frame, and its answer must be writable.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gateway/adapters/thrift/thrift_call.hpp"
#include "gateway/base/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view frame(reinterpret_cast<const char*>(data), size);
    const auto read = caseway::readThriftCall(frame);
    if (!read) return 0;
    if (const auto* const submit = std::get_if<caseway::SubmitCall>(&read->call)) {
        std::size_t bytes = submit->content_type.size() + submit->message.size();
        for (const auto& field : submit->fields) bytes += field.name.size() + field.value.size();
        CASEWAY_CHECK(bytes <= size);
    }
    CASEWAY_CHECK(!caseway::writeThriftAnswer(read->ticket, {422, R"({"code":"x","hint":"y"})", 1}).empty());
    return 0;
}
