/**
 * Lists what the server can do without, in the order in which it does so by itself under pressure: first what nobody misses for a minute, last new
 * people. Sound and picture of running lessons, answers, sign-ins and recordings are in no list: they are never shed.
 */

/** A word or a sentence for people, in the languages of the pages. */
export type Words = { readonly en: string; readonly zh: string };

export type SheddableEntry = {
  readonly what: string;
  /** What it can be turned off for at the finest: where it is done, nothing smaller is known. */
  readonly finest: "lesson" | "school" | "cluster";
  /** What people call it. */
  readonly words: Words;
  /** What becomes of it while it is shed. */
  readonly effect: Words;
  /** What the server has less to do with. */
  readonly saves: Words;
};

/** The scope in which it is asked for is that of the place which does it: a room, a lesson's stream, the node. */
export const SHEDDABLE = [
  {
    what: "reactions",
    finest: "lesson",
    words: { en: "reactions", zh: "表情回应" },
    effect: { en: "Reactions of members are refused.", zh: "成员不能发送表情回应。" },
    saves: { en: "room messages to every member", zh: "发给每位成员的课堂消息" },
  },
  {
    what: "danmaku",
    finest: "lesson",
    words: { en: "bullet comments", zh: "弹幕" },
    effect: { en: "Bullet comments of members are refused.", zh: "成员不能发送弹幕。" },
    saves: { en: "room messages to every member, checks of texts", zh: "发给每位成员的课堂消息和文字检查" },
  },
  {
    what: "roster",
    finest: "lesson",
    words: { en: "the list of people", zh: "成员名单" },
    effect: { en: "Members do not see who else is here.", zh: "成员看不到其他人的名单。" },
    saves: { en: "reads of the database", zh: "数据库查询" },
  },
  {
    what: "quick-chat",
    finest: "lesson",
    words: { en: "quick chat", zh: "连续聊天" },
    effect: {
      en: "A member's next chat line waits for five seconds, and people who write much are refused meanwhile.",
      zh: "成员的下一条消息要等五秒，发言过多者暂时不能发送。",
    },
    saves: { en: "room messages to every member, writes of the database", zh: "发给每位成员的课堂消息和数据库写入" },
  },
  {
    what: "previews",
    finest: "lesson",
    words: { en: "previews of live streams", zh: "直播预览图" },
    effect: { en: "Still images of live streams are not made.", zh: "不再生成直播画面的静态图。" },
    saves: { en: "decoding of pictures", zh: "画面解码" },
  },
  {
    what: "statistics",
    finest: "cluster",
    words: { en: "fresh statistics", zh: "即时统计" },
    effect: {
      en: "Figures of how people watch come every 20 seconds instead of every two.",
      zh: "观看情况的统计每 20 秒更新一次，平时为每 2 秒。",
    },
    saves: { en: "nine of ten writes of them to the database", zh: "此类数据库写入的十分之九" },
  },
  {
    what: "top-rung",
    finest: "lesson",
    words: { en: "the highest of the made quality levels", zh: "转码中的最高清晰度" },
    effect: {
      en: "The largest quality level that is made of a stream ends, where there are others. The quality that is sent stays.",
      zh: "每路流停止转码其中最大的一档（若有其他档位），原始清晰度不受影响。",
    },
    saves: { en: "about half of a ladder's core", zh: "每组清晰度约半个处理器核" },
  },
  {
    what: "ladder-starts",
    finest: "lesson",
    words: { en: "new quality levels", zh: "新增清晰度" },
    effect: {
      en: "No ladder begins; those that run go on. Viewers watch the quality that is sent.",
      zh: "不再开始新的清晰度转码，已有的继续。观众观看原始清晰度。",
    },
    saves: { en: "about a core for each ladder", zh: "每组清晰度约一个处理器核" },
  },
  {
    what: "recording-extras",
    finest: "school",
    words: { en: "files made from recordings", zh: "录像衍生文件" },
    effect: {
      en: "Composite recordings, board videos and downloads with a watermark wait.",
      zh: "合成录像、板书视频和带水印的下载需要等待。",
    },
    saves: { en: "about a core for each file", zh: "每个文件约一个处理器核" },
  },
  {
    what: "joins",
    finest: "lesson",
    words: { en: "new people", zh: "新加入的人" },
    effect: {
      en: "Nobody new joins a lesson, but its teachers. Those who are in it stay, and come back after a lost connection.",
      zh: "除老师外，新的人暂时不能进入课堂。已在课堂中的人不受影响，断线后可以重新进入。",
    },
    saves: { en: "joins, pages and new viewers", zh: "加入请求、页面和新增观众" },
  },
] as const satisfies readonly SheddableEntry[];

export type Sheddable = (typeof SHEDDABLE)[number]["what"];

export const SHEDDABLE_NAMES: readonly Sheddable[] = SHEDDABLE.map(({ what }) => what);
