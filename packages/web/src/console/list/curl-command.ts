/** Builds curl commands for the shell from requests to the API. The token stays a shell variable. */

export type ApiRequest = { readonly method: string; readonly url: string; readonly body?: string };

export function curlCommand({ method, url, body = "" }: ApiRequest): string {
  const verb = method === "GET" ? "" : ` -X ${method}`;
  const content = body === "" ? "" : ` -H "Content-Type: application/json" -d ${shellQuoted(body)}`;
  return `curl${verb} -H "Authorization: Bearer $TOKEN"${content} ${shellQuoted(url)}`;
}

/** The address of a list. @param path after /api/v1; empty parameters are left out */
export function listUrl(origin: string, path: string, query: Readonly<Record<string, string | boolean | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const parameters = new URLSearchParams(given.map(([key, value]) => [key, String(value)]));
  return `${origin}/api/v1${path}${parameters.size > 0 ? `?${parameters}` : ""}`;
}

/** For a POSIX shell. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
