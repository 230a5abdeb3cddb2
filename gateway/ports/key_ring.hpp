// gateway/ports/key_ring.hpp - the register as the verifying stages see it: who may sign as whom, with which
// certificate.
#pragma once

#include <memory>
#include <vector>

#include "gateway/domain/register.hpp"

namespace caseway {

/// One immutable state of the register. Readers hold it for the length of one message, so a reload never tears.
class KeyRing {
public:
    virtual ~KeyRing() = default;
    /// nullptr where the system is not registered.
    virtual const RegisteredSystem* system(const SystemId& id) const = 0;
    /// Every registered system, by id.
    virtual std::vector<const RegisteredSystem*> allSystems() const = 0;
    /// All certificates of one system, overlapping ones during a rotation; empty where there are none.
    virtual std::vector<const RegisteredCertificate*> certificatesOf(const SystemId& id) const = 0;
    /// The certificate with this key id whoever owns it; nullptr where none. A key id has at most one owner.
    virtual const RegisteredCertificate* certificate(const KeyId& id) const = 0;
};

/// Hands out the current state. Callable concurrently.
class Register {
public:
    virtual ~Register() = default;
    virtual std::shared_ptr<const KeyRing> current() const = 0;
};

}  // namespace caseway
