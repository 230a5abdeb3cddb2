// gateway/formats/run/run_document.cpp - writing in sorted order, reading strictly.
#include "gateway/formats/run/run_document.hpp"

#include <algorithm>
#include <cstdlib>

#include "gateway/formats/run/object_members.hpp"
#include "gateway/formats/run/reconciliation_document.hpp"

namespace caseway {
namespace {

void appendTrouble(const RunTrouble& trouble, bool with_words, std::string& out) {
    Members members(out);
    if (!trouble.cause.empty()) members.text("cause", trouble.cause);
    members.text("code", trouble.code);
    members.text("kind", trouble.kind);
    if (with_words) {
        members.text("message", trouble.message);
        members.text("next_step", trouble.next_step);
        members.text("where", trouble.where);
    }
    members.close();
}

RunCounts readCounts(Reading& run) {
    Reading object(run.find("counts"));
    RunCounts counts;
    counts.records.changed = object.number("changed");
    counts.records.fresh = object.number("new");
    counts.doubled = object.numberIfAny("doubled").value_or(0);
    counts.parked = object.numberIfAny("parked").value_or(0);
    counts.payloads = object.number("payloads");
    counts.payloads_refused = object.number("payloads_refused");
    counts.read = object.number("read");
    counts.records.refused = object.number("refused");
    counts.records.same = object.number("same");
    counts.source_says = object.numberIfAny("source_says");
    counts.records.stale = object.number("stale");
    if (!object.good()) run.fail();
    return counts;
}

RunTrouble readTrouble(Reading& run) {
    Reading object(run.find("trouble"));
    RunTrouble trouble{object.text("kind"),    object.text("code"),      object.text("where"),
                       object.text("message"), object.text("next_step"), {}};
    trouble.cause = object.textIfAny("cause");
    if (!object.good()) run.fail();
    return trouble;
}

void appendKills(const RunKills& kills, std::string& out) {
    Members members(out);
    if (kills.has_left) members.number("left", 1);
    if (!kills.parked.empty()) {
        std::string& list = members.value("parked");
        list += '[';
        for (const std::string& digest : kills.parked) {
            if (list.back() != '[') list += ',';
            appendJsonString(digest, list);
        }
        list += ']';
    }
    members.number("taken_up", kills.taken_up);
    if (kills.tries != 0) members.number("tries", kills.tries);
    if (!kills.trying.empty()) members.text("trying", kills.trying);
    members.close();
}

/// Numbers here have no sign: two members, of which one is there.
struct ClockMembers {
    std::string_view ahead, behind;
};
constexpr ClockMembers kRunsClock{"source_clock_ahead", "source_clock_behind"}, kClock{"clock_ahead", "clock_behind"};

void appendClock(const std::optional<std::chrono::seconds>& ahead, const ClockMembers& names, Members& members) {
    if (ahead)
        members.number(ahead->count() < 0 ? names.behind : names.ahead,
                       static_cast<std::uint64_t>(std::abs(ahead->count())));
}

std::optional<std::chrono::seconds> readClock(Reading& object, const ClockMembers& names) {
    const auto ahead = object.numberIfAny(names.ahead), behind = object.numberIfAny(names.behind);
    if (ahead) return std::chrono::seconds(*ahead);
    if (behind) return -std::chrono::seconds(*behind);
    return std::nullopt;
}

void appendWaiting(const WaitingFiles& waiting, std::string& out) {
    Members members(out);
    members.number("count", waiting.count);
    members.text("since", toRfc3339(waiting.since));
    members.close();
}

std::optional<WaitingFiles> readWaiting(Reading& run, std::string_view name) {
    if (run.find(name) == nullptr) return std::nullopt;
    Reading object(run.find(name));
    WaitingFiles waiting{object.number("count"), object.instant("since")};
    if (!object.good()) run.fail();
    return waiting;
}

void appendGave(const RunGave& gave, std::string& out) {
    Members members(out);
    if (gave.aside) appendWaiting(*gave.aside, members.value("aside"));
    appendClock(gave.clock_ahead, kClock, members);
    if (!gave.first_too_large.empty()) members.text("first_too_large", gave.first_too_large);
    members.number("most_told", gave.most_told);
    if (!gave.worth_knowing.empty()) members.text("note", gave.worth_knowing);
    if (!gave.is_counted) members.number("not_counted", 1);
    members.number("records", gave.records);
    if (gave.too_large != 0) members.number("too_large", gave.too_large);
    if (gave.total) members.number("total", *gave.total);
    if (!gave.uncounted.empty()) members.text("uncounted", gave.uncounted);
    if (gave.waiting) appendWaiting(*gave.waiting, members.value("waiting"));
    if (gave.is_whole) members.number("whole", 1);
    if (gave.withholds) members.number("withholds", 1);
    members.close();
}

RunGave readGave(Reading& run) {
    Reading object(run.find("gave"));
    RunGave gave;
    gave.clock_ahead = readClock(object, kClock);
    gave.first_too_large = object.textIfAny("first_too_large");
    gave.most_told = object.number("most_told");
    gave.worth_knowing = object.textIfAny("note");
    gave.is_counted = object.numberIfAny("not_counted").value_or(0) == 0;
    gave.records = object.number("records");
    gave.too_large = object.numberIfAny("too_large").value_or(0);
    gave.total = object.numberIfAny("total");
    gave.uncounted = object.textIfAny("uncounted");
    gave.aside = readWaiting(object, "aside");
    gave.waiting = readWaiting(object, "waiting");
    gave.is_whole = object.numberIfAny("whole").value_or(0) != 0;
    gave.withholds = object.numberIfAny("withholds").value_or(0) != 0;
    if (!object.good()) run.fail();
    return gave;
}

RunKills readKills(Reading& run) {
    Reading object(run.find("kills"));
    RunKills kills;
    kills.has_left = object.numberIfAny("left").value_or(0) != 0;
    kills.taken_up = object.number("taken_up");
    kills.tries = object.numberIfAny("tries").value_or(0);
    kills.trying = object.textIfAny("trying");
    const JsonValue* const parked = object.find("parked");
    for (std::uint32_t i = 0; parked != nullptr && parked->type == JsonValue::Type::Array && i < parked->count; ++i)
        kills.parked.emplace_back(parked->items[i].text);
    if (!object.good()) run.fail();
    return kills;
}

/// The value whose name stands at its place in `names`.
template <class Value, std::size_t Count>
Value named(const std::array<std::string_view, Count>& names, std::string_view name, Reading& run) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) run.fail();
    return found == names.end() ? Value{} : static_cast<Value>(found - names.begin());
}

