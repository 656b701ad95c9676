/** Says what happens in the demonstration's lesson, and when: one round of it. */
import { arc, handwriting } from "./handwriting.ts";

/** Ms Wang teaches; the others are guests of the lesson. */
export const STUDENTS = ["小雨", "Tom", "子涵", "Emma", "浩然"] as const;
export type StudentName = (typeof STUDENTS)[number];

export type Moment = { readonly atSeconds: number } & (
  | { readonly who: StudentName | "teacher"; readonly sends: Readonly<Record<string, unknown>> }
  /** The teacher writes these lines, one after the other. */
  | { readonly writes: readonly (readonly (readonly [number, number])[])[]; readonly color: "black" | "blue" | "red" | "green" }
  | { readonly clears: true }
  /** The teacher asks, and the students answer by and by; then the answer is shown. */
  | { readonly asks: Readonly<Record<string, unknown>>; readonly answers: readonly (readonly [StudentName, number])[] }
  | { readonly reveals: true }
);

export const ROUND_SECONDS = 150;

const [PIE_X, PIE_Y, PIE] = [1500, 2450, 750];
const pieLine = (turn: number): readonly (readonly [number, number])[] => {
  const [end = [PIE_X, PIE_Y]] = arc(PIE_X, PIE_Y, PIE, turn, turn);
  return [[PIE_X, PIE_Y], end];
};

export const LESSON_ROUND: readonly Moment[] = [
  { atSeconds: 0, clears: true },
  {
    atSeconds: 1,
    who: "teacher",
    sends: {
      kind: "chat",
      text: "欢迎！可以在这里说话、举手，等会儿还有一道题。Welcome! Write here, raise your hand; a question comes soon.",
    },
  },
  { atSeconds: 4, writes: handwriting("1/2 + 1/4 = ?", 700, 350, 700), color: "black" },
  { atSeconds: 8, who: "小雨", sends: { kind: "chat", text: "老师好！" } },
  { atSeconds: 11, who: "Tom", sends: { kind: "chat", text: "Good morning, Ms Wang" } },
  { atSeconds: 20, writes: [arc(PIE_X, PIE_Y, PIE, 0, 1), pieLine(0), pieLine(0.5)], color: "blue" },
  { atSeconds: 28, writes: [pieLine(0.25)], color: "blue" },
  { atSeconds: 30, who: "子涵", sends: { kind: "danmaku", text: "像切披萨 🍕" } },
  { atSeconds: 33, who: "Emma", sends: { kind: "hand", action: "raise" } },
  { atSeconds: 36, who: "Emma", sends: { kind: "question", action: "ask", text: "Why may we not add 2 and 4 below the line?" } },
  { atSeconds: 42, who: "Emma", sends: { kind: "hand", action: "lower" } },
  {
    atSeconds: 46,
    asks: {
      type: "single",
      text: "1/2 + 1/4 = ?",
      options: ["2/6", "3/4", "1/6"],
      correct: [1],
      seconds: 60,
      explanation: "1/2 = 2/4，2/4 + 1/4 = 3/4",
    },
    answers: [
      ["小雨", 1],
      ["Tom", 0],
      ["子涵", 1],
      ["Emma", 1],
      ["浩然", 1],
    ],
  },
  { atSeconds: 92, reveals: true },
  { atSeconds: 94, writes: handwriting("2/4 + 1/4 = 3/4", 2900, 1900, 620), color: "green" },
  { atSeconds: 106, who: "浩然", sends: { kind: "reaction", reaction: "clap" } },
  { atSeconds: 107, who: "Tom", sends: { kind: "reaction", reaction: "up" } },
  { atSeconds: 110, who: "小雨", sends: { kind: "danmaku", text: "懂了！" } },
  { atSeconds: 114, who: "Tom", sends: { kind: "chat", text: "I see: first make quarters of both." } },
];
