/** The texts of the room beside a recording. */

const en = {
  pastRoom: "The class at this time",
  pastSilence: "Nobody had written yet.",
  noPastQuestions: "Nobody had asked yet.",
};

const zh: typeof en = {
  pastRoom: "当时的课堂",
  pastSilence: "这时还没有人发言。",
  noPastQuestions: "这时还没有人提问。",
};

export const REPLAY_MESSAGES = { en, "zh-CN": zh };
