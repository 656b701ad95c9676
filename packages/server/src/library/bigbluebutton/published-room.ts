/** Makes the log of a lesson's room of a published recording of BigBlueButton: its chat, the slides that were shown with their enlarged parts, and what was drawn on them. */
import { LIMITS, type Operation, PAGE_WIDTH, type PageId, type PageSet, pageIdOf } from "@lectern/board";
import { MAX_CHAT_TEXT, SHOWN_KEY } from "@lectern/room";
import type { ImportedEntry, ImportedMaterial } from "../../contracts/recordings/imported-lesson.ts";
import { newId } from "../../platform/id.ts";
import { operationsOf, type Placement } from "./published-drawing.ts";
import { type PublishedLesson, type PublishedView, presentationOf } from "./published-lesson.ts";
import type { DrawnState, ShownImage } from "./published-shapes.ts";

/** Slides as they became a material, by the name of their folder. */
export type ImportedSlides = ReadonlyMap<string, ImportedMaterial>;

/** All items of an import have it. */
const TAG = "bbb0";
/** As a room opens slides. */
const HEIGHT = { least: PAGE_WIDTH / 8, most: PAGE_WIDTH * 4 } as const;
const MAX_SCALE = 20;
/** A part that is nearly the whole slide is the whole slide. */
const NEARLY_ALL = 0.98;

type Timed = Omit<ImportedEntry, "at"> & { readonly seconds: number };
type Sets = ReadonlyMap<string, PageSet>;

/** In the order of their times. */
export function roomOf(lesson: PublishedLesson, slides: ImportedSlides): ImportedEntry[] {
  const sets = setsOf(lesson, slides);
  const opened = [...sets.values()].map(
    (set): Timed => ({ seconds: 0, kind: "page", key: `page/${set.set}`, body: set, from: null }),
  );
  const all = [...opened, ...shownIn(lesson, sets), ...drawnIn(lesson, sets), ...saidIn(lesson)];
  return all
    .toSorted((a, b) => a.seconds - b.seconds)
    .map(({ seconds, ...entry }) => ({ at: lesson.startedAt + Math.round(Math.min(seconds, lesson.seconds) * 1000), ...entry }));
}

function setsOf({ slides }: PublishedLesson, materials: ImportedSlides): Sets {
  const sets = new Map<string, PageSet>();
  let pages = 0;
  for (const { id } of slides) {
    const material = materials.get(id);
    const [first] = material?.pages ?? [];
    if (!material || !first || sets.size === LIMITS.sets || pages + material.pages.length > LIMITS.pages) continue;
    pages += material.pages.length;
    const height = Math.min(HEIGHT.most, Math.max(HEIGHT.least, Math.round((PAGE_WIDTH * first.height) / first.width)));
    const set = sets.size + 1;
    sets.set(id, { set, title: material.title, count: material.pages.length, height, pages: "slides", material: material.id });
  }
  return sets;
}

/** The page of an image; null: none, as while a screen is shared. */
function pageOf({ file }: ShownImage, sets: Sets): PageId | null {
  const slide = presentationOf(file);
  const set = slide && sets.get(slide.id);
  return slide && set && slide.number >= 1 && slide.number <= set.count ? pageIdOf(set.set, slide.number) : null;
}

/** A slide lies in the middle of its page. */
function placementOf({ file, width, height }: ShownImage, sets: Sets): Placement {
  const set = sets.get(presentationOf(file)?.id ?? "");
  const pageHeight = set?.height ?? HEIGHT.least;
  const scale = Math.min(PAGE_WIDTH / width, pageHeight / height);
  return { scale, dx: (PAGE_WIDTH - width * scale) / 2, dy: (pageHeight - height * scale) / 2 };
}

function shownIn({ shapes, views }: PublishedLesson, sets: Sets): Timed[] {
  const times = [...new Set([...shapes.images.map(({ from }) => from), ...views.map(({ at }) => at)])].sort((a, b) => a - b);
  const ordered = views.toSorted((a, b) => a.at - b.at);
  const shown: Timed[] = [];
  let before = "";
  let [images, seen] = [0, 0];
  for (const seconds of times) {
    while ((shapes.images[images]?.from ?? Number.POSITIVE_INFINITY) <= seconds) images++;
    while ((ordered[seen]?.at ?? Number.POSITIVE_INFINITY) <= seconds) seen++;
    const image = shapes.images[images - 1];
    const view = ordered[seen - 1];
    if (!image) continue;
    const page = pageOf(image, sets);
    const body = { page, view: page === null || !view ? null : viewOf(view, image, placementOf(image, sets)) };
    const text = JSON.stringify(body);
    if (text !== before) shown.push({ seconds, kind: "page", key: SHOWN_KEY, body, from: null });
    before = text;
  }
  return shown;
}

/** Null: all of the slide. */
function viewOf({ x, y, width, height }: PublishedView, slide: ShownImage, { scale, dx, dy }: Placement) {
  if (width >= slide.width * NEARLY_ALL && height >= slide.height * NEARLY_ALL) return null;
  const enlarged = Math.min(slide.width / width, slide.height / height);
  return {
    x: Math.round((x + width / 2) * scale + dx),
    y: Math.round((y + height / 2) * scale + dy),
    scale: Math.min(MAX_SCALE, Math.max(1, Math.round(enlarged * 1000) / 1000)),
  };
}

function drawnIn({ shapes }: PublishedLesson, sets: Sets): Timed[] {
  const images = new Map(shapes.images.map((image) => [image.id, image]));
  const drawings = new Map<
    string,
    { readonly image: ShownImage; readonly page: PageId; readonly states: Map<number, DrawnState> }
  >();
  for (const state of shapes.states) {
    const image = images.get(state.image);
    const page = image ? pageOf(image, sets) : null;
    if (!image || page === null) continue;
    // A slide that is shown again has everything that is on it again.
    const drawing = `${page} ${state.drawing.replace(/^image\d+-/, "")}`;
    const known = drawings.get(drawing) ?? { image, page, states: new Map<number, DrawnState>() };
    known.states.set(state.from, state);
    drawings.set(drawing, known);
  }
  let items = 0;
  const newItem = () => `${TAG}.${++items}`;
  return [...drawings.values()].flatMap(({ image, page, states }) => {
    const ordered = [...states.values()].sort((a, b) => a.from - b.from);
    return operationsOf(ordered, placementOf(image, sets), newItem).map(({ at, operation }) => strokeAt(at, page, operation));
  });
}

function strokeAt(seconds: number, page: PageId, operation: Operation): Timed {
  return { seconds, kind: "stroke", key: null, body: { page, ops: [operation] }, from: null };
}

function saidIn({ chat }: PublishedLesson): Timed[] {
  return chat.map(({ at, name, text }): Timed => {
    const ref = newId();
    return { seconds: at, kind: "chat", key: `chat/${ref}`, body: { ref, text: text.slice(0, MAX_CHAT_TEXT) }, from: name };
  });
}
