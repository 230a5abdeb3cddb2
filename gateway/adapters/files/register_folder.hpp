// gateway/adapters/files/register_folder.hpp - the register as a folder: systems/<department>/<system>/{system.yaml,
// *.pem}. Certificates only, never a private key. Layout and keys of system.yaml: docs/operating.md.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "gateway/ports/key_ring.hpp"

namespace caseway {

class RegisterFolder final : public Register {
public:
    /// Loads everything below `systems`. Throws Fault{ConfigurationBad} with file, line and next step.
    explicit RegisterFolder(std::filesystem::path systems);

    std::shared_ptr<const KeyRing> current() const override;
    /// Loads again and swaps all at once; on Fault{ConfigurationBad} the former state stays.
    void reload();

private:
    std::filesystem::path systems_;
    mutable std::mutex mutex_;
    std::shared_ptr<const KeyRing> current_;
};

}  // namespace caseway
