/** Provides the people of the school in the pictures, with their sessions. */
import type { Lectern } from "../lectern.ts";
import { ask, done } from "../lesson-client.ts";

const PASSWORD = "sunlit-harbour-42";

export type Someone = { readonly id: string; readonly login: string; readonly name: string; readonly token: string };
export type People = Readonly<Record<"operator" | "head" | "wang" | "carter" | "chen" | "assistant" | "li", Someone>> & {
  readonly students: readonly Someone[];
};

export function nth<One>(all: readonly One[], place: number): One {
  const one = all[place];
  if (one === undefined) throw new Error(`there are only ${all.length}`);
  return one;
}

const STUDENTS = [
  ...["李梅", "张伟", "Noah Williams", "刘洋", "Anna Schmidt", "王子轩", "Sofía García", "赵雨桐", "Liam O’Connor", "周思远"],
  ...[
    "Amara Okafor",
    "孙悦",
    "吴晨曦",
    "Emma Lindqvist",
    "郑浩然",
    "Yuki Tanaka",
    "冯小雅",
    "Oliver Brown",
    "何嘉怡",
    "Priya Sharma",
  ],
];

export async function invitePeople(server: Lectern, schoolId: string): Promise<People> {
  const person = async (login: string, name: string, role: string): Promise<Someone> => {
    const of = role === "operator" ? {} : { schoolId };
    const { id } = await done(server, "POST", "/users", { ...of, login, name, role, password: PASSWORD });
    const { body } = await ask(server, "POST", "/sessions", { login, password: PASSWORD }, null);
    return { id, login, name, token: body.token };
  };
  const [operator, head] = [await person("root", "Sam Ortiz", "operator"), await person("zhao", "赵敏", "administrator")];
  const [wang, carter] = [await person("wang", "王芳", "teacher"), await person("carter", "Emily Carter", "teacher")];
  const [chen, assistant] = [await person("chen", "陈建国", "teacher"), await person("lima", "Ana Lima", "assistant")];
  const students: Someone[] = [];
  for (const [i, name] of STUDENTS.entries()) students.push(await person(`student${i + 1}`, name, "student"));
  await person("parent", "李强", "supervisor");
  const li = nth(students, 0);
  await done(server, "POST", `/users/${li.id}/guardians`, { name: "李强", email: "li.qiang@example.com" });
  return { operator, head, wang, carter, chen, assistant, li, students };
}
