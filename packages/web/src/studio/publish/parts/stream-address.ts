/** Determines where browsers publish a lesson: at the server of the page. */
import type { Lesson } from "@lectern/client";

export function streamAddress({ app, name }: NonNullable<Lesson["stream"]>): string {
  return `${location.origin}/${app}/${encodeURIComponent(name)}`;
}
