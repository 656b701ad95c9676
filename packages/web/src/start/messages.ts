/** The texts of the start page. */

export type StartMessages = {
  readonly title: string;
  readonly lead: string;
  readonly code: string;
  readonly codeHint: string;
  readonly join: string;
  readonly signIn: string;
  readonly otherPlayers: string;
  readonly otherPlayersHint: string;
  readonly copy: string;
  readonly copied: string;
};

const en: StartMessages = {
  title: "Join a lesson",
  lead: "Enter the lesson code from your teacher.",
  code: "Lesson code",
  codeHint: "Eight letters and digits, such as K7MP-2XQF. The name of a stream works too.",
  join: "Join",
  signIn: "Sign in",
  otherPlayers: "Watch in another player",
  otherPlayersHint: "These addresses open in VLC, ffplay, OBS and other players.",
  copy: "Copy",
  copied: "Copied",
};

const zh: StartMessages = {
  title: "进入课堂",
  lead: "请输入老师提供的课程码。",
  code: "课程码",
  codeHint: "八位字母和数字，例如 K7MP-2XQF。也可以输入流名称。",
  join: "进入",
  signIn: "登录",
  otherPlayers: "在其他播放器中观看",
  otherPlayersHint: "以下地址可在 VLC、ffplay、OBS 等播放器中打开。",
  copy: "复制",
  copied: "已复制",
};

export const START_MESSAGES = { en, "zh-CN": zh };
