// gateway/pipeline/reconcile_pages.cpp - compare, take what is wanted, look at what nobody showed, mark, tell.
#include "gateway/pipeline/reconcile_pages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/record/case_lookup.hpp"

namespace caseway {
namespace {

constexpr std::size_t kKeysAtOnce = 1000;
constexpr std::size_t kMarksAtOnce = 200;  ///< of one transaction: small messages pass between them
constexpr std::chrono::seconds kTellEvery{1};
constexpr std::chrono::hours kLately{30 * 24};  ///< a little each night is much in a month
constexpr std::uint64_t kReadyPercent = 20;     ///< above it no command is printed that only has to be copied
constexpr std::size_t kHistoryLooked = 1000;
constexpr std::size_t kMessagesKept = 100'000;

RunTrouble troubleOf(std::string code, std::string message, std::string next_step) {
    return {"config", std::move(code), {}, std::move(message), std::move(next_step)};
}

}  // namespace

ReconcilePages::ReconcilePages(Parts parts, std::string name, ShelvedMapping mapping, ReconcileOrder order)
    : parts_(std::move(parts)),
      name_(name),
      taken_(parts_.pages, std::move(name), mapping, {}),
      mapping_(std::move(mapping)),
      order_(order),
      comparison_(parts_.pages.store.reader(), parts_.pages.recorder.config(), parts_.make_keys(), order,
                  parts_.halted) {}

/// A run that was killed looks at everything anew, and finds what it had put right as it wanted it: its messages tell.
void ReconcilePages::lookBack(const Run& run) {
    if (std::exchange(has_looked_back_, true) || run.resumed == 0) return;
    StoreReader& reader = parts_.pages.store.reader();
    for (std::uint64_t after = 0;;) {
        const auto pages = reader.runPages(run.number, after, kKeysAtOnce);
        if (pages.empty()) break;
        after = pages.back().page;
        for (const RunPageRow& row : pages)
            if (const auto page = readRunPage(row.body))
                taken_before_.insert(page->messages.begin(), page->messages.end());
    }
    if (!taken_before_.empty()) comparison_.putRightBefore([this](CaseId id) { return putRightIn(id); });
}

/// The first of its statements that this run brought says how the case was found.
std::optional<Difference> ReconcilePages::putRightIn(CaseId id) const {
    std::optional<Difference> found;
    for (const PatchRow& patch : parts_.pages.store.reader().history(id, kHistoryLooked)) {
        if (!taken_before_.contains(patch.index)) continue;
        if (patch.outcome == RecordOutcome::New) found = Difference::MissingHere;
        if (patch.outcome == RecordOutcome::Changed && !found) found = Difference::Different;
    }
    return found;
}

PageTaken ReconcilePages::take(const Run& run, PulledPage& page) {
    lookBack(run);
    if (page.number != compared_) compareOnce(run, page);  // taken again after a fault of the store: compared once
    if (page.source_says) source_says_ = std::max(source_says_, *page.source_says);
    if (!page.withheld.empty()) withheld_ = page.withheld;
    PageTaken taken = taken_.take(run, page);
    taken.counts.source_says = page.source_says;  // who watches sees how far it is
    taken.compared = run.reconciliation.value();
    taken.compared->counts = comparison_.counts();
    taken.compared->counts.both = 0;  // of our side nothing is counted before all was read
    tellProgress(run, page.number, taken);
    return taken;
}

/// A fault in the middle of a page ends the run: half of the page is counted, and would be counted twice.
void ReconcilePages::compareOnce(const Run& run, PulledPage& page) {
    const auto disturbed = [](std::string why) {
        return ConnectorFault(ConnectorFaultKind::Transient,
                              {"reconcile_disturbed", "", "a page could be compared in part only: " + std::move(why),
                               "run it again: it begins anew, and nothing was marked"});
    };
    if (is_halfway_) throw disturbed("it was interrupted");
    is_halfway_ = true;
    try {
        comparePage(run, page);
    } catch (const Fault& fault) {
        const bool may_pass = fault.isTransient() || fault.code() == FaultCode::FileUnavailable;
        if (!may_pass || parts_.halted()) throw;
        throw disturbed(fault.what());
    }
    is_halfway_ = false;
    compared_ = page.number;
}

/// A page of which nothing is taken leaves no trace; who watches sees the run's row.
void ReconcilePages::tellProgress(const Run& run, std::uint64_t page, const PageTaken& taken) {
    const Instant now = parts_.pages.clock.now();
    if (told_at_ == Instant{}) told_at_ = now;
    if (!taken.messages.empty() || now - told_at_ < kTellEvery) return;
    told_at_ = now;
    Run behind = run;
    behind.pages = page;
    behind.reconciliation = taken.compared;
    taken_.begin(std::move(behind));
}

void ReconcilePages::comparePage(const Run& run, PulledPage& page) {
    ring_ = parts_.pages.known.current();
    const RegisteredSystem* const system = ring_->system(run.system);
    if (system == nullptr) return;  // the taking refuses it, with what to do
    const BorneJudge judge{parts_.pages.verifier, parts_.pages.limits, parts_.pages.signatures, name_};
    for (PulledPayload& payload : page.payloads) {
        KeptBody& body = static_cast<KeptBody&>(*payload.body);
        const auto bytes = body.source();
        const std::string& media_type = payload.head.media_type;
        const BorneVerdict verdict = verdictOf(judge, body, payload.head, run.system);
        comparison_.source(*system, parts_.pages.clock.now(),
                           verdict.content && isMessage(verdict.form) ? &verdict.content->header : nullptr);
        payload.is_wanted = comparison_.compare(
            [&](RecordSink& sink) {
                return mapPulled(*mapping_.mapping, verdict, *bytes, media_type, parts_.pages.limits, sink);
            },
            {payload.head.name, body.digest(), body.size(), 0});
    }
}

/// What cannot even be looked at is refused here; the taking meets it again, and parks the payload.
BorneVerdict ReconcilePages::verdictOf(const BorneJudge& judge, KeptBody& body, const PayloadHead& head,
                                       const SystemId& system) const {
    try {
        return judge.of(body, head, parts_.pages.clock.now(), *ring_, system);
    } catch (const Fault&) {
        throw;
    } catch (const std::exception&) {
        return {SignatureForm::None, {}, Refusal{}};
    }
}

bool ReconcilePages::settle(Run& run, const Patience& patience) {
    const Instant now = parts_.pages.clock.now();
    began_ = run.reconciliation.value().began.value_or(ReconcileBegan{});  // unknown: nothing is judged
    if (!findMissing(run, patience.halted)) return false;
    ReconcileCounts& counts = comparison_.counts();
    std::vector<CaseId> fresh = freshOf(now);
    auto trouble = doubts(run, counts, fresh.size());
    if (trouble) fresh.clear();
    if (!mark(run, now, fresh, patience)) return false;
    std::erase_if(fresh,
                  [this](CaseId id) { return std::binary_search(passed_over_.begin(), passed_over_.end(), id); });
    counts.returned = returned_.size();
    counts.marked = fresh.size();
    counts.missing_there -= passed_over_.size();
    counts.not_compared += passed_over_.size();
    CASEWAY_CHECK(counts.addUp());
    tellMissing();
    std::sort(fresh.begin(), fresh.end());
    comparison_.report().mark(fresh);
    if (trouble) {
        run.state = RunState::Stopped;
        run.trouble = std::move(trouble);
    }
    run.reconciliation->counts = counts;
    run.reconciliation->doubled_such = comparison_.doubledSuch();
    report_ = comparison_.report().text(run, mapping_.mapping->spec().version, now);
    run.reconciliation->report = toHex(sha256(report_));
    return true;
}

/// Those of the missing that bear no mark yet; the others are counted where they were marked lately.
std::vector<CaseId> ReconcilePages::freshOf(Instant now) {
    std::vector<CaseId> fresh;
    for (const CaseId id : missing_) {
        const auto mark = std::lower_bound(marked_before_.begin(), marked_before_.end(), id,
                                           [](const VanishedRow& row, CaseId wanted) { return row.case_id < wanted; });
        if (mark == marked_before_.end() || mark->case_id != id)
            fresh.push_back(id);
        else if (mark->at > now - kLately && !isAllowedMore(mark->run))
            ++marked_lately_;
    }
    return fresh;
}

/// Somebody allowed that run a larger share than this one has: what it marked was asked for.
bool ReconcilePages::isAllowedMore(RunNo number) {
    const auto [at, is_new] = is_allowed_more_.try_emplace(number, false);
    if (!is_new) return at->second;
    const auto row = parts_.pages.store.reader().run(number);
    const auto run = row ? readRun(row->body) : Result<Run>(Refusal{});
    at->second = run && run->reconciliation &&
                 run->reconciliation->order.vanished_at_most.permille > order_.vanished_at_most.permille;
    return at->second;
}

/// One pass over the keys of our cases; only of those that no record showed is the row read. False: halted.
bool ReconcilePages::findMissing(const Run& run, const std::function<bool()>& halted) {
    StoreReader& reader = parts_.pages.store.reader();
    findOthers(run);
    for (CaseId after = 0;;) {
        const auto marks = reader.vanishedAfter(after, kKeysAtOnce);
        if (marks.empty()) break;
        for (const VanishedRow& mark : marks) {
            after = mark.case_id;
            marked_before_.push_back(mark);
            if (comparison_.seen().contains(mark.case_id)) returned_.push_back(mark.case_id);
        }
    }
    std::string seen_no;  // of the last case that was seen: the next one may bear the same number
    for (CaseKey after;;) {
        const auto keys = reader.caseKeys(run.system, after, kKeysAtOnce);
        if (keys.empty()) break;
        after = keys.back();
        for (const CaseKey& key : keys) {
            if (!comparison_.seen().contains(key.id)) {
                lookFor(run, key, !seen_no.empty() && key.source_case_no == seen_no);
                continue;
            }
            seen_no = key.source_case_no;
            if (std::binary_search(returned_.begin(), returned_.end(), key.id))
                comparison_.report().add(Difference::Returned, {}, key.source_case_no);
        }
        if (halted()) return false;
    }
    ReconcileCounts& counts = comparison_.counts();
    counts.ours = counts.both + counts.missing_there + counts.not_compared;
    return true;
}

/// A case that the source did not show. `shares_number`: with one that it showed; a record may have meant either.
void ReconcilePages::lookFor(const Run& run, const CaseKey& key, bool shares_number) {
    const auto row = parts_.pages.store.reader().caseById(key.id);
    if (!row || row->deleted || isAlias(*row)) return;  // deleted here, and not there: both sides agree
    ReconcileCounts& counts = comparison_.counts();
    if (shares_number || isSpokenOfSince(parts_.pages.store.reader(), *row, began_) || !isTold(run, *row)) {
        ++counts.not_compared;
        return;
    }
    ++counts.missing_there;
    missing_.push_back(key.id);
}

/// Two connectors of one system have a set each.
void ReconcilePages::findOthers(const Run& run) {
    const std::string prefix = run.system.text() + "/";
    for (std::uint64_t before = 0;;) {
        const auto runs = parts_.pages.store.reader().runs({}, before, kKeysAtOnce);
        if (runs.empty()) return;
        before = runs.back().number;
        for (const RunRow& row : runs)
            if (row.connector != run.connector && row.connector.starts_with(prefix)) has_others_ = true;
        if (before <= 1 || has_others_) return;
    }
}

/// Whether the case belongs to this connector's set: where there are other connectors, only what this one told does.
bool ReconcilePages::isTold(const Run& run, const CaseRow& row) {
    if (!has_others_) return true;
    if (row.repeated && isTelling(run, row.repeated->record.index)) return true;
    const auto history = parts_.pages.store.reader().history(row.id, kHistoryLooked);
    return std::any_of(history.begin(), history.end(),
                       [&](const PatchRow& patch) { return isTelling(run, patch.index); });
}

bool ReconcilePages::isTelling(const Run& run, LogIndex index) {
    if (is_telling_.size() >= kMessagesKept) is_telling_.clear();
    const auto [at, is_new] = is_telling_.try_emplace(index, false);
    if (!is_new) return at->second;
    StoreReader& reader = parts_.pages.store.reader();
    const auto message = reader.message(index);
    if (!message || message->origin != Origin::Pulled) return false;
    const auto envelope = reader.envelope(index);
    const auto pull = envelope ? readStoredPull(envelope->head) : Result<StoredPull>(Refusal{});
    return at->second = pull && pull->head.connector == run.connector;
}

/// Why nothing may be marked now; nothing where it may. No share allows to mark beside a set that is not whole.
std::optional<RunTrouble> ReconcilePages::doubts(const Run& run, const ReconcileCounts& counts,
                                                 std::uint64_t new_marks) const {
    if (new_marks == 0) return std::nullopt;
    const std::uint64_t found = comparison_.found(), again = comparison_.again();
    if (counts.payloads_refused != 0 || counts.unreadable != 0 || found - again < source_says_)
        return troubleOf(
            "reconcile_set_not_whole",
            fmt::format(
                "{} of our cases were not in what came, but that was not whole: {} payloads and {} records could "
                "not be read, {} of {} records came, {} came again; nothing was marked",
                new_marks, counts.payloads_refused, counts.unreadable, found - again,
                std::max(source_says_, found - again), again),
            again != 0 ? "let the source order its pages by a key that is unique, and run it again"
                       : "let the source give its whole set, or mend the mapping, and run it again");
    if (!withheld_.empty())
        return troubleOf(
            "reconcile_set_not_whole",
            fmt::format("{} of our cases were not in what came, but the source does not give everything: {}; nothing "
                        "was marked",
                        new_marks, withheld_),
            "let the source give its whole set, and run it again");
    if (found == 0)
        return troubleOf("reconcile_set_not_whole",
                         fmt::format("nothing came at all, beside {} of our cases; nothing was marked", new_marks),
                         "look whether the source is reached where its data lie, and run it again");
    if (auto trouble = repeated(run, new_marks)) return trouble;
    return tooMany(run, counts, new_marks);
}

/// A source whose pages shift while they are read gives some records twice and others not at all. Its own count tells
/// that it is not so; without one a person does, by a share for this run.
std::optional<RunTrouble> ReconcilePages::repeated(const Run& run, std::uint64_t new_marks) const {
    if (comparison_.again() == 0 || source_says_ != 0 || order_.is_share_given) return std::nullopt;
    return troubleOf(
        "reconcile_records_repeated",
        fmt::format("{} of our cases were not in what came, and {} records came again: perhaps the source's pages "
                    "shifted while they were read; nothing was marked",
                    new_marks, comparison_.again()),
        fmt::format("let the source order its pages by a key that is unique, or tell its `total`; where the cases are "
                    "gone indeed: caseway sync run {} --reconcile --vanished-at-most {}",
                    run.connector, order_.vanished_at_most.text()));
}

/// Of the cases that live here, those that were marked in the last month beside the new ones.
std::optional<RunTrouble> ReconcilePages::tooMany(const Run& run, const ReconcileCounts& counts,
                                                  std::uint64_t new_marks) const {
    const std::uint64_t marks = new_marks + marked_lately_;
    const std::uint64_t live = counts.both - std::min(counts.both, counts.deleted_here) + marks;
    if (!order_.vanished_at_most.isExceededBy(marks, live)) return std::nullopt;
    const std::uint64_t percent = std::min<std::uint64_t>(100, (marks * 100 + live - 1) / live);
    const std::string next_step =
        percent <= kReadyPercent
            ? fmt::format(
                  "look at the report and ask the department; where they are gone indeed: caseway sync run {} "
                  "--reconcile --vanished-at-most {}%",
                  run.connector, percent)
            : "look at the report and ask the department; where they are gone indeed, run it again with "
              "--vanished-at-most and the share that it confirms";
    return troubleOf(
        "reconcile_too_many_vanished",
        fmt::format("{} of {} cases were not in what came ({} of them marked in the last 30 days), more than the {} "
                    "that may be marked; nothing was marked",
                    marks, live, marked_lately_, order_.vanished_at_most.text()),
        next_step);
}

/// A few at a time. False: halted; what is marked by then goes when the run ends, or begins anew.
bool ReconcilePages::mark(const Run& run, Instant at, const std::vector<CaseId>& fresh, const Patience& patience) {
    std::size_t marked_so_far = 0, returned = 0;
    while (marked_so_far < fresh.size() || returned < returned_.size()) {
        if (patience.halted()) return false;
        MarkJob::Marks marks;
        marks.began = began_;
        for (; marked_so_far < fresh.size() && marks.vanished.size() < kMarksAtOnce; ++marked_so_far)
            marks.vanished.push_back({fresh[marked_so_far], run.number, at});
        for (; returned < returned_.size() && marks.returned.size() < kMarksAtOnce; ++returned)
            marks.returned.push_back(returned_[returned]);
        const MarkJob::Result result = marked(marks, patience);
        passed_over_.insert(passed_over_.end(), result.passed_over.begin(), result.passed_over.end());
    }
    std::sort(passed_over_.begin(), passed_over_.end());
    return true;
}

/// Tried again while the store is busy.
MarkJob::Result ReconcilePages::marked(const MarkJob::Marks& marks, const Patience& patience) {
    for (unsigned attempt = 1;; ++attempt) {
        auto job = std::make_unique<MarkJob>(marks);
        auto result = job->result();
        std::unique_ptr<CommitJob> queued = std::move(job);
        MarkJob::Result done;
        if (parts_.pages.committer.submit(queued))
            done = result.get();
        else
            done.fault = Fault(FaultCode::StoreUnavailable, "too many messages wait for the writer", "try again");
        if (!done.fault) return done;
        if (!done.fault->isTransient() || !patience.again(attempt, *done.fault)) throw *done.fault;
    }
}

/// Once it is known which of them were spoken of meanwhile.
void ReconcilePages::tellMissing() {
    for (const CaseId id : missing_) {
        if (std::binary_search(passed_over_.begin(), passed_over_.end(), id)) continue;
        if (const auto row = parts_.pages.store.reader().caseById(id))
            comparison_.report().add(Difference::MissingThere, parts_.pages.recorder.numbers().of(*row),
                                     row->source_case_no);
    }
}

}  // namespace caseway
