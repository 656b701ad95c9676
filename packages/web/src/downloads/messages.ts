/** The texts about downloads. Pages that offer downloads include them in their own. */

export const DOWNLOAD_MESSAGES = {
  en: {
    download: "Download",
    cancelDownload: "Cancel download",
    saveDownload: "Save file",
    downloadWaiting: "Your copy is made soon",
    downloadAhead: "Your copy is made after {{count}} others",
    downloadRunning: "Making your copy: {{percent}} %",
    downloadRemaining: "Making your copy: {{percent}} %, {{time}} left",
    boardPdf: "Board as PDF",
    boardPdfMaking: "Making the PDF…",
    downloadProblems: {
      "no-mark": "This server cannot write names into videos. Please tell the operator.",
      "no-picture": "This recording has no picture that could carry your name, so it cannot be downloaded.",
      "not-in-mp4": "The size or the codec changes within this recording, so it cannot be one file.",
      "disk-full": "The server's disk is full. Try again later, or tell the operator.",
      "storage-away": "The storage of recordings does not answer. Try again later.",
      failed: "The file could not be made. Try again.",
    },
  },
  "zh-CN": {
    download: "下载",
    cancelDownload: "取消下载",
    saveDownload: "保存文件",
    downloadWaiting: "即将开始生成您的文件",
    downloadAhead: "前面还有 {{count}} 个文件，请稍候",
    downloadRunning: "正在生成您的文件：{{percent}} %",
    downloadRemaining: "正在生成您的文件：{{percent}} %，还需 {{time}}",
    boardPdf: "板书存为 PDF",
    boardPdfMaking: "正在生成 PDF…",
    downloadProblems: {
      "no-mark": "服务器无法在视频中写入姓名，请联系管理员。",
      "no-picture": "这个录像没有画面，无法加上您的姓名，因此不能下载。",
      "not-in-mp4": "录像中途画面尺寸或编码有变化，无法生成一个文件。",
      "disk-full": "服务器磁盘已满，请稍后再试或联系管理员。",
      "storage-away": "录像存储暂时没有响应，请稍后再试。",
      failed: "文件生成失败，请重试。",
    },
  },
};
