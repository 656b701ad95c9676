/** Finds the people of a school that a pasted list names, each by username, mail address or full name. */
import type { Text } from "../../../platform/messages/message.ts";
import { hasMail } from "../../foundation/encryption/blind-index.ts";
import { memberText } from "../../foundation/messages/member-texts.ts";
import type { Db, User } from "../../foundation/store/tables.ts";
import { storedLogins } from "../accounts/login-name.ts";

export type NamedPerson = Pick<User, "id" | "login" | "name" | "email" | "role" | "disabled_at">;
/** What an entry of the list stands for: a person, or why nobody was found. */
export type NamedEntry = { readonly entry: string; readonly person: NamedPerson } | { readonly entry: string; readonly why: Text };

/** Texts that one query looks up. */
const TEXTS_PER_QUERY = 200;
/** Names that one entry has at most: cells of a row. */
const MAX_NAMES = 8;
/** `Wang Fang <wang@school.cn>`, as mail programs copy it. */
const WITH_ADDRESS = /^(?<name>.*?)<(?<address>[^<>]+)>$/;

/** One answer for each entry, in their order. Cells of a row, with tabs between them, are other names of the same person. */
export async function namedPeople(db: Db, schoolId: string, entries: readonly string[]): Promise<readonly NamedEntry[]> {
  const known = indexed(await peopleCalled(db, schoolId, [...new Set(entries.flatMap(namesIn))]));
  return entries.map((entry) => {
    let why = memberText("nobody");
    for (const name of namesIn(entry)) {
      const found = bestMatches(known, name);
      const [person] = found;
      if (person && found.length === 1) return { entry, person };
      if (person) why = memberText("several");
    }
    return { entry, why };
  });
}

function namesIn(entry: string): string[] {
  return entry
    .split("\t")
    .flatMap((cell) => {
      const { name = cell, address = "" } = WITH_ADDRESS.exec(cell.trim())?.groups ?? {};
      return [address.trim(), name.trim().replace(/^"(.*)"$/, "$1")];
    })
    .filter((name) => name !== "")
    .slice(0, MAX_NAMES);
}

type Known = Readonly<Record<"byLogin" | "byMail" | "byName", ReadonlyMap<string, readonly NamedPerson[]>>>;

function indexed(people: readonly NamedPerson[]): Known {
  return {
    byLogin: Map.groupBy(people, ({ login }) => login),
    byMail: Map.groupBy(people, ({ email }) => email?.toLowerCase() ?? ""),
    byName: Map.groupBy(people, ({ name }) => name.toLowerCase()),
  };
}

/** A username is one person's; a mail address goes before a name, which more people share. */
function bestMatches({ byLogin, byMail, byName }: Known, name: string): readonly NamedPerson[] {
  const withLogin = storedLogins(name).flatMap((login) => byLogin.get(login) ?? []);
  if (withLogin.length > 0) return withLogin;
  const small = name.toLowerCase();
  return byMail.get(small) ?? byName.get(small) ?? [];
}

async function peopleCalled(db: Db, schoolId: string, names: readonly string[]): Promise<readonly NamedPerson[]> {
  const found: NamedPerson[] = [];
  for (let i = 0; i < names.length; i += TEXTS_PER_QUERY) {
    const some = names.slice(i, i + TEXTS_PER_QUERY);
    const small = some.map((name) => name.toLowerCase());
    const people = await db
      .selectFrom("users")
      .select(["id", "login", "name", "email", "role", "disabled_at"])
      .where("school_id", "=", schoolId)
      .where(({ eb, or, fn, ref }) =>
        or([
          eb("login", "in", some.flatMap(storedLogins)),
          hasMail(db, ref("email"), small),
          eb(fn<string>("lower", ["name"]), "in", small),
        ]),
      )
      .execute();
    const known = new Set(found.map(({ id }) => id));
    found.push(...people.filter(({ id }) => !known.has(id)));
  }
  return found;
}
