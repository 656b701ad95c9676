/** Shows `/tv` on a television: a code and a QR code until a phone has chosen a lesson, and then this lesson. Nothing is typed here. */
import { serverClock } from "@lectern/player/server-clock";
import type { Language } from "../language.ts";
import { publicApi, unwrap } from "../session/api.ts";
import { box, link, text } from "./elements.ts";
import { START_MESSAGES } from "./messages.ts";

const RETRY_MS = 5000;
const HALF = 4;

export async function showTelevision(page: HTMLElement, language: Language): Promise<void> {
  const messages = START_MESSAGES[language];
  document.title = `${messages.tvTitle} · Lectern`;
  for (;;) {
    try {
      await showOneCode(page, language);
    } catch {
      page.replaceChildren(box("tv", text("h1", messages.tvTitle), text("p", messages.offline)));
      await after(RETRY_MS);
    }
  }
}

/** Returns when the code is over. */
async function showOneCode(page: HTMLElement, language: Language): Promise<void> {
  const { secret, code, expiresAt, intervalSeconds } = await unwrap(publicApi().POST("/api/v1/screens"));
  const address = `${location.origin}/tv?code=${code}`;
  const { toString: toSvg } = await import("qrcode");
  const svg = await toSvg(address, { type: "svg", margin: 2, errorCorrectionLevel: "M" });
  page.replaceChildren(codeView(language, code, `data:image/svg+xml,${encodeURIComponent(svg)}`));
  // Else a remote control's first press goes nowhere.
  page.querySelector<HTMLElement>(".tv-other")?.focus();
  while (Date.parse(expiresAt) > serverClock.now()) {
    await after(intervalSeconds * 1000);
    const lessonId = await requestLesson(secret);
    if (lessonId === "over") return;
    if (lessonId !== null) return location.replace(`/watch#${secret}`);
  }
}

/** Null: none yet. A request without an answer is repeated with the next one. */
async function requestLesson(secret: string): Promise<string | null | "over"> {
  const { data, response } = await publicApi()
    .POST("/api/v1/screens/lesson", { body: { secret } })
    .catch(() => ({ data: undefined, response: undefined }));
  if (response?.status === 410) return "over";
  return data?.lessonId ?? null;
}

function codeView(language: Language, code: string, qr: string): HTMLElement {
  const messages = START_MESSAGES[language];
  const steps = document.createElement("ol");
  const where = `${location.host}/tv`;
  for (const step of [messages.tvStepScan, messages.tvStepType.replace("{{address}}", where), messages.tvStepChoose])
    steps.append(text("li", step));
  const shown = text("p", `${code.slice(0, HALF)}-${code.slice(HALF)}`, "tv-code");
  const image = document.createElement("img");
  Object.assign(image, { className: "tv-qr", src: qr, alt: messages.tvQr, width: 320, height: 320 });
  const words = box("tv-words", text("h1", messages.tvTitle), steps, text("p", messages.tvCode), shown);
  return box("tv", words, image, link("/?code", messages.tvOther, "button quiet tv-other"));
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