Refusal malformed(std::string_view what) {
    return {"malformed_json", std::string(what), {}, "as the gateway wrote it", "restore the last backup", {}};
}

}  // namespace

void appendRunCounts(const RunCounts& counts, std::string& out) {
    Members members(out);
    members.number("changed", counts.records.changed);
    if (counts.doubled != 0) members.number("doubled", counts.doubled);
    members.number("new", counts.records.fresh);
    if (counts.parked != 0) members.number("parked", counts.parked);
    members.number("payloads", counts.payloads);
    members.number("payloads_refused", counts.payloads_refused);
    members.number("read", counts.read);
    members.number("refused", counts.records.refused);
    members.number("same", counts.records.same);
    if (counts.source_says) members.number("source_says", *counts.source_says);
    members.number("stale", counts.records.stale);
    members.close();
}

std::string jsonOf(const Run& run) {
    std::string json;
    Members members(json);
    if (run.aside) appendWaiting(*run.aside, members.value("aside"));
    members.text("connector", run.connector);
    appendRunCounts(run.counts, members.value("counts"));
    const std::string& doubled_such = run.reconciliation ? run.reconciliation->doubled_such : run.counts.doubled_such;
    if (!doubled_such.empty()) members.text("doubled_such", doubled_such);
    if (run.ended_at) members.text("ended_at", toRfc3339(*run.ended_at));
    if (run.ends_by) members.text("ends_by", toRfc3339(*run.ends_by));
    if (!run.from.empty()) members.text("from", toBase64(bytesOf(run.from)));
    if (run.gave) appendGave(*run.gave, members.value("gave"));
    if (run.kills != RunKills{}) appendKills(run.kills, members.value("kills"));
    members.text("kind", nameOf(run.kind));
    if (run.log_index) members.number("log_index", *run.log_index);
    if (!run.note.empty()) members.text("note", run.note);
    members.number("number", run.number);
    if (run.of != 0) members.number("of", run.of);
    members.number("pages", run.pages);
    if (!run.reads.empty()) members.text("reads", run.reads);
    if (run.reconciliation) appendReconciliation(*run.reconciliation, members.value("reconciliation"));
    members.number("resumed", run.resumed);
    appendClock(run.clock_ahead, kRunsClock, members);
    members.text("started_at", toRfc3339(run.started_at));
    members.text("state", nameOf(run.state));
    if (!run.stood.empty()) members.text("stood", toBase64(bytesOf(run.stood)));
    members.text("system", run.system.text());
    if (!run.terms.empty()) members.text("terms", run.terms);
    if (run.trouble) appendTrouble(*run.trouble, true, members.value("trouble"));
    if (run.waiting) appendWaiting(*run.waiting, members.value("waiting"));
    members.close();
    return json;
}

