/** The texts of the console's frame: navigation, search, and what lists have in common. */

const en = {
  navGroups: { teach: "Teach", people: "People", platform: "Platform", developers: "Developers" },
  skipToPage: "Skip to the page",
  close: "Close",
  actions: "Actions",
  moreOf: "More: {{name}}",
  copy: "Copy",
  showSecret: "Show",
  noMatch: "No match. Try other words or filters.",
  clearFilters: "Clear filters",
  resetLinkOf: "{{name}} sets a new password with this link. It works once, within {{hours}} hours.",
  webhookSecret: "Secret, which signs deliveries",
  webhookEvents: "Events",
  webhookEventsHint: "None selected: all of them but each line of chat and each hand.",
  webhookAllEvents: "All",
  webhookMade: "Check the signature of deliveries with this secret: {{secret}}",
  timetable: {
    today: "Today",
    addLesson: "New lesson",
    previousMonth: "Previous month",
    nextMonth: "Next month",
    emptyMonth: "No lessons this month.",
    monthHint: "Time zone: {{zone}}.",
  },
  openScreen: "Open the big screen",
  searchAll: {
    open: "Search everything",
    placeholder: "Lessons, people, courses, pages",
    nothing: "Nothing is called “{{text}}”.",
    kinds: { page: "Page", lesson: "Lesson", person: "Person", course: "Course" },
  },
};

const zhCN: typeof en = {
  navGroups: { teach: "教学", people: "人员", platform: "平台", developers: "开发者" },
  skipToPage: "跳到页面内容",
  close: "关闭",
  actions: "操作",
  moreOf: "更多：{{name}}",
  copy: "复制",
  showSecret: "显示",
  noMatch: "没有匹配的内容，请更换关键词或筛选条件。",
  clearFilters: "清除筛选",
  resetLinkOf: "{{name}} 可用此链接设置新密码。链接仅可使用一次，{{hours}} 小时内有效。",
  webhookSecret: "密钥（用于给推送签名）",
  webhookEvents: "事件",
  webhookEventsHint: "不选则推送全部事件，每条聊天和每次举手除外。",
  webhookAllEvents: "全部",
  webhookMade: "请用此密钥验证推送的签名：{{secret}}",
  timetable: {
    today: "今天",
    addLesson: "新建课时",
    previousMonth: "上个月",
    nextMonth: "下个月",
    emptyMonth: "本月没有课时。",
    monthHint: "时区：{{zone}}。",
  },
  openScreen: "打开大屏",
  searchAll: {
    open: "全局搜索",
    placeholder: "课时、人员、课程、页面",
    nothing: "没有找到“{{text}}”。",
    kinds: { page: "页面", lesson: "课时", person: "人员", course: "课程" },
  },
};

export const FRAME_MESSAGES = { en, "zh-CN": zhCN };
