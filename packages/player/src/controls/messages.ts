/** What the player says, in the languages it speaks. */
import type { Problem } from "../engines/problem.ts";

export type PlayerMessages = {
  readonly play: string;
  readonly pause: string;
  readonly mute: string;
  readonly unmute: string;
  readonly volume: string;
  readonly fullScreen: string;
  readonly leaveFullScreen: string;
  readonly pictureInPicture: string;
  readonly tapForSound: string;
  readonly live: string;
  readonly behind: (seconds: string) => string;
  readonly connecting: string;
  readonly reconnecting: string;
  readonly paused: string;
  readonly waitingForPicture: string;
  readonly connection: Readonly<Record<"good" | "fair" | "poor", string>>;
  readonly player: string;
  readonly again: string;
  readonly quality: string;
  readonly automatic: string;
  readonly replay: string;
  readonly back: string;
  readonly forward: string;
  readonly seek: string;
  readonly speed: string;
  readonly problems: Readonly<Record<Problem, string>>;
};

const EN: PlayerMessages = {
  play: "Play",
  pause: "Pause",
  mute: "Sound off",
  unmute: "Sound on",
  volume: "Volume",
  fullScreen: "Full screen",
  leaveFullScreen: "Leave full screen",
  pictureInPicture: "Small window",
  tapForSound: "Tap for sound",
  live: "Live",
  behind: (seconds) => `${seconds} s behind`,
  connecting: "Connecting…",
  reconnecting: "The connection broke. Connecting again…",
  paused: "Paused",
  waitingForPicture: "Waiting for the picture…",
  connection: { good: "Connection good", fair: "Connection fair", poor: "Connection poor" },
  player: "Live lesson",
  again: "Try again",
  quality: "Quality",
  automatic: "Automatic",
  replay: "Recorded lesson",
  back: "Back 10 seconds",
  forward: "Forward 10 seconds",
  seek: "Place in the recording",
  speed: "Speed",
  problems: {
    network: "The connection broke. Connecting again…",
    "not-live": "The lesson is not live yet. It starts here by itself.",
    expired: "The link has expired. Ask your teacher for a new one.",
    refused: "This link does not open the lesson. Ask your teacher for a new one.",
    busy: "Very many want to watch just now. Trying again…",
    codec: "This browser cannot play this picture. Try another browser, or ask for H.264.",
    browser: "This browser cannot play live video. Try a newer one, such as Chrome, Edge, Firefox or Safari.",
  },
};

const ZH: PlayerMessages = {
  play: "播放",
  pause: "暂停",
  mute: "静音",
  unmute: "打开声音",
  volume: "音量",
  fullScreen: "全屏",
  leaveFullScreen: "退出全屏",
  pictureInPicture: "小窗播放",
  tapForSound: "点击打开声音",
  live: "直播中",
  behind: (seconds) => `延后 ${seconds} 秒`,
  connecting: "正在连接…",
  reconnecting: "连接中断，正在重新连接…",
  paused: "已暂停",
  waitingForPicture: "正在等待画面…",
  connection: { good: "网络良好", fair: "网络一般", poor: "网络较差" },
  player: "直播课堂",
  again: "再试一次",
  quality: "清晰度",
  automatic: "自动",
  replay: "课程回放",
  back: "后退 10 秒",
  forward: "前进 10 秒",
  seek: "播放位置",
  speed: "播放速度",
  problems: {
    network: "连接中断，正在重新连接…",
    "not-live": "课程还没有开始，开始后会自动播放。",
    expired: "链接已过期，请向老师索取新的链接。",
    refused: "这个链接无法打开课堂，请向老师索取新的链接。",
    busy: "观看人数很多，正在重试…",
    codec: "此浏览器无法播放这种画面，请换一个浏览器，或请老师改用 H.264。",
    browser: "此浏览器无法播放直播，请使用新版 Chrome、Edge、Firefox 或 Safari。",
  },
};

/** @param language a BCP 47 tag, such as zh-CN */
export function messagesFor(language: string): PlayerMessages {
  return language.toLowerCase().startsWith("zh") ? ZH : EN;
}
