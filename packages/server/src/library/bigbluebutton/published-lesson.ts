/**
 * Reads the folder of a published recording of BigBlueButton in its format "presentation" (`/var/bigbluebutton/published/presentation/ID`): `metadata.xml`, `shapes.svg`,
 * `panzooms.xml`, `slides_new.xml` with the chat, `deskshare.xml`, slides and videos. Times are seconds of the recording.
 */
import { attributeOf, type XmlTag, xmlTags } from "../materials/xml-text.ts";
import { type PublishedFiles, publishedFiles } from "./published-files.ts";
import { numbersOf, type PublishedShapes, readShapes } from "./published-shapes.ts";

export type PublishedSlides = {
  /** The folder's name. */
  readonly id: string;
  /** Of each slide, in their order: an image; empty where it is missing. */
  readonly files: readonly string[];
  /** As BigBlueButton has read them; empty strings where there is none. */
  readonly texts: readonly string[];
};

export type PublishedChat = { readonly at: number; readonly name: string; readonly text: string };
/** A part of a slide that was shown, in the unit of its drawings. */
export type PublishedView = {
  readonly at: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};
export type PublishedSpan = { readonly from: number; readonly to: number };

export type PublishedLesson = {
  readonly folder: string;
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly slides: readonly PublishedSlides[];
  readonly shapes: PublishedShapes;
  readonly views: readonly PublishedView[];
  readonly chat: readonly PublishedChat[];
  /** Everybody's cameras and all sound; null: nobody had a camera, and the sound is in `audio`. */
  readonly webcams: string | null;
  readonly audio: string | null;
  readonly screen: string | null;
  /** When the screen was shared. */
  readonly screenSpans: readonly PublishedSpan[];
  /** What the recording has and an import leaves out, in words. */
  readonly leftOut: readonly string[];
};

/** The folder is no published recording, or has no end. */
export class NotPublished extends Error {
  override readonly name = "NotPublished";
}

const METADATA = "metadata.xml";
/** A recording's largest text. */
const MAX_TITLE = 200;
const MAX_SECONDS = 24 * 3600;
/** As many pages as a file may have. */
export const MAX_SLIDES = 500;
/** A JSON file with nothing in it has no more letters than this. */
const EMPTY_JSON = 10;
const SLIDE = /^slide-?(\d+)\.(?:png|jpe?g|svg)$/;
/** In `shapes.svg`, while no slide is shown. */
const NO_SLIDE = /^(?:deskshare|logo)\./;

/** @throws NotPublished */
export async function readPublished(folder: string): Promise<PublishedLesson> {
  const files = publishedFiles(folder);
  const metadata = await files.text(METADATA);
  if (metadata === null) throw new NotPublished(`${folder} has no ${METADATA}: it is no published recording of BigBlueButton`);
  const tags = [...xmlTags(metadata)];
  const saidIn = (name: string): string | null => tags.find((tag) => tag.name === name)?.text.trim() || null;
  const meeting = tags.find(({ name }) => name === "meeting");
  const startedAt = Number(saidIn("start_time"));
  const seconds = (Number(saidIn("duration")) || Number(saidIn("end_time")) - startedAt) / 1000;
  if (!(startedAt > 0) || !(seconds > 0) || seconds > MAX_SECONDS)
    throw new NotPublished(`${METADATA} of ${folder} says no start and length`);
  const shapes = readShapes((await files.text("shapes.svg")) ?? "");
  const title = saidIn("meetingName") ?? saidIn("name") ?? (meeting && attributeOf(meeting, "name")) ?? "BigBlueButton";
  const names = await files.names();
  return {
    folder,
    id: saidIn("id") ?? folder.split("/").at(-1) ?? "",
    title: title.slice(0, MAX_TITLE),
    startedAt,
    seconds,
    slides: await slidesOf(files, shapes),
    shapes,
    views: names.includes("tldraw.json") ? [] : viewsOf((await files.text("panzooms.xml")) ?? ""),
    chat: chatOf((await files.text("slides_new.xml")) ?? (await files.text("slides.xml")) ?? ""),
    webcams: await fileOf(files, "video", /^webcams\.(?:webm|mp4|m4v)$/),
    audio: await fileOf(files, "audio", /^audio\.(?:webm|ogg|mp3|m4a)$/),
    screen: await fileOf(files, "deskshare", /^deskshare\.(?:webm|mp4|m4v)$/),
    screenSpans: screenSpansOf((await files.text("deskshare.xml")) ?? ""),
    leftOut: await leftOutOf(files, names),
  };
}

