/** The texts of the console's pages of moderation: word lists and content checks. */

const en = {
  moderation: {
    pages: { lists: "Word lists", checks: "Content checks" },
    hint: "Words that chat, bullet comments and questions in lessons are checked for. Teachers and assistants of a lesson write what they want.",
    empty: "No word lists yet: every text is shown.",
    action: "What happens",
    actionHint: "Of several lists, the strictest counts.",
    actions: { mask: "Replace with ***", hold: "A teacher decides", refuse: "Refuse the text" },
    words: "Words",
    wordsHint:
      "One word or phrase in each line. Lines that begin with # are comments. English words are found as whole words; with * at the end, longer words too: idiot*. Case, width, traditional or simplified Chinese and hidden characters make no difference.",
    wordCount_one: "{{count}} word",
    wordCount_other: "{{count}} words",
    skipsSigns: "Signs and spaces between letters",
    skipsSignsHint: "Whether b.a.d and b a d are found as bad.",
    skipping: { yes: "Overlook them", no: "Only the word as it is" },
    saved_one: "Saved, with {{count}} word.",
    saved_other: "Saved, with {{count}} words.",
    loading: "Loading…",
    notLoaded: "The words could not be loaded. They stay as they are.",
    checks: "What is checked",
    checksHint:
      "A service of your own that checks each text before others see it. It answers pass, mask, hold or refuse; the API document has the details.",
    noChecks: "No content checks yet.",
    kinds: { text: "Texts", picture: "Pictures of live lessons" },
    fallback: "Without an answer in time",
    fallbacks: { pass: "Show it", hold: "A teacher decides", refuse: "Refuse it" },
    deadline: "Waiting time, milliseconds",
    interval: "Seconds between two pictures",
    secret: "Secret of signatures",
    checkSaved: "Saved. The list shows the secret that signs each question.",
  },
};

const zh: typeof en = {
  moderation: {
    pages: { lists: "词库", checks: "内容审核" },
    hint: "课堂中的聊天、弹幕和提问会按词库检查。授课人员的发言不受限制。",
    empty: "还没有词库，所有内容都会直接显示。",
    action: "处理方式",
    actionHint: "命中多个词库时，以最严格的为准。",
    actions: { mask: "替换为 ***", hold: "由老师审核", refuse: "拒绝发送" },
    words: "词语",
    wordsHint:
      "每行一个词或短语，以 # 开头的行为注释。英文按整词匹配，词尾加 * 可匹配更长的词，例如 idiot*。不区分大小写、全半角、简繁体，隐藏字符会被忽略。",
    wordCount_one: "{{count}} 个词",
    wordCount_other: "{{count}} 个词",
    skipsSigns: "字间的符号和空格",
    skipsSignsHint: "例如“坏-蛋”“坏 蛋”是否按“坏蛋”处理。",
    skipping: { yes: "忽略", no: "仅匹配原词" },
    saved_one: "已保存，共 {{count}} 个词。",
    saved_other: "已保存，共 {{count}} 个词。",
    loading: "正在加载…",
    notLoaded: "词语加载失败，保存时不会改动。",
    checks: "审核对象",
    checksHint: "由学校自己的服务在内容显示前进行审核，返回 pass、mask、hold 或 refuse，详见接口文档。",
    noChecks: "还没有内容审核。",
    kinds: { text: "文字", picture: "直播画面" },
    fallback: "超时未返回时",
    fallbacks: { pass: "直接显示", hold: "由老师审核", refuse: "拒绝" },
    deadline: "等待时间（毫秒）",
    interval: "画面间隔（秒）",
    secret: "签名密钥",
    checkSaved: "已保存。列表中可查看签名密钥。",
  },
};

export const MODERATION_MESSAGES = { en, "zh-CN": zh };