std::string leafDetailOf(const Run& run) {
    std::string json;
    Members members(json);
    members.text("connector", run.connector);
    appendRunCounts(run.counts, members.value("counts"));
    members.text("kind", nameOf(run.kind));
    if (run.of != 0) members.number("of", run.of);
    members.number("pages", run.pages);
    if (run.reconciliation) appendReconciliation(*run.reconciliation, members.value("reconciliation"));
    members.number("resumed", run.resumed);
    members.number("run", run.number);
    members.text("started_at", toRfc3339(run.started_at));
    members.text("state", nameOf(run.state));
    if (run.trouble) appendTrouble(*run.trouble, false, members.value("trouble"));
    members.close();
    return json;
}

Result<Run> readRun(std::string_view json) {
    JsonTree tree;
    const auto root = parseJson(json, JsonLimits{.depth = 4}, tree);
    Reading object(root ? *root : nullptr);
    Run run;
    run.connector = object.text("connector");
    run.counts = readCounts(object);
    if (object.find("ended_at") != nullptr) run.ended_at = object.instant("ended_at");
    if (object.find("ends_by") != nullptr) run.ends_by = object.instant("ends_by");
    run.from = object.bytesIfAny("from");
    if (object.find("gave") != nullptr) run.gave = readGave(object);
    run.kind = named<RunKind>(kRunKindNames, object.text("kind"), object);
    if (object.find("kills") != nullptr) run.kills = readKills(object);
    run.log_index = object.numberIfAny("log_index");
    run.note = object.textIfAny("note");
    run.number = object.number("number");
    run.of = object.numberIfAny("of").value_or(0);
    run.pages = object.number("pages");
    run.reads = object.textIfAny("reads");
    if (const JsonValue* const compared = object.find("reconciliation")) {
        run.reconciliation = readReconciliation(*compared);
        if (!run.reconciliation) object.fail();
        if (run.reconciliation) run.reconciliation->doubled_such = object.textIfAny("doubled_such");
    } else {
        run.counts.doubled_such = object.textIfAny("doubled_such");
    }
    if ((run.kind == RunKind::Reconcile) != run.reconciliation.has_value()) object.fail();
    run.resumed = object.number("resumed");
    run.clock_ahead = readClock(object, kRunsClock);
    run.started_at = object.instant("started_at");
    run.state = named<RunState>(kRunStateNames, object.text("state"), object);
    run.stood = object.bytesIfAny("stood");
    const auto system = SystemId::parse(object.text("system"));
    if (system) run.system = *system;
    run.terms = object.textIfAny("terms");
    if (object.find("trouble") != nullptr) run.trouble = readTrouble(object);
    run.aside = readWaiting(object, "aside");
    run.waiting = readWaiting(object, "waiting");
    if (!object.good() || !system) return malformed("run");
    return run;
}

std::string jsonOf(const RunPage& page) {
    std::string json;
    Members members(json);
    const auto list = [&members](std::string_view name, const std::vector<std::uint64_t>& leaves) {
        std::string& text = members.value(name);
        text += '[';
        for (const std::uint64_t index : leaves) text += (text.back() == '[' ? "" : ",") + std::to_string(index);
        text += ']';
    };
    if (page.ends_pass) members.number("ends_pass", 1);
    if (!page.known.empty()) list("known", page.known);
    list("messages", page.messages);
    if (page.parked) {
        members.text("parked_from", toBase64(bytesOf(page.parked->from)));
        members.text("parked_next", toBase64(bytesOf(page.parked->next)));
    }
    if (page.passed_over) members.number("passed_over", *page.passed_over);
    if (page.source_says) members.number("source_says", *page.source_says);
    members.close();
    return json;
}

Result<RunPage> readRunPage(std::string_view json) {
    JsonTree tree;
    const auto root = parseJson(json, JsonLimits{.depth = 3}, tree);
    Reading object(root ? *root : nullptr);
    RunPage page;
    if (object.find("parked_from") != nullptr)
        page.parked = ParkedSpan{object.bytesIfAny("parked_from"), object.bytesIfAny("parked_next")};
    page.ends_pass = object.numberIfAny("ends_pass").value_or(0) != 0;
    page.passed_over = object.numberIfAny("passed_over");
    page.source_says = object.numberIfAny("source_says");
    const auto leaves = [](const JsonValue& list, std::vector<std::uint64_t>& into) {
        if (list.type != JsonValue::Type::Array) return false;
        for (std::uint32_t i = 0; i < list.count; ++i)
            if (!Reading::asNumber(list.items[i], into.emplace_back())) return false;
        return true;
    };
    const JsonValue* const messages = object.find("messages");
    const JsonValue* const known = object.find("known");
    if (!object.good() || messages == nullptr || !leaves(*messages, page.messages) ||
        (known != nullptr && !leaves(*known, page.known)))
        return malformed("page of a run");
    return page;
}

}  // namespace caseway
