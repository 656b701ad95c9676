/** What the start page says. */

export type StartMessages = {
  readonly title: string;
  readonly lead: string;
  readonly name: string;
  readonly watch: string;
  readonly nameRule: string;
  readonly elsewhere: string;
  readonly elsewhereHint: string;
  readonly copy: string;
  readonly copied: string;
};

const EN: StartMessages = {
  title: "Join a lesson",
  lead: "Type the code of the lesson, as your teacher gave it to you.",
  name: "Code of the lesson",
  watch: "Join",
  nameRule: "Eight letters and digits, such as K7MP-2XQF. The name of a stream opens it too.",
  elsewhere: "Watch elsewhere",
  elsewhereHint: "These addresses open in VLC, ffplay, OBS and players of your own.",
  copy: "Copy",
  copied: "Copied",
};

const ZH: StartMessages = {
  title: "进入课堂",
  lead: "请输入老师给你的课程码。",
  name: "课程码",
  watch: "进入",
  nameRule: "八个字母和数字，例如 K7MP-2XQF。也可以输入流名称。",
  elsewhere: "用其他播放器观看",
  elsewhereHint: "以下地址可在 VLC、ffplay、OBS 以及您自己的播放器中打开。",
  copy: "复制",
  copied: "已复制",
};

export function startMessages(language: string): StartMessages {
  return language.toLowerCase().startsWith("zh") ? ZH : EN;
}
