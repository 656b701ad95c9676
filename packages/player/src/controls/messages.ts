/** Lists the texts of both players, in English and Chinese. */
import type { SoundOnly } from "../engines/engine.ts";
import type { Problem } from "../engines/problem.ts";

export type PlayerMessages = {
  readonly play: string;
  readonly pause: string;
  readonly mute: string;
  readonly unmute: string;
  readonly volume: string;
  readonly fullScreen: string;
  readonly exitFullScreen: string;
  readonly pictureInPicture: string;
  readonly tapForSound: string;
  readonly live: string;
  readonly behind: (seconds: string) => string;
  /** In real time: how late the picture is, in tenths of a second. */
  readonly liveDelay: (seconds: string) => string;
  /** In place of "Live" while nothing arrives: the connection, or the publisher, is the reason. */
  readonly liveReconnecting: string;
  readonly liveWithoutVideo: string;
  /** @param duration for how long, as `formatDuration` gives it */
  readonly publisherAway: (duration: string) => string;
  readonly connecting: string;
  readonly reconnecting: string;
  readonly paused: string;
  readonly withoutSound: string;
  readonly buffering: string;
  readonly connection: Readonly<Record<"good" | "fair" | "poor", string>>;
  /** Name of the live player for screen readers. */
  readonly player: string;
  readonly retry: string;
  readonly quality: string;
  readonly auto: string;
  /** Automatic quality, and the rung that it plays. */
  readonly autoOf: (rung: string) => string;
  /** The smallest rung with a picture, and the percentage of data that it saves. */
  readonly dataSaver: (percent: number) => string;
  readonly dataSaverName: string;
  readonly soundOnly: string;
  readonly whySoundOnly: Readonly<Record<Exclude<SoundOnly, "chosen">, string>>;
  /** Name of the replay player for screen readers. */
  readonly replay: string;
  readonly noRecording: string;
  readonly back: string;
  readonly forward: string;
  readonly seek: string;
  readonly speed: string;
  readonly problems: Readonly<Record<Problem, string>>;
};

const EN: PlayerMessages = {
  play: "Play",
  pause: "Pause",
  mute: "Mute",
  unmute: "Unmute",
  volume: "Volume",
  fullScreen: "Full screen",
  exitFullScreen: "Exit full screen",
  pictureInPicture: "Picture-in-picture",
  tapForSound: "Tap for sound",
  live: "Live",
  behind: (seconds) => `${seconds} s behind`,
  liveDelay: (seconds) => `Live · ${seconds} s`,
  liveReconnecting: "Reconnecting…",
  liveWithoutVideo: "No picture",
  publisherAway: (duration) => `Your teacher's connection broke off. Stay here, it goes on by itself. (${duration})`,
  connecting: "Connecting…",
  reconnecting: "Connection lost. Reconnecting…",
  paused: "Paused",
  withoutSound: "The sound cannot be played. It is tried again in a moment.",
  buffering: "Buffering…",
  connection: { good: "Connection is good", fair: "Connection is fair", poor: "Connection is poor" },
  player: "Live lesson",
  retry: "Try again",
  quality: "Quality",
  auto: "Auto",
  autoOf: (rung) => `Auto (${rung})`,
  dataSaver: (percent) => `Data saver: saves ${percent} %`,
  dataSaverName: "Data saver",
  soundOnly: "Sound only",
  whySoundOnly: {
    slow: "The connection is too slow for the picture. The picture comes back when the connection is faster.",
    undecodable: "This browser cannot play the picture of this lesson.",
  },
  replay: "Recorded lesson",
  noRecording: "This recording is not there, or not there yet.",
  back: "Back 10 seconds",
  forward: "Forward 10 seconds",
  seek: "Seek",
  speed: "Playback speed",
  problems: {
    network: "Connection lost. Reconnecting…",
    "no-picture": "No picture arrives from the teacher.",
    "not-live": "The lesson is not live yet. It will start here automatically.",
    expired: "The link has expired. Ask your teacher for a new one.",
    refused: "This link does not open the lesson. Ask your teacher for a new one.",
    elsewhere: "You are watching on another device. Reload this page to watch here.",
    busy: "Too many viewers at the moment. Trying again…",
    decoder: "The picture cannot be decoded. Trying again…",
    "picture-undecodable": "The teacher's encoder sends a picture that cannot be decoded.",
    "sound-undecodable": "The teacher's encoder sends sound that cannot be decoded.",
    codec: "This browser cannot play this video format. Try another browser, or ask your teacher to stream in H.264.",
    browser: "This browser cannot play live video. Use a recent version of Chrome, Edge, Firefox or Safari.",
    tampered:
      "Playback has stopped because the watermark was hidden or changed. Turn off browser extensions that change pages, then reload this page.",
  },
};

const ZH: PlayerMessages = {
  play: "播放",
  pause: "暂停",
  mute: "静音",
  unmute: "取消静音",
  volume: "音量",
  fullScreen: "全屏",
  exitFullScreen: "退出全屏",
  pictureInPicture: "画中画",
  tapForSound: "点击开启声音",
  live: "直播",
  behind: (seconds) => `延迟 ${seconds} 秒`,
  liveDelay: (seconds) => `直播 · ${seconds} 秒`,
  liveReconnecting: "正在重连……",
  liveWithoutVideo: "无画面",
  publisherAway: (duration) => `老师的网络断开了，请留在这里，恢复后会自动继续。（${duration}）`,
  connecting: "正在连接……",
  reconnecting: "连接已断开，正在重连……",
  paused: "已暂停",
  withoutSound: "声音无法播放，稍后会自动重试。",
  buffering: "正在缓冲……",
  connection: { good: "网络良好", fair: "网络一般", poor: "网络较差" },
  player: "直播课堂",
  retry: "重试",
  quality: "清晰度",
  auto: "自动",
  autoOf: (rung) => `自动（${rung}）`,
  dataSaver: (percent) => `省流量：节省 ${percent}%`,
  dataSaverName: "省流量",
  soundOnly: "仅声音",
  whySoundOnly: {
    slow: "网络较慢，暂时无法播放画面；网络恢复后会自动显示画面。",
    undecodable: "当前浏览器无法播放本课的画面。",
  },
  replay: "课程回放",
  noRecording: "找不到这段录像，或录像尚未生成。",
  back: "后退 10 秒",
  forward: "前进 10 秒",
  seek: "播放进度",
  speed: "播放速度",
  problems: {
    network: "连接已断开，正在重连……",
    "no-picture": "没有收到老师的画面。",
    "not-live": "课程尚未开始，开始后会自动播放。",
    expired: "链接已过期，请向老师获取新链接。",
    refused: "此链接无法进入课堂，请向老师获取新链接。",
    elsewhere: "你正在另一台设备上观看。如需在此观看，请刷新页面。",
    busy: "人数已达上限，正在重试……",
    decoder: "画面解码失败，正在重试……",
    "picture-undecodable": "老师的推流画面无法解码。",
    "sound-undecodable": "老师的推流声音无法解码。",
    codec: "当前浏览器不支持此视频格式，请更换浏览器，或请老师改用 H.264 推流。",
    browser: "当前浏览器不支持直播播放，请使用新版 Chrome、Edge、Firefox 或 Safari。",
    tampered: "画面水印被遮挡或改动，播放已停止。请关闭会修改网页的浏览器扩展，然后刷新页面。",
  },
};

/** @param language a BCP 47 tag, such as zh-CN */
export function messagesFor(language: string): PlayerMessages {
  return language.toLowerCase().startsWith("zh") ? ZH : EN;
}
