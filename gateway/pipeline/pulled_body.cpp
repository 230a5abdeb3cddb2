// gateway/pipeline/pulled_body.cpp - memory first, then a file.
#include "gateway/pipeline/pulled_body.hpp"

#include <utility>

#include "gateway/base/give_back.hpp"

namespace caseway {

void KeptBody::write(std::string_view piece) {
    if (beside_)
        beside_->update(piece);
    else
        stream_.update(piece);
    glance_.see(piece);
    size_ += piece.size();
    if (is_dropped_) return;
    if (!spool_ && memory_.size() + piece.size() <= memory_max_) {
        memory_.append(piece);
        return;
    }
    if (!spool_) {
        spool_ = make_spool_();
        beside_.emplace(std::move(stream_), std::initializer_list<std::string_view>{memory_, piece});
        spool_->write(memory_);
        giveBack(memory_);
    }
    spool_->write(piece);
}

void KeptBody::drop() {
    is_dropped_ = true;
    giveBack(memory_);
    spool_.reset();
}

const Sha256& KeptBody::digest() {
    if (!digest_) digest_ = beside_ ? beside_->finish() : stream_.finish();
    return *digest_;
}

std::unique_ptr<ByteSource> KeptBody::source() const {
    if (spool_) return spool_->source();
    return std::make_unique<MemorySource>(memory_);
}

const std::string& KeptBody::file() {
    if (spool_ && file_.empty()) {
        const Sha256& whole = digest();
        file_ = spool_->finish(whole, beside_ && beside_->isUtf8());
    }
    return file_;
}

}  // namespace caseway
