// gateway/adapters/files/pending_change.cpp - one file, written whole, removed when its change stands.
#include "gateway/adapters/files/pending_change.hpp"

#include <fstream>
#include <iterator>

#include "gateway/adapters/files/register_tree.hpp"
#include "gateway/base/fault.hpp"

namespace caseway {

void PendingChange::stage(const std::string& document) const {
    writeTreeFile(file_, document);
}

std::optional<std::string> PendingChange::left() const {
    std::error_code error;
    if (!std::filesystem::exists(file_, error)) return std::nullopt;
    std::ifstream stream(file_, std::ios::binary);
    std::string document((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (!stream)
        throw Fault(FaultCode::FileUnavailable, "cannot read " + file_.string(), "check the rights of the data folder");
    return document;
}

void PendingChange::done() const {
    writeTreeFile(file_, std::nullopt);
}

}  // namespace caseway
