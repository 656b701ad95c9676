/** Lists the refusal texts of the school's API, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const schoolText = defineMessages("school", {
  "lesson-live": { en: "The lesson is live. End it first.", zh: "这节课正在直播，请先结束。" },
  "ends-before-start": { en: "`endsAt` must be after `startsAt`.", zh: "结束时间必须晚于开始时间。" },
  "break-glass-once": {
    en: "This is a break-glass account: its password signs in once. Make another one with `lectern break-glass`.",
    zh: "这是应急账号，密码只能登录一次。如有需要，请用 lectern break-glass 另建一个。",
  },
  "no-course": { en: "There is no such course.", zh: "没有这门课程。" },
  "no-person": { en: "There is no such person.", zh: "没有这个人。" },
  "not-a-teacher": { en: "`teacherId` must name a teacher or an administrator.", zh: "所选的人不是老师。" },
  "not-a-participant": { en: "This person has not joined the lesson.", zh: "这个人没有进入这节课。" },
  "guest-name-of-staff": {
    en: "This name belongs to staff of the lesson, or looks as if it did. Enter your own name.",
    zh: "这个名字与授课人员相同，或容易混淆，请填写自己的名字。",
  },
  "guest-name-of-member": {
    en: "A person of this course has this name. If it is you, sign in; otherwise add something to it.",
    zh: "这门课程中已有同名的人。如果是你本人，请登录；否则请在名字后加以区分。",
  },
  "guest-name-words": {
    en: "This name has words that the school does not allow. Enter your own name.",
    zh: "名字中含有学校不允许的词语，请填写自己的名字。",
  },
  "own-participant": {
    en: "You cannot remove yourself from the lesson. Close the page to leave it.",
    zh: "不能将自己移出课程，关闭页面即可离开。",
  },
  "no-watching": { en: "There is no such link to watch a lesson.", zh: "没有这个观看链接。" },
  "too-many-watchers": { en: "The lesson has as many watchers as it may have.", zh: "这节课的观看链接数量已达上限。" },
  "screen-unknown": {
    en: "No television shows this code, or its time is over. Look at the code on the screen once more.",
    zh: "没有电视显示此代码，或代码已过期，请再看一下屏幕上的代码。",
  },
  "screen-expired": { en: "The code of this screen is over. It shows a new one.", zh: "此屏幕的代码已过期，请使用新代码。" },
  "screen-while-waiting": {
    en: "Wait until the teacher lets you in; then you can show the lesson on a television.",
    zh: "请先等待老师允许你进入课堂，然后再投到电视。",
  },
  "too-many-screens": {
    en: "{{max}} televisions show the lesson for you already. A teacher can take one of them out.",
    zh: "你已经让 {{max}} 台电视进入这节课，请老师先移出其中一台。",
  },
  "people-only-screen": { en: "Only people let a television into a lesson.", zh: "只有人员账号可以让电视进入课堂。" },
  "watching-time": {
    en: "The time to watch must end after it begins, in the future, and last at most seven days.",
    zh: "观看时间必须先开始后结束，结束时间须在将来，且不超过七天。",
  },
  "students-only": { en: "Only students have guardians.", zh: "只有学生账号才能添加监护人。" },
  "too-many-guardians": { en: "A student has at most eight guardians.", zh: "一名学生最多有八位监护人。" },
  "guardian-known": { en: "A guardian with this mail address is known already.", zh: "这个邮箱的监护人已存在。" },
  "no-guardian": { en: "There is no such guardian.", zh: "没有这位监护人。" },
  "no-logo": { en: "The school has no logo.", zh: "学校没有徽标。" },
  "logo-format": {
    en: "The logo must be a PNG, JPEG or WebP picture. SVG files can hold programs; save the logo as PNG.",
    zh: "徽标须为 PNG、JPEG 或 WebP 图片。SVG 文件可能包含程序，请另存为 PNG。",
  },
  "logo-size": {
    en: "The logo is {{width}} × {{height}} pixels; it may be {{max}} wide and high at most.",
    zh: "徽标为 {{width}} × {{height}} 像素，宽和高均不能超过 {{max}} 像素。",
  },
  "no-ranking": { en: "The school has switched rankings off.", zh: "学校已关闭排名。" },
  "no-form": { en: "There is no such form.", zh: "没有这个表单。" },
  "too-many-forms": { en: "A school has at most 20 check-in forms.", zh: "一所学校最多有 20 个签到表单。" },
  "own-check-in": { en: "Students check in for themselves, with their own account.", zh: "学生须用自己的账号签到。" },
  "not-waiting": { en: "This person is not in the waiting room.", zh: "这个人不在等候室。" },
  "teachers-stay": { en: "Teachers of a lesson cannot be removed from it.", zh: "不能移出这节课的老师。" },
  "member-role": {
    en: "Only an account with the role teacher can teach a course, and only a teacher or an assistant can assist in it.",
    zh: "只有老师账号才能担任课程老师，只有老师或助教账号才能担任课程助教。",
  },
  "guest-name": { en: "Enter a name, so that the teacher knows who is here.", zh: "请填写名字，让老师知道谁来了。" },
  "too-many-searches": { en: "Too many searches. Wait a moment.", zh: "搜索太频繁，请稍等片刻。" },
  "no-transcript-line": { en: "There is no such line in the transcript.", zh: "文字稿中没有这一行。" },
  "no-caption-engine": {
    en: "This server has no engine for captions. Its operator names one in the configuration.",
    zh: "此服务器没有字幕引擎，请运维人员在配置中指定。",
  },
  "no-lesson": { en: "There is no such lesson.", zh: "没有这节课。" },
  "teachers-only": { en: "Only teachers of this lesson can do this.", zh: "只有这节课的老师可以这样做。" },
  "people-only-position": { en: "Only a person has a playback position.", zh: "只有个人账号才有观看进度。" },
  "still-recording": { en: "The recording is not finished. Stop it first.", zh: "正在录制，请先停止。" },
  "too-many-downloads": {
    en: "Several downloads are being made already. Wait until one is done, or cancel it.",
    zh: "已有多个文件正在生成，请等待完成或取消其中一个。",
  },
  "too-large-download": {
    en: "A file of this recording would be larger than downloads may be here. Cut a clip, or tell the operator.",
    zh: "这个录像的文件超过了允许的大小，请剪辑后下载或联系管理员。",
  },
  "picture-of-class": {
    en: "Only a small lesson, in which everybody publishes, has one picture of all. The recording of a class is one already.",
    zh: "只有人人都开麦的小班课才能合成画面；大班课的录像本来就是一个画面。",
  },
  "film-of-no-board": {
    en: "This lesson has shown no page of the board. Download the recording instead.",
    zh: "这节课没有展示过课件或板书，请直接下载录像。",
  },
  "film-unmarked": {
    en: "This recording is shown with a watermark, which a video with the board does not have. Only staff of the lesson download it.",
    zh: "该录像显示水印，而含板书的视频没有水印，只有本课的教师可以下载。",
  },
  "picture-of-nothing": { en: "Nothing of this lesson was recorded.", zh: "这节课没有录像。" },
  "encrypted-no-download": { en: "It is encrypted and cannot be downloaded.", zh: "内容已加密，不能下载。" },
  "operators-choose-nodes": {
    en: "Only operators can choose the nodes that prefetch a recording.",
    zh: "只有运维人员可以指定由哪些节点预取。",
  },
  "clip-after-end": { en: "`from` is after the end of the recording.", zh: "录像没有这么长。" },
  "course-name-taken": { en: "Another course of this school has this name.", zh: "这所学校已有同名课程。" },
  "course-has-exams": {
    en: "The course has papers or examinations. Delete them, or move them to another course.",
    zh: "这门课程有试卷或考试，请先删除或移到其他课程。",
  },
  "course-has-lessons": { en: "The course has lessons. Move or delete them first.", zh: "这门课程下还有课时，请先移走或删除。" },
  "no-external-person": { en: "No person of this school has the external id {{id}}.", zh: "这所学校没有外部编号为 {{id}} 的人。" },
  "taken-by-another": {
    en: "Another one of this school has the same login, name or external id.",
    zh: "这所学校已有相同的账号、名称或外部编号。",
  },
  "no-person-in-school": { en: "There is no such person in this school.", zh: "这所学校没有这个人。" },
  "not-a-member": { en: "This person is not a member of the course.", zh: "这个人不在这门课程里。" },
  "no-import": { en: "There is no such import.", zh: "没有这次导入。" },
  "idempotency-key-used": {
    en: "This Idempotency-Key was used for another request. Use a new key for each request.",
    zh: "这个 Idempotency-Key 已用于另一个请求，请每次使用新的。",
  },
  "changed-meanwhile": {
    en: "Others are changing this at the same time. Reload and try again.",
    zh: "其他人正在同时修改，请刷新后重试。",
  },
  "no-delivery": { en: "There is no such delivery.", zh: "没有这条发送记录。" },
  "too-many-webhooks": {
    en: "There are {{max}} webhooks already. Delete one that is not used, or let one webhook receive several events.",
    zh: "Webhook 已达 {{max}} 个。请删除不用的，或用一个 Webhook 接收多种事件。",
  },
  "no-source": { en: "There is no such source.", zh: "没有这个拉流频道。" },
  "source-name-taken": {
    en: "Another source is published under this name. Choose another one.",
    zh: "已有拉流频道使用这个名称，请换一个。",
  },
  "lesson-has-source": {
    en: "This lesson has a source already. Change that one: it can have several addresses.",
    zh: "这节课已有拉流频道，请修改已有的，它可以有多个地址。",
  },
  "too-many-sources": {
    en: "There are {{max}} sources already. Delete one that is not used.",
    zh: "拉流频道已达 {{max}} 个，请删除不用的。",
  },
  "operators-add-address": {
    en: "Only operators can add addresses of files, of UDP, and of SRT that waits for the other side.",
    zh: "只有平台管理员可以填写文件、UDP 以及等待对方连接的 SRT 地址。",
  },
  "no-forward": { en: "There is no such forward.", zh: "没有这个转推。" },
  "too-many-forwards": {
    en: "This lesson has {{max}} forwards already. Delete one first.",
    zh: "这节课的转推已达 {{max}} 个，请先删除一个。",
  },
  "no-probe": { en: "There is no such probe.", zh: "没有这个拨测任务。" },
  "too-many-probes": {
    en: "There are {{max}} probes already. Delete one first.",
    zh: "拨测任务已达 {{max}} 个，请先删除一个。",
  },
  "no-ladder": { en: "This school has no such ladder.", zh: "这所学校没有这个清晰度梯度。" },
  "ladder-name-taken": { en: "Another ladder of this school has this name.", zh: "这所学校已有同名的清晰度梯度。" },
  "ladder-in-use": {
    en: "The school, a course or a lesson has this ladder. Choose another one there first.",
    zh: "学校、课程或课时正在使用这个清晰度梯度，请先在那里换一个。",
  },
  "too-many-ladders": {
    en: "There are {{max}} ladders already. Delete one that is not used.",
    zh: "清晰度梯度已达 {{max}} 个，请删除不用的。",
  },
  "no-link-key": { en: "There is no such link key.", zh: "没有这个链接密钥。" },
  "link-key-name-taken": { en: "Another link key has this name.", zh: "已有同名的链接密钥。" },
  "link-key-in-use": {
    en: "A policy accepts the links of this key. Take it out there first.",
    zh: "有访问策略正在使用这个链接密钥，请先在那里移除。",
  },
  "too-many-link-keys": {
    en: "There are {{max}} link keys already. Delete one that is not used.",
    zh: "链接密钥已达 {{max}} 个，请删除不用的。",
  },
  "no-webhook": { en: "There is no such webhook.", zh: "没有这个 Webhook。" },
  "bad-cursor": {
    en: "The cursor belongs to another order of the list. Start again without it.",
    zh: "游标属于另一种排序，请去掉游标重新开始。",
  },
  "external-id-taken": {
    en: "Another one of this school has this external id.",
    zh: "这所学校已有相同的外部编号。",
  },
  "school-needed": { en: "Name the school: `schoolId`.", zh: "请先选择学校。" },
  "no-school": { en: "There is no such school.", zh: "没有这所学校。" },
  "slug-taken": { en: "Another school has this short name.", zh: "已有学校使用这个简称。" },
  "operators-archive": { en: "Only operators can archive a school.", zh: "只有平台管理员可以停用学校。" },
  "operators-set-quota": { en: "Only operators can change a school's quota.", zh: "只有平台管理员才能设置学校的空间。" },
  "people-only-session": { en: "Only a person has sessions.", zh: "只有个人账号才有登录会话。" },
  "sign-on-denied": { en: "The sign-in service did not let you in.", zh: "学校的登录服务没有同意登录。" },
  "sign-on-invalid": {
    en: "The answer of the school's sign-in service is not valid. Try again, or tell your administrator.",
    zh: "学校登录服务的应答无效，请重试或联系管理员。",
  },
  "sign-on-used": { en: "This sign-in was used already. Start again.", zh: "这次登录已经用过，请重新登录。" },
  "sign-on-expired": {
    en: "This sign-in took longer than ten minutes, or began in another browser. Start again.",
    zh: "登录超过了十分钟，或是在另一个浏览器中开始的，请重新登录。",
  },
  "account-disabled": { en: "This account is disabled. Ask your administrator.", zh: "这个账号已停用，请联系管理员。" },
  "no-role-by-claims": {
    en: "The school's sign-in service gives you no role here. Ask your administrator.",
    zh: "学校的登录服务没有给你在这里的角色，请联系管理员。",
  },
  "identity-taken": { en: "This school account belongs to another person here.", zh: "这个学校账号已属于这里的另一个人。" },
  "external-id-linked": {
    en: "The account with your id is used by another one of the sign-in service. Ask your administrator.",
    zh: "与你编号相同的账号已由登录服务的另一个账号使用，请联系管理员。",
  },
  "external-id-administrator": {
    en: "The account with your id is an administrator's. Sign in to it, and add the sign-in service in “Your account”.",
    zh: "与你编号相同的账号是管理员账号。请先登录该账号，再在“我的账号”中关联登录服务。",
  },
  "login-asserted": {
    en: "A sign-in service has made the account, and says nothing of this external id. Set its external id or its login first.",
    zh: "这个账号由登录服务创建，登录服务没有给出这个外部编号。请先设置账号的外部编号或登录名。",
  },
  "no-identity": { en: "Your account has no such link to a sign-on provider.", zh: "你的账号没有关联这个登录服务。" },
  "last-way-in": {
    en: "This is your last way to sign in. Add a passkey, link another provider or set a password first.",
    zh: "这是你唯一的登录方式，请先添加通行密钥、关联其他登录服务或设置密码。",
  },
  "no-passkey": { en: "Your account has no such passkey.", zh: "你的账号没有这个通行密钥。" },
  "passkey-taken": { en: "This passkey is in use already.", zh: "这个通行密钥已在使用。" },
  "too-many-passkeys": {
    en: "An account can have {{max}} passkeys. Remove one that you no longer use.",
    zh: "每个账号最多有 {{max}} 个通行密钥，请先删除不再使用的。",
  },
  "passkey-expired": {
    en: "This took longer than five minutes, or the answer was sent before. Try again.",
    zh: "已超过五分钟，或已提交过，请重试。",
  },
  "passkey-not-added": {
    en: "This device made no passkey that this server can use. Try again, or use another device.",
    zh: "此设备未能创建可用的通行密钥，请重试或换一台设备。",
  },
  "no-provider": { en: "There is no such sign-on provider.", zh: "没有这个登录服务。" },
  "people-only-providers": {
    en: "Only a person can manage sign-on providers, not an API key.",
    zh: "只有个人账号才能管理登录服务，API 密钥不行。",
  },
  "last-provider": {
    en: "People of this school cannot sign in with a password. Keep one provider enabled, or turn passwords on first.",
    zh: "这所学校已关闭密码登录。请至少保留一个登录服务，或先开启密码登录。",
  },
  "provider-first": {
    en: "Nobody could sign in: enable a sign-on provider first.",
    zh: "请先启用一个登录服务，否则没有人能登录。",
  },
  "second-factor-on": { en: "The second factor is on already. Turn it off first.", zh: "两步验证已开启，请先关闭。" },
  "second-factor-required-here": { en: "Your school requires a second factor.", zh: "你的学校要求开启两步验证。" },
  "no-second-factor": { en: "This account has no second factor.", zh: "这个账号没有开启两步验证。" },
  "no-session": { en: "There is no such session. It may have ended already.", zh: "没有这个登录会话，可能已经结束。" },
  "people-only-password": { en: "Only a person has a password.", zh: "只有个人才有密码。" },
  "reset-link-expired": {
    en: "This link was used, has expired or is incomplete. Ask for a new one.",
    zh: "这个链接已使用过、已过期或不完整，请重新索取。",
  },
  "password-short": {
    en: "The password is too short: this account needs at least {{minimum}} characters.",
    zh: "密码太短：这个账号的密码至少需要 {{minimum}} 个字符。",
  },
  "password-own-name": {
    en: "The password is the login or the name. Choose another one.",
    zh: "密码与账号或姓名相同，请换一个。",
  },
  "login-taken": { en: "Another person in this school has this login.", zh: "这所学校已有人使用这个账号。" },
  "operators-create-operators": { en: "Only operators can create operators.", zh: "只有平台管理员可以添加平台管理员。" },
  "operator-without-school": { en: "Operators belong to no school.", zh: "平台管理员不属于任何学校。" },
  "own-account": {
    en: "You cannot disable your own account or change its role. Ask another administrator.",
    zh: "不能停用自己的账号或更改自己的角色，请由其他管理员操作。",
  },
  "key-limit": {
    en: "This key may make {{count}} requests a minute. Wait, or ask the school for a higher limit.",
    zh: "这个密钥每分钟最多 {{count}} 次请求。请稍候，或请学校提高限额。",
  },
  "erase-login": { en: "`login` is not the login of this person.", zh: "填写的账号与此人的账号不一致。" },
  "archive-first": { en: "Archive the school first, then delete it.", zh: "请先停用学校，再删除。" },
  "delete-slug": { en: "`slug` is not the short name of this school.", zh: "填写的简称与这所学校不一致。" },
  "no-key": { en: "There is no such key.", zh: "没有这个密钥。" },
  "signed-out": { en: "You were signed out, or the token is not valid. Sign in again.", zh: "你已退出登录，请重新登录。" },
  "several-schools": { en: "Several schools have this login. Name the school.", zh: "这个账号存在于多所学校，请填写学校简称。" },
  "network-not-allowed": { en: "Administrators cannot sign in from this network.", zh: "管理员不能从这个网络登录。" },
  "people-only-calendar": { en: "Only a person has a calendar.", zh: "只有个人才有日历。" },
  "no-calendar": { en: "There is no such calendar.", zh: "没有这个日历。" },
  locked: {
    en: {
      one: "Too many wrong attempts. Try again in {{count}} minute.",
      other: "Too many wrong attempts. Try again in {{count}} minutes.",
    },
    zh: "错误次数太多，请在 {{count}} 分钟后再试。",
  },
  "passwords-busy": {
    en: "Too many people are signing in from your address at this moment. Try again in a few seconds.",
    zh: "你所在地址同时登录的人太多，请过几秒再试。",
  },
  "trouble-limit": {
    en: "Too many problem reports from you or your address. Wait a moment.",
    zh: "你或你所在地址提交的问题报告太多，请稍等片刻。",
  },
  "key-manages-role": {
    en: "This key cannot manage accounts with the role {{role}}: it does not have {{scopes}}.",
    zh: "这个密钥没有 {{scopes}}，不能管理角色为 {{role}} 的账号。",
  },
  "key-sets-access": {
    en: "This key cannot change how people sign in, or how long the audit log is kept: it does not have {{scopes}}.",
    zh: "这个密钥没有 {{scopes}}，不能修改登录方式或审计日志的保留时间。",
  },
  "own-network-missing": {
    en: "Your own address, {{ip}}, is in none of these networks: you would be shut out. Add it, or ask an administrator who is in one of them.",
    zh: "您当前的地址 {{ip}} 不在这些网络内，保存后您将无法登录。请加入该地址，或请这些网络内的管理员修改。",
  },
  "key-scopes": { en: "This key does not have {{scopes}}, and cannot grant it.", zh: "这个密钥没有 {{scopes}}，不能授予。" },
});
