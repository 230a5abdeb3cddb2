// gateway/cli/doctor_checks.hpp - what `caseway doctor` looks at, a subject each. Each tells what it finds; what cannot
// be read is thrown as a Fault.
#pragma once

#include "gateway/base/time.hpp"
#include "gateway/cli/diagnosis.hpp"
#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/daemon/settings.hpp"
#include "gateway/domain/register.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// The listener's certificate, its key, and whether its chain leads anywhere.
void checkServerCertificate(Diagnosis& diagnosis, const Settings& settings);
/// The last good certificate of each system: one that has a successor beside it may end.
void checkExpiries(Diagnosis& diagnosis, const RegisterContent& content, bool refuses_expired, Instant now);
/// Registered under former rules: nothing that they sign is taken, and what they signed proves nothing.
void checkForgeableKeys(Diagnosis& diagnosis, const RegisterContent& content);
/// Whether keys/ca.key is here, and the key of our own authority's certificate.
void checkOwnAuthority(Diagnosis& diagnosis, const RegisterContent& content, const Settings& settings);
void checkRegister(Diagnosis& diagnosis, const Settings& settings, const MappingsByName& mappings);
/// What connectors may use, and nobody's connector can: a department that is not there, a secret without one.
void checkConnectorAccess(Diagnosis& diagnosis, const Settings& settings);
/// Which protections of plug-ins are in force, and what is wrong with those that are here.
void checkPlugins(Diagnosis& diagnosis, const Settings& settings);
void checkRuns(Diagnosis& diagnosis, const Settings& settings);
/// What became of the morning report on the ways that are configured.
void checkReport(Diagnosis& diagnosis, const Settings& settings, StoreReader& reader);

}  // namespace caseway
