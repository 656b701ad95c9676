/**
 * Decides which names guests may take: not a name of the lesson's teachers and assistants, and no word that makes them look like staff.
 * Names are compared by what they look like, after Unicode Technical Standard 39 (skeletons), for the Latin look-alikes of Cyrillic and Greek.
 */
import { RefusalError } from "../../platform/api/server.ts";
import { fieldText } from "../foundation/messages/field-texts.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import type { Db, Lesson } from "../foundation/store/tables.ts";

/** Each letter with the Latin letter or digit that it looks like, in small letters. */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    а: "a",
    ӑ: "a",
    в: "b",
    с: "c",
    ԁ: "d",
    е: "e",
    ё: "e",
    һ: "h",
    і: "i",
    ї: "i",
    ј: "j",
    к: "k",
    ԛ: "q",
    м: "m",
    н: "h",
    о: "o",
    р: "p",
    г: "r",
    ѕ: "s",
    т: "t",
    у: "y",
    ү: "y",
    ԝ: "w",
    х: "x",
    ѵ: "v",
    ӏ: "l",
    ь: "b",
    з: "3",
    α: "a",
    β: "b",
    γ: "y",
    ε: "e",
    ζ: "z",
    η: "n",
    ι: "i",
    κ: "k",
    ν: "v",
    ο: "o",
    ρ: "p",
    σ: "o",
    τ: "t",
    υ: "u",
    χ: "x",
    ω: "w",
    ı: "i",
    ɡ: "g",
    ɩ: "i",
    ʟ: "l",
    ɴ: "n",
    ʀ: "r",
    ꜱ: "s",
    ʏ: "y",
    "0": "o",
    "1": "l",
    "|": "l",
    "3": "e",
    "4": "a",
    "5": "s",
    $: "s",
    "@": "a",
  }),
);

/** Words that only staff may have in a name: whole words in English, anywhere in Chinese. */
const STAFF_WORDS = [
  ...[
    "teacher",
    "teachers",
    "assistant",
    "tutor",
    "instructor",
    "lecturer",
    "professor",
    "admin",
    "administrator",
    "moderator",
    "host",
  ],
  ...["cohost", "staff", "operator", "organizer", "organiser", "support", "system", "lectern"],
].map(skeletonOf);
const STAFF_WORDS_IN_CHINESE = /老师|老師|教师|教師|助教|讲师|講師|教授|班主任|管理员|管理員|主持人|主讲|主講|客服|系统|系統|官方/;

/** What a name looks like: names with the same skeleton cannot be told apart at a glance. */
export function skeletonOf(name: string): string {
  const letters = name
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFD")
    // Accents, invisible characters, spaces and punctuation.
    .replace(/\p{M}|\p{Cf}/gu, "");
  return [...letters]
    .map((letter) => LOOK_ALIKES.get(letter) ?? letter)
    .join("")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replace(/rn/g, "m")
    .replace(/vv/g, "w")
    .replace(/l/g, "i");
}

/** Whether a name has a word of staff's. */
export function looksLikeStaff(name: string): boolean {
  const plain = name.normalize("NFKC").replace(/\p{Cf}/gu, "");
  if (STAFF_WORDS_IN_CHINESE.test(plain.replace(/[\s\p{P}]/gu, ""))) return true;
  const words = plain.split(/[\s\p{P}]+/u).filter((word) => word !== "");
  // Letters one by one make a word too: `T e a c h e r`.
  const spelled = words.every((word) => [...word].length === 1) ? [words.join("")] : [];
  return [...words, ...spelled].some((word) => STAFF_WORDS.includes(skeletonOf(word)));
}

/** Whose staff's names guests may not take: of a lesson, or of what has a course too. */
type Taught = Pick<Lesson, "school_id" | "teacher_id" | "course_id">;

/** @throws RefusalError bad-request, where the name belongs to staff of the lesson, or is one of staff's words */
export async function checkGuestName(db: Db, taught: Taught, name: string): Promise<void> {
  checkNameBeside(await staffSkeletons(db, taught), name);
}

/** The same, where the names of the staff are known. @param staff as `staffSkeletons` gives them @throws RefusalError bad-request */
export function checkNameBeside(staff: readonly string[], name: string): void {
  if (!looksLikeStaff(name) && !staff.includes(skeletonOf(name))) return;
  throw new RefusalError("bad-request", schoolText("guest-name-of-staff"), [
    { path: "name", message: fieldText("guest-name-of-staff") },
  ]);
}

/** What the names of the lesson's teacher look like, and of those who teach and assist in its course. */
export async function staffSkeletons(db: Db, lesson: Taught): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("users")
    .select("users.name")
    .where("users.school_id", "=", lesson.school_id)
    .where((where) =>
      where.or([
        where("users.id", "=", lesson.teacher_id ?? ""),
        where(
          "users.id",
          "in",
          db
            .selectFrom("course_members")
            .select("course_members.user_id")
            .where("course_members.course_id", "=", lesson.course_id ?? "")
            .where("course_members.role", "in", ["teacher", "assistant"]),
        ),
      ]),
    )
    .execute();
  return rows.map((row) => skeletonOf(row.name)).filter((skeleton) => skeleton !== "");
}
