// gateway/report/report_words.cpp - two tables.
#include "gateway/report/report_words.hpp"

#include "gateway/domain/known_codes.hpp"

namespace caseway {
namespace {

std::string_view noAdvice(std::string_view) {
    return {};
}

std::string_view chineseAdvice(std::string_view code) {
    const KnownCode* known = knownCode(code);
    return known == nullptr ? std::string_view() : known->advice;
}

constexpr ReportWords kEnglish{
    .tag = "en",
    .title = "Morning report",
    .night = "Night",
    .made = "Made",
    .so_far = "the night is not over",
    .department = "Department",
    .connector = "Connector",
    .state = "State",
    .planned = "Planned",
    .ran = "Ran",
    .read = "read",
    .fresh = "new",
    .changed = "changed",
    .same = "same",
    .stale = "stale",
    .refused = "refused",
    .source_says = "source says",
    .last_good = "Last good run",
    .newest = "Newest business time",
    .next = "Next run",
    .volume = "Last nights",
    .counts = "Records",
    .attention = "What needs somebody",
    .nothing = "Nothing: everybody who was due came, nothing was refused, and nothing is new.",
    .refusals = "Refusals by rule",
    .rule = "Rule",
    .examples = "Examples (values masked)",
    .not_read = "further refusals, not read by rule",
    .drift = "Drift: never seen before",
    .field = "field",
    .code = "code",
    .trouble = "Trouble",
    .next_step = "Next step",
    .payloads_refused = "payloads refused as a whole or broken off",
    .never = "never",
    .jumped = "records, against a median of",
    .median = "median",
    .record = "record",
    .payload = "payload",
    .message = "message",
    .none = "–",
    .began = "since",
    .records_refused = "records refused",
    .blackout = "blackout date",
    .sums = "read = new + changed + same + stale + refused",
    .first_seen = "first seen in run",
    .legend = "Records of the night by outcome",
    .beside = "beside the plan",
    .never_whole = "its set never stood still while it was read, runs in a row (set_incomplete)",
    .never_whole_advice =
        "ask the department for an extract or a view that stands still, for pages in the order of a key "
        "that never changes, or read by `since`; let it run when nobody works there (schedule)",
    .clock_ahead = "the source's clock is ahead of ours by",
    .clock_behind = "the source's clock is behind ours by",
    .clock_advice = "timedatectl shows whether ours is right; else ask the department to set theirs",
    .both_sides = "Compared",
    .source = "source",
    .ours = "ours",
    .different = "different",
    .missing_here = "missing here",
    .newer_here = "newer here",
    .deleted_here = "deleted here",
    .repeated = "repeated there",
    .missing_there = "missing there",
    .not_compared = "not compared",
    .put_right = "put right",
    .marked = "marked",
    .marked_before = "marked before",
    .left = "left",
    .waits_since = "waits since",
    .tries_again = "tries again at",
    .tries_now = "tries again now",
    .failed_since = "asked for since, and failed",
    .files_wait = "files wait to be ready, the oldest since",
    .files_wait_advice =
        "ask the department to write the ready-marker, or whether the file is whole; caseway connector test shows how "
        "many wait",
    .not_sent = "not sent, attempts",
    .days = "d",
    .hours = "h",
    .minutes = "min",
    .doubled = "doubled there, differing",
    .such_as = "such as",
    .states = {"on time", "on demand", "not due", "suspended", "waiting", "running", "late", "partial", "absent"},
    .kinds = {"next", "full", "since", "retry", "reconciliation"},
    .run_states = {"running", "done", "stopped", "cancelled", "overdue", "partial"},
    .agreements = {"both sides agree", "both sides agree, put right", "vanished there, marked here",
                   "the two sides differ"},
    .advice_on = noAdvice};

constexpr ReportWords kChinese{
    .tag = "zh-CN",
    .title = "数据同步晨报",
    .night = "夜次",
    .made = "生成时间",
    .so_far = "本夜尚未结束",
    .department = "部门",
    .connector = "连接器",
    .state = "状态",
    .planned = "计划开始",
    .ran = "实际运行",
    .read = "读取",
    .fresh = "新增",
    .changed = "变更",
    .same = "相同",
    .stale = "过时",
    .refused = "拒收",
    .source_says = "来源报数",
    .last_good = "最近成功",
    .newest = "最新业务时间",
    .next = "下次运行",
    .volume = "近几夜",
    .counts = "记录数",
    .attention = "需要处理",
    .nothing = "无：应到部门均已到齐，无拒收，未见异常。",
    .refusals = "按规则统计的拒收",
    .rule = "规则",
    .examples = "示例（值已脱敏）",
    .not_read = "条拒收未按规则统计",
    .drift = "漂移：此前从未出现",
    .field = "字段",
    .code = "代码",
    .trouble = "故障",
    .next_step = "下一步",
    .payloads_refused = "整份拒收或中途断裂的文件",
    .never = "从未",
    .jumped = "条，近期中位数为",
    .median = "中位数",
    .record = "记录",
    .payload = "载荷",
    .message = "报文",
    .none = "–",
    .began = "开始于",
    .records_refused = "拒收的记录",
    .blackout = "停运日",
    .sums = "读取 = 新增 + 变更 + 相同 + 过时 + 拒收",
    .first_seen = "首次出现于运行",
    .legend = "本夜记录，按结果",
    .beside = "计划外",
    .never_whole = "读取期间数据始终在变，连续未读全的次数（set_incomplete）",
    .never_whole_advice =
        "请部门提供静止的全量文件或视图，或按不变的主键排序分页，或改用 `since` 增量；把时间表移到该部门无人办公的时段",
    .clock_ahead = "来源时钟比本机快",
    .clock_behind = "来源时钟比本机慢",
    .clock_advice = "用 timedatectl 核对本机时钟；本机无误则请部门校准",
    .both_sides = "最近对账",
    .source = "来源",
    .ours = "本方",
    .different = "内容不一致",
    .missing_here = "本方缺少",
    .newer_here = "本方较新",
    .deleted_here = "本方已删除",
    .repeated = "来源重复",
    .missing_there = "来源缺少",
    .not_compared = "未比较",
    .put_right = "已修复",
    .marked = "已标记",
    .marked_before = "此前已标记",
    .left = "仍不一致",
    .waits_since = "受阻等待，始于",
    .tries_again = "下次重试",
    .tries_now = "正在重试",
    .failed_since = "此后又运行，未成功",
    .files_wait = "个文件尚未就绪，最早一个始于",
    .files_wait_advice = "请部门写入就绪标记，或确认文件是否写完；caseway connector test 显示待取文件数",
    .not_sent = "未能发出，已尝试",
    .days = "天",
    .hours = "小时",
    .minutes = "分钟",
    .doubled = "来源编号重复且内容不同",
    .such_as = "如",
    .states = {"准时", "按需", "未排期", "已暂停", "等待中", "运行中", "迟到", "不完整", "缺席"},
    .kinds = {"续读", "全量", "回读", "重试", "对账"},
    .run_states = {"运行中", "完成", "已停止", "已取消", "超时", "不完整"},
    .agreements = {"两边一致", "已修复，两边一致", "来源已无，本方已标记", "两边不一致"},
    .advice_on = chineseAdvice};

}  // namespace

std::optional<ReportLanguage> reportLanguageNamed(std::string_view name) {
    if (name == "zh") return ReportLanguage::Chinese;
    if (name == "en") return ReportLanguage::English;
    return std::nullopt;
}

const ReportWords& wordsOf(ReportLanguage language) {
    return language == ReportLanguage::Chinese ? kChinese : kEnglish;
}

}  // namespace caseway
