/** Defines the text of each refusal code, in English and Chinese, for refusals without a more exact text. */
import { defineMessages } from "./message.ts";

export const refusalText = defineMessages("refusal", {
  "bad-request": { en: "The request could not be understood.", zh: "请求内容有误。" },
  "bad-offer": {
    en: "The session description is not valid, or lacks something that WebRTC needs.",
    zh: "会话描述无效，或缺少 WebRTC 必需的内容。",
  },
  "no-such-session": { en: "This session does not exist any more. Begin a new one.", zh: "该会话已不存在，请重新连接。" },
  "no-common-codec": {
    en: "None of the offered codecs can be used here. Send H.264 and Opus.",
    zh: "没有双方都支持的编码，请使用 H.264 和 Opus。",
  },
  "too-many-media": {
    en: "The offer sends more than one picture or more than one sound. Send one of each.",
    zh: "会话描述中包含多路画面或多路声音，每种只能有一路。",
  },
  "restart-needs-offer": {
    en: "ICE is restarted here with a whole offer, not with a fragment.",
    zh: "在这里重启 ICE 需要提交完整的会话描述，而不是片段。",
  },
  "not-signed-in": { en: "A key or a token is required.", zh: "需要先登录，或提供密钥。" },
  "bad-credential": { en: "The token is not valid.", zh: "登录凭证无效。" },
  "operator-token-expired": {
    en: "The operator token of this server has expired. Set a new LECTERN_ADMIN_TOKEN and a later `operators.token.expires`.",
    zh: "本服务器的运维令牌已过期，请更换 LECTERN_ADMIN_TOKEN，并设置新的 operators.token.expires。",
  },
  "operator-token-address": {
    en: "The operator token may not be used from this address: `operators.token.allowedNetworks` does not have it.",
    zh: "不允许从此地址使用运维令牌：operators.token.allowedNetworks 中没有该地址。",
  },
  "load-tests-off": {
    en: "This server allows no load tests. Its operator allows them with `load.secret` in the configuration.",
    zh: "本服务器不允许压力测试，须由运维人员在配置中设置 load.secret 后才能进行。",
  },
  "school-entry-needed": {
    en: "This school lets operators in only with its approval. Ask for entry, and name the reason.",
    zh: "这所学校规定平台管理员须经批准才能进入，请先申请并说明原因。",
  },
  "approval-needed": {
    en: "The school has a second administrator approve this. A person has to ask for it.",
    zh: "学校规定此操作须由另一位管理员批准，请由人员申请。",
  },
  "not-the-second-person": {
    en: "Another administrator of the school has to decide about this.",
    zh: "须由本校另一位管理员审批。",
  },
  "approval-closed": { en: "This request was decided, withdrawn or has expired.", zh: "该申请已处理、已撤回或已过期。" },
  "approval-outdated": {
    en: "What the request is about was changed since. Nothing was done; ask again.",
    zh: "申请涉及的内容之后有变化，操作未执行，请重新申请。",
  },
  "bad-key": { en: "The publish key is not valid for this stream.", zh: "推流密钥不正确。" },
  "bad-signature": { en: "The link is incomplete or was changed. Ask for a new one.", zh: "链接不完整或被改动过，请重新索取。" },
  "wrong-password": { en: "The name or the password is incorrect.", zh: "账号或密码不正确。" },
  "cross-site-request": {
    en: "A page of another site sent this request. Open the page of this server, and try again there.",
    zh: "这个请求来自其他网站的页面。请打开本服务器的页面后重试。",
  },
  "sign-on-failed": {
    en: "The sign-in with your school's account did not succeed. Try again.",
    zh: "未能用学校账号登录，请重试。",
  },
  "launch-failed": {
    en: "The learning platform could not open this. Open it again from your course.",
    zh: "未能从教学平台打开，请从课程中重新打开。",
  },
  "lesson-not-ready": {
    en: "The teacher has not opened this lesson yet. Ask your teacher to open it from the course once.",
    zh: "老师还没有打开过这节课，请老师先从课程中打开一次。",
  },
  "second-factor-required": {
    en: "Use your passkey, or enter the code of your authenticator app or a recovery code.",
    zh: "请使用通行密钥，或输入验证器应用中的验证码或恢复码。",
  },
  "wrong-code": {
    en: "The code is wrong, or was used already. Wait for the next one.",
    zh: "验证码不正确或已使用过，请等待下一个验证码。",
  },
  "passkey-failed": {
    en: "This passkey does not sign in here. It may have been removed. Choose another one, or another way to sign in.",
    zh: "无法用这个通行密钥登录，它可能已被删除。请换一个通行密钥，或用其他方式登录。",
  },
  "second-factor-missing": {
    en: "You need a second factor here. Set it up in Your account first.",
    zh: "这里要求使用两步验证，请先在“我的账号”中设置。",
  },
  "recent-sign-in-needed": {
    en: "Confirm that it is you, in Your account: enter your password or a code, use a passkey, or sign in again. Then repeat the change.",
    zh: "请先在“我的账号”中确认是你本人：输入密码或验证码、使用通行密钥，或重新登录，然后再次操作。",
  },
  "provider-away": {
    en: "The school's sign-in service cannot be reached. Try again in a moment, or tell your administrator.",
    zh: "暂时无法连接学校的登录服务，请稍后重试，或联系管理员。",
  },
  "password-sign-in-off": {
    en: "Your school has turned off signing in with a password. Sign in with your school's account or a passkey.",
    zh: "你的学校已关闭密码登录，请使用学校账号或通行密钥登录。",
  },
  "refused-by-callback": { en: "The school's own system does not allow this.", zh: "学校自己的系统不允许此操作。" },
  "lesson-locked": {
    en: "The teacher has locked this lesson. Ask your teacher to let you in.",
    zh: "老师已锁定这节课，请联系老师。",
  },
  "watching-not-yet": {
    en: "This link is for later. Open it when the lesson begins.",
    zh: "还没到观看时间，请在上课时再打开此链接。",
  },
  "watching-over": {
    en: "The time to watch with this link is over. Ask the school for a new one.",
    zh: "此链接的观看时间已结束，请向学校索取新的链接。",
  },
  "removed-from-lesson": { en: "You were removed from this lesson. Ask your teacher.", zh: "你已被移出这节课，请联系老师。" },
  "consent-needed": {
    en: "This school asks guests to agree to its terms before they join.",
    zh: "这所学校要求访客先同意其说明，再进入课堂。",
  },
  "guests-not-allowed": { en: "This lesson is only for people who are signed in.", zh: "这节课只对已登录的人开放。" },
  "exam-not-started": { en: "The examination has not begun yet.", zh: "考试尚未开始。" },
  "exam-ended": {
    en: "The examination is over for you. What was written after the end does not count.",
    zh: "你的考试已经结束，结束后作答的内容不计入。",
  },
  "exam-attempt-unknown": {
    en: "This attempt at the examination does not exist any more. Enter again with the code.",
    zh: "这次考试记录已不存在，请用考试码重新进入。",
  },
  "exam-seat-taken": {
    en: "You go on with the examination on another device. To go on here, enter again.",
    zh: "你已在另一台设备上继续考试。要在此设备继续，请重新进入。",
  },
  "exam-open-twice": {
    en: "The examination is open twice on this device. Close the other tab.",
    zh: "这台设备上重复打开了考试，请关闭另一个标签页。",
  },
  "exam-files-full": {
    en: "There are too many photos or recordings for this question. Answer with those that are there.",
    zh: "这道题的照片或录音已达上限，请使用已上传的内容作答。",
  },
  "exam-file-unfit": {
    en: "This file is damaged, or is no photo or sound recording that this question takes. Take it again.",
    zh: "文件已损坏，或不是本题可用的照片或录音，请重新拍摄或录制。",
  },
  "challenge-required": {
    en: "There was a lot of unusual traffic from this network. Open the page of this server in a browser; it proves by itself that it is one.",
    zh: "您所在的网络有异常访问。请用浏览器打开本服务器的页面，页面会自动完成验证。",
  },
  "bad-challenge": {
    en: "The solution of the challenge is wrong, late, or was used before. Get a new challenge.",
    zh: "验证结果不正确、已过期或已使用过，请重新获取验证题。",
  },
  "refused-by-rule": { en: "This is not allowed here.", zh: "这里不允许此操作。" },
  "not-on-stage": {
    en: "You are not called on now, so your microphone is not heard.",
    zh: "老师现在没有请你发言，别人听不到你的麦克风。",
  },
  muted: { en: "The teacher has muted you in this lesson.", zh: "老师已在这节课中将你禁言。" },
  "switched-off": { en: "The teacher has switched this off in this lesson.", zh: "老师已在这节课中关闭此功能。" },
  "refused-words": {
    en: "The text has words that the school does not allow. Change it and send it again.",
    zh: "内容含有学校不允许的词语，请修改后重新发送。",
  },
  "no-such-stream": { en: "Nobody is live under this name.", zh: "目前没有人以这个名称直播。" },
  "not-found": { en: "There is nothing at this address.", zh: "这个地址没有内容。" },
  "method-not-allowed": {
    en: "This address does not take this method. The Allow header names those that it takes.",
    zh: "这个地址不支持该请求方法，支持的方法见 Allow 响应头。",
  },
  "unsupported-media-type": {
    en: "The body has a type that is not taken here, or none. Name it in Content-Type.",
    zh: "请求内容的类型不受支持或没有注明，请在 Content-Type 中注明。",
  },
  "not-in-hls": {
    en: "HLS cannot carry this stream's audio and video. Watch it over HTTP-FLV.",
    zh: "这路流的音视频无法用 HLS 传送，请用 HTTP-FLV 观看。",
  },
  "not-in-webrtc": {
    en: "This stream cannot be watched by WebRTC. Watch it over HTTP-FLV or HLS.",
    zh: "这路流无法用 WebRTC 观看，请用 HTTP-FLV 或 HLS 观看。",
  },
  "no-such-recording": { en: "There is no such recording, or it was deleted.", zh: "没有这段录像，或已被删除。" },
  "not-in-mp4": {
    en: "This recording does not fit into one MP4 file. Download it as FLV.",
    zh: "这段录像无法合成一个 MP4 文件，请下载 FLV。",
  },
  "no-such-lesson": {
    en: "There is no lesson with this code. Check the link or the code.",
    zh: "没有找到这个课程码对应的课程，请核对链接或课程码。",
  },
  "no-such-exam": {
    en: "There is no examination with this code. Check the link or the code.",
    zh: "没有使用这个考试码的考试，请核对链接或考试码。",
  },
  "exam-not-open-yet": {
    en: "The examination cannot be entered yet. It opens 30 minutes before the start.",
    zh: "考试尚未开放入场，开考前 30 分钟可以进入。",
  },
  "exam-closed": { en: "The examination takes no more candidates.", zh: "考试已停止入场。" },
  "exam-code-wrong": {
    en: "The access code is wrong. Ask the person who supervises.",
    zh: "准入码不正确，请向监考老师询问。",
  },
  "exam-no-attempts-left": { en: "You have used all attempts at this examination.", zh: "你的考试次数已用完。" },
  "exam-elsewhere": {
    en: "You sit this examination on another device. Go on there, or take over here.",
    zh: "你正在另一台设备上考试。请回到那台设备，或确认改在此设备继续。",
  },
  "exam-consent-needed": {
    en: "This examination is supervised. Agree to what is seen and kept before you enter.",
    zh: "本场考试有监考，进入前须同意监考内容和保存期限。",
  },
  "exam-not-supervised": { en: "This examination takes no such pictures.", zh: "本场考试不需要此画面。" },
  "exam-paused": {
    en: "Your examination is paused. Your time stands still, and your answers are sent when it goes on.",
    zh: "你的考试已暂停，计时已停止，恢复后会继续提交答案。",
  },
  "exam-not-released": { en: "The results are not out yet. Ask your teacher.", zh: "成绩尚未公布，请询问老师。" },
  conflict: { en: "This conflicts with existing data.", zh: "与现有内容冲突。" },
  "quota-reached": {
    en: "The school's storage for recordings is full. Delete recordings, or ask the operator for more space.",
    zh: "学校的录像空间已用完。请删除一些录像，或向运营方申请更多空间。",
  },
  "lesson-ended": { en: "The lesson has ended.", zh: "课程已结束。" },
  closed: { en: "This is closed and takes no more answers.", zh: "已经结束，不再接受提交。" },
  "board-full": { en: "This page of the board is full. Go on with a new page.", zh: "这一页板书已写满，请换一页。" },
  "publisher-present": { en: "Someone is already live under this name.", zh: "已经有人以这个名称直播。" },
  "link-expired": { en: "The link has expired. Ask your teacher for a new one.", zh: "链接已过期，请向老师重新索取。" },
  "precondition-failed": {
    en: "Someone else changed this after you read it. Reload it and try again.",
    zh: "你读取之后已有别人修改过，请刷新后重试。",
  },
  "too-slow": {
    en: "The request did not arrive in time. Check the connection and try again.",
    zh: "请求未能及时送达，请检查网络后重试。",
  },
  "too-large": { en: "The request is too large.", zh: "请求内容太大。" },
  "header-too-large": { en: "The address and the headers of the request are too long.", zh: "请求的地址和头部太长。" },
  "too-many": {
    en: "Too many requests or connections at the same moment. Wait a moment.",
    zh: "请求或连接太多，请稍等片刻。",
  },
  "callback-failed": {
    en: "The school's own system did not answer. Try again in a moment.",
    zh: "学校自己的系统没有回应，请稍后再试。",
  },
  "database-away": {
    en: "The database is unavailable. Live lessons continue. Try again in a moment.",
    zh: "数据库暂时不可用，直播不受影响，请稍后再试。",
  },
  "storage-away": {
    en: "The storage of recordings does not answer. Try again in a moment.",
    zh: "录像存储暂时没有响应，请稍后再试。",
  },
  "disk-full": {
    en: "The server's disk has no room for this file now. Try again later, or tell the operator.",
    zh: "服务器磁盘空间不足，暂时无法生成这个文件，请稍后再试或联系管理员。",
  },
  "lesson-full": { en: "All seats in this lesson are taken.", zh: "这节课人数已达上限。" },
  full: { en: "The server is full. Try again in a moment.", zh: "人数已达上限，请稍后再试。" },
  "not-yet": {
    en: "The requested media has not arrived yet. The publisher may have left.",
    zh: "请求的内容尚未到达，推流端可能已离开。",
  },
  "picture-undecodable": {
    en: "The publisher's encoder sends a picture that nobody can decode.",
    zh: "推流软件发送的画面无法解码。",
  },
  "sound-undecodable": {
    en: "The publisher's encoder sends sound that nobody can decode.",
    zh: "推流软件发送的声音无法解码。",
  },
  draining: { en: "This server is about to restart. Try again in a moment.", zh: "服务器即将下线，请稍后再试。" },
  "control-away": {
    en: "Pages and settings cannot be reached at the moment. Live lessons continue. Try again in a moment.",
    zh: "页面和设置暂时无法访问，直播不受影响，请稍后再试。",
  },
  "not-joined": { en: "This server has not joined its cluster yet.", zh: "这台服务器尚未加入集群。" },
  "not-implemented": { en: "The server cannot read a request in this form.", zh: "服务器无法读取这种形式的请求。" },
  "internal-error": { en: "Something went wrong on the server. The error was logged.", zh: "服务器出错，已记入日志。" },
});
