/** Lists the refusal texts of the doors of live media, in English and Chinese. */
import { defineMessages } from "../platform/messages/message.ts";

export const liveText = defineMessages("live", {
  "stream-name": {
    en: "A stream's name has 1 to 128 letters, digits, - and _. Its key follows it: NAME?key=KEY.",
    zh: "流名称由 1 到 128 个字母、数字、- 和 _ 组成，密钥写在名称之后：名称?key=密钥。",
  },
  "stream-key-empty": {
    en: "The address names no stream. The server is rtmp://HOST/{{app}}, the stream key NAME?key=KEY.",
    zh: "地址中没有流名称。服务器填 rtmp://主机/{{app}}，串流密钥填“名称?key=密钥”。",
  },
  "stream-in-server": {
    en: "The server's address has a stream's name too. The server is rtmp://HOST/{{app}}, the stream key {{name}}?key=KEY.",
    zh: "服务器地址里多写了流名称。服务器填 rtmp://主机/{{app}}，串流密钥填“{{name}}?key=密钥”。",
  },
  "key-missing": {
    en: "No key was given. It follows the stream's name: {{name}}?key=KEY is the stream key.",
    zh: "没有提供密钥。密钥写在流名称之后，串流密钥填“{{name}}?key=密钥”。",
  },
  "protocol-broken": {
    en: "The encoder broke the protocol: {{rule}}.",
    zh: "推流软件发送的数据不符合协议：{{rule}}。",
  },
  "srt-stream-id": {
    en: "The stream id names no stream. It is publish:APP/NAME:KEY, or #!::r=APP/NAME,m=publish,key=KEY.",
    zh: "streamid 中没有流名称。格式为 publish:应用名/名称:密钥，或 #!::r=应用名/名称,m=publish,key=密钥。",
  },
  "srt-mode": {
    en: 'SRT\'s mode is publish or request, not "{{mode}}".',
    zh: "SRT 的模式为 publish 或 request，不能为 “{{mode}}”。",
  },
  "srt-key-missing": {
    en: "No key was given. The stream id is publish:{{app}}/{{name}}:KEY.",
    zh: "没有提供密钥。streamid 填“publish:{{app}}/{{name}}:密钥”。",
  },
  "srt-passphrase-wrong": {
    en: "The passphrase of the encoder is not that of this server.",
    zh: "推流软件的加密口令（passphrase）与服务器不一致。",
  },
  "srt-passphrase-one-side": {
    en: "Either the encoder or this server has no passphrase. Both need the same one, or none.",
    zh: "推流软件与服务器只有一方设置了加密口令（passphrase）。双方应填写相同的口令，或都不填写。",
  },
  "srt-unsupported": {
    en: "The encoder asks for {{what}}, which this server does not have. Switch it off there.",
    zh: "推流软件要求使用{{what}}，服务器不支持，请在推流软件中关闭。",
  },
  "srt-codecs": {
    en: "The encoder sends {{codecs}}. Set it to H.264 or HEVC, and to AAC or Opus.",
    zh: "推流软件发送的是 {{codecs}}。请改为 H.264 或 HEVC 画面，AAC 或 Opus 声音。",
  },
  "srt-no-media": {
    en: "The encoder sends nothing that is MPEG-TS.",
    zh: "推流软件发送的内容不是 MPEG-TS。",
  },
  "problem-configuration-missing": {
    en: "The encoder sends frames, and no codec configuration (sequence header, parameter sets) that can be read.",
    zh: "推流软件发送了数据帧，但没有可用的编码配置（序列头或参数集）。",
  },
  "problem-codec-unsupported": {
    en: "The encoder sends a codec that no browser plays. Set it to H.264 and AAC.",
    zh: "推流软件使用的编码格式无法在浏览器中播放。请改为 H.264 画面和 AAC 声音。",
  },
  "problem-key-frame-missing": {
    en: "The encoder sends pictures, and no key frame. Set its key frame interval to 2 s.",
    zh: "推流软件发送了画面，但没有关键帧。请将关键帧间隔设为 2 秒。",
  },
  "problem-nal-lengths": {
    en: "The lengths within the encoder's H.264 or HEVC frames do not fit.",
    zh: "推流软件发送的 H.264 或 HEVC 帧内部长度有误。",
  },
  "problem-parameter-sets-missing": {
    en: "The encoder's pictures refer to parameter sets (SPS, PPS) that it does not send.",
    zh: "推流软件的画面引用了未发送的参数集（SPS、PPS）。",
  },
  "problem-first-slice-missing": {
    en: "The encoder's pictures lack their beginning.",
    zh: "推流软件发送的画面缺少开头部分。",
  },
  "problem-aac-frames": {
    en: "The encoder's AAC frames are not as their configuration says.",
    zh: "推流软件发送的 AAC 帧与其配置不符。",
  },
  "problem-over": { en: "What the encoder sends can be decoded again.", zh: "推流软件发送的内容已恢复正常，可以解码。" },
  "app-missing": {
    en: "The address names no application. The server is rtmp://HOST/APP, such as rtmp://HOST/live.",
    zh: "地址中没有应用名称。服务器填 rtmp://主机/应用名，例如 rtmp://主机/live。",
  },
  "no-such-app": { en: 'There is no application "{{app}}" here.', zh: "这里没有应用 “{{app}}”。" },
  "not-sdp": {
    en: "A session begins with an offer of the type application/sdp.",
    zh: "建立会话需要提交类型为 application/sdp 的会话描述。",
  },
  "bad-offer": { en: "The session description cannot be used: {{rule}}.", zh: "会话描述无法使用：{{rule}}。" },
  "no-media-sent": {
    en: "The session description offers neither sound nor picture.",
    zh: "会话描述中既没有声音也没有画面。",
  },
  "stills-shed": {
    en: "The server is very busy; previews are off for a moment.",
    zh: "服务器繁忙，预览图暂时关闭。",
  },
  "stills-busy": { en: "Too many pictures are requested at the moment.", zh: "目前请求画面的人较多。" },
  "no-video": { en: "This stream has no video.", zh: "这路流没有画面。" },
  "streams-full": { en: "This server cannot take more streams at the moment.", zh: "目前无法接收更多的流。" },
  "no-room-for-rung": {
    en: "The server cannot make this quality at the moment. Watch another one.",
    zh: "服务器目前无法提供这一清晰度，请选择其他清晰度。",
  },
  "rung-not-made": { en: "This quality is not ready yet. Try again in a moment.", zh: "这一清晰度尚未就绪，请稍后再试。" },
  "source-not-there": {
    en: "This channel's source does not answer at the moment. Try again in a moment.",
    zh: "该频道的信号源暂时没有响应，请稍后再试。",
  },
  directives: { en: "These delivery directives are not valid.", zh: "这些播放列表参数无效。" },
  playlists: {
    en: "This player asks for its playlist too often. Wait a moment.",
    zh: "播放器请求播放列表过于频繁，请稍等片刻。",
  },
  "too-far-ahead": { en: "The request is too far ahead of the live stream.", zh: "请求的内容超前于直播太多。" },
  "subprotocol-needed": {
    en: 'This address is for WebSockets of the subprotocol "{{subprotocol}}".',
    zh: "该地址仅供子协议为 “{{subprotocol}}” 的 WebSocket 使用。",
  },
  "ended-superseded": { en: "Another device publishes this stream now.", zh: "另一台设备正在推送这路流。" },
  "ended-draining": { en: "This server is being restarted.", zh: "服务器正在重启。" },
  "ended-silent": { en: "Nothing has arrived for too long.", zh: "太久没有收到任何数据。" },
  "ended-too-fast": { en: "More is sent than this stream may have.", zh: "推流码率超过了允许的上限。" },
  "ended-by-operator": { en: "The stream was ended by an administrator.", zh: "管理员已结束这路流。" },
  "ended-too-long": { en: "The stream has reached its greatest length. Start it again.", zh: "这路流已达到最长时间，请重新开始。" },
  "ended-otherwise": { en: "The stream was ended.", zh: "这路流已结束。" },
  "not-kept": { en: "This part of the stream is not kept any more, or never existed.", zh: "这部分内容已不再保留，或从未存在。" },
});
