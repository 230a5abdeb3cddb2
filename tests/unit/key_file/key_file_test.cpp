// tests/unit/key_file/key_file_test.cpp - the key file of the log: made once, private, and what is refused
// in its place.
#include "gateway/adapters/files/key_file.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/ed25519.hpp"

using namespace caseway;
namespace fs = std::filesystem;

namespace {

struct Folder {
    Folder() {
        std::string name = (fs::temp_directory_path() / "caseway-signer-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { fs::remove_all(path); }
    std::string file(const char* name) const { return (path / name).string(); }
    fs::path path;
};

FaultCode codeOf(const std::function<void()>& call) {
    try {
        call();
    } catch (const Fault& fault) {
        return fault.code();
    }
    return FaultCode::NetworkUnavailable;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(KeyFile_)

BOOST_AUTO_TEST_CASE(a_new_key_is_private_and_signs) {
    const Folder folder;
    const std::string file = folder.file("log.key");
    KeyFile::create(file);
    struct stat status {};
    BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777U) == 0600U);
    KeyFile signer(file), again(file);
    BOOST_TEST((signer.publicKey() == again.publicKey()));
    const auto signature = signer.sign(bytesOf("text"));
    BOOST_TEST(Ed25519Verifier(signer.publicKey()).verify(bytesOf("text"), signature));
    BOOST_TEST(!Ed25519Verifier(signer.publicKey()).verify(bytesOf("other"), signature));
}

BOOST_AUTO_TEST_CASE(no_key_is_ever_overwritten) {
    const Folder folder;
    const std::string file = folder.file("log.key");
    KeyFile::create(file);
    const auto key = KeyFile(file).publicKey();
    BOOST_TEST((codeOf([&] { KeyFile::create(file); }) == FaultCode::FileUnavailable));
    BOOST_TEST((KeyFile(file).publicKey() == key));
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_private_key_file) {
    const Folder folder;
    const std::string file = folder.file("log.key");
    BOOST_TEST((codeOf([&] { KeyFile signer(file); }) == FaultCode::FileUnavailable));
    BOOST_TEST((codeOf([&] { readPrivateKey(file); }) == FaultCode::FileUnavailable));
    KeyFile::create(file);
    fs::permissions(file, fs::perms::group_read, fs::perm_options::add);
    BOOST_TEST((codeOf([&] { KeyFile signer(file); }) == FaultCode::ConfigurationBad));
    fs::permissions(file, fs::perms::group_read, fs::perm_options::remove);
    std::ofstream(file) << "not a key";
    BOOST_TEST((codeOf([&] { KeyFile signer(file); }) == FaultCode::ConfigurationBad));
    for (const char* half : {"", "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI"}) {  // it is just being copied
        std::ofstream(file, std::ios::trunc) << half;
        BOOST_TEST((codeOf([&] { KeyFile signer(file); }) == FaultCode::FileUnavailable));
    }
    BOOST_TEST((codeOf([&] { KeyFile::create(folder.file("no/such/folder")); }) == FaultCode::FileUnavailable));
}

BOOST_AUTO_TEST_SUITE_END()
