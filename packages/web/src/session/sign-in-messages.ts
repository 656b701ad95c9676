/** The texts of the sign-in form. Pages that show the form include them in their own. */

export const SIGN_IN_MESSAGES = {
  en: {
    signIn: "Sign in",
    login: "Username",
    password: "Password",
    showCharacters: "Show characters",
    school: "School (short name)",
    schoolHint: "Needed only if several schools use your username.",
    code: "Code of your authenticator app, or a recovery code",
    signInWith: "Sign in with {{name}}",
    otherSchool: "Sign in with a school account",
    offline: "The server cannot be reached. Check your network, then try again.",
  },
  "zh-CN": {
    signIn: "登录",
    login: "账号",
    password: "密码",
    showCharacters: "显示输入内容",
    school: "学校（简称）",
    schoolHint: "仅当多所学校有相同账号时需要填写。",
    code: "验证器应用中的验证码，或恢复码",
    signInWith: "使用 {{name}} 登录",
    otherSchool: "使用学校账号登录",
    offline: "无法连接服务器，请检查网络后重试。",
  },
};
