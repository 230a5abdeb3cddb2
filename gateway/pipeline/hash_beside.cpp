// gateway/pipeline/hash_beside.cpp - pieces of one size, whatever size they come in.
#include "gateway/pipeline/hash_beside.hpp"

#include <algorithm>

namespace caseway {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;

}  // namespace

void HashBeside::update(std::string_view piece) {
    while (!piece.empty()) {
        std::string& filling = hashing_.piece();
        const std::size_t count = std::min(piece.size(), kPieceBytes - filling.size());
        filling += piece.substr(0, count);
        piece.remove_prefix(count);
        if (filling.size() == kPieceBytes) hashing_.handOver();
    }
}

Sha256 HashBeside::finish() {
    hashing_.handOver();
    hashing_.wait();
    return stream_.finish();
}

}  // namespace caseway
