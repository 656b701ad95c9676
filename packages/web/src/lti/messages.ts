/** The texts of the page of a launch. They are below `lti`, because the class page's texts stand beside them. */

const en = {
  title: "Opening from your course",
  working: "Opening…",
  offline: "The server cannot be reached. Check your network, then open the lesson again from your course.",
  fromCourse: "Open the lesson from your course.",
  blocked: "Your browser keeps this page from signing you in inside the course. It works in a window of its own.",
  newWindow: "Open in a new window",
  openedElsewhere: "The lesson opens in another window.",
  teaches: "You teach this lesson. The studio opens in a window of its own, where you start the lesson and broadcast.",
  assists: "You assist in this lesson.",
  studio: "Open the studio",
  watch: "Watch as students see it",
  choose: "Choose a lesson",
  chooseHint: "The link in your course will open what you choose here.",
  newLesson: "New lesson",
  lessonTitle: "Title",
  create: "Create and add",
  lessons: "Lessons of this course",
  recordings: "Recordings of this course",
  none: "There are none yet.",
  add: "Add",
};

const zh: typeof en = {
  title: "正在从课程中打开",
  working: "正在打开…",
  offline: "无法连接服务器，请检查网络后从课程中重新打开。",
  fromCourse: "请从课程中打开这节课。",
  blocked: "浏览器不允许在课程页面内登录，请在新窗口中打开。",
  newWindow: "在新窗口中打开",
  openedElsewhere: "已在另一个窗口中打开。",
  teaches: "你是这节课的老师。直播间会在新窗口中打开，可以在那里开始上课和推流。",
  assists: "你是这节课的助教。",
  studio: "打开直播间",
  watch: "以学生视角观看",
  choose: "选择课堂",
  chooseHint: "课程中的链接将打开你在这里选择的内容。",
  newLesson: "新建课堂",
  lessonTitle: "标题",
  create: "新建并添加",
  lessons: "本课程的课堂",
  recordings: "本课程的录像",
  none: "还没有。",
  add: "添加",
};

export const LTI_MESSAGES = { en: { lti: en }, "zh-CN": { lti: zh } };
