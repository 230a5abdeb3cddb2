// tests/bench/intake/record_text.hpp - what the benchmark's departments say: one record of 17 leaf elements with
// Chinese text, the same as XML and as JSON. No randomness but a seed. The mappings that read it: mappings/.
#pragma once

#include <cstdint>
#include <string>

namespace caseway::bench {

enum class Format { Xml, Json };

struct RecordText {
    std::string code;           ///< the department's own case number
    std::uint64_t version = 1;  ///< data_version: a later one changes the case
    std::uint64_t seed = 0;
};

/// One record, appended as an element `Case` or as a JSON object.
void appendRecord(const RecordText& record, Format format, std::string& out);
/// A whole payload with one record, filled up with a comment-like text field to about `bytes`.
std::string payloadOf(const RecordText& record, Format format, std::size_t bytes);
/// What stands before, between and after the records of a payload of many.
struct Frame {
    const char* before;
    const char* between;
    const char* after;
};
Frame frameOf(Format format);

}  // namespace caseway::bench
