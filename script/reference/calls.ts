/** Writes a call of the API as people would type it: in a shell, in TypeScript by the client of Lectern, and in Python with nothing but what it brings. */

export type Call = {
  readonly method: string;
  /** With `{id}` in it. */
  readonly path: string;
  readonly isOpen: boolean;
  /** An example of the body; undefined: there is none, or it is no JSON. */
  readonly body: unknown;
  /** Its media type, where it is no JSON. */
  readonly bodyType: string | null;
};

const SERVER = "https://lectern.example.org";
const INDENT = 2;

/** By the names that tabs have. */
export function callExamples(call: Call): readonly (readonly [language: string, tab: string, code: string])[] {
  return [
    ["sh", "curl", shell(call)],
    ...(call.bodyType === null ? ([["ts", "TypeScript", typescript(call)]] as const) : []),
    ["python", "Python", python(call)],
  ];
}

function shell({ method, path, isOpen, body, bodyType }: Call): string {
  const address = SERVER + path.replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}${address}`,
    ...(isOpen ? [] : ['-H "Authorization: Bearer $LECTERN_KEY"']),
    ...(bodyType === null ? [] : [`-H "Content-Type: ${bodyType}" --data-binary @FILE`]),
    ...(body === undefined ? [] : ['-H "Content-Type: application/json"', `-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`]),
  ];
  return lines.join(" \\\n  ");
}

function typescript({ method, path, isOpen, body }: Call): string {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const options = [
    ...(names.length > 0 ? [`params: { path: { ${names.join(", ")} } }`] : []),
    ...(body === undefined ? [] : [`body: ${indented(literal(body))}`]),
  ];
  const given = options.length > 0 ? `, {\n${options.map((option) => `  ${option},\n`).join("")}}` : "";
  const key = isOpen ? "" : ", token: process.env.LECTERN_KEY";
  return `import { lecternClient } from "@lectern/client";

const lectern = lecternClient({ url: "${SERVER}"${key} });
const { data, error } = await lectern.${method}("${path}"${given});`;
}

function python({ method, path, isOpen, body, bodyType }: Call): string {
  const names = /\{/.test(path) ? "f" : "";
  const sent = body === undefined ? null : `json.dumps(${pythonLiteral(body)}).encode()`;
  const headers = [
    ...(isOpen ? [] : [`"Authorization": f"Bearer {os.environ['LECTERN_KEY']}"`]),
    ...(sent === null && bodyType === null ? [] : [`"Content-Type": "${bodyType ?? "application/json"}"`]),
  ];
  const options = [
    `${names}"${SERVER}${path}"`,
    ...(method === "GET" ? [] : [`method="${method}"`]),
    ...(headers.length > 0 ? [`headers={${headers.join(", ")}}`] : []),
    ...(sent === null ? [] : [`data=${sent}`]),
    ...(bodyType === null ? [] : ['data=open("FILE", "rb")']),
  ];
  const imports = ["json", ...(isOpen ? [] : ["os"]), "urllib.request"].join(", ");
  return `import ${imports}

request = urllib.request.Request(
${options.map((option) => `    ${option},\n`).join("")})
with urllib.request.urlopen(request) as response:
    answer = json.load(response)`;
}

/** As in JavaScript, with names without quotes where they need none. */
function literal(value: unknown): string {
  return JSON.stringify(value, null, INDENT).replace(/^( *)"([A-Za-z_]\w*)":/gm, "$1$2:");
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n  ");
}

function pythonLiteral(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${pythonLiteral(inner)}`)
    .join(", ")}}`;
}
