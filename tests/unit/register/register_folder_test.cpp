// tests/unit/register/register_folder_test.cpp - the register as a folder, and the key file: what loads, and how
// mistakes are told.
#include <sys/stat.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/adapters/files/register_folder.hpp"
#include "gateway/adapters/files/register_tree.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/certificate.hpp"

using namespace caseway;
namespace fs = std::filesystem;

namespace {

constexpr const char* kYaml =
    "department_code: \"11440232MB2C00000X\"\ndepartment_name: 住房和城乡建设局\nmappings: [housing.permit]\n"
    "on_behalf_of: []\nmay_read: [police]\nauditor: true\n";
constexpr const char* kPoliceYaml = "department_code: \"11440232MB2C00001X\"\nmappings: []\n";

std::string certificatePem(std::string_view name) {
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    const Instant from = *parseRfc3339("2020-01-01T00:00:00Z");
    return (*Certificate::fromDer(Certificate::selfSigned(key, name, from, from + std::chrono::hours(24 * 3650))))
        ->pem();
}

/// A folder of its own that is gone afterwards.
struct Folder {
    fs::path path;
    Folder() {
        std::string name = (fs::temp_directory_path() / "caseway-register-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { fs::remove_all(path); }
    void write(const fs::path& file, std::string_view text) const {
        fs::create_directories((path / file).parent_path());
        std::ofstream(path / file, std::ios::binary) << text;
    }
};

/// The mistake that loading tells, with its hint.
std::string mistakeOf(const Folder& folder, FaultCode code = FaultCode::ConfigurationBad) {
    try {
        const RegisterFolder loaded(folder.path);
    } catch (const Fault& fault) {
        BOOST_TEST((fault.code() == code));
        BOOST_TEST(!fault.hint().empty());
        return fault.what() + ("; " + fault.hint());
    }
    return "none";
}

bool mentions(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RegisterOfFolders)

BOOST_AUTO_TEST_CASE(knows_systems_certificates_and_grants) {
    const Folder folder;
    folder.write("housing/permits/system.yaml", kYaml);
    folder.write("housing/permits/2025.pem", certificatePem("a"));
    folder.write("housing/permits/2026.pem", certificatePem("b"));
    folder.write("housing/permits/README", "notes");
    folder.write("police/residence/system.yaml", "department_code: \"2\"\n");
    const RegisterFolder loaded(folder.path);
    const auto ring = loaded.current();
    const RegisteredSystem* const system = ring->system(*SystemId::parse("housing/permits"));
    BOOST_REQUIRE(system != nullptr);
    BOOST_TEST(system->department_code == "11440232MB2C00000X");
    BOOST_TEST(system->department_name == "住房和城乡建设局");
    BOOST_TEST(system->mappings == std::vector<std::string>{"housing.permit"});
    BOOST_TEST(system->may_read == std::vector<std::string>{"police"});
    BOOST_TEST(system->auditor);
    const auto certificates = ring->certificatesOf(system->id);
    BOOST_REQUIRE(certificates.size() == 2U);
    BOOST_TEST(ring->certificate(certificates[1]->id) == certificates[1]);
    BOOST_TEST((certificates[0]->owner == system->id));
    const RegisteredSystem* const other = ring->system(*SystemId::parse("police/residence"));
    BOOST_REQUIRE(other != nullptr);
    BOOST_TEST((other->mappings.empty() && other->may_read.empty() && other->on_behalf_of.empty() && !other->auditor));
    BOOST_TEST(ring->certificatesOf(other->id).empty());
    BOOST_TEST(ring->system(*SystemId::parse("police/unknown")) == nullptr);
}

BOOST_AUTO_TEST_CASE(knows_a_document_that_lost_its_end_by_what_was_written) {
    const std::string whole = "mappings: [housing.permit]\ndepartment_code: \"11440232MB2C00000X\"\n";
    const std::string cut = whole.substr(0, whole.find('\n') + 1);
    const struct {
        std::string written;
        FaultCode code;
        const char* words;
    } kCases[] = {
        {whole, FaultCode::FileUnavailable, "it has the first 27 of the 65 bytes that the last change wrote"},
        {cut, FaultCode::ConfigurationBad, "department_code is missing"},
        {"mappings: []\n" + whole, FaultCode::ConfigurationBad, "department_code is missing"},
        {"", FaultCode::ConfigurationBad, "department_code is missing"},
    };
    for (const auto& one : kCases) {
        const Folder folder;
        folder.write("housing/permits/system.yaml", cut);
        const auto remembered = [&] { return FileTree{{"systems/housing/permits/system.yaml", one.written}}; };
        BOOST_CHECK_EXCEPTION(RegisterFolder(folder.path, {}, remembered), Fault, [&](const Fault& fault) {
            BOOST_TEST(mentions(fault.what(), one.words), fault.what());
            return fault.code() == one.code;
        });
    }
}

BOOST_AUTO_TEST_CASE(tells_each_mistake_with_file_and_line) {
    const struct {
        const char* yaml;
        const char* place;
        const char* words;
    } kMistakes[] = {
        {"department_code: \"1\"\nmapings: [a]\n", "system.yaml:2", "unknown key \"mapings\""},
        {"department_code: \"1\"\nmappings: a\n", "system.yaml:2", "must be a list"},
        {"department_code: \"1\"\n\nauditor: maybe\n", "system.yaml:3", "true or false"},
        {"department_code: [1]\n", "system.yaml:1", "must be a text"},
        {"department_code: \"1\"\ndepartment_code: \"2\"\n", "system.yaml:2", "twice"},
        {"department_name: x\n", "system.yaml:1", "department_code is missing"},
        {"- a\n", "system.yaml:1", "keys and values"},
        {"a: [\n", "system.yaml:", ""},
        {"department_code: \"1\"\n\nstate: closed\n", "system.yaml:3 'c***d (6)'", "suspended or active"},
        {"department_code: \"1\"\nmay_read：[a]\nauditor: true\n", "system.yaml:3", "full-width (全角冒号 ：)"},
        {"department_code: \"1\"\nauditor：true\n", "system.yaml:2", "full-width (全角冒号 ：)"},
        {"mappings：[a]\n", "system.yaml:1", "full-width (全角冒号 ：)"},
        {"department_code: \"1\"\n\tauditor: true\n", "system.yaml:2", "a tab stands before"},
        {"department_code: \"1\"\nauditr: true\n", "system.yaml:2", "did you mean 'auditor'?"},
        {"department_code: \"1\"\n---\nauditor: true\n", "system.yaml", "one document"},
    };
    for (const auto& mistake : kMistakes) {
        const Folder folder;
        folder.write("housing/permits/system.yaml", mistake.yaml);
        const std::string told = mistakeOf(folder);
        BOOST_TEST(mentions(told, mistake.place), told);
        BOOST_TEST(mentions(told, mistake.words), told);
    }
}

BOOST_AUTO_TEST_CASE(refuses_one_certificate_for_two_systems_naming_both) {
    const Folder folder;
    const std::string pem = certificatePem("a");
    for (const char* system : {"housing/permits", "police/residence"}) {
        folder.write(fs::path(system) / "system.yaml", std::string_view(system).front() == 'h' ? kYaml : kPoliceYaml);
        folder.write(fs::path(system) / "a.pem", pem);
    }
    const std::string told = mistakeOf(folder);
    BOOST_TEST(mentions(told, "housing/permits"), told);
    BOOST_TEST(mentions(told, "police/residence"), told);
}

BOOST_AUTO_TEST_CASE(refuses_private_keys_broken_certificates_and_bad_names) {
    const auto told = [](const char* file, std::string_view text) {
        const Folder folder;
        folder.write("housing/permits/system.yaml", kYaml);
        folder.write(file, text);
        return mistakeOf(folder);
    };
    BOOST_TEST(mentions(told("housing/permits/a.pem", PrivateKey::generate(KeyKind::EcP256).toPem()), "private key"));
    BOOST_TEST(mentions(told("housing/permits/a.pem", "hello"), "no good certificate"));
    BOOST_TEST(mentions(told("housing/Permits/system.yaml", kYaml), "no name of a system"));
    BOOST_TEST(mentions(told("housing/empty/a.pem", certificatePem("x")), "has no system.yaml"));
    const Folder gone;
    fs::remove_all(gone.path);
    BOOST_TEST(mentions(mistakeOf(gone, FaultCode::FileUnavailable), "cannot be listed"));
}

/// What is told of it must not keep the gateway from being started again: a moment later it is whole.
BOOST_AUTO_TEST_CASE(a_certificate_that_is_just_being_copied_is_no_mistake_yet) {
    const std::string pem = certificatePem("a");
    for (const std::size_t size : {std::size_t(0), std::size_t(20), pem.size() / 2, pem.size() - 3}) {
        const Folder folder;
        folder.write("housing/permits/system.yaml", kYaml);
        folder.write("housing/permits/a.pem", pem.substr(0, size));
        BOOST_TEST(
            mentions(mistakeOf(folder, FaultCode::FileUnavailable), size == 0 ? "a.pem is empty" : "a.pem breaks off"));
        folder.write("housing/permits/a.pem", pem);
        BOOST_CHECK_NO_THROW(RegisterFolder{folder.path});
    }
}

/// A whole one ends its last line. What is wrong is told all the same: somebody may have written it so.
BOOST_AUTO_TEST_CASE(a_document_that_is_just_being_copied_is_no_mistake_yet) {
    const std::string whole = "department_code: \"11440232MB2C00000X\"\nmay_read: [police]\nauditor: true\n";
    const Folder folder;
    for (const char* const file : {"housing/permits/system.yaml", "housing/department.yaml"}) {
        folder.write("housing/permits/system.yaml", whole);
        const bool is_department = std::string_view(file).ends_with("department.yaml");
        const std::string text = is_department ? "code: \"11440232MB2C00000X\"\nname: x\nstate: active\n" : whole;
        for (std::size_t size = 0; size < text.size(); ++size) {
            folder.write(file, text.substr(0, size));
            if (size != 0 && text[size - 1] == '\n') continue;  // whole, for all that anybody can see
            try {
                const RegisterFolder loaded(folder.path);
            } catch (const Fault& fault) {
                BOOST_TEST((fault.code() == FaultCode::FileUnavailable), fault.what());
                BOOST_TEST(mentions(fault.what(), size == 0 ? " is empty" : ": its last line has no end"),
                           fault.what());
            }
        }
        folder.write(file, text);
        BOOST_CHECK_NO_THROW(RegisterFolder{folder.path});
    }
    folder.write("housing/permits/system.yaml", "department_code: \"1\"\nmapings: [a]");
    const std::string told = mistakeOf(folder, FaultCode::FileUnavailable);
    BOOST_TEST(mentions(told, "system.yaml:2: unknown key \"mapings\"; the file breaks off"), told);
    BOOST_TEST(mentions(told, "did you mean 'mappings'?"), told);
}

BOOST_AUTO_TEST_CASE(reloads_all_at_once_or_keeps_what_it_had) {
    const Folder folder;
    const auto police = *SystemId::parse("police/residence");
    folder.write("housing/permits/system.yaml", kYaml);
    RegisterFolder loaded(folder.path);
    const auto before = loaded.current();
    folder.write("police/residence/system.yaml", kPoliceYaml);
    loaded.reload();
    BOOST_TEST(loaded.current()->system(police) != nullptr);
    BOOST_TEST(before->system(police) == nullptr);
    folder.write("police/residence/system.yaml", "nonsense");
    BOOST_CHECK_THROW(loaded.reload(), Fault);
    BOOST_TEST(loaded.current()->system(police) != nullptr);
}

BOOST_AUTO_TEST_CASE(a_data_folder_is_no_export) {
    Folder data;
    for (const char* folder : {"keys", "tls", "systems/housing/permits"}) fs::create_directories(data.path / folder);
    std::ofstream(data.path / "systems/housing/permits/system.yaml") << kYaml;
    BOOST_CHECK_EXCEPTION(readExport(data.path), Fault, [&](const Fault& fault) {
        return std::string(fault.what()).find("is the data folder") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(an_export_that_no_request_can_hold_is_not_read_to_its_end) {
    Folder given;
    for (int i = 0; i < 128; ++i)
        given.write("systems/d" + std::to_string(i) + "/department.yaml", std::string(256 * 1024, '#'));
    BOOST_TEST(readExport(given.path).size() == 128U);
    given.write("mappings/one/mapping.yaml", "#");
    BOOST_CHECK_EXCEPTION(readExport(given.path), Fault, [](const Fault& fault) {
        return std::string(fault.what()).find("more than 32 MiB") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(an_export_with_a_link_is_not_read) {
    Folder outside;
    fs::create_directories(outside.path / "system");
    std::ofstream(outside.path / "system" / "system.yaml") << "mappings: [stolen]\n";
    for (const char* link : {"systems", "systems/housing", "systems/housing/permits",
                             "systems/housing/permits/system.yaml", "systems/housing/permits/README.md"}) {
        Folder given;
        const fs::path folder = given.path / "systems/housing/permits";
        fs::create_directories(folder);
        std::ofstream(folder / "system.yaml") << kYaml;
        BOOST_TEST(readExport(given.path).size() == 1U);
        fs::remove_all(given.path / link);
        const bool is_file = std::string_view(link).find('.') != std::string_view::npos;
        fs::create_symlink(is_file ? outside.path / "system/system.yaml" : outside.path, given.path / link);
        BOOST_CHECK_EXCEPTION(readExport(given.path), Fault, [&](const Fault& fault) {
            return std::string(fault.what()).find("is a link") != std::string::npos;
        });
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(KeyFiles)

BOOST_AUTO_TEST_CASE(sign_with_the_key_they_made) {
    const Folder folder;
    const fs::path file = folder.path / "log.key";
    KeyFile::create(file);
    KeyFile key(file);
    const auto signature = key.sign(bytesOf("checkpoint"));
    const auto public_key = PublicKey::fromPem(readPrivateKey(file).publicPem());
    BOOST_TEST(public_key->verify(SignatureAlgorithm::Ed25519, bytesOf("checkpoint"), signature));
    BOOST_TEST(public_key->rawEd25519() == textOf(key.publicKey()));
    BOOST_CHECK_THROW(KeyFile::create(file), Fault);
}

BOOST_AUTO_TEST_CASE(are_refused_where_others_can_read_them_or_the_key_is_of_another_kind) {
    const Folder folder;
    KeyFile::create(folder.path / "log.key");
    ::chmod((folder.path / "log.key").c_str(), 0644);
    BOOST_CHECK_THROW(KeyFile(folder.path / "log.key"), Fault);
    folder.write("ec.key", PrivateKey::generate(KeyKind::EcP256).toPem());
    ::chmod((folder.path / "ec.key").c_str(), 0600);
    BOOST_CHECK_THROW(KeyFile(folder.path / "ec.key"), Fault);
    BOOST_CHECK_THROW(KeyFile(folder.path / "none.key"), Fault);
    BOOST_CHECK_THROW(readPrivateKey(folder.path / "none.key"), Fault);
}

BOOST_AUTO_TEST_SUITE_END()
