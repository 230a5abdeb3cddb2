// tests/support/register_fixture.hpp - a register and a clock that a test owns.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <vector>

#include "gateway/ports/clock.hpp"
#include "gateway/ports/key_ring.hpp"
#include "tests/support/signing_fixture.hpp"

namespace caseway::test {

class FixedClock final : public Clock {
public:
    Instant now() const override { return now_.load(); }
    void set(Instant instant) { now_.store(instant); }

private:
    std::atomic<Instant> now_{instantOf("2026-05-04T00:31:00Z")};  ///< the writer reads it while the test moves it
};

class Ring final : public KeyRing {
public:
    void add(const Party& party, std::vector<std::string> mappings) {
        RegisteredSystem system;
        system.id = party.id;
        system.mappings = std::move(mappings);
        systems[party.id] = system;
        certificates[party.keyId()] = {party.keyId(), party.id, party.certificate->der()};
    }
    const RegisteredSystem* system(const SystemId& id) const override {
        const auto found = systems.find(id);
        return found == systems.end() ? nullptr : &found->second;
    }
    std::vector<const RegisteredSystem*> allSystems() const override {
        std::vector<const RegisteredSystem*> all;
        for (const auto& [id, known] : systems) all.push_back(&known);
        return all;
    }
    std::vector<const RegisteredCertificate*> certificatesOf(const SystemId& id) const override {
        std::vector<const RegisteredCertificate*> all;
        for (const auto& [key, certificate] : certificates)
            if (certificate.owner == id) all.push_back(&certificate);
        return all;
    }
    const RegisteredCertificate* certificate(const KeyId& id) const override {
        const auto found = certificates.find(id);
        return found == certificates.end() ? nullptr : &found->second;
    }
    std::map<SystemId, RegisteredSystem> systems;
    std::map<KeyId, RegisteredCertificate> certificates;
};

class FixedRegister final : public Register {
public:
    std::shared_ptr<Ring> ring = std::make_shared<Ring>();
    std::shared_ptr<const KeyRing> current() const override { return ring; }
};

}  // namespace caseway::test
