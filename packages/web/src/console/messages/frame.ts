/** The texts of the console's frame: navigation, search, and what lists have in common. */

const en = {
  navGroups: { teach: "Teach", people: "People", platform: "Platform", developers: "Developers" },
  skipToPage: "Skip to the page",
  close: "Close",
  more: "More",
  moreOf: "More: {{name}}",
  noMatch: "No match. Try other words or filters.",
  clearFilters: "Clear filters",
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
  more: "更多",
  moreOf: "更多：{{name}}",
  noMatch: "没有匹配的内容，请更换关键词或筛选条件。",
  clearFilters: "清除筛选",
  openScreen: "打开大屏",
  searchAll: {
    open: "全局搜索",
    placeholder: "课时、人员、课程、页面",
    nothing: "没有找到“{{text}}”。",
    kinds: { page: "页面", lesson: "课时", person: "人员", course: "课程" },
  },
};

export const FRAME_MESSAGES = { en, "zh-CN": zhCN };
