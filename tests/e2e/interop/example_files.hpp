// tests/e2e/interop/example_files.hpp - writes docs/formats/examples anew, with a key that is thrown away.
#pragma once

#include <filesystem>

namespace caseway::test {

/// Writes certificate, messages, signature base and the digests that a reader should find.
void writeExamples(const std::filesystem::path& folder);

}  // namespace caseway::test
