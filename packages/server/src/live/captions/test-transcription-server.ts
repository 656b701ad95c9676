/**
 * Provides a server with OpenAI's audio API for tests: it refuses what the published schema does not have (OpenAI API reference, CreateTranscriptionRequest),
 * and answers with the words that a test gives.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What was sent, once it was checked. */
export type SentSpeech = { readonly model: string; readonly language: string | null; readonly seconds: number };
/** The words; or a status and a body. Null: no answer at all. */
export type SpokenAnswer = string | { readonly status: number; readonly body: string } | null;

export type TestTranscriptionServer = {
  /** With `/v1`. */
  readonly url: string;
  readonly sent: readonly SentSpeech[];
  readonly close: () => void;
};

const WAV_HEADER = 44;
const BYTES_PER_SECOND = 32_000;
/** Of the schema, besides the file. */
const FIELDS = new Set(["file", "model", "language", "prompt", "response_format", "temperature", "stream"]);
const FORMATS = ["json", "text", "srt", "verbose_json", "vtt"];

export async function startTestTranscriptionServer(
  key: string,
  answer: (speech: SentSpeech, number: number) => SpokenAnswer,
): Promise<TestTranscriptionServer> {
  const sent: SentSpeech[] = [];
  const server = createServer((request, response) => {
    const take = (speech: SentSpeech | { status: number; body: string }): void => {
      if ("status" in speech) return reply(response, speech);
      sent.push(speech);
      const said = answer(speech, sent.length);
      if (said !== null) reply(response, typeof said === "string" ? { status: 200, body: JSON.stringify({ text: said }) } : said);
    };
    // Who has no time to wait may be gone in the middle of the sound.
    handle(request, key).then(take, () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    sent,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function reply(response: ServerResponse, { status, body }: { readonly status: number; readonly body: string }): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}

async function handle(request: IncomingMessage, key: string): Promise<SentSpeech | { status: number; body: string }> {
  const refuse = (status: number, message: string) => ({ status, body: JSON.stringify({ error: { message } }) });
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (request.method !== "POST" || request.url !== "/v1/audio/transcriptions") return refuse(404, "no such path");
  if (request.headers.authorization !== `Bearer ${key}`) return refuse(401, "Incorrect API key provided");
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  const form = await new Response(new Uint8Array(Buffer.concat(chunks)), { headers }).formData().catch(() => null);
  if (!form) return refuse(400, "not multipart/form-data");
  for (const name of form.keys()) if (!FIELDS.has(name)) return refuse(400, `unknown parameter ${name}`);
  const [file, model, language] = [form.get("file"), form.get("model"), form.get("language")];
  if (!(file instanceof File) || !/\.(flac|mp3|mp4|mpeg|mpga|m4a|ogg|wav|webm)$/.test(file.name)) return refuse(400, "no file");
  if (typeof model !== "string" || model === "") return refuse(400, "no model");
  if (language !== null && !/^[a-z]{2,3}$/.test(String(language))) return refuse(400, "language is not in ISO 639-1");
  if (!FORMATS.includes(String(form.get("response_format") ?? "json"))) return refuse(400, "no such format");
  const sound = Buffer.from(await file.arrayBuffer());
  if (sound.toString("latin1", 0, 4) !== "RIFF" || sound.readUInt32LE(4) !== sound.length - 8) return refuse(400, "no WAV file");
  return { model, language: language === null ? null : String(language), seconds: (sound.length - WAV_HEADER) / BYTES_PER_SECOND };
}
