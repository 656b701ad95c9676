/** Takes the address of a stream on another RTMP server apart, as ffmpeg and OBS do. */

/** What a client asks a server for. */
export type ClientTarget = {
  /** With the query that stands before the name, if there is one. */
  readonly app: string;
  /** Of `play` and `publish`: the last element of the path, with the query. */
  readonly name: string;
  /** The address of the app. Services find the customer by its host name. */
  readonly tcUrl: string;
  /** Empty where the address has none. */
  readonly user: string;
  readonly password: string;
};

/** Characters that a `URL` escapes and people do not: they reach the server as they were typed. */
const ESCAPED_BY_URL = /(?:%[89a-f][0-9a-f])+|%(?:20|22|3c|3e|60|7b|7d)/gi;
/** Shorter texts are words such as `live`, and no secrets. */
const MIN_SECRET = 4;
/** More of what a server says is of no use to an operator. */
const MAX_SAID = 200;

/** @param url `rtmp(s)://[user:password@]host[:port]/app[/more]/name[?query]`, or `…/app?query/name` */
export function clientTarget(url: URL): ClientTarget {
  const path = typed(url.pathname.replace(/^\/+/, ""));
  const query = typed(url.search + url.hash);
  const slash = path.lastIndexOf("/");
  // Some services have their key behind the app, as OBS puts server and stream key together.
  const querySlash = slash < 0 ? query.indexOf("/") : -1;
  const [app, name] =
    querySlash >= 0
      ? [path + query.slice(0, querySlash), query.slice(querySlash + 1)]
      : slash >= 0
        ? [path.slice(0, slash), path.slice(slash + 1) + query]
        : [path, query];
  const tcUrl = `${url.protocol}//${url.host}/${app}`;
  return { app, name, tcUrl, user: decoded(url.username), password: decoded(url.password) };
}

/** Words of a server, for operators: on one line, not too long, and without what the address keeps secret. */
export function withoutSecrets(said: string, { name, app, user, password }: ClientTarget): string {
  const [, appQuery = ""] = app.split("?", 2);
  const [path = "", query = ""] = name.split("?", 2);
  const values = [...appQuery.split("&"), ...query.split("&")].map((pair) => pair.slice(pair.indexOf("=") + 1));
  const secrets = [name, appQuery, query, path, user, password, ...values].filter(({ length }) => length >= MIN_SECRET);
  // Longer ones first: one may be a part of another.
  const hidden = secrets.sort((a, b) => b.length - a.length).reduce((text, secret) => text.replaceAll(secret, "…"), said);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return hidden.replace(/[\u0000-\u001f\u007f]+/g, " ").slice(0, MAX_SAID);
}

function typed(text: string): string {
  return text.replace(ESCAPED_BY_URL, decoded);
}

/** As it is where it is no text in UTF-8. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
