/** Chinese for plain English details that are not messages of a catalogue yet. */

/** A sentence in Chinese; as it is, where none is known. */
export function inChinese(text: string): string {
  return known(text) ?? text;
}

function known(text: string): string | null {
  const exact = SENTENCES[text];
  if (exact !== undefined) return exact;
  for (const [pattern, words] of PATTERNS) {
    const match = pattern.exec(text);
    if (match) return words.replace(/\$(\d)/g, (_, i: string) => match[Number(i)] ?? "");
  }
  return null;
}

const SENTENCES: Readonly<Record<string, string>> = {
  "A name is needed, so that the teacher knows who is here.": "请填写名字，让老师知道谁来了。",
  "A publish key is needed: put ?key=KEY behind the stream's name.": "需要推流密钥：在流名称后加上 ?key=密钥。",
  "A stream's name has 1 to 128 letters, digits, - and _.": "流名称由 1 到 128 个字母、数字、- 和 _ 组成。",
  "Administrators may not come from this network.": "管理员不能从这个网络登录。",
  "An operator belongs to no school.": "平台管理员不属于任何学校。",
  "Another course of this school has this name.": "这所学校已有同名课程。",
  "Another school has this short name.": "已有学校使用这个简称。",
  "Many pictures are asked for at present.": "目前请求画面的人较多。",
  "No more streams can be taken here at present.": "目前无法接收更多的流。",
  "Only a person has a calendar.": "只有个人才有日历。",
  "Only a person has a password.": "只有个人才有密码。",
  "Only a person is signed in.": "只有个人才能登录。",
  "Only an operator makes another.": "只有平台管理员可以添加平台管理员。",
  "Only an operator says how much space a school has.": "只有平台运营人员才能设置学校的空间。",
  "Only people stop watching.": "只有个人账号才有观看进度。",
  "Only an operator puts a school away.": "只有平台管理员可以停用学校。",
  "Only those who teach this lesson may do this.": "只有这节课的老师可以这样做。",
  "Say for which school: schoolId.": "请先选择学校。",
  "Somebody in this school has this login already.": "这所学校已有人使用这个账号。",
  "The course has lessons. Move or delete them first.": "这门课程下还有课时，请先移走或删除。",
  "These times make no sense.": "这些时间没有意义。",
  "This has not been yet.": "这段内容还没有发生。",
  "At most an hour can be asked for at once.": "一次最多请求一小时。",
  "The recording is shorter than that.": "录像没有这么长。",
  "is not after from": "不晚于开始时间",
  "The recording is still being made. Stop it first.": "正在录制，请先停止。",
  "start is not a time within the recording, in seconds.": "start 应为录像之内的秒数。",
  "The lesson is live. End it first.": "这节课正在直播，请先结束。",
  "The pages are not built. Run script/up, which builds them.": "网页尚未构建，请运行 script/up。",
  "There is no such node.": "没有这个节点。",
  "Only operators may say which nodes are to have it.": "只有运维人员可以指定由哪些节点预取。",
  "Only operators may ask for others, and for the reckoning.": "只有运维人员可以替别人查询，或查看计算过程。",
  "No node has room for more people at present. Try again in a moment.": "目前没有节点能容纳更多人，请稍后再试。",
  "There is no such calendar.": "没有这个日历。",
  "There is no such course.": "没有这门课程。",
  "There is no such delivery.": "没有这条发送记录。",
  "There is no such import.": "没有这次导入。",
  "There is no such key.": "没有这个密钥。",
  "There is no such lesson.": "没有这节课。",
  "There is no such person in this school.": "这所学校没有这个人。",
  "There is no such person.": "没有这个人。",
  "There is no such school.": "没有这所学校。",
  "There is no such webhook.": "没有这个 Webhook。",
  "These delivery directives make no sense.": "这些播放列表参数没有意义。",
  "This API key does not have the scope for this.": "这个 API 密钥没有此权限。",
  "This Idempotency-Key was used for another request. Take a new one for each.":
    "这个 Idempotency-Key 已用于另一个请求，请每次使用新的。",
  "This is too far ahead of what is live.": "请求的内容超前于直播太多。",
  "This link was made for another connection. Ask for a new one.": "这个链接是为另一个连接生成的，请重新索取。",
  "This link was used, is too old, or is not complete. Ask for a new one.": "这个链接已使用过、已过期或不完整，请重新索取。",
  "This name is known in several schools. Say in which.": "这个账号存在于多所学校，请填写学校简称。",
  "This part of the stream is not kept any more, or never was.": "这部分内容已不再保留，或从未存在。",
  "This person has not joined the lesson.": "这个人没有进入这节课。",
  "This person is not in the course.": "这个人不在这门课程里。",
  "This request takes no body.": "这个请求不带内容。",
  "This stream has no picture to show.": "这路流没有画面。",
  "This stream needs a link that was given to you.": "观看这路流需要老师给你的链接。",
  "You cannot shut yourself out; somebody else must.": "不能停用自己，请由别人操作。",
  "You were signed out, or the token is not right. Sign in again.": "你已退出登录，请重新登录。",
  "Your role does not allow this.": "你的角色不允许此操作。",
  "endsAt is not after startsAt.": "结束时间不晚于开始时间。",
  "teacherId names somebody who is no teacher.": "所选的人不是老师。",
  // Of fields and of lines of a CSV file.
  "The file is empty; the first line names the columns.": "文件是空的；第一行应为列名。",
  "There are no rows.": "没有数据行。",
  "The server was restarted meanwhile. Nothing was imported; send the file again.":
    "其间服务器重启过，没有导入任何内容，请重新上传文件。",
  "an administrator is in no course": "管理员不属于任何课程",
  "has 1 to 100 letters, digits and . _ @ + -": "由 1 到 100 个字母、数字和 . _ @ + - 组成",
  "has 1 to 40 small letters, digits and -": "由 1 到 40 个小写字母、数字和 - 组成",
  "is a date such as 2026-11-20": "应为日期，例如 2026-11-20",
  "is a time such as 09:00": "应为时间，例如 09:00",
  "is a time such as 2026-11-20T09:00:00+08:00": "应为时间，例如 2026-11-20T09:00:00+08:00",
  "is a whole number from 1 to 1000000": "应为 1 到 1000000 的整数",
  "is empty": "不能为空",
  "is not a mail address": "不是邮箱地址",
  "is not a time zone such as Asia/Shanghai": "不是时区，例如 Asia/Shanghai",
  "is not after startsAt": "不晚于开始时间",
  "is not after the start": "不晚于开始时间",
  "is not an address or a network such as 10.0.0.0/8": "不是地址或网络，例如 10.0.0.0/8",
  "is not an http or https address": "不是 http 或 https 地址",
  "is not an id": "不是编号",
  "is yes or no": "应为 yes 或 no",
  "does not exist on this day: the clocks are put forward": "这一天没有这个时间（夏令时调整）",
  "there is no such day or time": "没有这个日期或时间",
  "this column is missing": "缺少这一列",
  "this column is there twice": "这一列出现了两次",
};

