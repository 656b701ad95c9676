/** Makes usernames of people's names, for files that have none: the same file gives the same ones each time, so that it can be sent twice. */
import { loginName } from "../../people/accounts/login-name.ts";

const NOT_ALLOWED = /[^\p{L}\p{M}\p{N}._@+·-]/gu;
const BEFORE_FIRST = /^[^\p{L}\p{N}]+/u;
/** Leaves room for a number, within what a username may have. */
const MAX_LENGTH = 90;

/** @returns gives each name its username; of people with the same name, the second one has a 2 behind it. Empty where a name has no letter */
export function loginMaker(): (name: string) => string {
  const uses = new Map<string, number>();
  return (name) => {
    const plain = loginName(name).replace(/\s+/gu, ".").replace(NOT_ALLOWED, "").replace(BEFORE_FIRST, "").slice(0, MAX_LENGTH);
    const count = (uses.get(plain) ?? 0) + 1;
    uses.set(plain, count);
    return plain === "" || count === 1 ? plain : `${plain}${count}`;
  };
}