async function slidesOf(files: PublishedFiles, { images }: PublishedShapes): Promise<PublishedSlides[]> {
  const ids = [...new Set(images.flatMap(({ file }) => presentationOf(file)?.id ?? []))];
  return await Promise.all(
    ids.map(async (id) => {
      const own = ["presentation", id];
      const found = new Map<number, string>();
      for (const part of ["svgs", "."])
        for (const name of await files.names(...own, part)) {
          const number = Number(SLIDE.exec(name)?.[1] ?? 0);
          const path = number >= 1 && number <= MAX_SLIDES ? await files.find(...own, part, name) : null;
          if (path !== null) found.set(number, path);
        }
      const last = Math.max(0, ...found.keys());
      const numbers = Array.from({ length: last }, (_, i) => i + 1);
      const texts = await Promise.all(numbers.map(async (n) => (await files.text(...own, `textfiles/slide-${n}.txt`)) ?? ""));
      return { id, files: numbers.map((n) => found.get(n) ?? ""), texts: texts.map((text) => text.trim()) };
    }),
  );
}

/** The slide of an address in `shapes.svg`, which counts from 1; null: none, as while a screen is shared. */
export function presentationOf(file: string): { readonly id: string; readonly number: number } | null {
  const parts = file.split("/");
  const name = parts.at(-1) ?? "";
  const [, number] = SLIDE.exec(name) ?? [];
  if (parts[0] !== "presentation" || number === undefined || NO_SLIDE.test(name)) return null;
  const id = parts[1] ?? "";
  return parts.length > 2 && /^[\w.-]+$/.test(id) && !id.startsWith(".") ? { id, number: Number(number) } : null;
}

function viewsOf(xml: string): PublishedView[] {
  const tags = [...xmlTags(xml)];
  return tags.flatMap((tag, i) => {
    const event = tags[i - 1];
    if (tag.name !== "viewBox" || event?.name !== "event") return [];
    const [x, y, width, height] = numbersOf(tag.text);
    const at = Number(attributeOf(event, "timestamp"));
    if (x === undefined || y === undefined || !width || !height || !Number.isFinite(at)) return [];
    return [{ at, x, y, width, height }];
  });
}

function chatOf(xml: string): PublishedChat[] {
  return [...xmlTags(xml)].flatMap((tag): PublishedChat[] => {
    const at = Number(attributeOf(tag, "in"));
    const text = plainText(attributeOf(tag, "message") ?? "");
    if (tag.name !== "chattimeline" || attributeOf(tag, "target") !== "chat" || !Number.isFinite(at) || text === "") return [];
    return [{ at, name: attributeOf(tag, "name")?.trim() || "?", text }];
  });
}

/** Lines are HTML, with links made of addresses. */
function plainText(html: string): string {
  const text = html.replace(/<br\s*\/?>/gi, "\n").replace(/<[^<>]*>/g, "");
  const [tag] = xmlTags(`<a>${text.replace(/</g, "&lt;")}`);
  return tag?.text.trim() ?? "";
}

function screenSpansOf(xml: string): PublishedSpan[] {
  return [...xmlTags(xml)].flatMap((tag: XmlTag) => {
    const [from, to] = [Number(attributeOf(tag, "start_timestamp")), Number(attributeOf(tag, "stop_timestamp"))];
    return tag.name === "event" && to > from ? [{ from, to }] : [];
  });
}

async function leftOutOf(files: PublishedFiles, names: readonly string[]): Promise<string[]> {
  const has = async (name: string): Promise<boolean> => ((await files.text(name)) ?? "").length > EMPTY_JSON;
  return [
    ...((await has("tldraw.json")) ? ["what was drawn (tldraw.json, BigBlueButton 2.6 and newer)"] : []),
    ...((await has("polls.json")) ? ["results of polls"] : []),
    ...((await has("external_videos.json")) ? ["videos of other sites"] : []),
    ...(names.some((name) => /^caption_.*\.vtt$/.test(name)) ? ["captions"] : []),
    ...(names.includes("notes") || names.includes("notes.html") ? ["shared notes"] : []),
  ];
}

async function fileOf(files: PublishedFiles, part: string, pattern: RegExp): Promise<string | null> {
  const names = (await files.names(part)).filter((name) => pattern.test(name)).sort();
  const [name] = names;
  return name === undefined ? null : await files.find(part, name);
}
