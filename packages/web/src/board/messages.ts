/** The texts of the board for those who look at it. They are loaded with its code; `drawing/messages.ts` has those of the tools. */

const en = {
  board: {
    page: "{{title}}, page {{number}} of {{count}}",
    untitled: "Board",
    showBoard: "Show the board large",
    showCamera: "Show the camera large",
    showPeople: "Show the people large",
    fullScreen: "Full screen",
    leaveFullScreen: "Leave full screen",
    loading: "The page is loading…",
    written: "On the page:",
    slideText: "Text of the slide:",
  },
};

const zh: typeof en = {
  board: {
    page: "{{title}}，第 {{number}} 页，共 {{count}} 页",
    untitled: "白板",
    showBoard: "放大白板",
    showCamera: "放大摄像头画面",
    showPeople: "放大成员画面",
    fullScreen: "全屏",
    leaveFullScreen: "退出全屏",
    loading: "正在加载页面…",
    written: "页面上的内容：",
    slideText: "幻灯片文字：",
  },
};

export const BOARD_MESSAGES = { en, "zh-CN": zh };
