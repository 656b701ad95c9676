/** Answers `lectern people`, `lessons`, `streams` and `keys` by the routes of the API, as an operator on the machine itself. */
import type { Actor } from "../../access/actor.ts";
import type { ApiRoute } from "../../access/route.ts";

/** What can be listed, and the operation that does. */
export const ADMIN_LISTS = {
  people: "listUsers",
  lessons: "listLessons",
  streams: "listStreams",
  keys: "listApiKeys",
} as const;
export type AdminList = keyof typeof ADMIN_LISTS;

export type AdminListRequest = { readonly what: AdminList; readonly cursor: string | null; readonly search: string | null };
/** Items as the API gives them, without secrets. */
export type AdminListPage = { readonly items: readonly Readonly<Record<string, unknown>>[]; readonly nextCursor: string | null };

const PAGE = 200;
/** The output may end in a log or a ticket, whose readers may not use the socket. */
const SECRET = /^(publishKey|secret|still|rtmpUrl|srtUrl|whipUrl)$/;
const OPERATOR: Actor = { kind: "token", id: null, name: "operator", role: "operator", schoolId: null, scopes: null, ip: "" };

/** @param origin the public origin of this server, for links in the items */
export async function adminList(
  routes: readonly ApiRoute[],
  { what, cursor, search }: AdminListRequest,
  origin: string,
): Promise<AdminListPage> {
  const route = routes.find(({ id }) => id === ADMIN_LISTS[what]);
  if (!route?.query || !route.answer) throw new Error(`there is no list of ${what}`);
  const asked = { limit: String(PAGE), ...(cursor === null ? {} : { cursor }), ...(search === null ? {} : { search }) };
  const query = route.query.safeParse(asked);
  if (!query.success) throw new Error(search === null ? `${what} cannot be listed` : `${what} cannot be searched`);
  const call = {
    actor: OPERATOR,
    credential: null,
    isSecure: false,
    params: {},
    body: undefined,
    ip: "",
    cookie: () => null,
    agent: "",
    language: "en",
    origin,
    ifMatch: null,
    idempotencyKey: null,
    uploadOffset: null,
    fingerprint: "",
    query: query.data,
  } as const;
  const { body } = await route.handle(call as never);
  const { items, nextCursor } = route.answer.parse(body) as AdminListPage;
  return { items: items.map((item) => withoutSecrets(item)), nextCursor };
}

function withoutSecrets(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).flatMap(([key, value]) => {
      if (SECRET.test(key)) return [];
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
      return [[key, isObject ? withoutSecrets({ ...value }) : value]];
    }),
  );
}
