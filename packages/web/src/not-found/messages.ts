/** The texts of the page for an unknown address. */

const en = {
  title: "Page not found",
  hint: "Check that the address is complete. You can enter your lesson code on the home page, or ask your teacher for the link again.",
  home: "Go to home page",
};

const zh: typeof en = {
  title: "页面不存在",
  hint: "请检查地址是否完整。你可以在首页输入课程码，或向老师重新获取链接。",
  home: "返回首页",
};

export const NOT_FOUND_MESSAGES = { en, "zh-CN": zh };