/** For sentences with something in them. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/^Too many wrong attempts\. Try again in (\d+) minutes?\.$/, "错误次数太多，请在 $1 分钟后再试。"],
  [/^This key may not give away (.+)\.$/, "这个密钥不能授予 $1。"],
  [/^The body must be (.+)\.$/, "内容类型应为 $1。"],
  [/^Idempotency-Key is text of 1 to (\d+) characters\.$/, "Idempotency-Key 为 1 到 $1 个字符。"],
  [/^There is no application "(.*)" here\.$/, "这里没有应用 “$1”。"],
  [/^is longer than (\d+) characters$/, "超过 $1 个字符"],
  [/^has at least (\d+) characters$/, "至少 $1 个字符"],
  [/^has at most (\d+) characters$/, "最多 $1 个字符"],
  [/^is one of (.+)$/, "应为 $1 之一"],
  [/^is taken already: (.+)$/, "已被使用：$1"],
  [/^there is no course "(.*)"$/, "没有课程 “$1”"],
  [/^there is no teacher "(.*)"$/, "没有老师 “$1”"],
  [/^there is no such column; known are (.+)$/, "没有这一列；可用的列有 $1"],
  [/^(\d+) cells, but only (\d+) columns are named\.$/, "有 $1 个单元格，但只有 $2 列有列名。"],
  [/^More than (\d+) rows; cut the file\.$/, "超过 $1 行，请拆分文件。"],
];
