/** What the start page says. */

export type PageWords = {
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

const EN: PageWords = {
  title: "Watch a lesson",
  lead: "Type the name of the lesson, as your teacher gave it to you.",
  name: "Name of the lesson",
  watch: "Watch",
  nameRule: "Letters, digits, - and _, at most 128 of them.",
  elsewhere: "Watch elsewhere",
  elsewhereHint: "These addresses open in VLC, ffplay, OBS and players of your own.",
  copy: "Copy",
  copied: "Copied",
};

const ZH: PageWords = {
  title: "观看课程",
  lead: "请输入老师给你的课程名称。",
  name: "课程名称",
  watch: "观看",
  nameRule: "只能使用字母、数字、- 和 _，最多 128 个字符。",
  elsewhere: "用其他播放器观看",
  elsewhereHint: "以下地址可在 VLC、ffplay、OBS 以及您自己的播放器中打开。",
  copy: "复制",
  copied: "已复制",
};

export function pageWords(language: string): PageWords {
  return language.toLowerCase().startsWith("zh") ? ZH : EN;
}
