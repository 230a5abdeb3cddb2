// gateway/normalize/mapping.hpp - the stage's door: a compiled mapping, and payloads going through it record by record.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/limits.hpp"
#include "gateway/base/result.hpp"
#include "gateway/domain/case_patch.hpp"
#include "gateway/domain/known_record.hpp"
#include "gateway/formats/xml/document.hpp"
#include "gateway/normalize/mapping_spec.hpp"

namespace caseway {

class KnownRecords;

/// Receives the records of one payload in the order of their ends; ordinals are given in that order, from 1: of nested
/// records the inner comes first. Return false to stop the pass (slices, cancel).
class RecordSink {
public:
    virtual ~RecordSink() = default;
    /// `patch` lives until the call returns.
    virtual bool record(const CasePatch& patch) = 0;
    /// A record that could not be mapped, called once for it: its first mistake, the others in `also`;
    /// `refusal.record` is its ordinal. The other records go on.
    virtual bool refused(const Refusal& refusal) = 0;
    /// The same with what could be mapped of it, its number perhaps: who compares sets must know whose it is. `mapped`
    /// lives until the call returns.
    virtual bool refusedOf(const Refusal& refusal, const CasePatch& mapped) {
        static_cast<void>(mapped);
        return refused(refusal);
    }
    /// What is known of an earlier payload; where there is something (its own, for the time of the pass), the pass
    /// marks the records that it reads and passes over those that are known. nullptr: neither.
    virtual KnownRecords* knownRecords() { return nullptr; }
    /// By what the record that was handed over last, and no other, can be recognized.
    virtual void marked(const RecordMark& mark) { static_cast<void>(mark); }
    /// In the place of record(): a record that is known.
    virtual bool known(const KnownRecord& known) {
        static_cast<void>(known);
        return true;
    }
    /// Whether refusals may show codes that nobody knows, where they are looked at by who has the payload anyway and go
    /// nowhere else: in the commands that try a mapping. In answers, in the log and in reports they stay masked.
    virtual bool showsCodes() const { return false; }
};

/// How one expression will be evaluated. `mapping check` shows it.
enum class Evaluation { Streaming, RecordSubtree, WholeDocument };
struct ExpressionReport {
    std::string where;       ///< "fields.apply_time"
    std::string expression;  ///< as the mapping has it
    Evaluation evaluation = Evaluation::Streaming;
    int line = 0;
    std::string costly;  ///< why it may run into the limit of steps on large records; empty where nothing shows
};

/// Whether a payload whose place of records is there and empty is a success, of 0 records. Who reads a source night
/// after night says Taken; who sends a message has something to say.
enum class EmptySet { Refused, Taken };

/// What was seen of the payload besides its records.
/// An element that a path of the mapping names, in another namespace than the payload has it.
struct NamespaceMissed {
    std::string element;
    std::string there, wanted;  ///< namespaces; empty: none
};

struct PayloadReport {
    std::uint64_t found = 0;    ///< by `records`, also those that `when` leaves out; one found by several kinds: one
    std::uint64_t records = 0;  ///< mapped and refused
    std::uint64_t passed_over = 0;  ///< neither, since the mapping says so: the `when` of an only kind, `pass_over`
    std::uint64_t unwanted = 0;     ///< those of passed_over that a kind with `pass_over` names by its `when`
    std::vector<std::uint64_t>
        mapped_by_kind;             ///< by the kind's place in the mapping; kinds at the end may be left out
    std::string encoding;           ///< found: "UTF-8", "GB18030", …
    std::string declared_encoding;  ///< empty where none
    bool encoding_differs = false;
    bool stopped = false;  ///< the sink said so
    std::optional<NamespaceMissed> missed{};  ///< the first one, where no record was found
};

struct CompileOptions;

/// Immutable once loaded; callable concurrently (each call owns its state).
class Mapping {
public:
    /// Compiles; all mistakes at once (never just the first).
    static Result<std::shared_ptr<const Mapping>, std::vector<MappingMistake>> compile(MappingSpec spec);
    /// For tests that hold the ways of evaluation against each other (plan.hpp).
    static Result<std::shared_ptr<const Mapping>, std::vector<MappingMistake>> compile(MappingSpec spec,
                                                                                       const CompileOptions& options);
    ~Mapping();

    const MappingSpec& spec() const;
    std::vector<ExpressionReport> expressions() const;

    /// A payload of unknown encoding, from its first byte: BOM, strict UTF-8, strict GB 18030, or as declared: by
    /// itself (XML), else by `charset`, which came with it (of its media type; empty where none). Constant memory where
    /// all streams. Refusal: the payload as a whole is not well-formed (the records before were handed over) or too
    /// deep/large, or has no record at all, but for an empty set where `empty` takes it.
    Result<PayloadReport> run(ByteSource& payload, const Limits& limits, RecordSink& sink,
                              std::string_view charset = {}, EmptySet empty = EmptySet::Refused) const;
    /// The tree that a signature covered: `body` is the payload's root element. Only for format xml.
    Result<PayloadReport> run(const XmlDocument& document, const XmlNode& body, const Limits& limits,
                              RecordSink& sink) const;
    /// JSON text, UTF-8, as a signature covered it. Only for format json.
    Result<PayloadReport> runJson(std::string_view json, const Limits& limits, RecordSink& sink) const;

    struct Plan;

private:
    explicit Mapping(std::unique_ptr<Plan> plan);
    std::unique_ptr<Plan> plan_;
};

}  // namespace caseway
