/** The texts of the page to which a school's sign-in service leads back. */

const en = {
  title: "Signing in",
  failed: "You are not signed in",
  working: "Signing you in…",
  again: "Back to sign-in",
  offline: "The server cannot be reached. Check your network, then try again.",
};

const zh: typeof en = {
  title: "正在登录",
  failed: "登录未完成",
  working: "正在登录…",
  again: "返回登录页面",
  offline: "无法连接服务器，请检查网络后重试。",
};

export const SIGN_ON_MESSAGES = { en, "zh-CN": zh };
