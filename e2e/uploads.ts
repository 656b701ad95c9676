/** Helps tests of teaching materials: uploads files in parts, and waits for what becomes of them. */
import { type Lectern, TOKEN, until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";

/** Sends a part. The offset that the server is at behind it, or the refusal. */
export async function sendPart(
  { http }: Pick<Lectern, "http">,
  id: string,
  offset: number,
  bytes: Uint8Array,
  token: string = TOKEN,
): Promise<{ readonly status: number; readonly offset: number | null; readonly body: Body }> {
  const response = await fetch(`${http}/api/v1/materials/${id}/content`, {
    method: "PATCH",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/offset+octet-stream",
      "upload-offset": String(offset),
      "tus-resumable": "1.0.0",
    },
    body: Buffer.from(bytes),
  });
  const text = await response.text();
  const at = response.headers.get("upload-offset");
  return { status: response.status, offset: at === null ? null : Number(at), body: text === "" ? null : JSON.parse(text) };
}

/** Uploads a file. Returns its id. */
export async function upload(
  lectern: Pick<Lectern, "http">,
  filename: string,
  bytes: Uint8Array,
  { partBytes = 4 * 1024 * 1024, token = TOKEN, title }: { partBytes?: number; token?: string; title?: string } = {},
): Promise<string> {
  const asked = { filename, size: bytes.length, ...(title === undefined ? {} : { title }) };
  const { status, body } = await ask(lectern, "POST", "/materials", asked, token);
  if (status !== 201) throw new Error(`${filename}: ${status} ${JSON.stringify(body)}`);
  for (let offset = 0; offset < bytes.length; offset += partBytes) {
    const sent = await sendPart(lectern, body.id, offset, bytes.subarray(offset, offset + partBytes), token);
    if (sent.status !== 204) throw new Error(`${filename} at ${offset}: ${sent.status} ${JSON.stringify(sent.body)}`);
  }
  return body.id;
}

/** The material when it is ready or has failed. */
export async function settled(lectern: Pick<Lectern, "http">, id: string, seconds = 120): Promise<Body> {
  return await until(
    async () => {
      const material = await done(lectern, "GET", `/materials/${id}`);
      return ["ready", "failed"].includes(material.state) ? material : null;
    },
    `material ${id}`,
    seconds * 1000,
  );
}

/** The picture of a page for the owner. */
export async function picture({ http }: Pick<Lectern, "http">, id: string, n: number, size: "large" | "small"): Promise<Buffer> {
  const response = await fetch(`${http}/api/v1/materials/${id}/pages/${n}/picture?size=${size}`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  if (response.status !== 200) throw new Error(`page ${n} of ${id}: ${response.status} ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}
