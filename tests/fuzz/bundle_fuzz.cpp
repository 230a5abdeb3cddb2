// tests/fuzz/bundle_fuzz.cpp - the verifier over any bytes that claim to be an exported log.
#include "gateway/log/bundle.hpp"
#include "gateway/log/verifier.hpp"

using namespace caseway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const NoteKey kKey("center/gateway/log", Ed25519PrivateKey::fromSeed({1}).publicKey());
    MemorySource bytes(textOf({data, size}));
    BundleSource source(bytes);
    VerifierOptions options;
    options.keys = {kKey};
    options.ids_in_memory = 4;
    static_cast<void>(verifyLog(source, options));
    return 0;
}
