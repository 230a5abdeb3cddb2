// gateway/adapters/files/register_folder.hpp - the register as a folder: systems/<department>/<system>/{system.yaml,
// *.pem} and authorities/<name>/{ca.pem, crl.pem}. Certificates only, never a private key. Layout:
// docs/operating/register.md.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>

#include "gateway/adapters/files/register_tree.hpp"
#include "gateway/ports/key_ring.hpp"

namespace caseway {

class RegisterFolder final : public Register {
public:
    using Remembered = std::function<FileTree()>;

    /// Loads everything below `systems`; what the revocation lists below `authorities` name is marked as revoked.
    /// Throws Fault{ConfigurationBad} with file, line and next step; Fault{FileUnavailable} where a file cannot be
    /// read, or a certificate, a list or a document that is wrong breaks off: it may be whole in a moment.
    /// `remembered`: the texts that the last logged change left, by which a document that lost its end is known.
    explicit RegisterFolder(std::filesystem::path systems, std::filesystem::path authorities = {},
                            Remembered remembered = {});

    std::shared_ptr<const KeyRing> current() const override;
    /// Loads again and swaps all at once; on a Fault the former state stays.
    void reload();

private:
    TreeFolders folders_;
    Remembered remembered_;
    mutable std::mutex mutex_;
    std::shared_ptr<const KeyRing> current_;
};

}  // namespace caseway
