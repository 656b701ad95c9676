/** The texts of the page to set a password. */

const en = {
  title: "Set your password",
  password: "New password",
  hint: "At least 12 characters; for students, 8. Several words in a row are easy to remember.",
  showCharacters: "Show characters",
  save: "Save",
  done: "Your password is set. You can now sign in.",
  offline: "The server cannot be reached. Check your network, then try again.",
  linkInvalid: "This link has expired, has been used, or is incomplete. Ask your school for a new one.",
};

const zh: typeof en = {
  title: "设置密码",
  password: "新密码",
  hint: "至少 12 个字符，学生至少 8 个。连在一起的几个词最容易记住。",
  showCharacters: "显示输入内容",
  save: "保存",
  done: "密码已设置，现在可以登录。",
  offline: "无法连接服务器，请检查网络后重试。",
  linkInvalid: "链接已过期、已使用或不完整，请向学校获取新链接。",
};

export const RESET_MESSAGES = { en, "zh-CN": zh };
